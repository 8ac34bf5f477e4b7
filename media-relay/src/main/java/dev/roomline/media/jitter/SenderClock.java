package dev.roomline.media.jitter;

import dev.roomline.media.rtp.Sequences;

/**
 * A sender's time: its 32-bit timestamps extended, and carried on evenly where they jump although
 * the sequence does not (a transfer, an announcement, another mixer behind the same SSRC). Owner:
 * its {@link JitterBuffer}.
 */
final class SenderClock {
    /** Packets that are missing before a jump leave no doubt up to this number. */
    private static final int MOST_MISSING = 50;

    /** A packet cannot be so much faster than the fastest of the last seconds. */
    private static final long LEAP_NANOS = 300_000_000L;

    /** A talk spurt whose timestamps go on as if there had been no pause: the clock stood still. */
    private static final long STOOD_NANOS = 200_000_000L;

    private long last;
    private long shift;
    private int ticksPerPacket;

    /** The first packet of a stream. */
    void begin(int timestamp, int packetTicks) {
        last = timestamp & 0xFFFF_FFFFL;
        shift = 0;
        ticksPerPacket = packetTicks;
    }

    /** The time of a packet, extended and even. */
    long timeOf(int timestamp) {
        return Sequences.extendTimestamp(last - shift, timestamp) + shift;
    }

    /**
     * Evens out a jump.
     *
     * @param steps by how much its sequence number is ahead of the newest before
     * @param lateNanos how much later than the fastest it came; negative: earlier
     * @param lateTicks the same in ticks
     * @return its time, as it is or as it should be
     */
    long even(long time, long steps, boolean marker, long lateNanos, long lateTicks) {
        if (steps < 1 || steps > MOST_MISSING) {
            return time;
        }
        long expected = last + steps * ticksPerPacket;
        boolean back = time < last;
        boolean leap = steps == 1 && !marker && lateNanos < -LEAP_NANOS;
        boolean stood = marker && time == expected && lateNanos > STOOD_NANOS;
        if (back || leap) {
            shift += expected - time;
            return expected;
        }
        if (stood) {
            shift += lateTicks;
            return time + lateTicks;
        }
        return time;
    }

    /** The newest packet by its sequence number has this time. */
    void onNewest(long time, long steps) {
        long ticks = time - last;
        // only what can be a packet's length tells of it: 5 to 120 ms at 8 to 48 kHz
        if (steps == 1 && ticks >= 40 && ticks <= 5_760) {
            ticksPerPacket = (int) ticks;
        }
        last = time;
    }
}
