package dev.roomline.media.loop;

import dev.roomline.media.loop.MediaRelay.Ticks;

/** How late the ticks of a loop began, since start. Owner: the loop. */
final class Lateness {
    /** How long the worst is remembered, at least. */
    static final long WINDOW_NANOS = 30_000_000_000L;

    private static final long MILLI = 1_000_000L;

    private long ran;
    private long skipped;
    private long over5;
    private long over10;
    private long over20;
    private long over50;
    private long worstNanos;
    private long worstBeforeNanos;
    private long windowSinceNanos = Long.MIN_VALUE;

    void ran(long behindNanos) {
        ran++;
        count(1, behindNanos);
    }

    /** Ticks that never ran because the loop stood still: as late as the stall was long. */
    void skipped(long ticks, long behindNanos) {
        skipped += ticks;
        count(ticks, behindNanos);
    }

    private void count(long ticks, long behindNanos) {
        if (behindNanos <= 5 * MILLI) {
            worstNanos = Math.max(worstNanos, behindNanos);
            return;
        }
        over5 += ticks;
        over10 += behindNanos > 10 * MILLI ? ticks : 0;
        over20 += behindNanos > 20 * MILLI ? ticks : 0;
        over50 += behindNanos > 50 * MILLI ? ticks : 0;
        worstNanos = Math.max(worstNanos, behindNanos);
    }

    /** Of now, for other threads; called several times a second. */
    Ticks report(long nowNanos) {
        if (windowSinceNanos == Long.MIN_VALUE) {
            windowSinceNanos = nowNanos;
        } else if (nowNanos - windowSinceNanos >= WINDOW_NANOS) {
            worstBeforeNanos = worstNanos;
            worstNanos = 0;
            windowSinceNanos = nowNanos;
        }
        long worst = Math.max(worstNanos, worstBeforeNanos);
        return new Ticks(ran, skipped, over5, over10, over20, over50, worst / 1e6);
    }
}
