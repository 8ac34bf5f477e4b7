package dev.roomline.sip.endpoint;

import dev.roomline.sip.endpoint.LatelyAnswered.Answer;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.RequestHead;
import dev.roomline.sip.message.SipParser;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of new calls while only a share of them is let in, and of what has waited for too
 * long. An INVITE outside of the share is answered 503 after a scan of its header alone: no parser,
 * no state, no ladder; the ACK of such an answer costs as little. All else goes its usual way, and
 * a repetition the way of what it repeats. Owner: the signalling loop.
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
    boolean takes(SipInput.MessageReceived message, long nowNanos) {
        if (core.admitted.isWhole()) {
            return false;
        }
        boolean invite = startsWith(message.bytes(), INVITE);
        if (!invite && !startsWith(message.bytes(), ACK)) {
            return false;
        }
        RequestHead head = head(message.bytes());
        if (head == null) {
            return false;
        }
        if (!invite) {
            return absorbed(head);
        }
        if (isLetIn(head, message, nowNanos)) {
            return false;
        }
        refuse(head, message.flow(), "overload", nowNanos);
        return true;
    }

    /**
     * The same of what has waited for too long, whatever the share: 503, unless it belongs to what
     * is under way or repeats what had another answer. True if the message is dealt with.
     */
    boolean takesOverdue(byte[] message, Flow flow, long nowNanos) {
        RequestHead head = head(message);
        if (head == null
                || head.method().equals("ACK")
                || head.method().equals("CANCEL")
                || head.to().contains(TAG)
                || core.serverTransactions.serves(head.topVia(), head.method())
                || lately(Answer.DECIDED, head, flow, nowNanos)) {
            return false;
        }
        refuse(head, flow, "waited too long", nowNanos);
        return true;
    }

    private static @Nullable RequestHead head(byte[] message) {
        RequestHead head = SipParser.head(message);
        return head == null || head.callId().isEmpty() || head.topVia().branch() == null
                ? null
                : head;
    }

    private boolean isLetIn(RequestHead head, SipInput.MessageReceived message, long nowNanos) {
        Flow flow = message.flow();
        InetAddress source = flow.remote().getAddress();
        if (head.to().contains(TAG) || core.serverTransactions.serves(head.topVia(), "INVITE")) {
            return true;
        }
        return !lately(Answer.SHED, head, flow, nowNanos)
                && core.admitted.letsIn(
                        head.callId(),
                        head.topVia().branch(),
                        source,
                        message.standing(),
                        nowNanos);
    }

    private boolean lately(Answer answer, RequestHead head, Flow flow, long nowNanos) {
        return core.lately.was(
                answer, head.topVia().branch(), flow.remote().getAddress(), nowNanos);
    }

    private void refuse(RequestHead head, Flow flow, String why, long nowNanos) {
        if (head.method().equals("INVITE")) {
            core.lately.answered(
                    head.topVia().branch(), flow.remote().getAddress(), Answer.SHED, nowNanos);
        }
        core.answerUnseen(flow, head, 503, retryAfter(core));
        core.refused(flow, head.method(), SipEvent.Refusal.OVERLOADED, why);
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
