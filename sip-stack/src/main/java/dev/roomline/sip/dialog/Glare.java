package dev.roomline.sip.dialog;

import java.util.random.RandomGenerator;

/** How long to wait after a 491 (RFC 3261 §14.1): whoever made the Call-ID waits longer. */
public final class Glare {
    private static final int STEP_MILLIS = 10;
    private static final int OWNER_LEAST_MILLIS = 2100;
    private static final int OWNER_MOST_MILLIS = 4000;
    private static final int OTHER_MOST_MILLIS = 2000;

    private Glare() {}

    /** In steps of 10 ms: 2.1 to 4 s for who made the Call-ID, 0 to 2 s for the other. */
    public static int waitMillis(boolean madeCallId, RandomGenerator random) {
        int least = madeCallId ? OWNER_LEAST_MILLIS : 0;
        int most = madeCallId ? OWNER_MOST_MILLIS : OTHER_MOST_MILLIS;
        return least + STEP_MILLIS * random.nextInt((most - least) / STEP_MILLIS + 1);
    }
}
