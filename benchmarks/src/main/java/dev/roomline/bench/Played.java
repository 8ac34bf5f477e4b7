package dev.roomline.bench;

import dev.roomline.media.dsp.Level;
import dev.roomline.media.measure.Alignment;
import dev.roomline.media.measure.Intelligibility;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What a jitter buffer made of a stream.
 *
 * @param delayMillis how much later it is heard than the fastest packet could bring it, the median
 * @param mostMillis the same, the 95th percentile
 * @param concealed share of all samples that were made up for what was lost or late
 * @param slower share that was put in, to play more slowly
 * @param faster share that was left out, to play faster
 * @param goneMillis of each minute: what was said and is not heard, by a fall of its level
 * @param estoi how much of it is understood
 */
record Played(
        double delayMillis,
        double mostMillis,
        double concealed,
        double slower,
        double faster,
        double goneMillis,
        double estoi) {
    static final Played NONE = new Played(0, 0, 0, 0, 0, 0, 0);
    static final int RATE = 16_000;
    private static final int PER_MILLI = RATE / 1_000;
    private static final int STEP = 10 * PER_MILLI;

    /** Louder than this, something is said … */
    private static final int SAID_DBOV = -42;

    /** … and so much below it, it is gone. */
    private static final int GONE_DB = 15;

    /** What it counted itself. */
    record Counts(double concealed, double slower, double faster) {}

    /**
     * @param said at {@link #RATE}
     * @param heard at the same rate, from the moment on at which the first word of a perfect
     *     network's would be heard at once
     * @param driftPpm by so much the sender's clock is slow
     * @param fromMillis what was said before is not judged
     */
    static Played of(
            short[] said, short[] heard, Counts counts, double driftPpm, double fromMillis) {
        int[] lags = Alignment.lags(said, heard);
        double[] delays = delays(said, lags, driftPpm, fromMillis);
        short[] aligned = new short[said.length];
        for (int i = 0; i < said.length; i++) {
            int from = i + lags[i / Alignment.PIECE];
            aligned[i] = from >= 0 && from < heard.length ? heard[from] : 0;
        }
        int from = (int) (fromMillis * PER_MILLI);
        short[] saidThen = Arrays.copyOfRange(said, from, said.length);
        short[] heardThen = Arrays.copyOfRange(aligned, from, said.length);
        return new Played(
                at(delays, 0.5),
                at(delays, 0.95),
                counts.concealed(),
                counts.slower(),
                counts.faster(),
                gone(saidThen, heardThen),
                new Intelligibility(saidThen).estoi(heardThen));
    }

    /** Of each piece in which something is said, by size. */
    private static double[] delays(short[] said, int[] lags, double driftPpm, double fromMillis) {
        return IntStream.range(0, lags.length)
                .filter(i -> (double) i * Alignment.PIECE / PER_MILLI >= fromMillis)
                .filter(i -> Level.dbov(said, i * Alignment.PIECE, piece(said, i)) > SAID_DBOV)
                .mapToDouble(i -> delay(lags[i], i, driftPpm))
                .sorted()
                .toArray();
    }

    private static int piece(short[] said, int i) {
        return Math.min(Alignment.PIECE, said.length - i * Alignment.PIECE);
    }

    private static double delay(int lag, int piece, double driftPpm) {
        double saidMillis = (double) piece * Alignment.PIECE / PER_MILLI;
        return (double) lag / PER_MILLI - saidMillis * driftPpm / 1e6;
    }

    private static double at(double[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))];
    }

    private static double gone(short[] said, short[] heard) {
        int gone = 0;
        for (int at = 0; at + STEP <= said.length; at += STEP) {
            int level = Level.dbov(said, at, STEP);
            gone += level > SAID_DBOV && Level.dbov(heard, at, STEP) < level - GONE_DB ? 1 : 0;
        }
        return 60_000.0 * gone * STEP / said.length;
    }

    /** The mean of several. */
    static Played mean(Played... all) {
        double[] sums = new double[7];
        for (Played one : all) {
            double[] values = one.values();
            Arrays.setAll(sums, i -> sums[i] + values[i] / all.length);
        }
        return new Played(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6]);
    }

    private double[] values() {
        return new double[] {delayMillis, mostMillis, concealed, slower, faster, goneMillis, estoi};
    }
}
