package dev.roomline.media.dtmf;

/**
 * Whether a packet ends in what may be the beginning of a key: two tones of a pair and next to
 * nothing beside them, for 6 ms. That is too short to tell a key by ({@link ToneDetector} needs
 * 40), and long enough that speech hardly ever looks so; whoever sends packets on as they come
 * knows by it what not to send. Stateless but for what it works in. Owner: the leg's media loop.
 */
public final class KeyOnset {
    private static final int RATE = 8_000;

    /** 6 ms. */
    static final int WINDOW = 48;

    private static final int HOP = 8;

    /** Of what there is in the window the two tones must be so much. */
    private static final double PURE_SHARE = 0.93;

    /** As {@link ToneDetector} has it. */
    private static final double LEAST_MEAN_SQUARE = 68_000;

    /** The twist of a key, and 1 dB for what so short a look mistakes. */
    private static final double NORMAL_TWIST = 7.94;

    private static final double REVERSE_TWIST = 3.16;

    private static final double[] HERTZ = {697, 770, 852, 941, 1_209, 1_336, 1_477, 1_633};
    private static final int LOW = 4;

    /** Around the window's middle, where a cosine and a sine have nothing in common. */
    private static final double[][] COSINES = new double[HERTZ.length][WINDOW];

    private static final double[][] SINES = new double[HERTZ.length][WINDOW];

    /** What any two of them have in common. */
    private static final double[][] EVEN = new double[HERTZ.length][HERTZ.length];

    private static final double[][] ODD = new double[HERTZ.length][HERTZ.length];

    static {
        for (int tone = 0; tone < HERTZ.length; tone++) {
            for (int i = 0; i < WINDOW; i++) {
                double phase = 2 * Math.PI * HERTZ[tone] / RATE * (i - (WINDOW - 1) / 2.0);
                COSINES[tone][i] = Math.cos(phase);
                SINES[tone][i] = Math.sin(phase);
            }
        }
        for (int one = 0; one < HERTZ.length; one++) {
            for (int other = 0; other < HERTZ.length; other++) {
                EVEN[one][other] = product(COSINES[one], COSINES[other]);
                ODD[one][other] = product(SINES[one], SINES[other]);
            }
        }
    }

    private final double[] heard = new double[WINDOW];
    private final double[] even = new double[HERTZ.length];
    private final double[] odd = new double[HERTZ.length];

    private static double product(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    /**
     * Looks at the end of a packet.
     *
     * @return from which sample on it is two tones to its end; {@code samples}: it is something
     *     else
     */
    public int find(short[] pcm, int samples) {
        int from = samples;
        int at = samples - WINDOW;
        while (at >= 0 && isPair(pcm, at)) {
            from = at;
            at -= HOP;
        }
        // what is left before it is less than a hop
        return from < samples && from < HOP ? 0 : from;
    }

    private boolean isPair(short[] pcm, int at) {
        double energy = 0;
        for (int i = 0; i < WINDOW; i++) {
            heard[i] = pcm[at + i];
            energy += heard[i] * heard[i];
        }
        if (energy < WINDOW * LEAST_MEAN_SQUARE) {
            return false;
        }
        for (int tone = 0; tone < HERTZ.length; tone++) {
            even[tone] = product(heard, COSINES[tone]);
            odd[tone] = product(heard, SINES[tone]);
        }
        for (int low = 0; low < LOW; low++) {
            for (int high = LOW; high < HERTZ.length; high++) {
                if (isMade(low, high, energy)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the window is made of these two tones: by least squares. */
    private boolean isMade(int low, int high, double energy) {
        double evenLow = amplitude(EVEN, even, low, high);
        double evenHigh = amplitude(EVEN, even, high, low);
        double oddLow = amplitude(ODD, odd, low, high);
        double oddHigh = amplitude(ODD, odd, high, low);
        double made =
                evenLow * even[low]
                        + evenHigh * even[high]
                        + oddLow * odd[low]
                        + oddHigh * odd[high];
        double lower = evenLow * evenLow + oddLow * oddLow;
        double upper = evenHigh * evenHigh + oddHigh * oddHigh;
        return made >= PURE_SHARE * energy
                && upper <= lower * REVERSE_TWIST
                && lower <= upper * NORMAL_TWIST;
    }

    private static double amplitude(double[][] common, double[] found, int of, int beside) {
        double both = common[of][beside];
        double determinant = common[of][of] * common[beside][beside] - both * both;
        return (common[beside][beside] * found[of] - both * found[beside]) / determinant;
    }
}
