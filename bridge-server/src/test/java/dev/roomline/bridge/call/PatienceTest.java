package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How what is not told in time fails, in virtual time. */
final class PatienceTest {
    private static final long SECOND = 1_000_000_000L;

    private final Deque<Runnable> later = new ArrayDeque<>();
    private long nowNanos = Long.MAX_VALUE - SECOND;
    private final Patience patience =
            new Patience(Duration.ofSeconds(4), () -> nowNanos, later::add);

    @Test
    void whatIsNotToldInTimeFailsAndWhatCameLaterHasItsOwnTime() {
        CompletableFuture<Void> first = asked();
        pass(2);
        CompletableFuture<Void> second = asked();
        pass(2);
        assertThat(first).isCompletedExceptionally();
        assertThat(second).isNotDone();
        pass(2);
        assertThat(second).isCompletedExceptionally();
    }

    @Test
    void oneTimerServesAllAndNoneRunsWhereNothingWaits() {
        for (int i = 0; i < 100; i++) {
            asked().complete(null);
        }
        assertThat(later).hasSize(1);
        pass(1);
        assertThat(later).isEmpty();
        CompletableFuture<Void> next = asked();
        assertThat(later).hasSize(1);
        pass(4);
        assertThat(next).isCompletedExceptionally();
    }

    @Test
    void whatWasToldIsForgotten() {
        for (int i = 0; i < 100; i++) {
            asked().complete(null);
        }
        assertThat(patience.waiting()).isEqualTo(1);
    }

    private CompletableFuture<Void> asked() {
        CompletableFuture<Void> promise = new CompletableFuture<>();
        patience.with(promise);
        return promise;
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            nowNanos += SECOND;
            Runnable look = later.poll();
            if (look != null) {
                look.run();
            }
        }
    }
}
