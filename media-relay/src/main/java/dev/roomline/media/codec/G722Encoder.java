package dev.roomline.media.codec;

/**
 * 16 kHz to G.722 at 64 kbit/s (ITU-T G.722 §3): two bands by a quadrature mirror filter, the lower
 * in 6 bits a sample, the higher in 2, an octet for two samples of sound.
 */
final class G722Encoder implements ForkingEncoder {
    /** The decision levels of the lower band's quantiser (Q6), in units of 2⁻¹² of the step. */
    private static final int[] DECISION = {
        0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940,
        1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919
    };

    /** The highest code of positive differences (ILP); they count down to 32. */
    private static final int HIGHEST_POSITIVE = 61;

    /**
     * Of negative ones (ILN) the two smallest are apart from the rest, which count down from 31.
     */
    private static final int SMALLEST_NEGATIVE = 63;

    private static final int HIGHEST_NEGATIVE = 31;

    /** The decision level of the higher band's quantiser (Q2). */
    private static final int HIGHER_DECISION = 564;

    private static final int TAPS = 12;
    private static final int LINE = 2 * TAPS;
    private static final int BLOCK = 320;

    /** Of the newer and of the older sample of each pair, the oldest pair's first. */
    private static final int[] NEWER = reversed(G722Tables.phase(0));

    private static final int[] OLDER = reversed(G722Tables.phase(1));

    private final G722Band lower = G722Band.lower();
    private final G722Band higher = G722Band.higher();

    /** The last 22 samples, then those of the call. */
    private final short[] line = new short[LINE - 2 + BLOCK];

    private static int[] reversed(int[] taps) {
        int[] turned = new int[taps.length];
        for (int i = 0; i < taps.length; i++) {
            turned[i] = taps[taps.length - 1 - i];
        }
        return turned;
    }

    @Override
    public int sampleRate() {
        return 16_000;
    }

    /**
     * @param samples even
     */
    @Override
    public int encode(short[] pcm, int offset, int samples, byte[] out, int at) {
        int octets = samples / 2;
        for (int done = 0; done < octets; done += BLOCK / 2) {
            int some = Math.min(BLOCK / 2, octets - done);
            System.arraycopy(pcm, offset + 2 * done, line, LINE - 2, 2 * some);
            for (int i = 0; i < some; i++) {
                out[at + done + i] = (byte) pair(2 * i);
            }
            System.arraycopy(line, 2 * some, line, 0, LINE - 2);
        }
        return octets;
    }

    /** Codes the pair of samples that ends the 24 from a place in the line on. */
    private int pair(int from) {
        int newer = 0;
        int older = 0;
        for (int i = 0; i < TAPS; i++) {
            older += OLDER[i] * line[from + 2 * i];
            newer += NEWER[i] * line[from + 2 * i + 1];
        }
        // LOWT, HIGHT: 15 bits each
        int low = limit((newer + older) >> 14);
        int high = limit((newer - older) >> 14);
        return code(low, high);
    }

    /** Codes one sample of each band, as they leave the filters: 15 bits. */
    int code(int low, int high) {
        return (highCode(high) << 6) | lowCode(low);
    }

    private int lowCode(int low) {
        int difference = G722Band.saturate(low - lower.prediction());
        int magnitude = difference < 0 ? ~difference : difference;
        int code = lowCode(difference < 0, interval(magnitude, lower.step()));
        int coarse = code >> 2;
        // INVQAL: the predictor follows the four bits that every mode of the decoder has
        lower.adapt(
                G722Band.multiply(lower.step(), G722Tables.INVERSE_4[coarse]),
                G722Tables.GROWTH_4[coarse]);
        return code;
    }

    /** MIL: in which of the 30 intervals a magnitude lies, from 1 on. */
    private static int interval(int magnitude, int step) {
        int low = 1;
        int high = DECISION.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (magnitude < (DECISION[middle] * step) >> 12) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static int lowCode(boolean negative, int interval) {
        if (!negative) {
            return HIGHEST_POSITIVE + 1 - interval;
        }
        return interval <= 2 ? SMALLEST_NEGATIVE + 1 - interval : HIGHEST_NEGATIVE + 3 - interval;
    }

    private int highCode(int high) {
        int difference = G722Band.saturate(high - higher.prediction());
        int magnitude = difference < 0 ? ~difference : difference;
        boolean outer = magnitude >= (HIGHER_DECISION * higher.step()) >> 12;
        int code = (difference < 0 ? 1 : 3) - (outer ? 1 : 0);
        higher.adapt(
                G722Band.multiply(higher.step(), G722Tables.INVERSE_2[code]),
                G722Tables.GROWTH_2[code]);
        return code;
    }

    static int limit(int value) {
        return Math.clamp(value, -16_384, 16_383);
    }

    @Override
    public ForkingEncoder fork() {
        G722Encoder forked = new G722Encoder();
        forked.lower.copy(lower);
        forked.higher.copy(higher);
        System.arraycopy(line, 0, forked.line, 0, LINE - 2);
        return forked;
    }

    @Override
    public void close() {}
}
