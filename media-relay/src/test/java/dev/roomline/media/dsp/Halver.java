package dev.roomline.media.dsp;

/**
 * Halves the sample rate of one stream, 16 to 8 kHz, remembering what came before: what phones do
 * to what they hear, and what {@link Resampler} must equal. Delay: 23 samples at 16 kHz.
 */
public final class Halver {
    private static final int HISTORY = HalfBand.HISTORY;
    private static final int BLOCK = HalfBand.BLOCK;

    /** The first and every second input sample from there on: what the outer taps weigh. */
    private final float[] outer = new float[HISTORY + BLOCK];

    /** Those between, one of which is the middle of each output sample. */
    private final float[] middle = new float[HISTORY + BLOCK];

    private final float[] sums = new float[BLOCK];
    private final float[] left = new float[BLOCK];
    private final float[] right = new float[BLOCK];

    /**
     * @param samples even; half as many are written
     */
    public void process(short[] in, int at, int samples, short[] out, int outAt) {
        int outputs = samples / 2;
        for (int done = 0; done < outputs; done += BLOCK) {
            block(in, at + 2 * done, Math.min(BLOCK, outputs - done), out, outAt + done);
        }
    }

    private void block(short[] in, int at, int outputs, short[] out, int outAt) {
        for (int i = 0; i < outputs; i++) {
            outer[HISTORY + i] = in[at + 2 * i];
            middle[HISTORY + i] = in[at + 2 * i + 1];
        }
        for (int i = 0; i < outputs; i++) {
            sums[i] = 0.5f * middle[i + HalfBand.PAIRS - 1];
        }
        HalfBand.addOuter(outer, outputs, sums, left, right);
        for (int i = 0; i < outputs; i++) {
            out[outAt + i] = HalfBand.saturate(sums[i]);
        }
        System.arraycopy(outer, outputs, outer, 0, HISTORY);
        System.arraycopy(middle, outputs, middle, 0, HISTORY);
    }
}
