package dev.roomline.media.dsp;

/**
 * Takes one stream from 48 to 16 kHz: flat to 6.8 kHz, −60 dB from 9.2 kHz. Delay: 31 samples at 48
 * kHz. Only for where a decoder cannot hand out 16 kHz itself.
 */
public final class Thirder {
    private static final int TAPS = 63;
    private static final int MIDDLE = TAPS / 2;
    private static final int HISTORY = TAPS - 1;
    private static final double BETA = 6;
    private static final float[] FILTER = filter();

    /** Largest number of input samples a call takes: 120 ms. */
    public static final int MAX_SAMPLES = 5_760;

    private final float[] line = new float[HISTORY + MAX_SAMPLES];

    private static float[] filter() {
        double[] taps = new double[TAPS];
        double sum = 0;
        for (int i = 0; i < TAPS; i++) {
            int distance = i - MIDDLE;
            double sinc =
                    distance == 0
                            ? 1.0 / 3
                            : Math.sin(Math.PI * distance / 3) / (Math.PI * distance);
            double x = distance / (double) (MIDDLE + 1);
            taps[i] = sinc * HalfBand.bessel(BETA * Math.sqrt(1 - x * x));
            sum += taps[i];
        }
        float[] scaled = new float[TAPS];
        for (int i = 0; i < TAPS; i++) {
            scaled[i] = (float) (taps[i] / sum);
        }
        return scaled;
    }

    /**
     * @param samples a multiple of three, at most {@link #MAX_SAMPLES}
     */
    public void process(short[] in, int at, int samples, short[] out, int outAt) {
        for (int i = 0; i < samples; i++) {
            line[HISTORY + i] = in[at + i];
        }
        for (int i = 0; i < samples; i += 3) {
            float sum = 0;
            for (int k = 0; k < TAPS; k++) {
                sum += FILTER[k] * line[i + k];
            }
            out[outAt + i / 3] = HalfBand.saturate(sum);
        }
        System.arraycopy(line, samples, line, 0, HISTORY);
    }

    /** Forgets history. */
    public void reset() {
        java.util.Arrays.fill(line, 0);
    }
}
