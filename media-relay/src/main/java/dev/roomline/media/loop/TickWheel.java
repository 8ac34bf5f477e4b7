package dev.roomline.media.loop;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When each room of a loop ticks: twenty phases of one millisecond, a room on one of them, every
 * phase due each 20 ms by an absolute deadline, so that no delay adds up. Rooms that want no ticks
 * cost nothing here. Sans-IO. Owner: one media loop.
 *
 * <p>Ticks are run one by one, the one that has been due longest first, each with a time of its
 * own: what a tick waits for those before it counts as its lateness too. Up to {@link #STALL_NANOS}
 * missed ticks are made up for; beyond that they are skipped: a burst would only fill the far ends'
 * jitter buffers.
 */
final class TickWheel {
    static final long PERIOD_NANOS = 20_000_000L;
    static final long STALL_NANOS = 60_000_000L;

    private static final int PHASES = 20;
    private static final long PHASE_NANOS = PERIOD_NANOS / PHASES;

    /** A room as the wheel sees it. */
    interface Ticking {
        /** One tick; {@code dueNanos} is when it should have begun. */
        void tick(long dueNanos, long nowNanos);

        /** Whether another tick is wanted; asked after each. */
        boolean wantsTick();
    }

    private static final class Phase {
        final List<Ticking> active = new ArrayList<>();
        long nextDueNanos;

        /** The round that is under way: when it was due, and who ticks next; −1 when it is over. */
        long roundNanos;

        int next = -1;
    }

    private final long epochNanos;
    private final Phase[] phases = new Phase[PHASES];
    private final Lateness lateness = new Lateness();
    private @Nullable Phase round;

    TickWheel(long epochNanos) {
        this.epochNanos = epochNanos;
        for (int i = 0; i < PHASES; i++) {
            phases[i] = new Phase();
        }
    }

    /** The phase with the fewest ticking rooms. */
    int leastLoadedPhase() {
        int best = 0;
        for (int i = 1; i < PHASES; i++) {
            if (phases[i].active.size() < phases[best].active.size()) {
                best = i;
            }
        }
        return best;
    }

    /** Lets a room tick from the next time that its phase is due; it must not tick already. */
    void start(Ticking room, int phase, long nowNanos) {
        Phase joined = phases[phase];
        if (joined.active.isEmpty()) {
            long firstNanos = epochNanos + phase * PHASE_NANOS;
            long periods = Math.floorDiv(nowNanos - firstNanos, PERIOD_NANOS) + 1;
            joined.nextDueNanos = firstNanos + periods * PERIOD_NANOS;
        }
        joined.active.add(room);
    }

    /** Takes a room off its phase, as when it closes. */
    void stop(Ticking room, int phase) {
        Phase left = phases[phase];
        int at = left.active.indexOf(room);
        if (at >= 0) {
            left.active.remove(at);
            // rounds go from the last to the first
            if (at <= left.next) {
                left.next--;
            }
        }
    }

    /** When {@link #tickNext} is wanted next; {@link Long#MAX_VALUE} if nobody ticks. */
    long nextDeadlineNanos() {
        Phase under = round;
        if (under != null && under.next >= 0) {
            return under.roundNanos;
        }
        Phase next = earliest();
        return next == null ? Long.MAX_VALUE : next.nextDueNanos;
    }

    private @Nullable Phase earliest() {
        Phase earliest = null;
        for (Phase phase : phases) {
            if (!phase.active.isEmpty()
                    && (earliest == null || phase.nextDueNanos - earliest.nextDueNanos < 0)) {
                earliest = phase;
            }
        }
        return earliest;
    }

    /**
     * Runs the one tick that has been due longest.
     *
     * @return false if none is due
     */
    boolean tickNext(long nowNanos) {
        Phase under = round;
        if (under == null || under.next < 0) {
            under = earliest();
            if (under == null || nowNanos - under.nextDueNanos < 0) {
                round = null;
                return false;
            }
            begin(under, nowNanos);
        }
        Ticking room = under.active.get(under.next);
        lateness.ran(nowNanos - under.roundNanos);
        room.tick(under.roundNanos, nowNanos);
        if (!room.wantsTick()) {
            under.active.remove(room);
        }
        under.next--;
        return true;
    }

    private void begin(Phase phase, long nowNanos) {
        long behindNanos = nowNanos - phase.nextDueNanos;
        if (behindNanos > STALL_NANOS) {
            long missed = behindNanos / PERIOD_NANOS;
            lateness.skipped(missed * phase.active.size(), behindNanos);
            phase.nextDueNanos += missed * PERIOD_NANOS;
        }
        phase.roundNanos = phase.nextDueNanos;
        phase.nextDueNanos += PERIOD_NANOS;
        phase.next = phase.active.size() - 1;
        round = phase;
    }

    /** Whether the tick that was run was the last of those due at the same time. */
    boolean roundIsOver() {
        return round == null || round.next < 0;
    }

    /** How late ticks began. */
    Lateness lateness() {
        return lateness;
    }
}
