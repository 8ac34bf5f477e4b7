package dev.roomline.bridge.call;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Stores the records of one call one by one: each after those before it, whether they were stored
 * or not, so that the last that was put is what stays. Owner: the signalling loop.
 */
final class SerialRecords implements CallRecords {
    private final CallRecords store;
    private CompletionStage<Void> last = CompletableFuture.completedStage(null);

    SerialRecords(CallRecords store) {
        this.store = store;
    }

    @Override
    public CompletionStage<Void> put(CallRecord next) {
        last = last.<@Nullable Void>handle((_, _) -> null).thenCompose(_ -> store.put(next));
        return last;
    }
}
