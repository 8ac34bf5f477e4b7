package dev.roomline.bridge.overload;

import dev.roomline.bridge.call.Census;
import dev.roomline.sip.transport.Rank;
import dev.roomline.sip.transport.Waits;
import java.util.Map;

/**
 * What signalling holds and has counted, at the last pulse.
 *
 * @param requestsRepeated requests that came again, since start
 * @param sentAgain messages that we sent again, since start
 * @param utilisation of the signalling loop, 0 to 1
 * @param lagSeconds the worst lag of the last second
 * @param waits of messages in front of the SIP core, the longest of the last second
 */
public record SignalCounts(
        Census census,
        int serverTransactions,
        int clientTransactions,
        int dialogs,
        long requestsRepeated,
        long sentAgain,
        double utilisation,
        double lagSeconds,
        Map<Rank, Waits> waits) {
    public static final SignalCounts NONE =
            new SignalCounts(Census.NONE, 0, 0, 0, 0, 0, 0, 0, Map.of());

    public SignalCounts {
        waits = Map.copyOf(waits);
    }

    public Waits waits(Rank rank) {
        return waits.getOrDefault(rank, Waits.NONE);
    }

    int live() {
        return census.ringing() + census.answered() + census.ending();
    }
}
