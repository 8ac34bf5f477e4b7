package dev.roomline.sip.refer;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One REFER of ours, from its sending to what became of the call that it asked for. Sans-IO. Owner:
 * the signalling loop.
 *
 * <pre>
 *  SENT ─ 2xx ─ ACCEPTED ─ NOTIFY ─ TRYING ─ 18x ─ RINGING ─┬─ 2xx ───────────── TRANSFERRED
 *   │                                                       ├─ 300–699 ───────── FAILED
 *   ├─ NOTIFY may overtake the 2xx (RFC 3515 §2.4.4)        └─ terminated, BYE,
 *   └─ 300–699 ─ FAILED                                        silence ───────── UNKNOWN
 * </pre>
 */
public final class Referral {
    /** Timer N (RFC 6665 §4.1.2.4): the first NOTIFY comes by then. */
    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(32);

    /** Where the peer does not say how long it goes on: longer than telephones ring. */
    private static final long USUAL_SECONDS = 180;

    private static final long SHORTEST_SECONDS = 60;
    private static final long LONGEST_SECONDS = 300;

    private Phase phase = Phase.SENT;
    private Cause cause = Cause.NONE;
    private long deadlineNanos = Long.MAX_VALUE;

    /** The id of its subscription, as its NOTIFYs have it; null while none came. */
    private @Nullable String id;

    /** How far it has come. */
    public enum Phase {
        SENT,
        ACCEPTED,
        TRYING,
        RINGING,
        TRANSFERRED,
        FAILED,
        /** Nobody said what became of it. */
        UNKNOWN;

        public boolean isOver() {
            return switch (this) {
                case SENT, ACCEPTED, TRYING, RINGING -> false;
                case TRANSFERRED, FAILED, UNKNOWN -> true;
            };
        }
    }

    /** Why it stands so. */
    public enum Cause {
        NONE,
        /** The far end did not take the REFER. */
        REFUSED,
        /** What the new party answered. */
        ANSWERED,
        /** No NOTIFY came, or none any more. */
        SILENCE,
        /** The far end stopped telling. */
        STOPPED,
        /** The call ended first. */
        HUNG_UP
    }

    /** What happens to it. */
    public sealed interface Input {
        /** The final response to the REFER, or 408 and 503 where none came. */
        record Answered(int status, String phrase) implements Input {}

        record Notified(Notice notice) implements Input {}

        /** The dialog is over. */
        record HungUp() implements Input {}

        record DeadlineReached() implements Input {}
    }

    /** What comes of it. */
    public interface Outbox {
        /** Answers the NOTIFY at hand. */
        void reply(int status);

        /**
         * @param said null where no response told it
         */
        void became(Phase phase, Cause cause, @Nullable SipFrag said);
    }

    public Phase phase() {
        return phase;
    }

    /** The id of its subscription; empty where its NOTIFYs have none, or none came. */
    public String id() {
        return id == null ? "" : id;
    }

    /** {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineNanos() {
        return deadlineNanos;
    }

    public void handle(Input input, long nowNanos, Outbox outbox) {
        switch (input) {
            case Input.Answered(int status, String phrase) ->
                    answered(new SipFrag(status, phrase), nowNanos, outbox);
            case Input.Notified(Notice notice) -> notified(notice, nowNanos, outbox);
            case Input.HungUp _ -> conclude(Phase.UNKNOWN, Cause.HUNG_UP, null, outbox);
            case Input.DeadlineReached _ -> {
                if (deadlineNanos != Long.MAX_VALUE && deadlineNanos - nowNanos <= 0) {
                    conclude(Phase.UNKNOWN, Cause.SILENCE, null, outbox);
                }
            }
        }
    }

    private void answered(SipFrag response, long nowNanos, Outbox outbox) {
        if (phase != Phase.SENT) {
            return;
        }
        if (response.status() >= 300) {
            conclude(Phase.FAILED, Cause.REFUSED, response, outbox);
        } else {
            deadlineNanos = nowNanos + FIRST_NANOS;
            become(Phase.ACCEPTED, null, outbox);
        }
    }

    private void notified(Notice notice, long nowNanos, Outbox outbox) {
        if (phase.isOver()) {
            // RFC 6665 §4.1.3: to whom it may concern, we do not listen any more
            outbox.reply(cause == Cause.ANSWERED ? 200 : 481);
            return;
        }
        if (id != null && !id.equals(notice.id())) {
            outbox.reply(481);
            return;
        }
        id = notice.id();
        outbox.reply(200);
        SipFrag said = notice.said();
        if (said != null && said.isFinal()) {
            boolean good = said.status() < 300;
            conclude(good ? Phase.TRANSFERRED : Phase.FAILED, Cause.ANSWERED, said, outbox);
        } else if (notice.over()) {
            conclude(Phase.UNKNOWN, Cause.STOPPED, said, outbox);
        } else {
            deadlineNanos = nowNanos + patience(notice);
            boolean rings = said != null && said.status() >= 180;
            if (rings || phase == Phase.RINGING) {
                become(Phase.RINGING, said, outbox);
            } else {
                become(Phase.TRYING, said, outbox);
            }
        }
    }

    private static long patience(Notice notice) {
        long seconds = notice.expiresSeconds() < 0 ? USUAL_SECONDS : notice.expiresSeconds();
        return TimeUnit.SECONDS.toNanos(Math.clamp(seconds, SHORTEST_SECONDS, LONGEST_SECONDS));
    }

    private void become(Phase next, @Nullable SipFrag said, Outbox outbox) {
        if (next != phase) {
            phase = next;
            outbox.became(next, cause, said);
        }
    }

    private void conclude(Phase end, Cause why, @Nullable SipFrag said, Outbox outbox) {
        if (!phase.isOver()) {
            deadlineNanos = Long.MAX_VALUE;
            cause = why;
            become(end, said, outbox);
        }
    }
}
