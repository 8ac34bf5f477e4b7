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

    /** Everything due at this time; ticks take no time here. */
    private void turn(long nowNanos) {
        while (wheel.tickNext(nowNanos)) {
            // the next one
        }
    }

    private MediaRelay.Ticks ticks() {
        return wheel.lateness().report(0);
    }

    @Test
    void a_room_ticks_every_twenty_milliseconds_of_its_phase() {
        Room room = new Room();
        wheel.start(room, 7, 0);

        for (int i = 0; i < 4; i++) {
            turn(wheel.nextDeadlineNanos());
        }

        assertThat(room.dueMillis).containsExactly(7L, 27L, 47L, 67L);
        assertThat(ticks().over5()).isZero();
    }

    @Test
    void a_delay_does_not_add_up() {
        Room room = new Room();
        wheel.start(room, 0, 0);

        for (int i = 1; i <= 100; i++) {
            turn(i * 20L * MILLI + 3 * MILLI);
        }

        assertThat(room.dueMillis).hasSize(100).endsWith(2_000L);
        assertThat(ticks().over5()).isZero();
    }

    @Test
    void a_tick_more_than_five_milliseconds_late_is_counted() {
        Room room = new Room();
        wheel.start(room, 0, 0);

        turn(20 * MILLI + 5 * MILLI);
        turn(40 * MILLI + 5 * MILLI + 1);

        assertThat(ticks().over5()).isEqualTo(1);
    }

    @Test
    void a_short_delay_is_made_up_for() {
        Room room = new Room();
        wheel.start(room, 0, 0);

        turn(65 * MILLI);

        assertThat(room.dueMillis).containsExactly(20L, 40L, 60L);
    }

    @Test
    void after_a_stall_ticks_are_skipped_and_never_burst() {
        Room room = new Room();
        wheel.start(room, 0, 0);

        turn(1_009 * MILLI);

        assertThat(room.dueMillis).containsExactly(1_000L);
        assertThat(ticks().skipped()).isEqualTo(49);
        assertThat(wheel.nextDeadlineNanos()).isEqualTo(1_020 * MILLI);
    }

    @Test
    void a_room_that_wants_no_more_costs_nothing() {
        Room room = new Room();
        room.left = 1;
        wheel.start(room, 3, 0);

        turn(3 * MILLI);

        assertThat(wheel.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void an_idle_time_is_no_stall() {
        Room room = new Room();

        wheel.start(room, 3, 10_000 * MILLI);

        assertThat(wheel.nextDeadlineNanos()).isEqualTo(10_003 * MILLI);
        turn(10_003 * MILLI);
        assertThat(ticks().skipped()).isZero();
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

    @Test
    void what_a_tick_waits_for_those_before_it_is_its_own_lateness() {
        for (int i = 0; i < 5; i++) {
            wheel.start(new Room(), 0, 0);
        }

        long now = 20 * MILLI;
        while (wheel.tickNext(now)) {
            now += 3 * MILLI; // each takes so long
        }

        // 0, 3, 6, 9 and 12 ms behind
        assertThat(ticks()).isEqualTo(new MediaRelay.Ticks(5, 0, 3, 1, 0, 0, 12));
    }

    @Test
    void who_has_waited_longest_ticks_first() {
        Room early = new Room();
        Room late = new Room();
        List<Room> order = new ArrayList<>();
        TickWheel.Ticking first = recorded(early, order);
        TickWheel.Ticking second = recorded(late, order);
        wheel.start(second, 2, 10 * MILLI); // due at 22
        wheel.start(first, 15, 10 * MILLI); // due at 15

        turn(23 * MILLI);

        assertThat(order).containsExactly(early, late);
    }

    private static TickWheel.Ticking recorded(Room room, List<Room> order) {
        return new TickWheel.Ticking() {
            @Override
            public void tick(long dueNanos, long nowNanos) {
                order.add(room);
                room.tick(dueNanos, nowNanos);
            }

            @Override
            public boolean wantsTick() {
                return room.wantsTick();
            }
        };
    }

    @Test
    void a_round_that_was_interrupted_goes_on_though_rooms_came_and_went() {
        Room gone = new Room();
        Room stays = new Room();
        Room ticked = new Room();
        Room comes = new Room();
        wheel.start(gone, 4, 0);
        wheel.start(stays, 4, 0);
        wheel.start(ticked, 4, 0);
        assertThat(wheel.tickNext(4 * MILLI)).isTrue();
        assertThat(ticked.dueMillis).containsExactly(4L);

        wheel.stop(gone, 4);
        wheel.start(comes, 4, 5 * MILLI);
        assertThat(wheel.nextDeadlineNanos()).isEqualTo(4 * MILLI);
        turn(5 * MILLI);

        assertThat(stays.dueMillis).containsExactly(4L);
        assertThat(ticked.dueMillis).containsExactly(4L);
        assertThat(gone.dueMillis).isEmpty();
        assertThat(comes.dueMillis).isEmpty();
        assertThat(wheel.nextDeadlineNanos()).isEqualTo(24 * MILLI);
        turn(24 * MILLI);
        assertThat(comes.dueMillis).containsExactly(24L);
    }

    @Test
    void the_worst_is_forgotten_after_a_while() {
        Room room = new Room();
        wheel.start(room, 0, 0);
        turn(31 * MILLI);
        assertThat(wheel.lateness().report(0).worstMillis()).isEqualTo(11);

        long window = Lateness.WINDOW_NANOS;
        assertThat(wheel.lateness().report(window).worstMillis()).isEqualTo(11);
        assertThat(wheel.lateness().report(2 * window).worstMillis()).isZero();
    }
}
