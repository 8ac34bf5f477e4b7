package dev.roomline.media.dsp;

/** Doubles the sample rate of one stream, 8 to 16 kHz. Delay: 23 samples at 16 kHz. */
public final class Doubler {
    private static final float[] TAPS = HalfBand.outerTaps();

    /** Input samples that one output sample is made of. */
    private static final int SPAN = 2 * HalfBand.PAIRS;

    private static final int HISTORY = SPAN - 1;

    /** Largest number of input samples a call takes. */
    public static final int MAX_SAMPLES = 1_500;

    private final float[] line = new float[HISTORY + MAX_SAMPLES];

    /**
     * @param samples at most {@link #MAX_SAMPLES}; twice as many are written
     */
    public void process(short[] in, int at, int samples, short[] out, int outAt) {
        for (int i = 0; i < samples; i++) {
            line[HISTORY + i] = in[at + i];
        }
        for (int i = 0; i < samples; i++) {
            // even output samples fall between two input samples, odd ones upon the later of them
            float sum = 0;
            int right = i + HalfBand.PAIRS;
            int left = right - 1;
            for (int k = 0; k < HalfBand.PAIRS; k++) {
                sum += TAPS[k] * (line[left - k] + line[right + k]);
            }
            out[outAt + 2 * i] = HalfBand.saturate(2 * sum);
            out[outAt + 2 * i + 1] = (short) line[right];
        }
        System.arraycopy(line, samples, line, 0, HISTORY);
    }

    /** Forgets history. */
    public void reset() {
        java.util.Arrays.fill(line, 0);
    }
}
