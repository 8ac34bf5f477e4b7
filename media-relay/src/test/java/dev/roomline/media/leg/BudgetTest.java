package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BudgetTest {
    private static final long MILLI = 1_000_000L;
    private final Budget budget = Budget.ofPackets();

    private int taken(int packets, long fromNanos, long everyNanos) {
        int taken = 0;
        for (int i = 0; i < packets; i++) {
            taken += budget.takes(fromNanos + i * everyNanos) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void soundInPacketsOfTenMillisBesideAKeyIsAlwaysTaken() {
        assertThat(taken(150 * 3_600, -5 * MILLI, 1_000_000_000L / 150)).isEqualTo(150 * 3_600);
    }

    @Test
    void whatANetworkHeldBackForSecondsIsTakenAtOnce() {
        assertThat(taken(50 * 8, 0, 0)).isEqualTo(400);
        assertThat(budget.takes(0)).isFalse();
    }

    @Test
    void aFloodIsHeldToSoManyASecond() {
        assertThat(taken(100_000, 7 * MILLI, MILLI / 10)).isEqualTo(400 + 10 * 200 - 1);
    }

    @Test
    void afterAFloodTheNextSecondsSoundIsTaken() {
        taken(100_000, 0, 0);
        assertThat(taken(50, 1_000 * MILLI, 20 * MILLI)).isEqualTo(50);
    }
}
