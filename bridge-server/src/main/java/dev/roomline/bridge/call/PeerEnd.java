package dev.roomline.bridge.call;

import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.message.SipRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the far end's BYE or CANCEL, or its silence, says of a call, as a row of the table of
 * endings. Stateless.
 */
final class PeerEnd {
    private static final int MAX_QUOTED = 120;

    private PeerEnd() {}

    /** The dialog is over. */
    static CallEnd of(Call call, SipEvent.Cause cause, @Nullable SipRequest bye) {
        return switch (cause) {
            case BYE_RECEIVED -> {
                EndReason who =
                        switch (call) {
                            case InboundCall _ -> EndReason.HANGUP_CALLER;
                            case PlacedCall _ -> EndReason.HANGUP_CALLEE;
                        };
                yield quoting(who, bye);
            }
            case BYE_SENT -> CallEnd.of(EndReason.HANGUP_API);
            case ACK_TIMEOUT ->
                    CallEnd.of(EndReason.TRANSPORT_LOST, "No ACK came for our 200 within 32 s.");
            case PRACK_TIMEOUT ->
                    CallEnd.of(
                            EndReason.TRANSPORT_LOST,
                            "No PRACK came for our provisional response within 32 s.");
            case PEER_LOST ->
                    CallEnd.of(
                            EndReason.TRANSPORT_LOST, "The peer no longer answers in this call.");
            case TRANSPORT_LOST -> CallEnd.of(EndReason.TRANSPORT_LOST);
        };
    }

    static CallEnd cancelled(SipRequest cancel) {
        return quoting(EndReason.CANCELLED, cancel);
    }

    /** With the peer's own words (RFC 3326), bounded and on one line. */
    private static CallEnd quoting(EndReason reason, @Nullable SipRequest request) {
        String said = request == null ? "" : request.header("Reason").orElse("").strip();
        if (said.isEmpty()) {
            return CallEnd.of(reason, reason.sentence());
        }
        String quoted = said.length() <= MAX_QUOTED ? said : said.substring(0, MAX_QUOTED);
        return CallEnd.of(reason, reason.sentence() + " (" + quoted + ")");
    }
}
