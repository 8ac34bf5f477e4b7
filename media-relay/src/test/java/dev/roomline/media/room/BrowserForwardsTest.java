package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.G711;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.leg.BrowserLeg;
import dev.roomline.media.leg.PassThroughPolicy;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A browser's Opus on its way to a phone that has Opus, in virtual time. */
class BrowserForwardsTest {
    private static final int RATE = 16_000;

    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);

    /** A browser that speaks and hears nothing, by a path that is open. */
    private final class Singer {
        private final SpeakingBrowser browser = new SpeakingBrowser(1, at);
        final BrowserLeg leg = browser.leg;
        private final OpusEncoder encoder =
                at.codecs.openOpusEncoder(OpusSettings.voice(48_000, 5));
        private final Tone tone = new Tone(440, 48_000, -18);
        private final short[] pcm = new short[960];
        byte[] last = new byte[0];

        Singer() {
            at.everybody.add(this::passMilli);
        }

        private void passMilli() {
            if (at.nowMillis() % 20 == 7) {
                tone.generate(pcm, 0, 960);
                byte[] packet = new byte[1_275];
                int length = encoder.encode(pcm, 0, 960, packet, 0);
                last = Arrays.copyOf(packet, length);
                browser.says(last);
            }
        }
    }

    @Test
    void a_phone_gets_a_browsers_packets_as_they_come_and_nobody_is_decoded() {
        Singer ada = new Singer();
        Caller grace = new Caller(2, AudioCodec.OPUS, 20, at);
        at.pass(300);
        int from = grace.packets.size();
        int ticks = at.ticks;
        for (int i = 0; i < 100; i++) {
            at.pass(20);
            assertThat(grace.packets.getLast().payload()).isEqualTo(ada.last);
        }

        assertThat(grace.packets.size() - from).isEqualTo(100);
        assertThat(at.ticks).as("nothing ticks").isEqualTo(ticks);
        assertThat(ada.leg.ear().isOpen()).isFalse();
        Caller.Packet first = grace.packets.get(from);
        for (int i = 0; i < 100; i++) {
            Caller.Packet packet = grace.packets.get(from + i);
            assertThat(packet.sequence()).isEqualTo(first.sequence() + i & 0xFFFF);
            assertThat(packet.timestamp()).isEqualTo(first.timestamp() + 960 * i);
            assertThat(packet.atNanos() / VirtualRoom.MILLI % 20).isEqualTo(7);
        }
    }

    /** A browser's packets have no volume but their own. */
    @Test
    void at_another_volume_it_is_mixed_without_a_click() {
        Singer ada = new Singer();
        Caller grace = new Caller(2, AudioCodec.OPUS, 20, at);
        at.pass(500);
        int from = grace.packets.size();
        at.pass(400);
        ada.leg.setVolume(-12);
        at.pass(1_000);
        assertThat(ada.leg.ear().isOpen()).isTrue();

        short[] heard = Played.by(grace, AudioCodec.OPUS, from, at.codecs);
        double steady = Played.roughness(heard, 2_000, 6_000);
        assertThat(Played.roughness(heard, 6_000, heard.length)).isLessThan(2 * steady);
        assertThat(Goertzel.dbov(heard, heard.length - 3_200, 3_200, 440, RATE))
                .isBetween(-34.0, -27.0);
    }

    @Test
    void a_mute_ends_it_without_a_click() {
        Singer ada = new Singer();
        Caller grace = new Caller(2, AudioCodec.OPUS, 20, at);
        at.pass(500);
        int from = grace.packets.size();
        at.pass(400);
        ada.leg.setMuted(true);
        at.pass(400);

        short[] heard = Played.by(grace, AudioCodec.OPUS, from, at.codecs);
        double steady = Played.roughness(heard, 2_000, 6_000);
        assertThat(Played.roughness(heard, 6_000, heard.length)).isLessThan(2 * steady);
        assertThat(Goertzel.dbov(heard, heard.length - 3_200, 3_200, 440, RATE)).isLessThan(-60);
    }

    @Test
    void a_phone_without_opus_hears_it_decoded() {
        Singer ada = new Singer();
        Caller grace = new Caller(2, AudioCodec.PCMU, 20, at);
        at.pass(500);

        assertThat(ada.leg.ear().isOpen()).isTrue();
        byte[] heard = grace.octets(grace.packets.size() - 10);
        assertThat(heard).hasSize(1_600);
        assertThat(Level.ofMeanSquare(G711.meanSquare(AudioCodec.PCMU, heard, 0, heard.length)))
                .isBetween(-20, -16);
    }
}
