package dev.roomline.bridge.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimerQueueTest {
    private final TimerQueue timers = new TimerQueue();
    private final List<String> ran = new ArrayList<>();

    @Test
    void tasksRunInTheOrderOfTheirTimesAndThenOfTheirComing() {
        timers.add(30, () -> ran.add("c"));
        timers.add(10, () -> ran.add("a"));
        timers.add(10, () -> ran.add("b"));
        assertThat(timers.nextDeadlineNanos()).isEqualTo(10);
        timers.runDue(9);
        assertThat(ran).isEmpty();
        timers.runDue(30);
        assertThat(ran).containsExactly("a", "b", "c");
        assertThat(timers.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aCancelledTaskDoesNotRunAndWakesNobody() {
        timers.add(10, () -> ran.add("a")).cancel();
        assertThat(timers.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        timers.runDue(20);
        assertThat(ran).isEmpty();
    }

    @Test
    void farDeadlinesThatAreCancelledDoNotPileUp() {
        timers.add(5, () -> ran.add("near"));
        for (int i = 0; i < 10_000; i++) {
            timers.add(1_000_000 + i, () -> ran.add("far")).cancel();
        }
        assertThat(timers.size()).isLessThan(200);
        timers.runDue(2_000_000);
        assertThat(ran).containsExactly("near");
        assertThat(timers.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void timesAreComparedAcrossTheWrapOfTheClock() {
        long near = Long.MAX_VALUE - 5;
        timers.add(near + 10, () -> ran.add("after the wrap"));
        timers.add(near, () -> ran.add("before"));
        timers.runDue(near);
        assertThat(ran).containsExactly("before");
        timers.runDue(near + 10);
        assertThat(ran).containsExactly("before", "after the wrap");
    }

    @Test
    void aTaskMayAddAnother() {
        timers.add(10, () -> timers.add(10, () -> ran.add("second")));
        timers.runDue(10);
        assertThat(ran).containsExactly("second");
    }
}
