package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.leg.PassThroughPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A phone that is held, and comes back, in the midst of another's tone: it hears no click. */
class HoldSoundTest {
    private static final int HOLDS = 6;

    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);

    /** By which codec it hears, and by which the other speaks: the same one goes as packets. */
    @ParameterizedTest
    @CsvSource({
        "PCMU,PCMU",
        "PCMA,PCMA",
        "PCMU,PCMA",
        "PCMA,PCMU",
        "G722,PCMU",
        "OPUS,PCMU",
        "OPUS,OPUS",
        "G722,G722",
        "G722,OPUS",
        "OPUS,G722"
    })
    void a_hold_and_its_end_make_no_click(AudioCodec hears, AudioCodec says) {
        Caller.humming(1, says, 440, at);
        Caller grace = new Caller(2, hears, 20, at);
        at.pass(1_000);
        int from = grace.packets.size();
        at.pass(500);
        // at another place in the tone each time
        for (int i = 0; i < HOLDS; i++) {
            grace.leg.setHeld(true);
            at.pass(600 + 7 * i);
            grace.leg.setHeld(false);
            at.pass(600 + 3 * i);
        }

        short[] heard = Played.by(grace, hears, from, at.codecs);
        int second = heard.length * 1_000 / (500 + HOLDS * 1_200 + 10 * 15);
        double steady = Played.roughness(heard, second / 10, second * 4 / 10);
        double worst = Played.roughness(heard, 0, heard.length);
        System.out.printf(
                "%s hears %s: steady %.0f, over holds %.0f%n", hears, says, steady, worst);
        assertThat(worst).isLessThan(2 * steady);
        assertThat(Level.dbov(heard, second * 8 / 10, second / 5)).isLessThan(-60);
        int rate = hears == AudioCodec.PCMU || hears == AudioCodec.PCMA ? 8_000 : 16_000;
        assertThat(Goertzel.dbov(heard, heard.length - rate / 4, rate / 4, 440, rate))
                .isBetween(-19.5, -16.5);
    }

    /** Of two who share a mix one is held: the other's is not touched. */
    @Test
    void who_hears_on_notices_nothing_of_anothers_hold() {
        Caller.humming(1, AudioCodec.PCMU, 440, at);
        Caller held = new Caller(2, AudioCodec.OPUS, 20, at);
        Caller other = new Caller(3, AudioCodec.OPUS, 20, at);
        at.pass(1_000);
        int heldFrom = held.packets.size();
        at.pass(500);
        for (int i = 0; i < HOLDS; i++) {
            held.leg.setHeld(true);
            at.pass(600 + 7 * i);
            held.leg.setHeld(false);
            at.pass(600 + 3 * i);
        }

        // from its first packet on: a decoder that begins within a tone is off for a second
        short[] heard = Played.by(other, AudioCodec.OPUS, 0, at.codecs);
        double steady = Played.roughness(heard, 16_000, 22_400);
        assertThat(Played.roughness(heard, 16_000, heard.length)).isLessThan(1.2 * steady);
        for (int at = 16_000; at + 1_600 < heard.length; at += 1_600) {
            assertThat(Level.dbov(heard, at, 1_600)).isBetween(-19, -17);
        }
        short[] back = Played.by(held, AudioCodec.OPUS, heldFrom, at.codecs);
        double worst = Played.roughness(back, 0, back.length);
        System.out.printf("one of two held: steady %.0f, over holds %.0f%n", steady, worst);
        assertThat(worst).as("nor does the other click").isLessThan(2 * steady);
        // and shares again with the one that came back
        Caller.Packet last = other.packets.getLast();
        assertThat(held.packets.getLast().payload()).isEqualTo(last.payload());
    }

    /** It was heard by its packets when it was muted; who hears it mixed came meanwhile. */
    @Test
    void who_is_unmuted_rises_where_it_was_not_heard_before() {
        Caller ada = Caller.humming(1, AudioCodec.PCMU, 440, at);
        new Caller(2, AudioCodec.PCMU, 20, at);
        at.pass(1_000);
        double worst = 0;
        double steady = 0;
        for (int i = 0; i < HOLDS; i++) {
            ada.leg.setMuted(true);
            at.pass(300 + 7 * i);
            Caller linus = new Caller(10 + i, AudioCodec.PCMA, 20, at);
            at.pass(500);
            ada.leg.setMuted(false);
            at.pass(600);
            short[] heard = Played.by(linus, AudioCodec.PCMA, 0, at.codecs);
            worst = Math.max(worst, Played.roughness(heard, 0, heard.length));
            steady = Math.max(steady, Played.roughness(heard, heard.length * 3 / 4, heard.length));
            at.room.remove(10 + i);
            at.pass(200);
        }
        System.out.printf("unmuted: steady %.0f, at the beginning %.0f%n", steady, worst);
        assertThat(worst).isLessThan(2 * steady);
    }

    /** A browser hears silence by nothing coming: its mix ends faded and rises again. */
    @Test
    void a_hold_of_a_browser_and_its_end_make_no_click() {
        Caller.humming(1, AudioCodec.PCMU, 440, at);
        MixedBrowser grace = new MixedBrowser(2, at);
        at.pass(1_000);
        int from = grace.path.packets.size();
        at.pass(500);
        for (int i = 0; i < HOLDS; i++) {
            grace.leg.setHeld(true);
            at.pass(40);
            int held = grace.path.packets.size();
            at.pass(560 + 7 * i);
            assertThat(grace.path.packets).as("on hold").hasSize(held);
            grace.leg.setHeld(false);
            at.pass(600 + 3 * i);
        }

        List<Caller.Packet> packets = grace.path.packets.subList(from, grace.path.packets.size());
        short[] heard = Played.of(packets, AudioCodec.OPUS, at.codecs);
        double steady = Played.roughness(heard, 1_600, 6_400);
        double worst = Played.roughness(heard, 0, heard.length);
        System.out.printf("a browser held: steady %.0f, over holds %.0f%n", steady, worst);
        assertThat(worst).isLessThan(2 * steady);
        assertThat(Goertzel.dbov(heard, heard.length - 4_000, 4_000, 440, 16_000))
                .isBetween(-19.5, -16.5);
    }

    /** In the midst of another's tone, at another place in it each time. */
    @ParameterizedTest
    @CsvSource({
        "PCMU,PCMU",
        "PCMA,PCMU",
        "G722,PCMU",
        "OPUS,PCMU",
        "OPUS,OPUS",
        "PCMU,OPUS",
        "G722,OPUS"
    })
    void who_joins_hears_what_is_said_rise_and_no_click(AudioCodec hears, AudioCodec says) {
        if (says == AudioCodec.OPUS) {
            new Hum(at, 1, 440, 3);
        } else {
            Caller.humming(1, says, 440, at);
        }
        // others hear it as this one will
        new Caller(99, hears, 20, at);
        at.pass(1_000);
        double worst = 0;
        double steady = 0;
        for (int i = 0; i < 10; i++) {
            Caller grace = new Caller(2 + i, hears, 20, at);
            at.pass(600 + 7 * i);
            short[] heard = Played.by(grace, hears, 0, at.codecs);
            // as it is played behind nothing
            short[] played = new short[heard.length + 160];
            System.arraycopy(heard, 0, played, 160, heard.length);
            worst = Math.max(worst, Played.roughness(played, 0, played.length / 2));
            steady = Math.max(steady, Played.roughness(played, played.length / 2, played.length));
            at.room.remove(2 + i);
        }
        System.out.printf(
                "%s joins %s: steady %.0f, at the beginning %.0f%n", hears, says, steady, worst);
        assertThat(worst).isLessThan(2 * steady);
    }
}
