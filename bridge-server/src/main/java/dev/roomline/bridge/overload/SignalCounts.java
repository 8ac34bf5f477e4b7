package dev.roomline.bridge.overload;

import dev.roomline.bridge.call.Census;

/**
 * What signalling holds and has counted, at the last pulse.
 *
 * @param requestsRepeated requests that came again, since start
 * @param sentAgain messages that we sent again, since start
 * @param utilisation of the signalling loop, 0 to 1
 * @param lagSeconds the worst lag of the last second
 */
public record SignalCounts(
        Census census,
        int serverTransactions,
        int clientTransactions,
        int dialogs,
        long requestsRepeated,
        long sentAgain,
        double utilisation,
        double lagSeconds) {
    public static final SignalCounts NONE = new SignalCounts(Census.NONE, 0, 0, 0, 0, 0, 0, 0);

    int live() {
        return census.ringing() + census.answered() + census.ending();
    }
}
