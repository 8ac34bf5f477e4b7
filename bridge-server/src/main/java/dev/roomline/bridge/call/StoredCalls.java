package dev.roomline.bridge.call;

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

/**
 * Calls' rows on their way into the store. A commit waits for the disk, so all rows that came while
 * one was under way share the next: one virtual thread writes at a time, and under load a
 * transaction carries many calls. Whoever asked is told after the commit of its own row.
 * Thread-safe.
 */
public final class StoredCalls implements CallRecords {
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** A quarter of it: nobody waits for much longer. */
    private static final Executor LATER =
            CompletableFuture.delayedExecutor(PATIENCE.toMillis() / 4, TimeUnit.MILLISECONDS);

    /** Rows of one transaction, so that none waits long for what came after it. */
    static final int MOST_TOGETHER = 256;

    /**
     * From a transaction to the next where rows wait already: each costs the disk the same, however
     * many share it, and a caller does not hear so short a wait.
     */
    private static final Duration BREATH = Duration.ofMillis(5);

    /** Rows that a stalled store may leave waiting; beyond it they are refused. */
    static final int MOST_WAITING = 20_000;

    private final Calls stored;
    private final TraceJson traces;
    private final Executor blocking;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final Patience patience = new Patience(PATIENCE, System::nanoTime, LATER);
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean writing = new AtomicBoolean();

    public StoredCalls(Calls stored, TraceJson traces, Executor blocking) {
        this.stored = stored;
        this.traces = traces;
        this.blocking = blocking;
    }

    private record Waiting(CallRecord record, CompletableFuture<Void> committed) {}

    @Override
    public CompletionStage<Void> put(CallRecord record) {
        if (underWay.incrementAndGet() > MOST_WAITING) {
            underWay.decrementAndGet();
            return CompletableFuture.failedStage(
                    new IllegalStateException("too many calls wait for the store"));
        }
        CompletableFuture<Void> committed = new CompletableFuture<>();
        patience.with(committed);
        waiting.add(new Waiting(record, committed));
        startWriter();
        return committed;
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

    /** What nobody has read is made readable here, not on the loop. */
    private Calls.Entry entry(Waiting one) {
        TraceSnapshot trace = one.record().trace();
        return new Calls.Entry(one.record().row(), trace == null ? null : traces.stored(trace));
    }

    private void fail(List<Waiting> together, RuntimeException fault) {
        underWay.addAndGet(-together.size());
        together.forEach(one -> one.committed().completeExceptionally(fault));
    }
}
