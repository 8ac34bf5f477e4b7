package dev.roomline.media.dsp;

import java.util.Arrays;

/**
 * Takes 20 ms of a 32-bit sum from 8 to 16 kHz or back. What the filter needs of the 20 ms before
 * stands at the head of what it is given, and nothing is remembered here: it may be used for one
 * frame and not for the next, and there is no click. Delay: 23 samples at 16 kHz. Owner: the media
 * loop.
 */
public final class Resampler {
    /** Samples of 20 ms at 8 kHz. */
    public static final int NARROW = HalfBand.BLOCK;

    /** Samples of 20 ms at 16 kHz. */
    public static final int WIDE = 2 * NARROW;

    /** Samples of the 20 ms before that stand before a frame at 8 kHz. */
    public static final int NARROW_MEMORY = HalfBand.HISTORY;

    /** The same at 16 kHz. */
    public static final int WIDE_MEMORY = 2 * HalfBand.HISTORY;

    private static final int LINE = NARROW_MEMORY + NARROW;

    private final float[] outer = new float[LINE];
    private final float[] sums = new float[NARROW];
    private final float[] left = new float[NARROW];
    private final float[] right = new float[NARROW];

    /**
     * Adds a frame of 8 kHz to one of 16.
     *
     * @param narrow {@link #NARROW_MEMORY} samples, then the frame
     * @param wide {@link #WIDE} samples
     */
    public void addDoubled(int[] narrow, int[] wide) {
        for (int i = 0; i < LINE; i++) {
            outer[i] = narrow[i];
        }
        Arrays.fill(sums, 0);
        HalfBand.addOuter(outer, NARROW, sums, left, right);
        for (int i = 0; i < NARROW; i++) {
            // even output samples fall between two input samples, odd ones upon the later of them
            wide[2 * i] += Math.round(2 * sums[i]);
            wide[2 * i + 1] += narrow[i + HalfBand.PAIRS];
        }
    }

    /**
     * Adds a frame of 16 kHz to one of 8.
     *
     * @param wide {@link #WIDE_MEMORY} samples, then the frame
     * @param narrow {@link #NARROW} samples
     */
    public void addHalved(int[] wide, int[] narrow) {
        for (int i = 0; i < LINE; i++) {
            outer[i] = wide[2 * i];
        }
        for (int i = 0; i < NARROW; i++) {
            sums[i] = 0.5f * wide[2 * (i + HalfBand.PAIRS) - 1];
        }
        HalfBand.addOuter(outer, NARROW, sums, left, right);
        for (int i = 0; i < NARROW; i++) {
            narrow[i] += Math.round(sums[i]);
        }
    }
}
