package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ExpectedLossTest {
    private static final long SECOND = 1_000_000_000L;

    private final ExpectedLoss loss = new ExpectedLoss();
    private long nowNanos;

    private int reports(double... shares) {
        for (double share : shares) {
            nowNanos += 5 * SECOND;
            loss.reported(share, nowNanos);
            loss.settle(nowNanos);
        }
        return loss.percent();
    }

    @Test
    void someLossIsExpectedOfWhomNothingIsKnown() {
        loss.settle(100 * SECOND);
        assertThat(loss.percent()).isEqualTo(5);
    }

    @Test
    void itRisesWithTheFirstReportOfMore() {
        assertThat(reports(0.12)).isEqualTo(15);
        assertThat(reports(0.25)).isEqualTo(30);
        assertThat(reports(1)).isEqualTo(30);
    }

    @Test
    void itFallsAStepAfterThreeCalmReportsInARow() {
        assertThat(reports(0.09, 0, 0)).isEqualTo(10);
        assertThat(reports(0)).isEqualTo(5);
        assertThat(reports(0, 0, 0, 0, 0, 0)).isZero();
    }

    @Test
    void oneGoodReportBetweenBadOnesChangesNothing() {
        assertThat(reports(0.09, 0, 0.08, 0, 0, 0.09, 0, 0)).isEqualTo(10);
    }

    @Test
    void aShareAtTheEdgeOfTwoStepsDoesNotGoToAndFro() {
        reports(0.052);
        for (int i = 0; i < 20; i++) {
            assertThat(reports(i % 2 == 0 ? 0.048 : 0.052)).isEqualTo(10);
        }
    }

    @Test
    void whatWasToldLongAgoIsNotKnownAnyMore() {
        reports(0.2);
        loss.settle(nowNanos + 19 * SECOND);
        assertThat(loss.percent()).isEqualTo(20);
        loss.settle(nowNanos + 21 * SECOND);
        assertThat(loss.percent()).isEqualTo(5);
    }
}
