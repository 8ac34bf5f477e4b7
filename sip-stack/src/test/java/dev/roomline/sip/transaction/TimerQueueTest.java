package dev.roomline.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Deadlines come in their order, wherever they wait, over a wrap of the clock too. */
class TimerQueueTest {
    private record Set(long afterNanos, int order, TimerQueue.Timer timer) {}

    @Test
    void deadlinesNearAndFarComeInTheirOrderAndTheNextIsKnownExactly() {
        for (int seed = 0; seed < 10; seed++) {
            runs(new Random(seed), seed % 2 == 0 ? 0 : Long.MAX_VALUE - 20_000_000_000L);
        }
    }

    private static void runs(Random random, long beginNanos) {
        TimerQueue queue = new TimerQueue();
        List<Set> model = new ArrayList<>();
        List<Integer> expired = new ArrayList<>();
        long passed = 0;
        for (int i = 0; i < 1_000; i++) {
            long after = passed + delay(random);
            int order = i;
            model.add(
                    new Set(
                            after,
                            order,
                            queue.schedule(beginNanos + after, _ -> expired.add(order))));
            if (random.nextInt(3) == 0) {
                model.remove(random.nextInt(model.size())).timer().cancel();
            }
            model.sort(Comparator.comparingLong(Set::afterNanos).thenComparingInt(Set::order));
            assertThat(queue.waiting()).isEqualTo(model.size());
            assertThat(queue.nextDeadlineNanos())
                    .isEqualTo(
                            model.isEmpty()
                                    ? Long.MAX_VALUE
                                    : beginNanos + model.getFirst().afterNanos());
            if (random.nextInt(4) == 0) {
                passed += random.nextLong(200_000_000L);
                List<Integer> due = new ArrayList<>();
                while (!model.isEmpty() && model.getFirst().afterNanos() <= passed) {
                    due.add(model.removeFirst().order());
                }
                expired.clear();
                queue.expire(beginNanos + passed);
                assertThat(expired).isEqualTo(due);
            }
        }
    }

    private static long delay(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 1;
            case 1 -> random.nextLong(600_000_000L);
            case 2 -> 32_000_000_000L;
            default -> random.nextLong(64_000_000_000L);
        };
    }

    @Test
    void whatIsSetAndCancelledWhileOthersExpireHoldsAtOnce() {
        TimerQueue queue = new TimerQueue();
        List<String> expired = new ArrayList<>();
        TimerQueue.Timer cancelled = queue.schedule(20, _ -> expired.add("cancelled"));
        queue.schedule(
                10,
                _ -> {
                    expired.add("first");
                    cancelled.cancel();
                    queue.schedule(15, _ -> expired.add("set meanwhile"));
                    queue.schedule(40_000_000_000L, _ -> expired.add("far"));
                });
        queue.expire(30);
        assertThat(expired).containsExactly("first", "set meanwhile");
        assertThat(queue.nextDeadlineNanos()).isEqualTo(40_000_000_000L);
        queue.expire(40_000_000_000L);
        assertThat(expired).hasSize(3);
        assertThat(queue.waiting()).isZero();
    }
}
