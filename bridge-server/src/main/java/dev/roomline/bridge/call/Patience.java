package dev.roomline.bridge.call;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Fails what is not told in time. All have the same time, so they stand in a line in which the
 * first is due first, and one timer serves them all. Thread-safe.
 */
final class Patience {
    private record Asked(CompletableFuture<?> promise, long untilNanos) {}

    private final long patienceNanos;
    private final LongSupplier clock;
    private final Executor later;
    private final Deque<Asked> line = new ArrayDeque<>();
    private boolean timed;

    /**
     * @param clock monotonic, in nanoseconds
     * @param later runs a task after a part of {@code patience}: how late it may fail
     */
    Patience(Duration patience, LongSupplier clock, Executor later) {
        this.patienceNanos = patience.toNanos();
        this.clock = clock;
        this.later = later;
    }

    /** Fails with a {@link TimeoutException} unless it is told in time. */
    void with(CompletableFuture<?> promise) {
        boolean first;
        synchronized (this) {
            dropTold();
            line.addLast(new Asked(promise, clock.getAsLong() + patienceNanos));
            first = !timed;
            timed = true;
        }
        if (first) {
            later.execute(this::look);
        }
    }

    /** How many are remembered. */
    synchronized int waiting() {
        return line.size();
    }

    private void look() {
        Deque<Asked> overdue = new ArrayDeque<>();
        boolean again;
        synchronized (this) {
            dropTold();
            long nowNanos = clock.getAsLong();
            while (!line.isEmpty() && line.getFirst().untilNanos() - nowNanos <= 0) {
                overdue.addLast(line.removeFirst());
                dropTold();
            }
            again = !line.isEmpty();
            timed = again;
        }
        overdue.forEach(
                asked -> asked.promise().completeExceptionally(new TimeoutException("in time")));
        if (again) {
            later.execute(this::look);
        }
    }

    private void dropTold() {
        while (!line.isEmpty() && line.getFirst().promise().isDone()) {
            line.removeFirst();
        }
    }
}
