package dev.roomline.media.dsp;

import java.util.Arrays;

/**
 * Takes one stream to a multiple of its rate: a sinc under a Kaiser window, flat to 0.42 of the
 * lower rate, −60 dB from 0.58 of it on. Delay: twelve samples of the lower rate.
 */
public final class Upsampler {
    private static final int REACH = 12;
    private static final int TAPS = 2 * REACH;
    private static final int HISTORY = TAPS - 1;
    private static final int BLOCK = HalfBand.BLOCK;
    private static final double BETA = 6;

    private final int factor;

    /** For each sample between two of the lower rate, what the {@link #TAPS} around it count. */
    private final float[][] phases;

    private final float[] line = new float[HISTORY + BLOCK];
    private final float[] shifted = new float[BLOCK];
    private final float[][] sums;

    /**
     * @param factor 2 or more
     */
    public Upsampler(int factor) {
        this.factor = factor;
        phases = new float[factor][];
        sums = new float[factor][BLOCK];
        for (int phase = 0; phase < factor; phase++) {
            phases[phase] = taps((double) phase / factor);
        }
    }

    private Upsampler(Upsampler origin) {
        factor = origin.factor;
        phases = origin.phases;
        sums = new float[factor][BLOCK];
        System.arraycopy(origin.line, 0, line, 0, HISTORY);
    }

    /** For a sample so far behind the {@link #REACH}th of the taps; their sum is one. */
    private static float[] taps(double behind) {
        double[] taps = new double[TAPS];
        double sum = 0;
        for (int k = 0; k < TAPS; k++) {
            double distance = k - (REACH - 1) - behind;
            double angle = Math.PI * distance;
            double sinc = distance == 0 ? 1 : Math.sin(angle) / angle;
            double x = distance / REACH;
            taps[k] = sinc * HalfBand.bessel(BETA * Math.sqrt(Math.max(0, 1 - x * x)));
            sum += taps[k];
        }
        float[] scaled = new float[TAPS];
        for (int k = 0; k < TAPS; k++) {
            scaled[k] = (float) (taps[k] / sum);
        }
        return scaled;
    }

    /**
     * @param out takes as many samples for each of {@code samples} as the factor says
     */
    public void process(short[] in, int at, int samples, short[] out) {
        for (int done = 0; done < samples; done += BLOCK) {
            block(in, at + done, Math.min(BLOCK, samples - done), out, done * factor);
        }
    }

    /** Taps are the outer loop: only loops that use one index are sure to run in vectors. */
    private void block(short[] in, int at, int samples, short[] out, int outAt) {
        for (int i = 0; i < samples; i++) {
            line[HISTORY + i] = in[at + i];
        }
        for (float[] sum : sums) {
            Arrays.fill(sum, 0);
        }
        for (int k = 0; k < TAPS; k++) {
            System.arraycopy(line, k, shifted, 0, samples);
            for (int phase = 0; phase < factor; phase++) {
                addTo(sums[phase], shifted, phases[phase][k], samples);
            }
        }
        for (int phase = 0; phase < factor; phase++) {
            float[] sum = sums[phase];
            for (int i = 0; i < samples; i++) {
                out[outAt + i * factor + phase] = HalfBand.saturate(sum[i]);
            }
        }
        System.arraycopy(line, samples, line, 0, HISTORY);
    }

    private static void addTo(float[] sum, float[] values, float tap, int samples) {
        for (int i = 0; i < samples; i++) {
            sum[i] += tap * values[i];
        }
    }

    /** One that goes on from here by itself. */
    public Upsampler fork() {
        return new Upsampler(this);
    }

    /** Forgets history. */
    public void reset() {
        Arrays.fill(line, 0);
    }
}
