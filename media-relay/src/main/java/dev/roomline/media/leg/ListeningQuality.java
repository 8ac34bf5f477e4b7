package dev.roomline.media.leg;

/**
 * What a listener would say of a stream, by the E-model (ITU-T G.107 §7) with everything but delay,
 * codec and loss at its default: R = 93.2 − Id − Ie,eff. Stateless.
 */
final class ListeningQuality {
    private static final double BEST = 93.2;

    /** G.113 appendix I: G.711 whose losses are concealed. Opus has no row there: taken alike. */
    private static final double LOSS_ROBUSTNESS = 25.1;

    private static final double IMPAIRMENT = 0;

    private ListeningQuality() {}

    /**
     * The mean opinion score.
     *
     * @param lossShare what was neither received nor recovered, 0 to 1
     * @param burstRatio the mean length of a run of losses by that of random ones; 1 for random
     *     loss
     * @param delayMillis from mouth to ear, as far as it is known
     * @return 1 to 4.5
     */
    static double mos(double lossShare, double burstRatio, double delayMillis) {
        double percent = 100 * lossShare;
        double effective =
                IMPAIRMENT + (95 - IMPAIRMENT) * percent / (percent / burstRatio + LOSS_ROBUSTNESS);
        return ofRating(BEST - delayImpairment(delayMillis) - effective);
    }

    /** The usual simple form of §7.4 (Cole and Rosenbluth): it bends at 177.3 ms. */
    private static double delayImpairment(double millis) {
        return 0.024 * millis + 0.11 * Math.max(0, millis - 177.3);
    }

    /** Annex B. */
    private static double ofRating(double rating) {
        if (rating <= 0) {
            return 1;
        }
        if (rating >= 100) {
            return 4.5;
        }
        return Math.max(1, 1 + 0.035 * rating + 7e-6 * rating * (rating - 60) * (100 - rating));
    }
}
