package dev.roomline.media.jitter;

/** Finds how a signal repeats itself: the lag of its highest normalised correlation. */
final class Pitch {
    /** 2.5 ms at 16 kHz. */
    static final int MIN_LAG = 40;

    /** 15 ms. */
    static final int MAX_LAG = 240;

    /** Below this mean square (−60 dBov) any lag will do. */
    static final double SILENT_MEAN_SQUARE = 1_100;

    private int lag;
    private double correlation;

    /** The lag found last. */
    int lag() {
        return lag;
    }

    /** Its correlation, −1 to 1; 1 for silence. */
    double correlation() {
        return correlation;
    }

    /**
     * Compares {@code window} samples at a place with those that lie a lag earlier.
     *
     * @param maxLag at most {@link #MAX_LAG}
     */
    void search(short[] pcm, int at, int window, int maxLag) {
        double energy = energy(pcm, at, window);
        if (energy <= SILENT_MEAN_SQUARE * window) {
            lag = maxLag;
            correlation = 1;
            return;
        }
        double lagged = energy(pcm, at - MIN_LAG, window);
        lag = MIN_LAG;
        correlation = -1;
        for (int candidate = MIN_LAG; candidate <= maxLag; candidate++) {
            int from = at - candidate;
            if (candidate > MIN_LAG) {
                double first = pcm[from];
                double last = pcm[from + window];
                lagged += first * first - last * last;
            }
            double found = product(pcm, at, from, window) / Math.sqrt(energy * (lagged + 1));
            if (found > correlation) {
                correlation = found;
                lag = candidate;
            }
        }
    }

    private static double energy(short[] pcm, int at, int window) {
        long sum = 0;
        for (int i = at; i < at + window; i++) {
            sum += pcm[i] * (long) pcm[i];
        }
        return sum;
    }

    private static double product(short[] pcm, int a, int b, int window) {
        long sum = 0;
        for (int i = 0; i < window; i++) {
            sum += pcm[a + i] * pcm[b + i];
        }
        return sum;
    }
}
