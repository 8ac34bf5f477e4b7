package dev.roomline.media.leg;

/**
 * How many packets of one peer are worked on. Each may be decoded, encrypted and sent to hundreds,
 * so that a peer with a right to be heard could have a thousand times its own traffic made. A token
 * bucket; sound in packets of 10 ms beside a key is 150 a second. Owner: the leg's media loop.
 */
final class PacketBudget {
    static final int PER_SECOND = 200;

    /** What a network that stood still for seconds may bring at once. */
    static final int AT_ONCE = 400;

    private static final long NANOS_EACH = 1_000_000_000L / PER_SECOND;

    /** When the bucket will be full again. */
    private long fullNanos = Long.MIN_VALUE;

    /** Whether a packet that comes now is to be worked on. */
    boolean takes(long nowNanos) {
        long full = Math.max(fullNanos, nowNanos) + NANOS_EACH;
        if (full - nowNanos > AT_ONCE * NANOS_EACH) {
            return false;
        }
        fullNanos = full;
        return true;
    }
}
