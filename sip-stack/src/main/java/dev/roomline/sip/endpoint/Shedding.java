package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.RequestHead;
import dev.roomline.sip.message.SipParser;

/**
 * What becomes of new calls while only a share of them is let in. An INVITE outside of it is
 * answered 503 after a scan of its header alone: no parser, no state, no ladder; the ACK of such an
 * answer costs as little. All else goes its usual way. Owner: the signalling loop.
 */
final class Shedding {
    private static final byte[] INVITE = {'I', 'N', 'V', 'I', 'T', 'E', ' '};
    private static final byte[] ACK = {'A', 'C', 'K', ' '};
    private static final String TAG = ";tag=";

    private final Core core;

    Shedding(Core core) {
        this.core = core;
    }

    /** True if the message is dealt with. */
    boolean takes(byte[] message, Flow flow, long nowNanos) {
        if (core.admitted.isWhole()) {
            return false;
        }
        boolean invite = startsWith(message, INVITE);
        if (!invite && !startsWith(message, ACK)) {
            return false;
        }
        RequestHead head = SipParser.head(message);
        if (head == null || head.callId().isEmpty() || head.topVia().branch() == null) {
            return false;
        }
        return invite ? refused(head, flow, nowNanos) : absorbed(head);
    }

    private boolean refused(RequestHead head, Flow flow, long nowNanos) {
        boolean known =
                head.to().contains(TAG)
                        || core.serverTransactions.hasInvite(head.topVia())
                        || core.admitted.letsIn(
                                head.callId(),
                                head.topVia().branch(),
                                flow.remote().getAddress(),
                                nowNanos);
        if (known) {
            return false;
        }
        core.answerUnseen(flow, head, 503, retryAfter(core));
        core.refused(flow, "INVITE", SipEvent.Refusal.OVERLOADED, "overload");
        return true;
    }

    private boolean absorbed(RequestHead ack) {
        if (!ack.to().endsWith(TAG + core.statelessTag(ack))) {
            return false;
        }
        core.acksAbsorbed++;
        return true;
    }

    /** §21.5.4; the spread keeps the refused from coming back all at once. */
    static HeaderField retryAfter(Core core) {
        return new HeaderField("Retry-After", Integer.toString(5 + core.random.nextInt(11)));
    }

    private static boolean startsWith(byte[] message, byte[] start) {
        if (message.length < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if (message[i] != start[i]) {
                return false;
            }
        }
        return true;
    }
}
