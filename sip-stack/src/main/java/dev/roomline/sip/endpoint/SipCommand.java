package dev.roomline.sip.endpoint;

import dev.roomline.sip.auth.ClientIdentity;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the application asks of the core. Given on the signalling loop; an unknown or ended id is
 * ignored and counted.
 */
public sealed interface SipCommand
        permits SipCommand.Respond,
                SipCommand.Bye,
                SipCommand.SendInDialog,
                SipCommand.Identify,
                SipCommand.NamePeer,
                SipCommand.KeepAlive,
                ClientCommand {

    /**
     * Answers a request: any provisional or final response. To an INVITE a 101–199 makes the dialog
     * early, a 2xx confirms it and is retransmitted until the ACK (RFC 3261 §13.3.1.4). The core
     * adds Via, From, To with tag, Call-ID, CSeq, Contact, Record-Route, Allow and Supported where
     * they belong. Provisional responses are reliable where the caller wants it (RFC 3262), and a
     * 2xx behind one with a description leaves after its PRACK. A 401 or 407 outside a dialog is
     * sent once and keeps no state (§26.3.2.4): if it is lost, the request comes again as a new
     * one. That does not hold once a provisional has left, the core's own 100 included, which
     * leaves after the turn that raised the INVITE: then the answer is kept and repeated like any
     * other.
     *
     * @param reasonPhrase null for the status code's standard phrase
     * @param once a final refusal is sent once and nothing of the request is kept: for whoever has
     *     not proven anything, so that a forged source is not answered a dozen times over
     */
    record Respond(
            RequestId request,
            int status,
            @Nullable String reasonPhrase,
            List<HeaderField> headers,
            @Nullable Body body,
            boolean once)
            implements SipCommand {
        public Respond {
            headers = List.copyOf(headers);
        }

        /** An answer that the transaction keeps and repeats as the RFC asks. */
        public Respond(
                RequestId request,
                int status,
                @Nullable String reasonPhrase,
                List<HeaderField> headers,
                @Nullable Body body) {
            this(request, status, reasonPhrase, headers, body, false);
        }
    }

    /**
     * Ends a confirmed dialog; its end is told by {@link SipEvent.DialogEnded}. Before the ACK of
     * our 2xx it waits for that (§15).
     */
    record Bye(DialogId dialog, List<HeaderField> headers) implements SipCommand {
        public Bye {
            headers = List.copyOf(headers);
        }
    }

    /**
     * Sends a request inside a dialog: re-INVITE, INFO, UPDATE. Its outcome is {@link
     * SipEvent.ResponseReceived} with the same {@code tag}.
     *
     * @param toReplace of a REFER: another confirmed dialog of ours, whose peer is to be called in
     *     its place; the core adds the Refer-To that names both (RFC 5589 §7.2), and answers 404
     *     where there is no such dialog. Null for others
     */
    record SendInDialog(
            DialogId dialog,
            long tag,
            String method,
            List<HeaderField> headers,
            @Nullable Body body,
            @Nullable DialogId toReplace)
            implements SipCommand {
        public SendInDialog {
            headers = List.copyOf(headers);
        }

        /** One that names no other dialog. */
        public SendInDialog(
                DialogId dialog,
                long tag,
                String method,
                List<HeaderField> headers,
                @Nullable Body body) {
            this(dialog, tag, method, headers, body, null);
        }
    }

    /**
     * Who we are toward the peer of a call that came in: its challenges of what we ask in the
     * dialog are answered from here on (RFC 3261 §22.2), where that goes to the address that the
     * INVITE came from, or to one that the peer's own hosts led to. Of calls that we place the
     * INVITE says it.
     */
    record Identify(DialogId dialog, ClientIdentity identity) implements SipCommand {}

    /**
     * Whom the peer of a call that came in must prove to be by a certificate where it has to be
     * called back by TLS at an address that it gave us (RFC 5922 §4); without it, that address. Of
     * calls that we place the INVITE's next hop says it, and a URI that names a host always does.
     */
    record NamePeer(DialogId dialog, String host) implements SipCommand {}

    /**
     * Sends an empty line down a road, which no peer answers and every NAT sees (RFC 5626 §4.4): a
     * registered phone stays within reach.
     */
    record KeepAlive(Flow flow) implements SipCommand {}
}
