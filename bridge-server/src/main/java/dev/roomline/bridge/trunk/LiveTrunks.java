package dev.roomline.bridge.trunk;

import dev.roomline.bridge.config.Declared.Trunk;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The trunks that are in use, as HTTP sees them. Thread-safe: each method posts to the loop. */
public interface LiveTrunks {

    /**
     * These are the trunks from now on, in the order in which they are asked: what is the same goes
     * on, what is new or another begins anew, what is gone ends. Calls that run go on.
     */
    CompletionStage<Void> replace(List<Trunk> trunks);

    /** By id. */
    CompletionStage<Map<String, TrunkState>> states();
}
