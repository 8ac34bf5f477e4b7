package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.SipUri;
import org.jspecify.annotations.Nullable;

/** What the core wants done in the world. */
public sealed interface SipEffect {

    /**
     * Send one whole message.
     *
     * @param ticket to be handed back in {@link SipInput.TransportFailed}; 0: nobody wants to know
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Send(long ticket, Hop hop, byte[] bytes) implements SipEffect {}

    /**
     * Find where a request for this URI goes (RFC 3263), and answer with {@link SipInput.Resolved};
     * a request inside a dialog asks only for host names, one outside asks for addresses too.
     */
    record Resolve(long query, SipUri uri) implements SipEffect {}

    /** Tell the application. */
    record Raise(SipEvent event) implements SipEffect {}

    /**
     * A message came or goes, retransmissions included: for the ladder of a call's trace and for
     * counting. Secrets are not redacted.
     *
     * @param flow the road, for both directions
     * @param incoming whether it came
     * @param callId its Call-ID; empty if the message is too broken to have one
     * @param dialog null if it belongs to none that lives
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record MessageSeen(
            boolean incoming, Hop flow, String callId, @Nullable DialogId dialog, byte[] bytes)
            implements SipEffect {}
}
