package dev.roomline.media.jitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PullPhaseTest {
    private final PullPhase phase = new PullPhase();

    @Test
    void aPullThatComesLongEnoughBehindAPacketKeepsNoMore() {
        phase.onPull(8, 20, 5);
        assertThat(phase.leastDelayMillis()).isCloseTo(10, within(1e-9));
    }

    @Test
    void aPullThatComesTooSoonBehindAPacketNeedsTheOneBeforeIt() {
        phase.onPull(4, 20, 5);
        assertThat(phase.leastDelayMillis()).as("never more than a whole pull").isEqualTo(25);
        phase.forget();
        phase.onPull(8, 20, 20);
        assertThat(phase.leastDelayMillis()).isCloseTo(30, within(1e-9));
    }

    @Test
    void ofShortPacketsAPullNeedsTwo() {
        phase.onPull(8, 10, 5);
        assertThat(phase.leastDelayMillis()).isCloseTo(20, within(1e-9));
    }

    @Test
    void ofLongPacketsOnlyThePlaceWithinTwentyMillisCounts() {
        phase.onPull(28, 60, 5);
        assertThat(phase.leastDelayMillis()).isCloseTo(10, within(1e-9));
    }

    @Test
    void moreIsKeptAtOnceAndLessOnlyForGood() {
        phase.onPull(5.5, 20, 5);
        assertThat(phase.leastDelayMillis()).isLessThan(8);
        pulls(20, 4.5);
        assertThat(phase.leastDelayMillis()).isEqualTo(25);
        pulls(100, 6);
        assertThat(phase.leastDelayMillis()).as("2 s later").isEqualTo(25);
        pulls(100, 6);
        assertThat(phase.leastDelayMillis()).as("4 s later").isCloseTo(8, within(0.1));
    }

    private void pulls(int count, double newestMillis) {
        for (int i = 0; i < count; i++) {
            phase.onPull(newestMillis, 20, 5);
        }
    }
}
