package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.leg.DropCounters;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop's edge on a real thread: what is refused, and what a bug may strike. */
final class MediaLoopTest {
    private final DropCounters drops = new DropCounters();
    private final MediaLoop loop = TestLoop.counting(drops);

    @AfterEach
    void close() {
        loop.shutdown().awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private long counted(String reason) {
        Map<String, Long> totals = new HashMap<>();
        drops.addTo(totals);
        return totals.getOrDefault(reason, -1L);
    }

    @Test
    void aBugInAPostedMessageIsCountedAndTheNextMessageRuns() throws Exception {
        CompletableFuture<String> next = new CompletableFuture<>();
        loop.post(
                () -> {
                    throw new IllegalStateException("a bug");
                });
        loop.post(() -> next.complete("ran"));
        assertThat(next.get(5, TimeUnit.SECONDS)).isEqualTo("ran");
        assertThat(counted("loop_fault")).isEqualTo(1);
    }

    @Test
    void aFullQueueRefusesWhatMayBeRefusedAndNeverAnEnding() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        loop.post(
                () -> {
                    begun.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                });
        begun.await();
        int taken = 0;
        while (loop.post(() -> {})) {
            taken++;
        }
        CompletableFuture<String> ending = new CompletableFuture<>();
        assertThat(loop.postEnding(() -> ending.complete("ended"))).isTrue();
        go.countDown();
        assertThat(taken).isEqualTo(Posts.MOST);
        assertThat(counted("post_refused")).isEqualTo(1);
        assertThat(ending.get(5, TimeUnit.SECONDS)).isEqualTo("ended");
    }
}
