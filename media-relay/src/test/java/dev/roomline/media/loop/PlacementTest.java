package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlacementTest {
    @Test
    void a_busy_loop_with_few_legs_is_passed_over_for_an_idle_one_with_more() {
        double oneLoudRoom = Placement.expected(0.6, 10, 10);
        double manyQuietLegs = Placement.expected(0.2, 40, 40);

        assertThat(manyQuietLegs).isLessThan(oneLoudRoom);
    }

    @Test
    void rooms_that_come_between_two_measurements_fill_both_loops_alike() {
        int[] weights = {20, 0};
        double[] measured = {0.2, 0.0};
        for (int room = 0; room < 200; room++) {
            double first = Placement.expected(measured[0], 20, weights[0]);
            double second = Placement.expected(measured[1], 0, weights[1]);
            weights[second < first ? 1 : 0]++;
        }

        double first = Placement.expected(measured[0], 20, weights[0]);
        double second = Placement.expected(measured[1], 0, weights[1]);
        assertThat(first).isCloseTo(second, org.assertj.core.api.Assertions.within(0.02));
        assertThat(weights[0]).isGreaterThan(30);
    }

    @Test
    void idle_loops_are_filled_one_leg_each() {
        assertThat(Placement.expected(0, 0, 1)).isGreaterThan(Placement.expected(0, 0, 0));
    }

    @Test
    void legs_that_left_make_room_at_once() {
        assertThat(Placement.expected(0.5, 100, 50)).isEqualTo(0.25);
        assertThat(Placement.expected(0.1, 100, 0)).isZero();
    }
}
