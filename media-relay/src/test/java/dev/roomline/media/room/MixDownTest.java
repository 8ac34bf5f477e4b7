package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.leg.DropCounters;
import dev.roomline.media.leg.Hearer;
import dev.roomline.media.leg.Workbench;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MixDownTest {
    private static final int FRAME = 320;
    private static final int FRAMES = 100;

    private final Codecs codecs = Codecs.load();
    private final MixDown mix =
            new MixDown(new Workbench(codecs, 5, new DropCounters(), new Random(1), 0));

    /** Decodes what it is sent. */
    private final class Ears implements Hearer {
        final List<byte[]> packets = new ArrayList<>();
        private final AudioCodec codec;
        private final AudioDecoder decoder;
        private final short[] heard;
        private int at;
        int silences;

        Ears(AudioCodec codec) {
            this.codec = codec;
            decoder = codecs.openDecoder(codec);
            heard = new short[FRAMES * FRAME + 5_760];
        }

        @Override
        public AudioCodec mixCodec() {
            return codec;
        }

        @Override
        public void sendMix(byte[] payload, int offset, int length, int levelDbov) {
            packets.add(Arrays.copyOfRange(payload, offset, offset + length));
            at += decoder.decode(payload, offset, length, heard, at);
        }

        @Override
        public void sendSilence() {
            silences++;
        }

        /** The level of a tone in the second half of what was heard. */
        double level(double hertz) {
            return Goertzel.dbov(heard, at / 2, at / 2, hertz, decoder.sampleRate());
        }
    }

    private static Tone tone(double hertz) {
        return new Tone(hertz, 16_000, -15);
    }

    @AfterEach
    void close() {
        mix.close();
    }

    @ParameterizedTest
    @EnumSource
    void each_hears_everybody_but_itself(AudioCodec codec) {
        double[] hertz = {440, 1_000, 1_700};
        Tone[] tones = {tone(440), tone(1_000), tone(1_700)};
        short[][] frames = new short[3][FRAME];
        Ears[] ears = {new Ears(codec), new Ears(codec), new Ears(codec)};
        Ears listening = new Ears(codec);
        Listener[] listeners = new Listener[3];
        for (int i = 0; i < 3; i++) {
            listeners[i] = new Listener(ears[i]);
        }
        Listener onlyListening = new Listener(listening);
        for (int n = 0; n < FRAMES; n++) {
            mix.begin();
            for (int i = 0; i < 3; i++) {
                tones[i].generate(frames[i], 0, FRAME);
                mix.add(frames[i]);
            }
            mix.setOpusSharers(1);
            for (int i = 0; i < 3; i++) {
                mix.deliver(listeners[i], frames[i]);
            }
            mix.deliver(onlyListening, null);
        }

        for (int listener = 0; listener < 3; listener++) {
            for (int voice = 0; voice < 3; voice++) {
                double level = ears[listener].level(hertz[voice]);
                if (listener == voice) {
                    assertThat(level).as("%s hears itself", hertz[voice]).isLessThan(-50);
                } else {
                    assertThat(level).isBetween(-18.0, -12.0);
                }
            }
        }
        for (double each : hertz) {
            assertThat(listening.level(each)).isBetween(-18.0, -12.0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void those_who_only_listen_share_one_encode(AudioCodec codec) {
        Tone tone = tone(700);
        short[] frame = new short[FRAME];
        Ears one = new Ears(codec);
        Ears two = new Ears(codec);
        Listener first = new Listener(one);
        Listener second = new Listener(two);
        for (int n = 0; n < 20; n++) {
            tone.generate(frame, 0, FRAME);
            mix.begin();
            mix.add(frame);
            mix.setOpusSharers(2);
            mix.deliver(first, null);
            mix.deliver(second, null);
        }

        assertThat(one.packets).hasSize(20);
        for (int i = 0; i < 20; i++) {
            assertThat(one.packets.get(i)).isEqualTo(two.packets.get(i));
        }
        assertThat(first.opus).isNull();
    }

    @Test
    void a_listener_that_begins_to_speak_hears_the_others_without_a_jump() {
        Tone talker = tone(700);
        short[] frame = new short[FRAME];
        short[] own = new short[FRAME];
        Ears speaker = new Ears(AudioCodec.OPUS);
        Ears silent = new Ears(AudioCodec.OPUS);
        Listener speaks = new Listener(speaker);
        Listener listens = new Listener(silent);
        for (int n = 0; n < 60; n++) {
            talker.generate(frame, 0, FRAME);
            mix.begin();
            mix.add(frame);
            boolean contributes = n >= 20 && n < 40;
            if (contributes) {
                mix.add(own);
            }
            mix.setOpusSharers(speaks.opus == null ? 2 : 1);
            mix.deliver(speaks, contributes ? own : null);
            mix.deliver(listens, null);
        }

        // Its own voice is digital silence here: what it hears is what all hear, to the bit.
        for (int i = 0; i < 60; i++) {
            assertThat(speaker.packets.get(i)).as("packet %s", i).isEqualTo(silent.packets.get(i));
        }
        assertThat(speaks.opus).isNull();
    }

    @Test
    void a_sum_beyond_full_scale_bends_and_does_not_wrap() {
        short[] loud = new short[FRAME];
        Arrays.fill(loud, (short) 30_000);
        Ears ears = new Ears(AudioCodec.PCMU);
        Listener listener = new Listener(ears);
        for (int n = 0; n < 10; n++) {
            mix.begin();
            for (int voice = 0; voice < 6; voice++) {
                mix.add(loud);
            }
            mix.deliver(listener, null);
        }

        for (int i = ears.at / 2; i < ears.at; i++) {
            assertThat(ears.heard[i]).isGreaterThan((short) 20_000);
        }
    }

    @Test
    void silence_is_encoded_a_few_times_and_then_cached() {
        Ears ears = new Ears(AudioCodec.OPUS);
        Listener listener = new Listener(ears);
        for (int n = 0; n < 20; n++) {
            mix.begin();
            mix.deliver(listener, null);
        }

        assertThat(ears.packets).hasSize(Listener.ENCODED_SILENCE_FRAMES);
        assertThat(ears.silences).isEqualTo(20 - Listener.ENCODED_SILENCE_FRAMES);
    }
}
