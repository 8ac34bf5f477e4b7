package dev.roomline.media.dsp;

import java.util.Arrays;

/** Doubles the sample rate of one stream, 8 to 16 kHz. Delay: 23 samples at 16 kHz. */
public final class Doubler {
    private static final int HISTORY = HalfBand.HISTORY;
    private static final int BLOCK = HalfBand.BLOCK;

    /** Largest number of input samples a call takes. */
    public static final int MAX_SAMPLES = 1_500;

    private final float[] line = new float[HISTORY + BLOCK];
    private final float[] between = new float[BLOCK];
    private final float[] left = new float[BLOCK];
    private final float[] right = new float[BLOCK];

    /**
     * @param samples at most {@link #MAX_SAMPLES}; twice as many are written
     */
    public void process(short[] in, int at, int samples, short[] out, int outAt) {
        for (int done = 0; done < samples; done += BLOCK) {
            block(in, at + done, Math.min(BLOCK, samples - done), out, outAt + 2 * done);
        }
    }

    private void block(short[] in, int at, int samples, short[] out, int outAt) {
        for (int i = 0; i < samples; i++) {
            line[HISTORY + i] = in[at + i];
        }
        Arrays.fill(between, 0, samples, 0);
        HalfBand.addOuter(line, samples, between, left, right);
        for (int i = 0; i < samples; i++) {
            // even output samples fall between two input samples, odd ones upon the later of them
            out[outAt + 2 * i] = HalfBand.saturate(2 * between[i]);
            out[outAt + 2 * i + 1] = (short) line[i + HalfBand.PAIRS];
        }
        System.arraycopy(line, samples, line, 0, HISTORY);
    }

    /** Forgets history. */
    public void reset() {
        Arrays.fill(line, 0);
    }
}
