package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How a source's clock lies on ours, however late its packets come. */
class SourceClockTest {
    private static final long MILLI = 1_000_000L;
    private static final long FRAME_TICKS = 960;

    private final SourceClock clock = new SourceClock();
    private long packets;

    /** Packets of 20 ms, all so late. */
    private void come(int count, long lateMillis) {
        for (int i = 0; i < count; i++) {
            clock.onPacket(FRAME_TICKS * packets, (20 * packets + lateMillis) * MILLI);
            packets++;
        }
    }

    @Test
    void a_late_packet_does_not_set_it_back() {
        come(10, 0);
        long before = clock.transit();
        come(1, 45);

        assertThat(clock.transit()).isEqualTo(before);
    }

    @Test
    void after_two_seconds_it_is_where_a_longer_way_has_set_it() {
        come(10, 0);
        long before = clock.transit();
        come(150, 45);

        assertThat(clock.transit() - before).isEqualTo(48 * 45);
    }
}
