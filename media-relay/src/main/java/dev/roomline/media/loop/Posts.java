package dev.roomline.media.loop;

import dev.roomline.media.leg.Drop;
import dev.roomline.media.leg.DropCounters;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What other threads have posted to a {@link MediaLoop} and it has not run yet: bounded, and what
 * is refused is counted. Called from any thread; what is posted runs on the loop's.
 */
final class Posts {
    /** Posted messages that may wait; beyond it they are refused. */
    static final int MOST = 8_192;

    private final Executor loop;
    private final DropCounters drops;
    private final Consumer<Runnable> turn;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * @param turn runs one of them, on the loop
     */
    Posts(Executor loop, DropCounters drops, Consumer<Runnable> turn) {
        this.loop = loop;
        this.drops = drops;
        this.turn = turn;
    }

    int waiting() {
        return waiting.get();
    }

    /** False if there are too many, or the loop has ended. */
    boolean add(Runnable task) {
        if (waiting.incrementAndGet() > MOST) {
            waiting.decrementAndGet();
            drops.count(Drop.POST_REFUSED);
            return false;
        }
        return hand(task);
    }

    /** As {@link #add}, but never too many: for what must not be refused. */
    boolean addEnding(Runnable task) {
        waiting.incrementAndGet();
        return hand(task);
    }

    private boolean hand(Runnable task) {
        try {
            loop.execute(() -> run(task));
            return true;
        } catch (RejectedExecutionException closed) {
            waiting.decrementAndGet();
            return false;
        }
    }

    private void run(Runnable task) {
        waiting.decrementAndGet();
        turn.accept(task);
    }
}
