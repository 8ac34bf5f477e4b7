package dev.roomline.sip.endpoint;

import dev.roomline.sip.auth.ClientIdentity;
import dev.roomline.sip.auth.DigestSession;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the application asks of the core as a client: calls that it places, and requests outside any
 * dialog. What happens inside a dialog is asked for by {@link SipCommand.SendInDialog} and {@link
 * SipCommand.Bye}, whoever placed the call.
 */
public sealed interface ClientCommand extends SipCommand {

    /**
     * Places a call. Told at once: {@link ClientEvent.Placed}; then any number of {@link
     * ClientEvent.Progressed}; then exactly one of {@link ClientEvent.Ending}. There is no ring
     * timer here: whoever has waited long enough gives {@link Cancel}.
     *
     * <p>The core adds Via, Max-Forwards, tags, Call-ID, CSeq, Contact, Allow, User-Agent and
     * {@code Supported: 100rel}, tries one target after another (RFC 3263 §4.3: after about four
     * seconds of silence, a transport failure, or a 503 before anything rang), and answers
     * challenges.
     *
     * @param offer null to leave the offer to the callee
     * @param identity who answers challenges; null for nobody
     */
    record Invite(
            CallHandle call,
            Envelope envelope,
            List<HeaderField> headers,
            @Nullable Body offer,
            @Nullable ClientIdentity identity)
            implements ClientCommand {
        public Invite {
            headers = List.copyOf(headers);
        }
    }

    /**
     * Gives a call up that has no final answer: by CANCEL as soon as a provisional response allows
     * it (RFC 3261 §9.1). If the callee answers meanwhile the core acknowledges and hangs up.
     * Either way {@link ClientEvent.Cancelled} follows, unless a refusal was quicker.
     *
     * @param headers of the CANCEL: Reason
     */
    record Cancel(CallHandle call, List<HeaderField> headers) implements ClientCommand {
        public Cancel {
            headers = List.copyOf(headers);
        }
    }

    /**
     * The answer to an offer that came in a 2xx, where {@link ClientEvent.Answered} wants it: the
     * ACK waits for it. A {@link SipCommand.Bye} instead sends the ACK without.
     *
     * @param answer null for none
     */
    record Acknowledge(CallHandle call, @Nullable Body answer) implements ClientCommand {}

    /**
     * The answer to an offer that came in a reliable provisional response, where {@link
     * ClientEvent.Progressed} wants it: the PRACK waits for it (RFC 3262 §5). All other PRACKs are
     * the core's own.
     *
     * @param tag the early dialog, as that event named it
     */
    record Prack(CallHandle call, String tag, @Nullable Body answer) implements ClientCommand {}

    /**
     * Sends a request outside any dialog, over one target after another; its outcome is {@link
     * ClientEvent.Concluded}.
     *
     * @param method OPTIONS, REGISTER and the like; not INVITE
     * @param callId and {@code fromTag}, {@code cseq}: of a series that the application keeps (a
     *     registration, RFC 3261 §10.2.4)
     * @param session answers challenges, and keeps what was answered for the next of the series;
     *     null for nobody
     */
    record Send(
            RequestHandle request,
            String method,
            Envelope envelope,
            String callId,
            String fromTag,
            long cseq,
            List<HeaderField> headers,
            @Nullable Body body,
            @Nullable DigestSession session)
            implements ClientCommand {
        public Send {
            headers = List.copyOf(headers);
        }
    }
}
