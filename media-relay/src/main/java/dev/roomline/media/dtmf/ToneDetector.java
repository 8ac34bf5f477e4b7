package dev.roomline.media.dtmf;

import java.util.Arrays;

/**
 * Keys pressed as pairs of tones (ITU-T Q.23) in sound of 8 kHz, by the rules of Q.24: both tones
 * within 1.5 % of a pair's, nearly nothing beside them, the higher at most 4 dB above the lower and
 * 8 dB below it, for at least 40 ms; a gap of 10 ms is no end. A voice has harmonics, so hardly
 * ever only two tones of the right places. Sans-IO; time is that of the samples. Owner: the leg's
 * media loop.
 */
public final class ToneDetector {
    private static final int RATE = 8_000;

    /** 25.6 ms tell a pair's tones from those 3.5 % beside them. */
    private static final int WINDOW = 205;

    /** A quarter of a window, 6.4 ms. */
    private static final int HOP = 51;

    /** Windows in a row that hold a pair of at least 40 ms, and not one of 23 ms. */
    private static final int LEAST_WINDOWS = 3;

    /** From so many on the others are spared it. */
    private static final int SUSPICIOUS_WINDOWS = 2;

    /** Windows that a gap of 10 ms spoils, and those that see its edges. */
    private static final int GAP_WINDOWS = 5;

    /** Of what there is in the window the two tones must be so much. */
    private static final double PURE_SHARE = 0.82;

    /** Q.24 table A-1: receivers take −25 dBm0 and louder; below −42 dBov there is no key. */
    private static final double LEAST_MEAN_SQUARE = 68_000;

    /** The second harmonic of either tone, by its power against the tone's: −15 dB. */
    private static final double MOST_HARMONIC = 0.032;

    private static final double NEAR_HERTZ = 100;

    /** Tones are looked for here beside their places too. */
    private static final double OFF = 0.0125;

    private static final double NORMAL_TWIST = 6.31;
    private static final double REVERSE_TWIST = 2.51;

    /** Each other tone of a group is so much weaker: 8 dB. */
    private static final double OTHERS = 6.31;

    /** Two hops: any window holds a whole one, which tells cheaply that there is no pair. */
    private static final int GLANCE = 2 * HOP;

    /** What a glance must find of a pair that is 1.5 % off and beside noise. */
    private static final double GLANCED_SHARE = 0.5;

    private static final double[] LOW = {697, 770, 852, 941};
    private static final double[] HIGH = {1_209, 1_336, 1_477, 1_633};
    private static final double[] LOW_TURNS = turns(LOW);
    private static final double[] HIGH_TURNS = turns(HIGH);
    private static final String KEYS = "123A456B789C*0#D";

    private final DtmfListener listener;
    private final double[] window = new double[WINDOW];
    private final double[] low = new double[LOW.length];
    private final double[] high = new double[HIGH.length];
    private int filled;
    private int hops;

    /** What the last glance and the one before it saw. */
    private boolean likely;

    private boolean likelyBefore;
    private int candidate = -1;
    private int windows;
    private int missed;

    public ToneDetector(DtmfListener listener) {
        this.listener = listener;
    }

    /** Whether a key is pressed, or it begins to look so. */
    public boolean isActive() {
        return windows >= SUSPICIOUS_WINDOWS;
    }

    /** What comes next does not continue what came. */
    public void interrupt() {
        filled = 0;
        hops = 0;
        end();
    }

    /** Hears one sample. */
    public void hear(short sample) {
        window[filled++] = sample;
        if (filled == WINDOW) {
            judge();
            System.arraycopy(window, HOP, window, 0, WINDOW - HOP);
            filled = WINDOW - HOP;
        }
    }

    private void judge() {
        glance();
        int key = candidate >= 0 || likely || likelyBefore ? key() : -1;
        if (key >= 0 && key == candidate) {
            windows++;
            missed = 0;
            return;
        }
        if (candidate >= 0 && key < 0 && missed < GAP_WINDOWS && windows >= LEAST_WINDOWS) {
            missed++;
            return;
        }
        end();
        if (key >= 0) {
            candidate = key;
            windows = 1;
        }
    }

    private void end() {
        if (candidate >= 0 && windows >= LEAST_WINDOWS) {
            int samples = WINDOW + (windows - 1) * HOP;
            listener.onDigit(KEYS.charAt(candidate), samples * 1_000 / RATE);
        }
        candidate = -1;
        windows = 0;
        missed = 0;
    }

    /** Most sound is no key: that is seen each second hop from half a window. */
    private void glance() {
        if (hops == 0) {
            likely = isLikely(WINDOW - 2 * GLANCE);
        }
        if (hops % 2 == 0) {
            likelyBefore = likely;
            likely = isLikely(WINDOW - GLANCE);
        }
        hops++;
    }

    private boolean isLikely(int from) {
        double total = meanSquare(from, GLANCE);
        if (total < LEAST_MEAN_SQUARE) {
            return false;
        }
        powers(LOW_TURNS, from, GLANCE, low);
        powers(HIGH_TURNS, from, GLANCE, high);
        return most(low) + most(high) >= GLANCED_SHARE * total;
    }

    private static double most(double[] powers) {
        return Math.max(Math.max(powers[0], powers[1]), Math.max(powers[2], powers[3]));
    }

    private double meanSquare(int from, int length) {
        double total = 0;
        for (int i = from; i < from + length; i++) {
            total += window[i] * window[i];
        }
        return total / length;
    }

    /** The key whose tones fill the window; −1: none. */
    private int key() {
        double total = meanSquare(0, WINDOW);
        if (total < LEAST_MEAN_SQUARE) {
            return -1;
        }
        powers(LOW_TURNS, 0, WINDOW, low);
        powers(HIGH_TURNS, 0, WINDOW, high);
        int row = strongest(low);
        int column = strongest(high);
        if (row < 0 || column < 0) {
            return -1;
        }
        double lower = around(LOW[row]);
        double upper = around(HIGH[column]);
        boolean pair =
                lower + upper >= PURE_SHARE * total
                        && upper <= lower * REVERSE_TWIST
                        && lower <= upper * NORMAL_TWIST
                        && hasNoHarmonic(LOW[row], lower, HIGH[column])
                        && hasNoHarmonic(HIGH[column], upper, HIGH[column]);
        return pair ? 4 * row + column : -1;
    }

    /** The power of a tone that may be 1.5 % off. */
    private double around(double hertz) {
        double beside = Math.max(power(hertz * (1 - OFF)), power(hertz * (1 + OFF)));
        return Math.max(power(hertz), beside);
    }

    /** A voice has one; where the pair's other tone is as good as there nothing can be said. */
    private boolean hasNoHarmonic(double hertz, double itsPower, double upperHertz) {
        boolean covered = Math.abs(2 * hertz - upperHertz) < NEAR_HERTZ;
        return covered || power(2 * hertz) <= MOST_HARMONIC * itsPower;
    }

    /** The one tone of a group that stands out; −1: none does. */
    private static int strongest(double[] powers) {
        int best = 0;
        for (int i = 1; i < powers.length; i++) {
            best = powers[i] > powers[best] ? i : best;
        }
        for (int i = 0; i < powers.length; i++) {
            if (i != best && powers[i] * OTHERS > powers[best]) {
                return -1;
            }
        }
        return best;
    }

    private static double turn(double hertz) {
        return 2 * Math.cos(2 * Math.PI * hertz / RATE);
    }

    private static double[] turns(double[] hertz) {
        return Arrays.stream(hertz).map(ToneDetector::turn).toArray();
    }

    /** The mean squares of a group's four tones, side by side: each alone would wait for itself. */
    private void powers(double[] turns, int from, int length, double[] out) {
        double turn0 = turns[0];
        double turn1 = turns[1];
        double turn2 = turns[2];
        double turn3 = turns[3];
        double last0 = 0;
        double last1 = 0;
        double last2 = 0;
        double last3 = 0;
        double before0 = 0;
        double before1 = 0;
        double before2 = 0;
        double before3 = 0;
        for (int i = from; i < from + length; i++) {
            double sample = window[i];
            double next0 = sample + turn0 * last0 - before0;
            double next1 = sample + turn1 * last1 - before1;
            double next2 = sample + turn2 * last2 - before2;
            double next3 = sample + turn3 * last3 - before3;
            before0 = last0;
            before1 = last1;
            before2 = last2;
            before3 = last3;
            last0 = next0;
            last1 = next1;
            last2 = next2;
            last3 = next3;
        }
        out[0] = meanSquare(last0, before0, turn0, length);
        out[1] = meanSquare(last1, before1, turn1, length);
        out[2] = meanSquare(last2, before2, turn2, length);
        out[3] = meanSquare(last3, before3, turn3, length);
    }

    /** The mean square of a tone in the window (Goertzel). */
    private double power(double hertz) {
        double turn = turn(hertz);
        double last = 0;
        double beforeLast = 0;
        for (double sample : window) {
            double next = sample + turn * last - beforeLast;
            beforeLast = last;
            last = next;
        }
        return meanSquare(last, beforeLast, turn, WINDOW);
    }

    private static double meanSquare(double last, double before, double turn, int length) {
        double square = last * last + before * before - turn * last * before;
        return 2 * square / ((double) length * length);
    }
}
