package dev.roomline.media.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.G711;
import dev.roomline.media.dsp.Halver;
import dev.roomline.media.leg.SpokenText;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyOnsetTest {
    private static final int PACKET = 160;
    private static final double[] LOW = {697, 770, 852, 941};
    private static final double[] HIGH = {1_209, 1_336, 1_477, 1_633};

    private final KeyOnset onset = new KeyOnset();
    private final Random random = new Random(6);

    private static short heard(double sample) {
        int linear = Math.clamp(Math.round(sample), -32_768, 32_767);
        return G711.decode(AudioCodec.PCMU, G711.encodeMu(linear));
    }

    /** A hum, and from some sample on a key. */
    private short[] packet(int begins, int key, double off, double upperLevel, double noise) {
        short[] pcm = new short[PACKET];
        double lower = 2 * Math.PI * LOW[key / 4] * (1 + off) / 8_000;
        double upper = 2 * Math.PI * HIGH[key % 4] * (1 - off) / 8_000;
        double phase = 7 * random.nextDouble();
        for (int i = 0; i < PACKET; i++) {
            double tones =
                    5_000 * Math.sin(lower * i + phase)
                            + 5_000 * upperLevel * Math.sin(upper * i + 2 * phase);
            double hum = 1_000 * Math.sin(2 * Math.PI * 300 / 8_000 * i);
            pcm[i] = heard((i < begins ? hum : tones) + noise * random.nextGaussian());
        }
        return pcm;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 40, 77, 100, 112})
    void the_beginning_of_every_key_is_found_within_two_milliseconds(int begins) {
        for (int key = 0; key < 16; key++) {
            for (int n = 0; n < 20; n++) {
                assertThat(onset.find(packet(begins, key, 0, 1, 0), PACKET))
                        .as("key %s", key)
                        .isBetween(begins - 16, begins + 7);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0.015, 1, 0", "-0.015, 1, 0", "0, 1.5, 0", "0, 0.4, 0", "0, 1, 300"})
    void a_key_at_the_edge_of_what_is_one_begins_like_one(
            double off, double upperLevel, double noise) {
        for (int key = 0; key < 16; key++) {
            assertThat(onset.find(packet(64, key, off, upperLevel, noise), PACKET))
                    .as("key %s", key)
                    .isLessThan(PACKET);
        }
    }

    @Test
    void less_than_six_milliseconds_one_tone_noise_and_silence_are_none() {
        assertThat(onset.find(packet(PACKET - 40, 5, 0, 1, 0), PACKET)).isEqualTo(PACKET);
        assertThat(onset.find(packet(0, 5, 0, 0, 0), PACKET)).isEqualTo(PACKET);
        assertThat(onset.find(packet(PACKET, 5, 0, 0, 3_000), PACKET)).isEqualTo(PACKET);
        assertThat(onset.find(new short[PACKET], PACKET)).isEqualTo(PACKET);
        assertThat(onset.find(new short[4], 4)).isEqualTo(4);
    }

    /** Voices, each at eight pitches; whatever looks like one is a hole in a word. */
    @Test
    void in_minutes_of_speech_hardly_a_packet_looks_like_one() {
        double seconds = 0;
        int found = 0;
        for (String voice : List.of("en-gb", "en-us+f3", "de", "hi", "en-us+m7", "fr+f2")) {
            short[] wide = SpokenText.by(voice);
            short[] said = new short[wide.length / 2];
            new Halver().process(wide, 0, 2 * said.length, said, 0);
            for (double speed = 0.7; speed < 1.45; speed += 0.1) {
                short[] pcm = new short[PACKET];
                int at = 0;
                for (double place = 0; place < said.length - 1; place += speed) {
                    double into = place - (int) place;
                    pcm[at++] =
                            heard(
                                    2
                                            * (said[(int) place] * (1 - into)
                                                    + said[(int) place + 1] * into));
                    if (at == PACKET) {
                        found += onset.find(pcm, PACKET) < PACKET ? 1 : 0;
                        at = 0;
                    }
                }
                seconds += said.length / speed / 8_000;
            }
        }
        System.out.printf("%.1f minutes of speech: %d packets%n", seconds / 60, found);

        assertThat(seconds).isGreaterThan(10 * 60);
        assertThat(found).isLessThan(3);
    }
}
