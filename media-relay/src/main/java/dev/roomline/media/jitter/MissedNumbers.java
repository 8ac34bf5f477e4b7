package dev.roomline.media.jitter;

import java.util.Arrays;

/**
 * Which of the last numbers were counted lost, a bit for each that may still come. Owner: its
 * {@link Sequencer}.
 */
final class MissedNumbers {
    /**
     * A power of two above {@link JitterBuffer#MAX_MISORDER}: what comes later is another stream's.
     */
    private static final int SPAN = 1_024;

    private final long[] bits = new long[SPAN / Long.SIZE];

    void clear() {
        Arrays.fill(bits, 0);
    }

    /** These are counted lost now, {@code until} not any more. */
    void miss(long from, long until) {
        for (long missing = Math.max(from, until - SPAN); missing < until; missing++) {
            bits[word(missing)] |= 1L << missing;
        }
    }

    /** It came in time. */
    void came(long sequence) {
        bits[word(sequence)] &= ~(1L << sequence);
    }

    /** A number came after all; whether it was counted lost until now. */
    boolean forgive(long sequence) {
        long bit = 1L << sequence;
        boolean missed = (bits[word(sequence)] & bit) != 0;
        bits[word(sequence)] &= ~bit;
        return missed;
    }

    private static int word(long sequence) {
        return (int) (sequence & (SPAN - 1)) / Long.SIZE;
    }
}
