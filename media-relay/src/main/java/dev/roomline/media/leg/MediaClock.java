package dev.roomline.media.leg;

/** The loop's clock as an RTP clock of 48 kHz: what slots are stamped with. */
public final class MediaClock {
    public static final int TICKS_PER_SECOND = 48_000;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private MediaClock() {}

    /** Ticks at a moment. */
    public static long ticks(long nowNanos) {
        return Math.floorDiv(nowNanos, SECOND_NANOS) * TICKS_PER_SECOND
                + Math.floorMod(nowNanos, SECOND_NANOS) * TICKS_PER_SECOND / SECOND_NANOS;
    }
}
