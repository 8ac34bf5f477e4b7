package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The back-off of each target, in virtual time. */
@Tag("RFC3263§4.3")
class TargetHealthTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Target ONE = target(1);
    private static final Target TWO = target(2);

    private final TargetHealth health = new TargetHealth();
    private long now = 5 * SECOND;

    private static Target target(int host) {
        return new Target(TransportKind.UDP, new InetSocketAddress("192.0.2." + host, 5060));
    }

    /** Whether the first stands in its place, or behind the other. */
    private boolean isWell() {
        List<Target> ordered = health.ordered(List.of(ONE, TWO), now);
        assertThat(ordered).containsExactlyInAnyOrder(ONE, TWO);
        return ordered.getFirst().equals(ONE);
    }

    private void isLeftForLastFor(long seconds) {
        assertThat(isWell()).isFalse();
        now += seconds * SECOND - 1;
        assertThat(isWell()).isFalse();
        now++;
        assertThat(isWell()).isTrue();
    }

    @Test
    void whoFailsIsTriedLastForATimeThatDoublesUpToTenMinutes() {
        assertThat(isWell()).isTrue();
        for (long seconds : new long[] {30, 60, 120, 240, 480, 600, 600}) {
            health.failed(ONE, now);
            isLeftForLastFor(seconds);
        }
    }

    @Test
    void anAnswerBeginsItAnew() {
        health.failed(ONE, now);
        health.failed(ONE, now);
        health.answered(ONE);
        assertThat(isWell()).isTrue();
        health.failed(ONE, now);
        isLeftForLastFor(30);
    }

    @Test
    void eachTargetHasItsOwn() {
        health.failed(ONE, now);
        health.failed(TWO, now);
        assertThat(isWell()).as("both ail: as they came").isTrue();
        health.answered(TWO);
        assertThat(isWell()).isFalse();
    }

    @Test
    void whoSaysForHowLongIsTakenAtItsWordWithinReason() {
        health.unavailable(ONE, 5 * SECOND, now);
        isLeftForLastFor(5);
        health.unavailable(ONE, 86_400 * SECOND, now);
        isLeftForLastFor(600);
    }

    @Test
    void whatIsRememberedIsBounded() {
        health.failed(ONE, now);
        for (int i = 0; i < 1024; i++) {
            health.failed(
                    new Target(TransportKind.TCP, new InetSocketAddress("192.0.2.9", 1 + i)), now);
        }
        assertThat(isWell()).as("the longest known is forgotten").isTrue();
    }
}
