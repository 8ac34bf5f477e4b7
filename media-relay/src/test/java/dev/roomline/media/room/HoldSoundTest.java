package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.leg.PassThroughPolicy;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A phone that is held, and comes back, in the midst of another's tone: it hears no click. */
class HoldSoundTest {
    private static final int HOLDS = 6;

    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);

    /** Says a tone by G.711 for ever. */
    private Caller hum(int id, AudioCodec codec, double hertz) {
        Caller phone = new Caller(id, codec, 20, at);
        Tone tone = new Tone(hertz, 8_000, -18);
        AudioEncoder encoder = at.codecs.openG711Encoder(codec);
        short[] pcm = new short[160];
        at.everybody.add(
                () -> {
                    if (at.nowMillis() % 20 == 3) {
                        byte[] packet = new byte[160];
                        tone.generate(pcm, 0, 160);
                        encoder.encode(pcm, 0, 160, packet, 0);
                        phone.says(packet, 160);
                    }
                });
        return phone;
    }

    /** What it plays, at its codec's rate: gaps in time are silence. */
    private short[] plays(Caller phone, AudioCodec codec, int from) {
        List<Caller.Packet> packets = phone.packets.subList(from, phone.packets.size());
        try (AudioDecoder decoder = at.codecs.openDecoder(codec)) {
            int rate = decoder.sampleRate();
            int origin = packets.getFirst().timestamp();
            int ticks = packets.getLast().timestamp() - origin;
            int end = (int) ((long) ticks * rate / codec.clockRate());
            short[] heard = new short[end + rate];
            for (Caller.Packet each : packets) {
                int ahead = each.timestamp() - origin;
                int place = (int) ((long) ahead * rate / codec.clockRate());
                decoder.decode(each.payload(), 0, each.payload().length, heard, place);
            }
            return Arrays.copyOf(heard, end);
        }
    }

    private static double roughness(short[] pcm, int from, int to) {
        double worst = 0;
        for (int i = Math.max(2, from); i < to; i++) {
            worst = Math.max(worst, Math.abs(pcm[i] - 2.0 * pcm[i - 1] + pcm[i - 2]));
        }
        return worst;
    }

    /** By which codec it hears, and by which the other speaks: the same one goes as packets. */
    @ParameterizedTest
    @CsvSource({"PCMU,PCMU", "PCMA,PCMA", "PCMU,PCMA", "PCMA,PCMU", "G722,PCMU", "OPUS,PCMU"})
    void a_hold_and_its_end_make_no_click(AudioCodec hears, AudioCodec says) {
        hum(1, says, 440);
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

        short[] heard = plays(grace, hears, from);
        int second = heard.length * 1_000 / (500 + HOLDS * 1_200 + 10 * 15);
        double steady = roughness(heard, second / 10, second * 4 / 10);
        double worst = roughness(heard, 0, heard.length);
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
        hum(1, AudioCodec.PCMU, 440);
        Caller held = new Caller(2, AudioCodec.OPUS, 20, at);
        Caller other = new Caller(3, AudioCodec.OPUS, 20, at);
        at.pass(1_000);
        int from = other.packets.size();
        at.pass(500);
        for (int i = 0; i < HOLDS; i++) {
            held.leg.setHeld(true);
            at.pass(600 + 7 * i);
            held.leg.setHeld(false);
            at.pass(600 + 3 * i);
        }

        short[] heard = plays(other, AudioCodec.OPUS, from);
        double steady = roughness(heard, 1_600, 6_400);
        assertThat(roughness(heard, 0, heard.length)).isLessThan(1.2 * steady);
        // a decoder that begins in the midst of a stream needs a moment
        for (int at = 1_600; at + 1_600 < heard.length; at += 1_600) {
            assertThat(Level.dbov(heard, at, 1_600)).isBetween(-19, -17);
        }
        // and shares again with the one that came back
        Caller.Packet last = other.packets.getLast();
        assertThat(held.packets.getLast().payload()).isEqualTo(last.payload());
    }
}
