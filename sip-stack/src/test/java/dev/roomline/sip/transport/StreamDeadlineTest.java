package dev.roomline.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.transport.TransportCounters.Drop;
import org.junit.jupiter.api.Test;

class StreamDeadlineTest {
    private static final long SECOND = 1_000_000_000L;
    private final StreamDeadline deadline = new StreamDeadline(StreamLimits.usual(), false, 0);

    @Test
    void oneByteASecondDoesNotKeepAMessageAlive() {
        long now = 0;
        while (deadline.overdue(now) == null) {
            now += SECOND;
            deadline.bytesCame(now);
            deadline.waiting(true, now);
        }
        assertThat(deadline.overdue(now)).isEqualTo(Drop.TOO_SLOW);
        assertThat(now).isEqualTo(11 * SECOND);
    }

    @Test
    void keepAlivesAloneDoNotMakeAFirstMessage() {
        long now = 0;
        while (deadline.overdue(now) == null) {
            now += SECOND;
            deadline.bytesCame(now);
            deadline.waiting(false, now);
        }
        assertThat(now).isEqualTo(30 * SECOND);
    }

    @Test
    void afterAMessageKeepAlivesKeepItOpen() {
        deadline.bytesCame(SECOND);
        deadline.messageCame();
        for (long now = SECOND; now < 100_000 * SECOND; now += 100 * SECOND) {
            deadline.bytesCame(now);
            deadline.waiting(false, now);
            assertThat(deadline.overdue(now + 99 * SECOND)).isNull();
        }
        assertThat(deadline.overdue(200_000 * SECOND)).isEqualTo(Drop.IDLE);
    }

    @Test
    void aConnectionOfOursOwesNoFirstMessage() {
        StreamDeadline ours = new StreamDeadline(StreamLimits.usual(), true, 0);
        assertThat(ours.overdue(60 * SECOND)).isNull();
    }
}
