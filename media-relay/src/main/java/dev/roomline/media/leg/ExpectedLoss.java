package dev.roomline.media.leg;

/**
 * The loss that encoders are told to expect of a phone, by what its reports say (RFC 3550 §6.4.1):
 * up at once, down a step after three calm reports in a row, so that one good report between bad
 * ones changes nothing. Few steps, since each change makes another stream. Of a phone that reports
 * nothing some loss is expected. Owner: the leg's media loop.
 */
final class ExpectedLoss {
    private static final int[] PERCENT = {0, 2, 5, 10, 15, 20, 30};

    /** Where nothing is known. */
    private static final int UNKNOWN = 2;

    private static final int CALM_REPORTS = 3;

    /** Reports come each 5 s on average (RFC 3550 §6.2), at most 7.5. */
    private static final long KEPT_NANOS = 20_000_000_000L;

    private int step = UNKNOWN;
    private int calm;
    private boolean known;
    private long reportedNanos;

    /**
     * A report came.
     *
     * @param share lost since the one before, 0 to 1
     */
    void reported(double share, long nowNanos) {
        known = true;
        reportedNanos = nowNanos;
        int wanted = 0;
        while (wanted < PERCENT.length - 1 && 100 * share > PERCENT[wanted]) {
            wanted++;
        }
        calm = wanted < step ? calm + 1 : 0;
        if (wanted > step) {
            step = wanted;
        } else if (calm == CALM_REPORTS) {
            step--;
            calm = 0;
        }
    }

    /** Time passes: what was told long ago is not known any more. */
    void settle(long nowNanos) {
        if (known && nowNanos - reportedNanos > KEPT_NANOS) {
            known = false;
            step = UNKNOWN;
            calm = 0;
        }
    }

    /** 0 to 30. */
    int percent() {
        return PERCENT[step];
    }
}
