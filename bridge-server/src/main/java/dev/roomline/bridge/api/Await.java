package dev.roomline.bridge.api;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits on a virtual thread for what a loop will say. */
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private Await() {}

    /**
     * @throws TimeoutException after five seconds
     * @throws InterruptedException the client went away
     */
    public static <T> T on(CompletionStage<T> stage) throws TimeoutException, InterruptedException {
        return on(stage, LIMIT);
    }

    /**
     * @throws TimeoutException after that long
     * @throws InterruptedException the client went away
     */
    public static <T> T on(CompletionStage<T> stage, Duration limit)
            throws TimeoutException, InterruptedException {
        try {
            return stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a loop failed", e.getCause());
        }
    }
}
