package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.leg.PassThroughPolicy;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Silence towards a phone that agreed to comfort noise: told at its start, and not sent. */
class ComfortNoiseOutTest {
    private static final int SECOND = 8_000;
    private static final int FRAME = 160;
    private static final int TURNS = 6;

    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);

    private static boolean isNoise(Caller.Packet packet) {
        return packet.payloadType() == Caller.COMFORT_NOISE;
    }

    private static List<Caller.Packet> noises(List<Caller.Packet> packets) {
        return packets.stream().filter(ComfortNoiseOutTest::isNoise).toList();
    }

    /** Numbers without a gap, times as they pass, a marker behind silence and nowhere else. */
    private static void assertGoesOn(List<Caller.Packet> packets) {
        for (int i = 1; i < packets.size(); i++) {
            Caller.Packet before = packets.get(i - 1);
            Caller.Packet packet = packets.get(i);
            assertThat(packet.sequence()).isEqualTo(before.sequence() + 1 & 0xFFFF);
            int passed = packet.timestamp() - before.timestamp();
            int length = isNoise(before) ? FRAME : before.payload().length;
            double millis = (packet.atNanos() - before.atNanos()) / 1e6;
            // packets leave when they are whole, two at once where twice as long ones come
            double most = Math.max(2 * FRAME, Math.max(length, packet.payload().length)) / 8.0;
            assertThat(passed / 8.0).isBetween(millis - most, millis + most);
            assertThat(passed).isGreaterThanOrEqualTo(length);
            if (isNoise(packet) && !isNoise(before)) {
                // who ceases without a word is waited for
                assertThat(passed).as("told at once").isLessThan(length + 9 * FRAME);
            }
            boolean rested = isNoise(before) || passed > length;
            assertThat(packet.marker()).isEqualTo(rested && !isNoise(packet));
        }
    }

    /** By which codec it hears, and by which the other speaks: the same one goes as packets. */
    @ParameterizedTest
    @CsvSource({"PCMU,PCMU,20", "PCMA,PCMA,20", "PCMU,PCMA,20", "PCMA,PCMU,20", "PCMU,PCMU,40"})
    @Tag("RFC3389§4")
    @Tag("RFC6263§4.2")
    void silence_is_told_once_and_then_again_each_second(
            AudioCodec hears, AudioCodec says, int ptimeMillis) {
        Talker ada = new Talker(at, 1, says, ptimeMillis, 3);
        Caller grace = Caller.withComfortNoise(2, hears, 20, at);
        at.pass(1_000);
        ada.sends = false;
        at.pass(2_500);
        int from = grace.packets.size();
        assertThat(noises(grace.packets)).as("told").isNotEmpty();
        at.pass(10_000);
        List<Caller.Packet> silent = grace.packets.subList(from, grace.packets.size());

        assertThat(silent).hasSize(10).allMatch(ComfortNoiseOutTest::isNoise);
        for (Caller.Packet each : silent) {
            assertThat(each.payload()).containsExactly(127);
        }
        for (int i = 1; i < silent.size(); i++) {
            int passed = silent.get(i).timestamp() - silent.get(i - 1).timestamp();
            assertThat(passed).isEqualTo(SECOND);
        }
        ada.sends = true;
        at.pass(400);
        assertThat(noises(grace.packets.subList(grace.packets.size() - 15, grace.packets.size())))
                .isEmpty();
        ada.sends = false;
        at.pass(2_500);
        // the first noise stands where nothing was heard before
        List<Caller.Packet> all = grace.packets;
        int first = 0;
        while (isNoise(all.get(first)) || all.get(first).marker()) {
            first++;
        }
        assertGoesOn(all.subList(first, all.size()));
    }

    /** In the midst of another's tone, at another place in it each time. */
    @ParameterizedTest
    @CsvSource({"PCMU,PCMU", "PCMA,PCMA", "PCMU,PCMA", "PCMA,PCMU"})
    void silence_begins_and_ends_without_a_click(AudioCodec hears, AudioCodec says) {
        Caller ada = Caller.humming(1, says, 440, at);
        Caller grace = Caller.withComfortNoise(2, hears, 20, at);
        at.pass(1_000);
        int from = grace.packets.size();
        at.pass(500);
        for (int i = 0; i < TURNS; i++) {
            boolean holds = i % 2 == 0;
            (holds ? grace : ada).leg.setHeld(holds);
            ada.leg.setMuted(!holds);
            at.pass(600 + 7 * i);
            grace.leg.setHeld(false);
            ada.leg.setMuted(false);
            at.pass(600 + 3 * i);
        }

        List<Caller.Packet> packets = grace.packets.subList(from, grace.packets.size());
        assertThat(noises(packets)).hasSizeBetween(TURNS, 2 * TURNS);
        short[] heard = Played.of(packets, hears, at.codecs);
        double steady = Played.roughness(heard, SECOND / 10, SECOND * 4 / 10);
        double worst = Played.roughness(heard, 0, heard.length);
        System.out.printf(
                "%s hears %s: steady %.0f, over silences %.0f%n", hears, says, steady, worst);
        assertThat(worst).isLessThan(2 * steady);
        assertThat(Level.dbov(heard, SECOND * 8 / 10, SECOND / 5)).isLessThan(-60);
        assertThat(Goertzel.dbov(heard, heard.length - 2_000, 2_000, 440, 8_000))
                .isBetween(-19.5, -16.5);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 20, 30, 40, 50, 60})
    void what_waits_of_a_packet_is_sent_before_the_silence(int ptimeMillis) {
        Caller.humming(1, AudioCodec.PCMA, 440, at);
        Caller grace = Caller.withComfortNoise(2, AudioCodec.PCMU, ptimeMillis, at);
        at.pass(1_000);
        int from = grace.packets.size() - 1;
        for (int i = 0; i < TURNS; i++) {
            grace.leg.setHeld(true);
            at.pass(400 + 20 * i);
            grace.leg.setHeld(false);
            at.pass(400);
        }
        List<Caller.Packet> packets = grace.packets.subList(from, grace.packets.size());

        assertThat(noises(packets)).hasSize(TURNS);
        assertThat(packets.stream().filter(each -> !isNoise(each)))
                .allMatch(each -> each.payload().length == 8 * ptimeMillis);
        assertGoesOn(packets);
    }

    @Test
    void keys_break_the_silence_and_it_is_told_anew_behind_them() {
        Caller grace = Caller.withComfortNoise(2, AudioCodec.PCMU, 20, at);
        at.pass(1_500);
        int from = grace.packets.size();
        grace.leg.press("5", 100, 40, false);
        at.pass(400);
        List<Caller.Packet> pressed = grace.packets.subList(from, grace.packets.size());
        List<Integer> types = pressed.stream().map(Caller.Packet::payloadType).distinct().toList();

        assertThat(types).containsSubsequence(Caller.EVENTS, Caller.COMFORT_NOISE);
        assertThat(noises(pressed)).hasSize(1);
        assertThat(pressed.getLast().payloadType()).isEqualTo(Caller.COMFORT_NOISE);
    }

    @Test
    void sound_right_behind_the_word_of_silence_begins_a_talk_spurt() {
        Caller grace = Caller.withComfortNoise(2, AudioCodec.PCMU, 20, at);
        byte[] frame = new byte[FRAME];
        grace.leg.sendMix(frame, 0, FRAME, -30);
        grace.leg.sendSilence();
        grace.leg.sendMix(frame, 0, FRAME, -30);
        grace.leg.sendMix(frame, 0, FRAME, -30);

        assertThat(grace.packets.stream().map(Caller.Packet::marker))
                .containsExactly(true, false, true, false);
        assertThat(isNoise(grace.packets.get(1))).isTrue();
    }

    /** What a decoder of G.722 hears next depends on all before: its silence is sent as ever. */
    @Test
    void by_g722_silence_is_sent() {
        Caller grace = Caller.withComfortNoise(2, AudioCodec.G722, 20, at);
        at.pass(500);
        int from = grace.packets.size();
        at.pass(1_000);

        assertThat(grace.packets.subList(from, grace.packets.size())).hasSize(50);
        assertThat(noises(grace.packets)).isEmpty();
    }
}
