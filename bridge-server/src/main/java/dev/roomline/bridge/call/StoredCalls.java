package dev.roomline.bridge.call;

import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Calls;
import dev.roomline.bridge.trace.TraceJson;
import dev.roomline.bridge.trace.TraceSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Calls' rows on their way into the store. A commit waits for the disk, so all rows that came while
 * one was under way share the next: one virtual thread writes at a time, and under load a
 * transaction carries many calls. Whoever asked is told after the commit of its own row.
 * Thread-safe.
 */
public final class StoredCalls implements CallRecords {
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** Rows of one transaction, so that none waits long for what came after it. */
    static final int MOST_TOGETHER = 256;

    /**
     * From a transaction to the next where rows wait already: each costs the disk the same, however
     * many share it, and a caller does not hear so short a wait.
     */
    private static final Duration BREATH = Duration.ofMillis(3);

    /** Rows that a stalled store may leave waiting; beyond it they are refused. */
    static final int MOST_WAITING = 20_000;

    private final Calls stored;
    private final TraceJson traces;
    private final Executor blocking;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean writing = new AtomicBoolean();

    public StoredCalls(Calls stored, TraceJson traces, Executor blocking) {
        this.stored = stored;
        this.traces = traces;
        this.blocking = blocking;
    }

    private record Waiting(
            CallRow row, @Nullable TraceSnapshot trace, CompletableFuture<Void> committed) {}

    @Override
    public CompletionStage<Void> put(CallRow row) {
        return put(row, (TraceSnapshot) null, new CompletableFuture<>());
    }

    /** What nobody has read is made readable here, not on the loop. */
    @Override
    public CompletionStage<Void> put(CallRow ended, TraceSnapshot trace) {
        return put(ended, trace, new CompletableFuture<>());
    }

    private CompletionStage<Void> put(
            CallRow row, @Nullable TraceSnapshot trace, CompletableFuture<Void> committed) {
        if (underWay.incrementAndGet() > MOST_WAITING) {
            underWay.decrementAndGet();
            return CompletableFuture.failedStage(
                    new IllegalStateException("too many calls wait for the store"));
        }
        waiting.add(new Waiting(row, trace, committed));
        startWriter();
        return committed.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Rows that are not committed yet: what a stop waits for. */
    public int underWay() {
        return underWay.get();
    }

    private void startWriter() {
        if (!writing.compareAndSet(false, true)) {
            return;
        }
        try {
            blocking.execute(this::write);
        } catch (RuntimeException stopping) {
            writing.set(false);
            for (List<Waiting> left = taken(); !left.isEmpty(); left = taken()) {
                fail(left, stopping);
            }
        }
    }

    private void write() {
        try {
            for (List<Waiting> together = taken(); !together.isEmpty(); together = taken()) {
                commit(together);
                if (!waiting.isEmpty() && underWay.get() < MOST_TOGETHER) {
                    LockSupport.parkNanos(BREATH.toNanos());
                }
            }
        } finally {
            writing.set(false);
        }
        // what came between the last look and the line above
        if (!waiting.isEmpty()) {
            startWriter();
        }
    }

    private List<Waiting> taken() {
        List<Waiting> together = new ArrayList<>();
        while (together.size() < MOST_TOGETHER) {
            Waiting next = waiting.poll();
            if (next == null) {
                break;
            }
            together.add(next);
        }
        return together;
    }

    private void commit(List<Waiting> together) {
        Optional<RuntimeException> fault = attempt(together);
        if (fault.isEmpty()) {
            return;
        }
        if (together.size() == 1) {
            fail(together, fault.get());
            return;
        }
        // one that cannot be stored must not take the others with it; when a second one fails,
        // it is the store that is away, and waiting for it once more for each helps nobody
        int failed = 0;
        for (Waiting one : together) {
            Optional<RuntimeException> own = failed < 2 ? attempt(List.of(one)) : fault;
            if (own.isPresent()) {
                failed++;
                fail(List.of(one), own.get());
            }
        }
    }

    /** Empty if it is committed, and whoever waits is told. */
    private Optional<RuntimeException> attempt(List<Waiting> together) {
        try {
            stored.putAll(together.stream().map(this::entry).toList());
        } catch (RuntimeException fault) {
            return Optional.of(fault);
        }
        underWay.addAndGet(-together.size());
        together.forEach(one -> one.committed().complete(null));
        return Optional.empty();
    }

    private Calls.Entry entry(Waiting one) {
        return new Calls.Entry(one.row(), one.trace() == null ? null : traces.stored(one.trace()));
    }

    private void fail(List<Waiting> together, RuntimeException fault) {
        underWay.addAndGet(-together.size());
        together.forEach(one -> one.committed().completeExceptionally(fault));
    }
}
