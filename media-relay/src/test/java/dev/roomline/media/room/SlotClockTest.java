package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.leg.MediaClock;
import org.junit.jupiter.api.Test;

/** Sources whose timestamps are not of the time in which they come: what slots make of them. */
class SlotClockTest extends TwoSlots {
    private static final int FRAME = 960;
    private static final long SECOND = MediaClock.TICKS_PER_SECOND;

    private static long clockAt(long millis) {
        return MediaClock.ticks(millis * MILLI);
    }

    private long ahead() {
        return last().timestamp() - clockAt(nowMillis);
    }

    /** Sends so many packets, one each 20 ms, whose timestamps step by so much. */
    private void steps(Speaker speaker, int packets, long ticks) {
        for (int i = 0; i < packets; i++) {
            tick();
            speaker.timestamp += ticks - FRAME;
            assertThat(speaker.says()).isEqualTo(SlotForwarder.Verdict.SENT);
        }
    }

    private void assertTimeNeverGoesBack() {
        for (int slot = 0; slot < 2; slot++) {
            long before = Long.MIN_VALUE;
            for (Sent packet : sent) {
                if (packet.slot() == slot) {
                    assertThat(packet.timestamp()).isGreaterThan(before);
                    before = packet.timestamp();
                }
            }
        }
    }

    /** RTP of 8 kHz: 7,900 of its ticks, which is less than a second, in each 20 ms. */
    @Test
    void one_that_runs_ahead_step_by_step_takes_the_slots_clock_with_it_nowhere() {
        Speaker ada = new Speaker(1, 5, 0);
        steps(ada, 500, 6 * 7_900);
        assertThat(ahead()).isBetween(0L, SECOND / 4);
        slots.leave(1, nowMillis * MILLI);

        int left = sent.size();
        Speaker grace = new Speaker(2, 70, 30_000);
        Speaker third = new Speaker(3, 900, 90_000);
        for (int i = 0; i < 50; i++) {
            tick();
            grace.says();
            third.says();
        }
        assertThat(sent.subList(left, sent.size()))
                .allMatch(packet -> packet.timestamp() < clockAt(packet.atMillis()) + SECOND / 10);
        slots.pause(3, nowMillis * MILLI);
        third.isSilentFor(400);
        third.says();
        assertThat(ahead()).as("the next sound is on time again").isBetween(-(long) FRAME, 0L);
        assertTimeNeverGoesBack();
    }

    /** Some count 320 ticks for 20 ms of G.722, whose clock is 8 kHz (RFC 3551 §4.5.2). */
    @Test
    void one_that_counts_double_is_heard_without_a_break() {
        Speaker ada = new Speaker(1, 5, 0);
        steps(ada, 500, 2 * FRAME);

        assertThat(sent).hasSize(500);
        assertThat(sent.stream().filter(Sent::marker)).hasSize(1);
        assertThat(ahead()).isBetween(0L, SECOND / 5 + FRAME);
        for (int i = 1; i < sent.size(); i++) {
            assertThat(sent.get(i).sequence()).isEqualTo(sent.get(i - 1).sequence() + 1 & 0xFFFF);
        }
        for (int i = 50; i < sent.size(); i++) {
            assertThat(sent.get(i).timestamp() - sent.get(i - 1).timestamp()).isEqualTo(FRAME);
        }
    }

    @Test
    void one_whose_time_stands_nearly_still_does_not_fall_behind_without_end() {
        Speaker ada = new Speaker(1, 5, 0);
        steps(ada, 1_500, 1);

        assertThat(ahead()).isGreaterThan(-2 * SECOND);
        assertTimeNeverGoesBack();
    }

    @Test
    void one_whose_time_goes_back_within_a_sound_does_not_take_the_slot_back() {
        Speaker ada = new Speaker(1, 5, 0);
        steps(ada, 50, FRAME);
        steps(ada, 1, -2 * FRAME);
        steps(ada, 50, FRAME);
        steps(ada, 1, -SECOND + FRAME);
        steps(ada, 50, FRAME);

        assertTimeNeverGoesBack();
        assertThat(ahead()).isBetween(-SECOND / 5, SECOND / 5);
    }

    /** A minute in which each step is a tick of 8 kHz more or less than what is in the packet. */
    @Test
    void one_whose_steps_are_uneven_keeps_them() {
        Speaker ada = new Speaker(1, 5, 0);
        long began = ada.timestamp;
        for (int i = 0; i < 1_500; i++) {
            steps(ada, 1, FRAME + 6);
            steps(ada, 1, FRAME - 6);
        }

        assertThat(sent.stream().filter(Sent::marker)).hasSize(1);
        assertThat(last().timestamp() - sent.getFirst().timestamp())
                .isEqualTo(ada.timestamp - began - FRAME - 6);
    }

    @Test
    void what_a_network_held_back_keeps_its_place_in_time() {
        Speaker ada = new Speaker(1, 5, 0);
        steps(ada, 50, FRAME);
        nowMillis += 1_500;
        for (int i = 0; i < 75; i++) {
            ada.says();
        }
        steps(ada, 50, FRAME);

        assertThat(sent.stream().filter(Sent::marker)).hasSize(1);
        assertThat(last().timestamp() - sent.getFirst().timestamp()).isEqualTo(174 * FRAME);
    }

    @Test
    void more_sound_than_there_is_time_for_is_not_sent() {
        Speaker ada = new Speaker(1, 5, 0);
        int taken = 0;
        for (int i = 0; i < 200; i++) {
            taken += ada.says() == SlotForwarder.Verdict.SENT ? 1 : 0;
        }
        assertThat(ada.says()).isEqualTo(SlotForwarder.Verdict.TOO_MUCH);
        assertThat(taken).isBetween(50, 52);
        assertThat(ahead()).isBetween(SECOND, SECOND + 4 * FRAME);

        nowMillis += 1_000;
        ada.says();
        assertThat(last().marker()).isTrue();
        for (int i = 1; i < sent.size(); i++) {
            assertThat(sent.get(i).sequence()).isEqualTo(sent.get(i - 1).sequence() + 1 & 0xFFFF);
        }
        assertTimeNeverGoesBack();
    }

    /** It was overtaken, and its timestamp is of no time at all. */
    @Test
    void an_overtaken_packet_that_claims_to_be_of_later_is_not_sent() {
        Speaker ada = new Speaker(1, 5, 0);
        ada.says();
        ada.loses(1);
        ada.says();

        assertThat(ada.at(ada.sequence - 1, ada.timestamp + 5 * SECOND, 0, -30))
                .isEqualTo(SlotForwarder.Verdict.LATE);
        assertThat(ada.at(ada.sequence - 1, ada.timestamp - FRAME, 0, -30))
                .isEqualTo(SlotForwarder.Verdict.SENT);
    }
}
