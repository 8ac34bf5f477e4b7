package dev.roomline.bridge.entry;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How trunks are doing now. Thread-safe. */
@FunctionalInterface
public interface TrunkStates {

    /** By trunk id; one that is not there is not known yet. */
    CompletionStage<Map<String, State>> states();

    /**
     * @param state {@code up|down|unknown}
     * @param lastError a sentence; empty: none
     */
    record State(String state, boolean registered, long activeCalls, String lastError) {
        public static final State UNKNOWN = new State("unknown", false, 0, "");
    }

    /** Where nobody looks after them. */
    TrunkStates NONE = () -> CompletableFuture.completedStage(Map.of());
}
