package dev.roomline.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

final class LossRunsTest {
    private static final int LONG = 100_000;
    private final LossRuns runs = new LossRuns();

    private void send(int first, int count, IntPredicate isLost) {
        for (int i = 0; i < count; i++) {
            if (!isLost.test(i)) {
                runs.onPacket((first + i) & 0xFFFF);
            }
        }
    }

    @Test
    void withoutLossNothingIsKnown() {
        send(65_000, LONG, _ -> false);
        assertThat(runs.burstRatio()).isEqualTo(-1);
    }

    @Test
    void fewLossesTellNothing() {
        send(0, 1_000, i -> i == 100 || i == 101 || i == 102 || i == 400);
        assertThat(runs.burstRatio()).isEqualTo(-1);
    }

    @Test
    void randomLossIsOneWhateverItsShare() {
        for (double share : new double[] {0.02, 0.1, 0.3}) {
            LossRuns random = new LossRuns();
            Random dice = new Random(7);
            for (int i = 0; i < LONG; i++) {
                if (dice.nextDouble() >= share) {
                    random.onPacket(i & 0xFFFF);
                }
            }
            assertThat(random.burstRatio()).as("%s", share).isCloseTo(1, within(0.05));
        }
    }

    @Test
    void runsOfFourInAHundredAreByThatMuchLonger() {
        send(60_000, LONG, i -> i % 100 >= 50 && i % 100 < 54);
        assertThat(runs.burstRatio()).isCloseTo(4 * (1 - 0.04), within(0.01));
    }

    @Test
    void whatComesLateOrTwiceWasNotLost() {
        for (int i = 0; i < LONG; i += 2) {
            // every pair the other way round, and the second of it twice
            runs.onPacket((i + 1) & 0xFFFF);
            if (i % 40 != 0) {
                runs.onPacket(i & 0xFFFF);
                runs.onPacket(i & 0xFFFF);
            }
        }
        assertThat(runs.burstRatio()).isCloseTo(1 - 1 / 40.0, within(0.01));
    }

    @Test
    void aLossLongerThanTheWindowIsOneRun() {
        send(0, 10_000, i -> i >= 5_000 && i < 5_200);
        assertThat(runs.burstRatio()).isCloseTo(200 * (1 - 0.02), within(1.0));
    }

    @Test
    void aNewSequenceIsNoLoss() {
        send(0, 5_000, i -> i % 50 == 0);
        double before = runs.burstRatio();
        runs.restart(40_000);
        send(40_001, 5_000, i -> i % 50 == 0);
        assertThat(runs.burstRatio()).isCloseTo(before, within(0.01));
    }

    @Test
    void statisticsOfAStreamTellIt() {
        ReceptionStatistics statistics = new ReceptionStatistics(1, 8_000);
        for (int i = 0; i < 2_000; i++) {
            if (i % 100 < 97) {
                statistics.onPacket(i, 160 * i, 160, 20_000_000L * i);
            }
        }
        assertThat(statistics.burstRatio()).isCloseTo(3 * 0.97, within(0.02));
    }
}
