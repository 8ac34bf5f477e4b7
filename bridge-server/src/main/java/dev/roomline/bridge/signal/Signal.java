package dev.roomline.bridge.signal;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one loop that owns calls, rooms' membership and sessions. {@link #execute} and {@link
 * #executeSurely} may be called from any thread; all else on the loop. Tests drive one of their own
 * in virtual time.
 */
public interface Signal extends Executor {

    /**
     * Runs the task on the loop, after what is already queued.
     *
     * @throws RejectedExecutionException if the queue is full or the loop is closed
     */
    @Override
    void execute(Runnable task);

    /**
     * Runs the task on the loop even where the queue is full: what the loop waits for must not be
     * lost. Never for what a peer can send at will. Without effect once the loop is closed.
     */
    void executeSurely(Runnable task);

    /** Runs the task on the loop after the delay, unless cancelled. */
    Later after(Duration delay, Runnable task);

    /** Monotonic time, for durations. */
    long nanoTime();

    /** Wall-clock time, for what people read. */
    Instant now();

    /**
     * Brings the outcome of a stage that ends elsewhere back to the loop.
     *
     * @param then gets the value, or null and the failure
     */
    default <T> void whenDone(
            CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        var _ =
                stage.whenComplete(
                        (value, failure) -> executeSurely(() -> then.accept(value, failure)));
    }

    /**
     * As {@link #whenDone}, but within this turn where the outcome is there already: for what is
     * answered from memory as a rule.
     */
    default <T> void whenKnown(
            CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        switch (future.state()) {
            case SUCCESS -> then.accept(future.resultNow(), null);
            case FAILED -> then.accept(null, future.exceptionNow());
            case RUNNING, CANCELLED -> whenDone(stage, then);
        }
    }

    /**
     * Runs the question on the loop and hands its outcome to whoever asked; fails where the loop
     * takes no more tasks.
     */
    default <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> question) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        try {
            execute(() -> answer(question, outcome));
        } catch (RejectedExecutionException full) {
            outcome.completeExceptionally(full);
        }
        return outcome;
    }

    private static <T> void answer(
            Supplier<CompletionStage<T>> question, CompletableFuture<T> outcome) {
        try {
            var _ =
                    question.get()
                            .whenComplete(
                                    (value, failure) -> {
                                        if (failure == null) {
                                            outcome.complete(value);
                                        } else {
                                            outcome.completeExceptionally(failure);
                                        }
                                    });
        } catch (RuntimeException fault) {
            outcome.completeExceptionally(fault);
            throw fault;
        }
    }

    /** A task that has not run yet. */
    @FunctionalInterface
    interface Later {
        /** Without effect once it ran. */
        void cancel();
    }
}
