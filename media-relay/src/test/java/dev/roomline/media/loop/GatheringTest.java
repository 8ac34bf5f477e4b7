package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatheringTest {
    private static final long MILLI = 1_000_000L;
    private static final long MICRO = 1_000L;

    private final Gathering gathering = new Gathering();

    private void tenthOfASecond(int datagrams) {
        for (int i = 0; i < datagrams; i++) {
            gathering.received();
        }
        gathering.judge();
    }

    @Test
    void aQuietLoopGathersNothingSoThatEachPacketGoesOnAtOnce() {
        tenthOfASecond(99);

        assertThat(gathering.isOn()).isFalse();
    }

    @Test
    void aBusyLoopGathersUntilHalfOfItIsGone() {
        tenthOfASecond(100);
        assertThat(gathering.isOn()).isTrue();

        tenthOfASecond(50);
        assertThat(gathering.isOn()).isTrue();

        tenthOfASecond(49);
        assertThat(gathering.isOn()).isFalse();
    }

    @Test
    void aLoopThatEverybodyLeftGathersNoLonger() {
        tenthOfASecond(1_000);

        gathering.stop();

        assertThat(gathering.isOn()).isFalse();
    }

    @Test
    void itSleepsToTheNextMomentOfGatheringAndNeverLonger() {
        assertThat(gathering.waitNanos(8 * MILLI + 1)).isZero();

        assertThat(gathering.waitNanos(8 * MILLI + 300 * MICRO)).isEqualTo(1_700 * MICRO);
        assertThat(gathering.waitNanos(10 * MILLI + 60 * MICRO)).isEqualTo(1_940 * MICRO);
    }

    @Test
    void workThatTookLongerThanThatIsFollowedByALookAtOnce() {
        gathering.waitNanos(8 * MILLI + 1);

        assertThat(gathering.waitNanos(10 * MILLI + 400 * MICRO)).isZero();
        assertThat(gathering.waitNanos(10 * MILLI + 500 * MICRO)).isEqualTo(1_500 * MICRO);
    }

    @Test
    void afterALongQuietItFindsItsMomentsAgain() {
        gathering.waitNanos(8 * MILLI + 1);

        assertThat(gathering.waitNanos(500 * MILLI + 1)).isZero();
        assertThat(gathering.waitNanos(500 * MILLI + 300 * MICRO)).isEqualTo(1_700 * MICRO);
    }

    @Test
    void ticksAreDueWhenItLooks() {
        long epochNanos = Gathering.atOrBefore(123_456_789L);

        assertThat(epochNanos).isEqualTo(122 * MILLI);
        assertThat(Gathering.atOrBefore(epochNanos)).isEqualTo(epochNanos);
    }
}
