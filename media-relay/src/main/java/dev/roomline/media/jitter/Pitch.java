package dev.roomline.media.jitter;

/** Finds how a signal repeats itself: the lag of its highest normalised correlation. */
final class Pitch {
    /** The shortest lag: 2.5 ms in samples. */
    final int minLag;

    /** The longest: 15 ms. */
    final int maxLag;

    /** Below this mean square (−60 dBov) any lag will do. */
    static final double SILENT_MEAN_SQUARE = 1_100;

    private int lag;
    private double correlation;

    Pitch(int perMilli) {
        minLag = 5 * perMilli / 2;
        maxLag = 15 * perMilli;
    }

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
     * @param longest the longest lag to try, at most {@link #maxLag}
     */
    void search(short[] pcm, int at, int window, int longest) {
        double energy = energy(pcm, at, window);
        if (energy <= SILENT_MEAN_SQUARE * window) {
            lag = longest;
            correlation = 1;
            return;
        }
        double lagged = energy(pcm, at - minLag, window);
        lag = minLag;
        correlation = -1;
        for (int candidate = minLag; candidate <= longest; candidate++) {
            int from = at - candidate;
            if (candidate > minLag) {
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
