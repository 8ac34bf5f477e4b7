package dev.roomline.media.leg;

/**
 * How much that comes of one peer is worked on. Each packet may be decoded, encrypted and sent to
 * hundreds, and each key is told to whoever follows the room, so that a peer with a right to be
 * heard could have a thousand times its own traffic made. A token bucket. Owner: the leg's media
 * loop.
 */
final class Budget {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final long nanosEach;
    private final int atOnce;

    /** When the bucket will be full again. */
    private long fullNanos = Long.MIN_VALUE;

    /**
     * @param atOnce what a network that stood still may bring together
     */
    private Budget(int perSecond, int atOnce) {
        nanosEach = SECOND_NANOS / perSecond;
        this.atOnce = atOnce;
    }

    /** Sound in packets of 10 ms beside a key is 150 a second. */
    static Budget ofPackets() {
        return new Budget(200, 400);
    }

    /** No key is shorter than 40 ms (ITU-T Q.24). */
    static Budget ofKeys() {
        return new Budget(25, 25);
    }

    /** Whether what comes now is to be worked on. */
    boolean takes(long nowNanos) {
        long full = Math.max(fullNanos, nowNanos) + nanosEach;
        if (full - nowNanos > atOnce * nanosEach) {
            return false;
        }
        fullNanos = full;
        return true;
    }
}
