package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TickWheelTest {
    private static final long MILLI = 1_000_000L;

    private final TickWheel wheel = new TickWheel(0);

    private static final class Room implements TickWheel.Ticking {
        final List<Long> dueMillis = new ArrayList<>();
        int left = Integer.MAX_VALUE;

        @Override
        public void tick(long dueNanos, long nowNanos) {
            dueMillis.add(dueNanos / MILLI);
            left--;
        }

        @Override
        public boolean wantsTick() {
            return left > 0;
        }
    }

    @Test
    void a_room_ticks_every_twenty_milliseconds_of_its_phase() {
        Room room = new Room();
        wheel.start(room, 7, 0);

        for (int i = 0; i < 4; i++) {
            wheel.turn(wheel.nextDeadlineNanos());
        }

        assertThat(room.dueMillis).containsExactly(7L, 27L, 47L, 67L);
        assertThat(wheel.lateTicks()).isZero();
    }

    @Test
    void a_delay_does_not_add_up() {
        Room room = new Room();
        wheel.start(room, 0, 0);

        for (int i = 1; i <= 100; i++) {
            wheel.turn(i * 20L * MILLI + 3 * MILLI);
        }

        assertThat(room.dueMillis).hasSize(100).endsWith(2_000L);
        assertThat(wheel.lateTicks()).isZero();
    }

    @Test
    void a_tick_more_than_five_milliseconds_late_is_counted() {
        Room room = new Room();
        wheel.start(room, 0, 0);

        wheel.turn(20 * MILLI + 5 * MILLI);
        wheel.turn(40 * MILLI + 5 * MILLI + 1);

        assertThat(wheel.lateTicks()).isEqualTo(1);
    }

    @Test
    void a_short_delay_is_made_up_for() {
        Room room = new Room();
        wheel.start(room, 0, 0);

        wheel.turn(65 * MILLI);

        assertThat(room.dueMillis).containsExactly(20L, 40L, 60L);
    }

    @Test
    void after_a_stall_ticks_are_skipped_and_never_burst() {
        Room room = new Room();
        wheel.start(room, 0, 0);

        wheel.turn(1_009 * MILLI);

        assertThat(room.dueMillis).containsExactly(1_000L);
        assertThat(wheel.skippedTicks()).isEqualTo(49);
        assertThat(wheel.nextDeadlineNanos()).isEqualTo(1_020 * MILLI);
    }

    @Test
    void a_room_that_wants_no_more_costs_nothing() {
        Room room = new Room();
        room.left = 1;
        wheel.start(room, 3, 0);

        wheel.turn(3 * MILLI);

        assertThat(wheel.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void an_idle_time_is_no_stall() {
        Room room = new Room();

        wheel.start(room, 3, 10_000 * MILLI);

        assertThat(wheel.nextDeadlineNanos()).isEqualTo(10_003 * MILLI);
        wheel.turn(10_003 * MILLI);
        assertThat(wheel.skippedTicks()).isZero();
    }

    @Test
    void rooms_are_spread_over_the_phases() {
        for (int i = 0; i < 20; i++) {
            int phase = wheel.leastLoadedPhase();
            wheel.start(new Room(), phase, 0);
            assertThat(phase).isEqualTo(i);
        }
        assertThat(wheel.leastLoadedPhase()).isZero();
    }
}
