package dev.roomline.media.dsp;

/** Halves the sample rate of one stream, 16 to 8 kHz. Delay: 23 samples at 16 kHz. */
public final class Halver {
    private static final float[] TAPS = HalfBand.outerTaps();
    private static final int HISTORY = HalfBand.TAPS - 1;
    private static final int MIDDLE = HalfBand.TAPS / 2;

    /** Largest number of input samples a call takes: 20 ms at 16 kHz is 320. */
    public static final int MAX_SAMPLES = 1_920;

    private final float[] line = new float[HISTORY + MAX_SAMPLES];

    /**
     * @param samples even, at most {@link #MAX_SAMPLES}; half as many are written
     */
    public void process(short[] in, int at, int samples, short[] out, int outAt) {
        for (int i = 0; i < samples; i++) {
            line[HISTORY + i] = in[at + i];
        }
        for (int i = 0; i < samples; i += 2) {
            int middle = i + MIDDLE;
            float sum = 0.5f * line[middle];
            for (int k = 0; k < HalfBand.PAIRS; k++) {
                int distance = 2 * k + 1;
                sum += TAPS[k] * (line[middle - distance] + line[middle + distance]);
            }
            out[outAt + i / 2] = HalfBand.saturate(sum);
        }
        System.arraycopy(line, samples, line, 0, HISTORY);
    }

    /** Continues where another one is. */
    public void copyFrom(Halver other) {
        System.arraycopy(other.line, 0, line, 0, HISTORY);
    }

    /** Forgets history. */
    public void reset() {
        java.util.Arrays.fill(line, 0);
    }
}
