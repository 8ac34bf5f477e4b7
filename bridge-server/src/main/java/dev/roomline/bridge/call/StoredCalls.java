package dev.roomline.bridge.call;

import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Calls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls' rows on their way into the store, each on a virtual thread. Thread-safe. */
public final class StoredCalls implements CallRecords {
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final Calls stored;
    private final Executor blocking;
    private final AtomicInteger underWay = new AtomicInteger();

    public StoredCalls(Calls stored, Executor blocking) {
        this.stored = stored;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Void> put(CallRow row) {
        underWay.incrementAndGet();
        return CompletableFuture.runAsync(() -> write(row), blocking)
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Rows that are not committed yet: what a stop waits for. */
    public int underWay() {
        return underWay.get();
    }

    private void write(CallRow row) {
        try {
            stored.put(row);
        } finally {
            underWay.decrementAndGet();
        }
    }
}
