package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.leg.PassThroughPolicy;
import dev.roomline.media.sdp.OpusParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Phones by Opus that hear one another's packets, in virtual time: no change may be heard. */
class OpusForwardsTest {
    private static final int RATE = 16_000;

    private VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);

    @Test
    void one_hears_anothers_packets_as_they_come() {
        Hum ada = new Hum(at, 1, 440, 3);
        Hum grace = new Hum(at, 2, 620, 11);
        at.pass(300);
        int from = grace.phone.packets.size();
        for (int i = 0; i < 50; i++) {
            at.pass(20);
            assertThat(grace.phone.packets.getLast().payload()).isEqualTo(ada.last);
        }

        assertThat(grace.phone.packets.size() - from).isEqualTo(50);
        assertThat(grace.phone.packets.getLast().atNanos() / VirtualRoom.MILLI % 20).isEqualTo(3);
        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
        assertThat(at.told).contains("talks 1", "talks 2");
    }

    @Test
    void where_mixing_begins_and_ends_there_is_no_click() {
        Hum ada = new Hum(at, 1, 440, 3);
        Hum grace = new Hum(at, 2, 620, 11);
        Hum linus = new Hum(at, 3, 620, 14);
        grace.loud = false;
        linus.loud = false;
        ada.turnMillis = 1_300;
        at.pass(2_600 - (int) (at.nowMillis() % 2_600));
        at.pass(400);
        int from = grace.phone.packets.size();
        at.pass(300);
        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
        linus.loud = true;
        at.pass(400);
        assertThat(ada.phone.leg.ear().isOpen()).as("mixed").isTrue();
        linus.loud = false;
        at.pass(5_000);
        assertThat(ada.phone.leg.ear().isOpen()).as("its packets again").isFalse();

        short[] heard = grace.plays(from);
        double steady = Played.roughness(heard, 2_000, 4_000);
        double worst = Played.roughness(heard, 0, heard.length);
        System.out.printf("Opus, packets to mix and back: %.0f, steady %.0f%n", worst, steady);
        // two tones together are rougher than one: the sum of their own
        double both = steady * (1 + 620.0 * 620 / 440 / 440);
        assertThat(worst).isLessThan(1.2 * both);
        int mixed = (int) (0.45 * RATE);
        assertThat(Goertzel.dbov(heard, mixed, 3_200, 620, RATE)).isGreaterThan(-24);
        assertThat(Goertzel.dbov(heard, mixed, 3_200, 440, RATE)).isGreaterThan(-24);
    }

    /** From one to the next: in its last word's echo, soon behind it, and after a pause. */
    @ParameterizedTest
    @ValueSource(ints = {0, 40, 200, 1_500, 3_000})
    void where_another_takes_the_word_there_is_no_click(int betweenMillis) {
        Hum ada = new Hum(at, 1, 440, 3);
        Hum grace = new Hum(at, 2, 620, 11);
        Hum linus = new Hum(at, 3, 620, 14);
        grace.loud = false;
        linus.loud = false;
        at.pass(2_600);
        int from = grace.phone.packets.size();
        at.pass(500);
        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
        ada.loud = false;
        at.pass(betweenMillis);
        linus.loud = true;
        at.pass(600);
        int said = (500 + betweenMillis) * 16;
        linus.loud = false;
        at.pass(3_000);
        linus.loud = true;
        at.pass(600);
        assertThat(linus.phone.leg.ear().isOpen()).as("as it comes").isFalse();

        short[] heard = grace.plays(from);
        double steady = Played.roughness(heard, 2_000, 4_000);
        double worst = Played.roughness(heard, 0, heard.length);
        System.out.printf(
                "Opus, from one to the next after %d ms: %.0f, steady %.0f%n",
                betweenMillis, worst, steady);
        double both = steady * (1 + 620.0 * 620 / 440 / 440);
        assertThat(worst).isLessThan(1.2 * both);
        assertThat(Goertzel.dbov(heard, said + 4_800, 3_200, 620, RATE)).isGreaterThan(-24);
        assertThat(Goertzel.dbov(heard, heard.length - 4_800, 3_200, 620, RATE)).isGreaterThan(-24);
    }

    @Test
    void a_hold_of_who_hears_and_its_end_make_no_click() {
        new Hum(at, 1, 440, 3);
        Hum grace = new Hum(at, 2, 620, 11);
        at.pass(500);
        int from = grace.phone.packets.size();
        at.pass(400);
        for (int i = 0; i < 6; i++) {
            grace.phone.leg.setHeld(true);
            at.pass(500 + 7 * i);
            grace.phone.leg.setHeld(false);
            at.pass(500 + 3 * i);
        }

        short[] heard = grace.plays(from);
        double steady = Played.roughness(heard, 2_000, 6_000);
        double worst = Played.roughness(heard, 6_000, heard.length);
        System.out.printf("Opus packets, held: %.0f, steady %.0f%n", worst, steady);
        assertThat(worst).isLessThan(2 * steady);
        assertThat(Goertzel.dbov(heard, heard.length - 3_200, 3_200, 440, RATE))
                .isBetween(-20.0, -16.0);
    }

    @Test
    void a_mute_ends_the_sound_at_once_and_without_a_click() {
        Hum ada = new Hum(at, 1, 440, 3);
        Hum grace = new Hum(at, 2, 620, 11);
        at.pass(500);
        int from = grace.phone.packets.size();
        at.pass(400);
        ada.phone.leg.setMuted(true);
        at.pass(400);

        short[] heard = grace.plays(from);
        double steady = Played.roughness(heard, 2_000, 6_000);
        assertThat(Played.roughness(heard, 6_000, heard.length)).isLessThan(2 * steady);
        assertThat(Goertzel.dbov(heard, heard.length - 3_200, 3_200, 440, RATE)).isLessThan(-60);
    }

    @Test
    void a_volume_that_no_packet_can_have_is_mixed_without_a_click() {
        Hum ada = new Hum(at, 1, 440, 3);
        Hum grace = new Hum(at, 2, 620, 11);
        at.pass(500);
        int from = grace.phone.packets.size();
        at.pass(400);
        ada.phone.leg.setVolume(-12);
        at.pass(1_000);
        assertThat(ada.phone.leg.ear().isOpen()).isTrue();

        short[] heard = grace.plays(from);
        double steady = Played.roughness(heard, 2_000, 6_000);
        assertThat(Played.roughness(heard, 6_000, heard.length)).isLessThan(2 * steady);
        assertThat(Goertzel.dbov(heard, heard.length - 3_200, 3_200, 440, RATE))
                .isBetween(-34.0, -27.0);
    }

    /** Least bit rate, or packets of equal length: what others send is not what it wishes. */
    @ParameterizedTest
    @CsvSource({"12000,false,48000", "0,true,48000", "0,false,8000"})
    void who_wishes_less_than_others_send_is_encoded_for(int bitrate, boolean cbr, int hertz) {
        Hum ada = new Hum(at, 1, 440, 3);
        new Hum(at, 2, 620, 11, new OpusParameters(true, false, false, hertz, bitrate, cbr));
        at.pass(500);

        assertThat(ada.phone.leg.ear().isOpen()).isTrue();
    }

    @Test
    void where_the_operator_forbids_it_everybody_is_mixed() {
        at = new VirtualRoom(PassThroughPolicy.NEVER);
        Hum ada = new Hum(at, 1, 440, 3);
        Hum grace = new Hum(at, 2, 620, 11);
        at.pass(1_000);

        assertThat(ada.phone.leg.ear().isOpen()).isTrue();
        short[] heard = grace.plays(20);
        assertThat(Goertzel.dbov(heard, heard.length - 3_200, 3_200, 440, RATE)).isGreaterThan(-24);
    }

    @Test
    void who_loses_much_is_encoded_for_from_the_next_pause_on_until_it_loses_less() {
        Hum ada = new Hum(at, 1, 440, 3);
        Hum grace = new Hum(at, 2, 620, 11);
        at.pass(1_000);
        grace.phone.reports(0);
        at.pass(500);
        grace.phone.reports(256 / 10);
        at.pass(200);
        assertThat(ada.phone.leg.ear().isOpen()).as("in the midst of its sound").isFalse();
        ada.loud = false;
        at.pass(700);
        assertThat(ada.phone.leg.ear().isOpen()).isTrue();
        ada.loud = true;
        at.pass(500);
        grace.phone.reports(0);
        at.pass(200);
        assertThat(ada.phone.leg.ear().isOpen()).as("in the midst of its sound").isTrue();
        ada.loud = false;
        at.pass(700);
        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
    }
}
