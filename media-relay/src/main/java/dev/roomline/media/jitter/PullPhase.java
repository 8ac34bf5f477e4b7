package dev.roomline.media.jitter;

/**
 * How pulls lie against packets. A pull takes 20 ms at once, and the last packet that it needs has
 * been here for as long as the pull comes after it, plus some whole packets. So where playing
 * stands just before the beginning of a packet, nothing has to be kept but what the network asks
 * for; anywhere else up to 20 ms more. Owner: its {@link DelayTarget}.
 */
final class PullPhase {
    static final int PULL_MILLIS = 20;

    /** Playing stands so much before a packet's beginning, not to need the one behind it. */
    private static final double BEFORE_MILLIS = 2;

    /** For so many pulls less must have sufficed before less is kept: 3 s. */
    private static final int SURE_PULLS = 150;

    /** As the measured delay is smoothed, so that both follow a new fastest packet alike. */
    private static final double SMOOTHING = 1.0 / 8;

    private boolean known;
    private double stepMillis = PULL_MILLIS;
    private double ageMillis;
    private double chosenMillis;
    private int fewerSufficed;
    private double leastDelayMillis;

    void forget() {
        known = false;
        fewerSufficed = 0;
    }

    /**
     * Notes a pull.
     *
     * @param newestMillis how long after the newest packet it comes, if that was as fast as the
     *     fastest
     * @param packetMillis how long packets are
     * @param jitterMillis how late a packet may be
     */
    void onPull(double newestMillis, int packetMillis, int jitterMillis) {
        double step = gcd(PULL_MILLIS, Math.max(1, packetMillis));
        if (known && step == stepMillis) {
            double moved = modulo(newestMillis - ageMillis + step / 2) - step / 2;
            ageMillis = modulo(ageMillis + moved * SMOOTHING);
            chosenMillis = chosen(jitterMillis + modulo(ageMillis - jitterMillis));
        } else {
            known = true;
            stepMillis = step;
            ageMillis = modulo(newestMillis);
            chosenMillis = jitterMillis + modulo(ageMillis - jitterMillis);
        }
        leastDelayMillis =
                Math.min(
                        PULL_MILLIS - stepMillis + chosenMillis + BEFORE_MILLIS,
                        jitterMillis + PULL_MILLIS);
    }

    /** More at once, less only for good: where it is about even nobody should hear it change. */
    private double chosen(double least) {
        if (least >= chosenMillis - stepMillis / 2 || ++fewerSufficed >= SURE_PULLS) {
            fewerSufficed = 0;
            return least;
        }
        return least + stepMillis;
    }

    /** The least delay at which every pull has all that it needs. */
    double leastDelayMillis() {
        return leastDelayMillis;
    }

    private double modulo(double millis) {
        return millis - Math.floor(millis / stepMillis) * stepMillis;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
