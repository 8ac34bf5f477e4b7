package dev.roomline.bridge.call;

import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.trace.TraceSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The live side of calls as HTTP sees it. Thread-safe: each method posts to the signalling loop. A
 * live call's row is the same record that the store keeps, with what is known up to now.
 */
public interface LiveCalls {

    CompletionStage<List<CallRow>> list();

    CompletionStage<Optional<CallRow>> get(String callId);

    /** A call that lives, or whose last messages are not stored yet, with its trace. */
    CompletionStage<Optional<Traced>> trace(String callId);

    record Traced(CallRow row, TraceSnapshot trace) {}

    /**
     * Hangs up (or refuses, if not answered yet) with {@code hangup_api}; false if no such call
     * lives.
     */
    CompletionStage<Boolean> hangUp(String callId);
}
