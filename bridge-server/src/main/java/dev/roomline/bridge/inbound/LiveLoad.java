package dev.roomline.bridge.inbound;

import dev.roomline.bridge.call.Caller;
import org.jspecify.annotations.Nullable;

/** How many calls live now. On the signalling loop. */
public interface LiveLoad {
    int calls();

    long callsOfTrunk(String trunkId);

    boolean draining();

    /** How many stay, where the call of {@code leaving} goes. */
    default int callsBeside(@Nullable Caller leaving) {
        return leaving == null ? calls() : calls() - 1;
    }

    /** The same of a trunk. */
    default long callsBeside(@Nullable Caller leaving, String trunkId) {
        boolean its = leaving != null && trunkId.equals(leaving.trunk());
        return its ? callsOfTrunk(trunkId) - 1 : callsOfTrunk(trunkId);
    }
}
