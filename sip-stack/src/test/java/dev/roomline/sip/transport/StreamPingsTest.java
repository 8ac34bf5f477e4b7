package dev.roomline.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("RFC5626§4.4.1")
class StreamPingsTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aPingIsDueAfterNinetyFiveToAHundredAndTwentySecondsWithoutAWordOfOurs() {
        for (long number = 1; number <= 60; number++) {
            StreamPings pings = new StreamPings(number, 0);
            assertThat(pings.due(94 * SECOND)).isFalse();
            pings.sent(94 * SECOND);
            assertThat(pings.due((94 + 94) * SECOND)).isFalse();
            assertThat(pings.due((94 + 120) * SECOND)).isTrue();
            assertThat(pings.due((94 + 121) * SECOND)).isFalse();
        }
    }

    @Test
    void whoNeverAnsweredIsPingedAgainAndKept() {
        StreamPings pings = new StreamPings(1, 0);
        assertThat(pings.due(120 * SECOND)).isTrue();
        assertThat(pings.failed(200 * SECOND)).isFalse();
        assertThat(pings.due(240 * SECOND)).isTrue();
    }

    @Test
    void whoAnsweredOnceAndThenNoMoreIsGivenUpAfterTenSeconds() {
        StreamPings pings = new StreamPings(1, 0);
        assertThat(pings.due(120 * SECOND)).isTrue();
        pings.answered();
        assertThat(pings.failed(200 * SECOND)).isFalse();
        assertThat(pings.due(240 * SECOND)).isTrue();
        assertThat(pings.failed(249 * SECOND)).isFalse();
        assertThat(pings.failed(250 * SECOND)).isTrue();
    }
}
