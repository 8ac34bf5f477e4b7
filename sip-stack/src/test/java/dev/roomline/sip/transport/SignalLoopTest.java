package dev.roomline.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SignalLoopTest {
    private final SignalLoop loop = SignalLoop.start(io.netty.channel.epoll.Epoll.isAvailable(), 3);

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void whatIsPostedBeyondTheBoundIsRefusedAndCounted() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        loop.post(
                () -> {
                    running.countDown();
                    await(held);
                });
        assertThat(running.await(5, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 5; i++) {
            assertThat(loop.post(ran::incrementAndGet)).isEqualTo(i < 3);
        }
        assertThat(loop.refusedTasks()).isEqualTo(2);
        held.countDown();
        loop.close();
        assertThat(ran).hasValue(3);
    }

    @Test
    void anOutcomeComesBackHoweverFullTheQueueIsButNotToALoopThatIsClosed()
            throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        loop.post(
                () -> {
                    running.countDown();
                    await(held);
                });
        assertThat(running.await(5, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 4; i++) {
            loop.post(() -> {});
        }
        for (int i = 0; i < 5; i++) {
            assertThat(loop.postSurely(ran::incrementAndGet)).isTrue();
        }
        assertThat(loop.post(ran::incrementAndGet)).as("the queue is still full").isFalse();
        held.countDown();
        loop.close();
        assertThat(ran).hasValue(5);
        assertThat(loop.waitingTasks()).isZero();
        assertThat(loop.postSurely(ran::incrementAndGet)).isFalse();
        assertThat(ran).hasValue(5);
        assertThat(loop.waitingTasks()).isZero();
    }

    @Test
    void anExceptionEndsItsStepAlone() throws InterruptedException {
        CountDownLatch after = new CountDownLatch(1);
        loop.post(
                () -> {
                    throw new IllegalStateException("a fault on purpose");
                });
        loop.post(
                () -> {
                    throw new StackOverflowError("a deep fault on purpose");
                });
        loop.post(after::countDown);
        assertThat(after.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(loop.faults()).isEqualTo(2);
    }

    @Test
    void aMachineIsWokenAtItsDeadlineAndNotBefore() throws InterruptedException {
        CountDownLatch woken = new CountDownLatch(1);
        AtomicLong early = new AtomicLong(Long.MIN_VALUE);
        long deadlineNanos = loop.nowNanos() + 20_000_000;
        loop.attach(
                new SignalLoop.Timed() {
                    private long next = deadlineNanos;

                    @Override
                    public long nextDeadlineNanos() {
                        return next;
                    }

                    @Override
                    public void onDeadline(long nowNanos) {
                        next = Long.MAX_VALUE;
                        early.set(nowNanos - deadlineNanos);
                        woken.countDown();
                    }
                });
        assertThat(woken.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(early).hasNonNegativeValue();
    }

    @Test
    void aDeadlineThatMovesForwardIsKept() throws InterruptedException {
        CountDownLatch woken = new CountDownLatch(1);
        AtomicLong next = new AtomicLong(loop.nowNanos() + 3_600_000_000_000L);
        loop.attach(
                new SignalLoop.Timed() {
                    @Override
                    public long nextDeadlineNanos() {
                        return next.get();
                    }

                    @Override
                    public void onDeadline(long nowNanos) {
                        next.set(Long.MAX_VALUE);
                        woken.countDown();
                    }
                });
        loop.post(() -> next.set(loop.nowNanos()));
        assertThat(woken.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void oneKindOfFaultIsLoggedOnceAMinute() {
        FaultLog log = new FaultLog();
        long second = 1_000_000_000L;
        assertThat(log.caught(FaultLog.Step.TIMER, new IllegalStateException("on purpose"), 0))
                .isTrue();
        assertThat(log.caught(FaultLog.Step.TIMER, new IllegalStateException("on purpose"), second))
                .isFalse();
        assertThat(log.caught(FaultLog.Step.CORE, new IllegalStateException("on purpose"), second))
                .isTrue();
        assertThat(
                        log.caught(
                                FaultLog.Step.TIMER,
                                new IllegalStateException("on purpose"),
                                61 * second))
                .isTrue();
        assertThat(log.total()).isEqualTo(4);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
