package dev.roomline.bridge.signal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;

/** A signalling loop in virtual time: it runs when a test says so. */
public final class VirtualSignal implements Signal {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final TimerQueue timers = new TimerQueue();
    private long nowNanos;

    /** The queue takes nothing more. */
    public boolean full;

    @Override
    public void execute(Runnable task) {
        if (full) {
            throw new RejectedExecutionException("full");
        }
        tasks.add(task);
    }

    @Override
    public void executeSurely(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Later after(Duration delay, Runnable task) {
        return timers.add(nowNanos + delay.toNanos(), task);
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public Instant now() {
        return EPOCH.plusNanos(nowNanos);
    }

    /** Runs all that is queued and due now. */
    public void run() {
        boolean worked = true;
        while (worked) {
            worked = !tasks.isEmpty();
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
            if (timers.nextDeadlineNanos() <= nowNanos) {
                worked = true;
                timers.runDue(nowNanos);
            }
        }
    }

    /** Lets time pass, stopping at each timer on the way. */
    public void pass(Duration time) {
        long until = nowNanos + time.toNanos();
        run();
        while (timers.nextDeadlineNanos() <= until) {
            nowNanos = Math.max(nowNanos, timers.nextDeadlineNanos());
            run();
        }
        nowNanos = until;
        run();
    }
}
