package dev.roomline.media.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much of speech can be understood, by comparing it with what was said: STOI (Taal, Hendriks,
 * Heusdens, Jensen 2011, "An Algorithm for Intelligibility Prediction of Time–Frequency Weighted
 * Noisy Speech") and ESTOI (Jensen, Taal 2016, "An Algorithm for Predicting the Intelligibility of
 * Speech Masked by Modulated Noise Maskers"). ESTOI also sees how bands move together, so it tells
 * speech that was interrupted from speech that was not. Both must lie on the same time.
 */
public final class Intelligibility {
    private static final int RATE = 10_000;
    private static final int FRAME = 256;
    private static final int HOP = FRAME / 2;
    private static final int TRANSFORM = 512;
    private static final int BANDS = 15;
    private static final double LOWEST_HERTZ = 150;

    /** 384 ms, the length that suits intelligibility best. */
    private static final int SEGMENT = 30;

    /** Frames this much weaker than the strongest say nothing. */
    private static final double RANGE_DB = 40;

    /** Below this signal-to-distortion ratio it cannot get worse. */
    private static final double LEAST_SDR_DB = -15;

    private static final double TINY = 1e-12;

    private static final double[] COS = new double[TRANSFORM / 2];
    private static final double[] SIN = new double[TRANSFORM / 2];

    static {
        Arrays.setAll(COS, k -> Math.cos(2 * Math.PI * k / TRANSFORM));
        Arrays.setAll(SIN, k -> -Math.sin(2 * Math.PI * k / TRANSFORM));
    }

    private final int rate;
    private final int length;
    private final List<Integer> frames;
    private final double[][] clean;

    /**
     * @param said at 16 kHz
     */
    public Intelligibility(short[] said) {
        this(said, 16_000);
    }

    /**
     * @param rate of what was said and heard; at 10 kHz it is taken as it is
     */
    public Intelligibility(short[] said, int rate) {
        this.rate = rate;
        length = said.length;
        double[] x = Resampled.of(said, rate, RATE);
        frames = spoken(x);
        clean = bands(joined(x, frames));
    }

    /** {@code heard} as bands; it must be as long as what was said, and without delay. */
    private double[][] processed(short[] heard) {
        if (heard.length != length) {
            throw new IllegalArgumentException(heard.length + " samples instead of " + length);
        }
        return bands(joined(Resampled.of(heard, rate, RATE), frames));
    }

    /** Where something is said: the frames that are not {@link #RANGE_DB} below the strongest. */
    private static List<Integer> spoken(double[] x) {
        List<Integer> starts = new ArrayList<>();
        List<Double> levels = new ArrayList<>();
        for (int at = 0; at + FRAME < x.length; at += HOP) {
            double energy = TINY;
            for (int n = 0; n < FRAME; n++) {
                double sample = x[at + n] * window(n);
                energy += sample * sample;
            }
            starts.add(at);
            levels.add(10 * Math.log10(energy));
        }
        double loudest = levels.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        List<Integer> spoken = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            if (levels.get(i) > loudest - RANGE_DB) {
                spoken.add(starts.get(i));
            }
        }
        return spoken;
    }

    /** These frames alone, windowed and overlapped. */
    private static double[] joined(double[] x, List<Integer> frames) {
        double[] out = new double[(frames.size() + 1) * HOP];
        for (int i = 0; i < frames.size(); i++) {
            for (int n = 0; n < FRAME; n++) {
                out[i * HOP + n] += x[frames.get(i) + n] * window(n);
            }
        }
        return out;
    }

    private static double window(int n) {
        return 0.5 - 0.5 * Math.cos(2 * Math.PI * (n + 1) / (FRAME + 1));
    }

    /** The envelope of each third of an octave: [band][frame]. */
    private static double[][] bands(double[] x) {
        // the last whole frame is left out, as the authors do
        int frames = Math.max(0, (x.length - FRAME + HOP - 1) / HOP);
        double[][] bands = new double[BANDS][frames];
        double[] real = new double[TRANSFORM];
        double[] imaginary = new double[TRANSFORM];
        for (int m = 0; m < frames; m++) {
            Arrays.fill(real, 0);
            Arrays.fill(imaginary, 0);
            for (int n = 0; n < FRAME; n++) {
                real[n] = x[m * HOP + n] * window(n);
            }
            transform(real, imaginary);
            for (int j = 0; j < BANDS; j++) {
                double power = 0;
                for (int k = edge(j - 0.5); k < edge(j + 0.5); k++) {
                    power += real[k] * real[k] + imaginary[k] * imaginary[k];
                }
                bands[j][m] = Math.sqrt(power);
            }
        }
        return bands;
    }

    /** The bin nearest to so many thirds of an octave above the lowest centre. */
    private static int edge(double thirds) {
        return (int) Math.round(LOWEST_HERTZ * Math.pow(2, thirds / 3) * TRANSFORM / RATE);
    }

    /** Fast Fourier transform in place, radix 2. */
    private static void transform(double[] real, double[] imaginary) {
        for (int i = 1, j = 0; i < TRANSFORM; i++) {
            int bit = TRANSFORM >> 1;
            for (; (j & bit) != 0; bit >>= 1) {
                j ^= bit;
            }
            j ^= bit;
            if (i < j) {
                swap(real, i, j);
                swap(imaginary, i, j);
            }
        }
        for (int size = 2; size <= TRANSFORM; size *= 2) {
            for (int k = 0; k < size / 2; k++) {
                double cos = COS[k * (TRANSFORM / size)];
                double sin = SIN[k * (TRANSFORM / size)];
                for (int a = k; a < TRANSFORM; a += size) {
                    int b = a + size / 2;
                    double re = real[b] * cos - imaginary[b] * sin;
                    double im = real[b] * sin + imaginary[b] * cos;
                    real[b] = real[a] - re;
                    imaginary[b] = imaginary[a] - im;
                    real[a] += re;
                    imaginary[a] += im;
                }
            }
        }
    }

    private static void swap(double[] values, int i, int j) {
        double swapped = values[i];
        values[i] = values[j];
        values[j] = swapped;
    }

    /** Mean correlation of the envelopes, each first scaled alike and clipped. */
    public double stoi(short[] heard) {
        double[][] processed = processed(heard);
        double clip = 1 + Math.pow(10, -LEAST_SDR_DB / 20);
        double sum = 0;
        int count = 0;
        for (int m = SEGMENT; m <= clean[0].length; m++) {
            for (int j = 0; j < BANDS; j++) {
                double[] x = Arrays.copyOfRange(clean[j], m - SEGMENT, m);
                double[] y = Arrays.copyOfRange(processed[j], m - SEGMENT, m);
                double scale = norm(x) / (norm(y) + TINY);
                for (int n = 0; n < SEGMENT; n++) {
                    y[n] = Math.min(scale * y[n], x[n] * clip);
                }
                normalise(x);
                normalise(y);
                sum += product(x, y);
                count++;
            }
        }
        return sum / count;
    }

    /** Mean product of spectra, normalised along time and then along frequency. */
    public double estoi(short[] heard) {
        double[][] processed = processed(heard);
        double sum = 0;
        int count = 0;
        for (int m = SEGMENT; m <= clean[0].length; m++) {
            double[][] x = columns(clean, m);
            double[][] y = columns(processed, m);
            for (int n = 0; n < SEGMENT; n++) {
                sum += product(x[n], y[n]);
                count++;
            }
        }
        return sum / count;
    }

    private static double[][] columns(double[][] bands, int end) {
        double[][] columns = new double[SEGMENT][BANDS];
        for (int j = 0; j < BANDS; j++) {
            double[] row = Arrays.copyOfRange(bands[j], end - SEGMENT, end);
            normalise(row);
            for (int n = 0; n < SEGMENT; n++) {
                columns[n][j] = row[n];
            }
        }
        for (double[] column : columns) {
            normalise(column);
        }
        return columns;
    }

    /** Takes the mean away, then makes the norm 1. */
    private static void normalise(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        for (int i = 0; i < values.length; i++) {
            values[i] -= mean;
        }
        double norm = norm(values) + TINY;
        for (int i = 0; i < values.length; i++) {
            values[i] /= norm;
        }
    }

    private static double norm(double[] values) {
        return Math.sqrt(product(values, values));
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
