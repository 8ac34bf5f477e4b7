package dev.roomline.system;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a recording of known tones holds. It is cut into segments of 200 ms; in each, sines of the
 * given frequencies (and a constant) are fitted by least squares, and what is left over is noise:
 * quantisation, distortion, clicks, foreign sound. Medians over the segments are not moved by the
 * one place where a jitter buffer stretched time; {@link Tones#brokenShare} tells of those.
 */
final class AudioMeasure {
    private static final double SEGMENT_SECONDS = 0.2;
    private static final double SILENCE_DB = -150;
    private static final double BROKEN_SNR_DB = 15;

    private AudioMeasure() {}

    /**
     * @param hertz the frequencies looked for
     * @param levelsDbfs of each tone's peak: the median over the segments
     * @param snrDb all tones together against what is left, the median over the segments
     * @param brokenShare share of segments where that is below 15 dB, 0 to 1
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Tones(double[] hertz, double[] levelsDbfs, double snrDb, double brokenShare) {
        double levelDbfs(double tone) {
            for (int i = 0; i < hertz.length; i++) {
                if (hertz[i] == tone) {
                    return levelsDbfs[i];
                }
            }
            throw new IllegalArgumentException(tone + " Hz was not looked for");
        }

        @Override
        public String toString() {
            var text = new StringBuilder();
            for (int i = 0; i < hertz.length; i++) {
                text.append("%.0f Hz %.1f dBFS, ".formatted(hertz[i], levelsDbfs[i]));
            }
            return text.append("SNR %.1f dB, broken %.2f".formatted(snrDb, brokenShare)).toString();
        }
    }

    /** Fits the tones; the recording must last at least one segment. */
    static Tones fit(Recording recording, double... hertz) {
        int length = (int) (SEGMENT_SECONDS * recording.rateHz());
        int segments = recording.samples().length / length;
        if (segments == 0) {
            throw new IllegalArgumentException("too short: " + recording.seconds() + " s");
        }
        double[][] levels = new double[hertz.length][segments];
        double[] snrs = new double[segments];
        for (int segment = 0; segment < segments; segment++) {
            int from = segment * length;
            double[] samples = Arrays.copyOfRange(recording.samples(), from, from + length);
            double[] solution = leastSquares(samples, recording.rateHz(), hertz);
            for (int i = 0; i < hertz.length; i++) {
                levels[i][segment] = decibels(Math.hypot(solution[2 * i], solution[2 * i + 1]));
            }
            snrs[segment] = snr(samples, recording.rateHz(), hertz, solution);
        }
        double broken = Arrays.stream(snrs).filter(snr -> snr < BROKEN_SNR_DB).count();
        return new Tones(
                hertz.clone(),
                Arrays.stream(levels).mapToDouble(AudioMeasure::median).toArray(),
                median(snrs),
                broken / segments);
    }

    /** Level of one frequency in the whole recording (Goertzel's algorithm, Hann window). */
    static double levelDbfs(Recording recording, double hertz) {
        double[] samples = recording.samples();
        double coefficient = 2 * Math.cos(2 * Math.PI * hertz / recording.rateHz());
        double last = 0;
        double beforeLast = 0;
        for (int n = 0; n < samples.length; n++) {
            double window = 1 - Math.cos(2 * Math.PI * n / samples.length);
            double next = window * samples[n] + coefficient * last - beforeLast;
            beforeLast = last;
            last = next;
        }
        double power = last * last + beforeLast * beforeLast - coefficient * last * beforeLast;
        return decibels(2 * Math.sqrt(Math.max(power, 0)) / samples.length);
    }

    /** Level of everything, as of a sine of the same power. */
    static double levelDbfs(Recording recording) {
        double power = Arrays.stream(recording.samples()).map(s -> s * s).average().orElse(0);
        return decibels(Math.sqrt(2 * power));
    }

    /**
     * When a tone begins: the first block of 5 ms where it reaches {@code thresholdDbfs}. The
     * difference of two recordings' onsets is the delay between them.
     */
    static OptionalDouble onsetSeconds(Recording recording, double hertz, double thresholdDbfs) {
        double block = 0.005;
        for (double at = 0; at + block <= recording.seconds(); at += block) {
            if (levelDbfs(recording.slice(at, at + block), hertz) >= thresholdDbfs) {
                return OptionalDouble.of(at);
            }
        }
        return OptionalDouble.empty();
    }

    /**
     * Clicks: places, at least 5 ms apart, where the rest beside the fitted tones exceeds {@code
     * thresholdDbfs}.
     */
    static int clicks(Recording recording, double thresholdDbfs, double... hertz) {
        int length = (int) (SEGMENT_SECONDS * recording.rateHz());
        double threshold = Math.pow(10, thresholdDbfs / 20);
        int apart = recording.rateHz() / 200;
        List<Integer> places = new ArrayList<>();
        for (int from = 0; from + length <= recording.samples().length; from += length) {
            double[] samples = Arrays.copyOfRange(recording.samples(), from, from + length);
            double[] rest =
                    rest(
                            samples,
                            recording.rateHz(),
                            hertz,
                            leastSquares(samples, recording.rateHz(), hertz));
            for (int n = 0; n < length; n++) {
                boolean isNew = places.isEmpty() || from + n - places.getLast() >= apart;
                if (Math.abs(rest[n]) > threshold && isNew) {
                    places.add(from + n);
                }
            }
        }
        return places.size();
    }

    /**
     * Cuts: places, at least 5 ms apart, where a tone does not go on as a sine does (x[n] =
     * 2cos(ω)x[n−1] − x[n−2]). Unlike {@link #clicks} it is not moved by a phase that shifts
     * smoothly, as where a jitter buffer made up what was late or stretched time.
     *
     * @param threshold what must be left over there, 0 to 1
     */
    static int cuts(Recording recording, double hertz, double threshold) {
        double[] x = recording.samples();
        double turn = 2 * Math.cos(2 * Math.PI * hertz / recording.rateHz());
        int apart = recording.rateHz() / 200;
        int cuts = 0;
        int last = -apart;
        for (int n = 2; n < x.length; n++) {
            double rest = Math.abs(x[n] - turn * x[n - 1] + x[n - 2]);
            if (rest > threshold && n - last >= apart) {
                cuts++;
                last = n;
            }
        }
        return cuts;
    }

    private static double snr(double[] samples, int rateHz, double[] hertz, double[] solution) {
        double[] rest = rest(samples, rateHz, hertz, solution);
        double noise = 0;
        double signal = 0;
        for (int n = 0; n < samples.length; n++) {
            double fitted = samples[n] - rest[n] - solution[solution.length - 1];
            signal += fitted * fitted;
            noise += rest[n] * rest[n];
        }
        return decibels(Math.sqrt(signal)) - decibels(Math.sqrt(noise));
    }

    private static double[] rest(double[] samples, int rateHz, double[] hertz, double[] solution) {
        double[] rest = new double[samples.length];
        for (int n = 0; n < samples.length; n++) {
            double[] row = basis(n, rateHz, hertz);
            double fitted = 0;
            for (int i = 0; i < row.length; i++) {
                fitted += row[i] * solution[i];
            }
            rest[n] = samples[n] - fitted;
        }
        return rest;
    }

    /** Sine and cosine of each tone, and the constant. */
    private static double[] basis(int n, int rateHz, double[] hertz) {
        double[] row = new double[2 * hertz.length + 1];
        for (int i = 0; i < hertz.length; i++) {
            double phase = 2 * Math.PI * hertz[i] * n / rateHz;
            row[2 * i] = Math.sin(phase);
            row[2 * i + 1] = Math.cos(phase);
        }
        row[row.length - 1] = 1;
        return row;
    }

    /** The normal equations of the fit, solved by elimination with pivoting. */
    private static double[] leastSquares(double[] samples, int rateHz, double[] hertz) {
        int unknowns = 2 * hertz.length + 1;
        double[][] matrix = new double[unknowns][unknowns + 1];
        for (int n = 0; n < samples.length; n++) {
            double[] row = basis(n, rateHz, hertz);
            for (int i = 0; i < unknowns; i++) {
                for (int j = 0; j < unknowns; j++) {
                    matrix[i][j] += row[i] * row[j];
                }
                matrix[i][unknowns] += row[i] * samples[n];
            }
        }
        for (int column = 0; column < unknowns; column++) {
            pivot(matrix, column);
            for (int i = 0; i < unknowns; i++) {
                if (i != column) {
                    double factor = matrix[i][column] / matrix[column][column];
                    for (int j = column; j <= unknowns; j++) {
                        matrix[i][j] -= factor * matrix[column][j];
                    }
                }
            }
        }
        double[] solution = new double[unknowns];
        Arrays.setAll(solution, i -> matrix[i][unknowns] / matrix[i][i]);
        return solution;
    }

    private static void pivot(double[][] matrix, int column) {
        int best = column;
        for (int i = column + 1; i < matrix.length; i++) {
            if (Math.abs(matrix[i][column]) > Math.abs(matrix[best][column])) {
                best = i;
            }
        }
        double[] swapped = matrix[column];
        matrix[column] = matrix[best];
        matrix[best] = swapped;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double decibels(double amplitude) {
        return amplitude <= 0 ? SILENCE_DB : Math.max(SILENCE_DB, 20 * Math.log10(amplitude));
    }
}
