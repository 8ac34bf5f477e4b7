package dev.roomline.media.room;

import dev.roomline.media.leg.MediaClock;

/**
 * How a source's RTP clock lies on ours: by its minimum transit over the last two seconds, tracked
 * also while it is not forwarded, so that a late first packet does not set the clock back for a
 * whole sentence. All in ticks of 48 kHz. Sans-IO. Owner: the room.
 */
final class SourceClock {
    private static final long BUCKET_NANOS = 1_000_000_000L;
    private static final long NONE = Long.MAX_VALUE;

    /** A transit this far from the known one is a new clock, not a slow packet. */
    private static final long JUMP_TICKS = MediaClock.TICKS_PER_SECOND;

    private long bucketStartNanos;
    private long minimumNow = NONE;
    private long minimumBefore = NONE;

    /**
     * Notes a packet.
     *
     * @param timestamp extended, in ticks of 48 kHz
     */
    void onPacket(long timestamp, long nowNanos) {
        long transit = MediaClock.ticks(nowNanos) - timestamp;
        long known = Math.min(minimumNow, minimumBefore);
        if (known != NONE && Math.abs(transit - known) > JUMP_TICKS) {
            minimumNow = NONE;
            minimumBefore = NONE;
        }
        long ageNanos = nowNanos - bucketStartNanos;
        if (ageNanos >= BUCKET_NANOS) {
            minimumBefore = ageNanos < 2 * BUCKET_NANOS ? minimumNow : NONE;
            minimumNow = NONE;
            bucketStartNanos = nowNanos;
        }
        minimumNow = Math.min(minimumNow, transit);
    }

    /** What to add to a timestamp of the source; valid after the first packet. */
    long transit() {
        return Math.min(minimumNow, minimumBefore);
    }
}
