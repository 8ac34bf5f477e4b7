package dev.roomline.bridge.webhook;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes a thread that rests between two looks, also if it was rung during the look. A thread's own
 * permit ({@link java.util.concurrent.locks.LockSupport#unpark}) would not do: whatever waits
 * within the look uses it up, as a database's socket does on a virtual thread, and the ring is
 * lost. Thread-safe; one thread rests.
 */
final class Bell {
    private final Semaphore rings = new Semaphore(0);

    /** Any thread. */
    void ring() {
        rings.release();
    }

    /** A look begins: it sees what was rung for until now. */
    void look() {
        rings.drainPermits();
    }

    /** Until somebody rings, or rang since the look began. */
    void rest() {
        rings.acquireUninterruptibly();
    }

    /** The same, for so long at most. */
    void rest(Duration atMost) {
        try {
            boolean _ = rings.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
