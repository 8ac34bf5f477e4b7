package dev.roomline.media.loop;

import java.util.ArrayList;
import java.util.List;

/**
 * When each room of a loop ticks: twenty phases of one millisecond, a room on one of them, every
 * phase due each 20 ms by an absolute deadline, so that no delay adds up. Rooms that want no ticks
 * cost nothing here. Sans-IO. Owner: one media loop.
 *
 * <p>A tick that begins late is counted. Up to {@link #STALL_NANOS} missed ticks are made up for;
 * beyond that they are skipped: a burst would only fill the far ends' jitter buffers.
 */
final class TickWheel {
    static final long PERIOD_NANOS = 20_000_000L;
    static final long LATE_NANOS = 5_000_000L;
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
    }

    private final long epochNanos;
    private final Phase[] phases = new Phase[PHASES];
    private long lateTicks;
    private long skippedTicks;

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
        phases[phase].active.remove(room);
    }

    /** When {@link #turn} is wanted next; {@link Long#MAX_VALUE} if nobody ticks. */
    long nextDeadlineNanos() {
        long next = Long.MAX_VALUE;
        for (Phase phase : phases) {
            if (!phase.active.isEmpty()
                    && (next == Long.MAX_VALUE || phase.nextDueNanos - next < 0)) {
                next = phase.nextDueNanos;
            }
        }
        return next;
    }

    /** Runs every tick that is due. */
    void turn(long nowNanos) {
        for (Phase phase : phases) {
            if (phase.active.isEmpty()) {
                continue;
            }
            long behindNanos = nowNanos - phase.nextDueNanos;
            if (behindNanos > STALL_NANOS) {
                long missed = behindNanos / PERIOD_NANOS;
                skippedTicks += missed * phase.active.size();
                phase.nextDueNanos += missed * PERIOD_NANOS;
            }
            while (nowNanos - phase.nextDueNanos >= 0 && !phase.active.isEmpty()) {
                tick(phase, behindNanos, nowNanos);
                behindNanos = nowNanos - phase.nextDueNanos;
            }
        }
    }

    private void tick(Phase phase, long behindNanos, long nowNanos) {
        long dueNanos = phase.nextDueNanos;
        phase.nextDueNanos += PERIOD_NANOS;
        if (behindNanos > LATE_NANOS) {
            lateTicks += phase.active.size();
        }
        for (int i = phase.active.size() - 1; i >= 0; i--) {
            Ticking room = phase.active.get(i);
            room.tick(dueNanos, nowNanos);
            if (!room.wantsTick()) {
                phase.active.remove(i);
            }
        }
    }

    /** Ticks that began more than 5 ms after they were due, skipped ones included. */
    long lateTicks() {
        return lateTicks + skippedTicks;
    }

    /** Ticks that never ran because the loop stood still. */
    long skippedTicks() {
        return skippedTicks;
    }
}
