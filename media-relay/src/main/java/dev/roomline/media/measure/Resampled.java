package dev.roomline.media.measure;

import java.util.Arrays;

/** The same sound at another rate, by a windowed sinc that ends below the lower rate's half. */
public final class Resampled {
    private static final int ZEROES = 16;

    private Resampled() {}

    public static double[] of(short[] samples, int fromHz, int toHz) {
        if (fromHz == toHz) {
            double[] same = new double[samples.length];
            Arrays.setAll(same, i -> samples[i]);
            return same;
        }
        int common = gcd(fromHz, toHz);
        int phases = toHz / common;
        int advance = fromHz / common;
        double cut = Math.min(1.0, (double) toHz / fromHz) * 0.95;
        int reach = (int) Math.ceil(ZEROES / cut);
        double[][] taps = new double[phases][2 * reach + 1];
        for (int phase = 0; phase < phases; phase++) {
            for (int k = -reach; k <= reach; k++) {
                taps[phase][k + reach] = tap(k - (double) phase / phases, cut, reach);
            }
        }
        double[] out = new double[(int) ((long) samples.length * phases / advance)];
        for (int n = 0; n < out.length; n++) {
            long position = (long) n * advance;
            int centre = (int) (position / phases);
            double[] with = taps[(int) (position % phases)];
            int first = Math.max(0, centre - reach);
            int last = Math.min(samples.length - 1, centre + reach);
            double sum = 0;
            for (int at = first; at <= last; at++) {
                sum += samples[at] * with[at - centre + reach];
            }
            out[n] = sum;
        }
        return out;
    }

    private static double tap(double x, double cut, int reach) {
        double window = 0.5 + 0.5 * Math.cos(Math.PI * x / (reach + 1));
        double sinc = x == 0 ? cut : Math.sin(Math.PI * cut * x) / (Math.PI * x);
        return Math.abs(x) > reach ? 0 : sinc * window;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
