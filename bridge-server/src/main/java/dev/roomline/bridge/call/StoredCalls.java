package dev.roomline.bridge.call;

import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Calls;
import dev.roomline.bridge.trace.TraceJson;
import dev.roomline.bridge.trace.TraceSnapshot;
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
    private final TraceJson traces;
    private final Executor blocking;
    private final AtomicInteger underWay = new AtomicInteger();

    public StoredCalls(Calls stored, TraceJson traces, Executor blocking) {
        this.stored = stored;
        this.traces = traces;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Void> put(CallRow row) {
        return run(() -> stored.put(row));
    }

    /** What nobody has read is made readable here, not on the loop. */
    @Override
    public CompletionStage<Void> put(CallRow ended, TraceSnapshot trace) {
        return run(() -> stored.put(ended, traces.stored(trace)));
    }

    /** Rows that are not committed yet: what a stop waits for. */
    public int underWay() {
        return underWay.get();
    }

    private CompletionStage<Void> run(Runnable write) {
        underWay.incrementAndGet();
        return CompletableFuture.runAsync(
                        () -> {
                            try {
                                write.run();
                            } finally {
                                underWay.decrementAndGet();
                            }
                        },
                        blocking)
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
