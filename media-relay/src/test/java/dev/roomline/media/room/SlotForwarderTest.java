package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.leg.MediaClock;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who gets a slot, and which numbers and times its packets bear. */
class SlotForwarderTest extends TwoSlots {
    @Test
    void each_source_keeps_its_own_slot_while_there_are_enough() {
        Speaker a = new Speaker(1, 5, 0);
        Speaker b = new Speaker(2, 900, 70_000);
        for (int i = 0; i < 5; i++) {
            a.says();
            b.says();
            tick();
        }
        slots.pause(1, nowMillis * MILLI);
        a.isSilentFor(60_000);
        a.says();

        assertThat(slots.carries()).containsExactly(1, 2);
        assertThat(last().slot()).isZero();
    }

    @Test
    void sequence_numbers_go_on_from_the_slots_own_and_wrap() {
        Speaker a = new Speaker(1, 40_000, 0);
        Speaker b = new Speaker(2, 7, 0);
        a.says();
        for (int i = 0; i < 4; i++) {
            b.says();
        }

        assertThat(sent)
                .filteredOn(packet -> packet.source() == 2)
                .extracting(Sent::sequence)
                .containsExactly(65_535, 0, 1, 2);
    }

    @Test
    void what_was_lost_before_us_stays_a_gap() {
        Speaker a = new Speaker(1, 5, 0);
        a.says();
        a.loses(3);
        a.says();

        assertThat(sent).extracting(Sent::sequence).containsExactly(101, 105);
        assertThat(sent.get(1).timestamp() - sent.get(0).timestamp()).isEqualTo(4 * 960);
    }

    @Test
    void what_was_withheld_is_no_gap() {
        Speaker a = new Speaker(1, 5, 0);
        a.says();
        slots.pause(1, nowMillis * MILLI);
        a.loses(50);
        a.says();

        // one packet, two that end the sound, one after the pause
        assertThat(sent).extracting(Sent::sequence).containsExactly(101, 102, 103, 104);
    }

    @Test
    void a_spurt_begins_with_the_marker_and_ends_with_silence() {
        Speaker a = new Speaker(1, 5, 0);
        a.says();
        tick();
        a.says();
        slots.pause(1, nowMillis * MILLI);

        assertThat(sent).extracting(Sent::marker).containsExactly(true, false, false, false);
        assertThat(sent).extracting(Sent::length).containsExactly(60, 60, 3, 3);
        assertThat(sent.get(3).timestamp() - sent.get(1).timestamp()).isEqualTo(2 * 960);
    }

    @Test
    void a_sound_that_is_cut_off_is_ended_after_a_while() {
        Speaker a = new Speaker(1, 5, 0);
        a.says();

        slots.settle((nowMillis + 149) * MILLI);
        assertThat(slots.sounding()).isTrue();
        slots.settle((nowMillis + 150) * MILLI);

        assertThat(slots.sounding()).isFalse();
        assertThat(sent).hasSize(3);
    }

    @Test
    void timestamps_advance_through_silence_as_our_clock_does() {
        Speaker a = new Speaker(1, 5, 123_456);
        a.says();
        long first = last().timestamp();
        slots.pause(1, nowMillis * MILLI);
        a.isSilentFor(5_000);
        tick();
        a.says();

        assertThat(last().timestamp() - first).isEqualTo(48 * 5_000 + 960);
        assertThat(last().timestamp())
                .isBetween(
                        MediaClock.ticks(nowMillis * MILLI),
                        MediaClock.ticks(nowMillis * MILLI) + 960);
    }

    @Test
    void timestamps_never_run_back_over_the_silence_that_ended_a_sound() {
        Speaker a = new Speaker(1, 5, 0);
        a.says();
        slots.pause(1, nowMillis * MILLI);
        long ended = last().timestamp();
        tick();
        a.says();

        assertThat(last().timestamp() - ended).isEqualTo(960);
    }

    @Test
    void a_late_first_packet_does_not_set_the_clock_back() {
        Speaker a = new Speaker(1, 5, 0);
        for (int i = 0; i < 20; i++) {
            a.says();
            tick();
        }
        long steady = last().timestamp();
        slots.pause(1, nowMillis * MILLI);
        a.isSilentFor(1_000);
        a.says(80, -30);

        assertThat(last().timestamp() - steady).isEqualTo(48 * 1_000 + 960);
    }

    @Test
    void no_sequence_number_is_ever_sent_twice() {
        Speaker a = new Speaker(1, 5, 0);
        Speaker b = new Speaker(2, 5, 0);
        Speaker c = new Speaker(3, 5, 0);
        for (int i = 0; i < 40; i++) {
            a.says(0, -30);
            a.again(1, -30);
            b.says(0, -20);
            if (i % 3 == 0) {
                a.at(a.sequence - 4, a.timestamp - 4 * 960, 2, -30);
            }
            if (i % 7 == 0) {
                c.says(0, -5);
                slots.pause(2, nowMillis * MILLI);
            }
            if (i == 20) {
                slots.leave(3, nowMillis * MILLI);
            }
            tick();
        }

        Set<String> numbers = new HashSet<>();
        for (Sent packet : sent) {
            assertThat(numbers.add(packet.slot() + ":" + packet.sequence()))
                    .as("slot and sequence %s", packet)
                    .isTrue();
        }
    }

    @Test
    void a_duplicate_and_a_straggler_of_the_last_spurt_are_dropped() {
        Speaker a = new Speaker(1, 5, 0);
        a.says();
        tick();
        a.says();

        assertThat(a.again(0, -30)).isEqualTo(SlotForwarder.Verdict.LATE);
        slots.pause(1, nowMillis * MILLI);
        assertThat(a.at(a.sequence - 1, a.timestamp - 960, 0, -30))
                .isEqualTo(SlotForwarder.Verdict.LATE);
    }

    @Test
    void a_reordered_packet_keeps_its_place() {
        Speaker a = new Speaker(1, 5, 0);
        a.says();
        a.loses(1);
        a.says();

        assertThat(a.at(a.sequence - 1, a.timestamp - 960, 0, -30))
                .isEqualTo(SlotForwarder.Verdict.SENT);
        assertThat(sent).extracting(Sent::sequence).containsExactly(101, 103, 102);
        // under one number nothing goes twice, or its nonce would be used twice
        assertThat(a.at(a.sequence - 1, a.timestamp - 960, 5, -30))
                .isEqualTo(SlotForwarder.Verdict.LATE);
        assertThat(sent).hasSize(3);
    }

    @Test
    void a_third_speaker_waits_while_both_slots_sound() {
        Speaker a = new Speaker(1, 5, 0);
        Speaker b = new Speaker(2, 5, 0);
        a.says();
        b.says();

        assertThat(new Speaker(3, 5, 0).says()).isEqualTo(SlotForwarder.Verdict.NO_SLOT);
        assertThat(slots.carries()).containsExactly(1, 2);
    }

    @Test
    void a_much_louder_speaker_takes_the_quietest_ones_slot() {
        Speaker a = new Speaker(1, 5, 0);
        Speaker b = new Speaker(2, 5, 0);
        a.says(0, -30);
        b.says(0, -45);

        assertThat(new Speaker(3, 5, 0).says(0, -30)).isEqualTo(SlotForwarder.Verdict.SENT);
        assertThat(slots.carries()).containsExactly(1, 3);
        assertThat(slots.takeChanged()).isTrue();
        assertThat(slots.takeChanged()).isFalse();
    }

    @Test
    void a_slot_that_has_paused_half_a_second_is_given_on() {
        Speaker a = new Speaker(1, 5, 0);
        Speaker b = new Speaker(2, 5, 0);
        a.says();
        b.says();
        slots.pause(1, nowMillis * MILLI);
        Speaker c = new Speaker(3, 5, 0);

        nowMillis += 499;
        b.says();
        assertThat(c.says()).isEqualTo(SlotForwarder.Verdict.NO_SLOT);
        nowMillis += 1;
        assertThat(c.says()).isEqualTo(SlotForwarder.Verdict.SENT);
        assertThat(slots.carries()).containsExactly(3, 2);
    }

    @Test
    void who_leaves_frees_the_slot_at_once() {
        Speaker a = new Speaker(1, 5, 0);
        a.says();

        slots.leave(1, nowMillis * MILLI);

        assertThat(slots.carries()).containsExactly(0, 0);
        assertThat(last().length()).isEqualTo(3);
    }

    @Test
    void a_source_whose_sound_is_encoded_anew_from_here_on_begins_another_sound() {
        Speaker own = new Speaker(7, 5_000, 96_000);
        Speaker ours = new Speaker(7, 3, 48_000);
        own.says();
        own.says();
        assertThat(ours.says()).isEqualTo(SlotForwarder.Verdict.SENT);
        assertThat(ours.says()).isEqualTo(SlotForwarder.Verdict.SENT);
        own.says();

        // two frames of silence stand between them, and numbers go on
        assertThat(sent.stream().map(Sent::marker))
                .containsExactly(true, false, false, false, true, false, false, false, true);
        for (int i = 1; i < sent.size(); i++) {
            assertThat(sent.get(i).sequence()).isEqualTo(sent.get(i - 1).sequence() + 1 & 0xFFFF);
            assertThat(sent.get(i).timestamp()).isGreaterThan(sent.get(i - 1).timestamp());
        }
    }
}
