package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.dsp.Fade;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each hears of a mix: the others, keys that are for it, and silence. */
class MixDownTest extends OneMix {
    /** One of two who share is sent keys, while they hear somebody, silence, or are on hold. */
    @ParameterizedTest
    @EnumSource
    void keys_go_as_tones_to_whom_they_are_for_and_to_nobody_else(AudioCodec codec) {
        Hummer talker = new Hummer(440, 8_000);
        Ears dialled = new Ears(codec);
        Ears other = new Ears(codec);
        Listener[] listeners = {new Listener(dialled), new Listener(other)};
        dialled.keys.press("w0", 60, 60);
        for (int n = 0; n < FRAMES; n++) {
            if (n == 45 || n == 75) {
                dialled.keys.press(n == 45 ? "5#" : "D", 60, 60);
            }
            mix.begin();
            if (n < 40) {
                mix.add(talker.next());
            }
            if (n < 70) {
                deliver(List.of(new Hearing(listeners[0], null), new Hearing(listeners[1], null)));
            } else {
                for (Listener each : listeners) {
                    mix.expect(each);
                }
                for (Listener each : listeners) {
                    mix.prepareSilence(each);
                }
                for (Listener each : listeners) {
                    mix.deliverSilence(each);
                }
            }
        }

        assertThat(dialled.keysHeard()).isEqualTo("05#D");
        assertThat(other.keysHeard()).isEmpty();
        assertThat(other.packets.size() + other.silences).isEqualTo(FRAMES);
        assertThat(dialled.packets.size() + dialled.silences).isEqualTo(FRAMES);
    }

    /** Whoever hears by which codec, and whatever rates the others and it itself come in. */
    @ParameterizedTest
    @CsvSource({
        "PCMU,8000,8000,8000",
        "PCMU,16000,16000,16000",
        "PCMA,8000,16000,8000",
        "PCMA,16000,8000,8000",
        "G722,8000,8000,8000",
        "G722,16000,16000,16000",
        "G722,8000,16000,16000",
        "G722,16000,8000,8000",
        "OPUS,8000,8000,8000",
        "OPUS,16000,16000,16000",
        "OPUS,8000,16000,16000",
        "OPUS,16000,8000,8000"
    })
    void each_hears_everybody_but_itself(AudioCodec codec, int first, int second, int third) {
        double[] hertz = {440, 1_000, 1_700};
        int[] rates = {first, second, third};
        Hummer[] hums = {
            new Hummer(440, first), new Hummer(1_000, second), new Hummer(1_700, third)
        };
        Ears[] ears = {new Ears(codec), new Ears(codec), new Ears(codec)};
        Ears listening = new Ears(codec);
        Listener[] listeners = new Listener[3];
        long wide = Arrays.stream(rates).filter(rate -> rate == 16_000).count();
        for (int i = 0; i < 3; i++) {
            listeners[i] = new Listener(ears[i]);
            listeners[i].wide = wide > (rates[i] == 16_000 ? 1 : 0);
        }
        Listener onlyListening = new Listener(listening);
        onlyListening.wide = wide > 0;
        for (int n = 0; n < FRAMES; n++) {
            mix.begin();
            for (Hummer hum : hums) {
                mix.add(hum.next());
            }
            List<Hearing> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(new Hearing(listeners[i], hums[i].voice));
            }
            all.add(new Hearing(onlyListening, null));
            deliver(all);
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

    @Test
    void a_telephone_hears_another_to_the_bit_whoever_comes_and_goes_in_silence() {
        Random random = new Random(4);
        Ears ears = new Ears(AudioCodec.PCMU);
        Listener listener = new Listener(ears);
        AudioDecoder decoder = codecs.openDecoder(AudioCodec.PCMU);
        short[] said = new short[160];
        short[] own = new short[160];
        short[] silence = new short[320];
        for (int n = 0; n < 200; n++) {
            byte[] octets = new byte[160];
            for (int i = 0; i < 160; i++) {
                // 0x7F is a second zero, which becomes the first
                octets[i] = (byte) random.nextInt(256);
                octets[i] = octets[i] == 0x7F ? 0 : octets[i];
                own[i] = (short) random.nextInt(-20_000, 20_000);
            }
            decoder.decode(octets, 0, 160, said, 0);
            mix.begin();
            mix.add(voice(said));
            mix.add(voice(own));
            boolean browser = n / 10 % 2 == 1;
            if (browser && n % 10 < 5) {
                mix.add(voice(silence));
            }
            listener.wide = browser;
            deliver(List.of(new Hearing(listener, voice(own))));
            if (!browser) {
                assertThat(ears.packets.getLast()).as("tick %s", n).isEqualTo(octets);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_wide_voice_that_joins_and_leaves_makes_no_click(AudioCodec codec) {
        Hummer telephone = new Hummer(440, 8_000);
        Hummer browser = new Hummer(700, 16_000);
        Ears ears = new Ears(codec);
        Listener listener = new Listener(ears);
        for (int n = 0; n < FRAMES; n++) {
            boolean joined = n >= 40 && n < 70;
            mix.begin();
            mix.add(telephone.next());
            // in the room for a while before and after it says something, and then at full loudness
            if (n >= 50 && n < 60) {
                browser.next();
                short[] frame = browser.frame;
                if (n == 50 || n == 59) {
                    Fade.ramp(frame, 0, 320, n == 50 ? 0 : 1, n == 50 ? 1 : 0);
                }
                mix.add(browser.voice);
            }
            listener.wide = joined;
            deliver(List.of(new Hearing(listener, null)));
        }

        int perFrame = ears.decoder.sampleRate() / 50;
        double alone = Played.roughness(ears.heard, 20 * perFrame, 38 * perFrame);
        double together = Played.roughness(ears.heard, 53 * perFrame, 57 * perFrame);
        System.out.printf(
                "%s alone %.0f, beside it %.0f, joins %.0f, leaves %.0f%n",
                codec,
                alone,
                together,
                Played.roughness(ears.heard, 38 * perFrame, 50 * perFrame),
                Played.roughness(ears.heard, 62 * perFrame, 80 * perFrame));
        assertThat(Played.roughness(ears.heard, 38 * perFrame, 50 * perFrame))
                .isLessThan(1.5 * alone);
        assertThat(Played.roughness(ears.heard, 50 * perFrame, 62 * perFrame))
                .isLessThan(1.5 * together);
        assertThat(Played.roughness(ears.heard, 62 * perFrame, 80 * perFrame))
                .isLessThan(1.5 * alone);
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
                mix.add(voice(loud));
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

    @Test
    void silence_of_g722_is_encoded_and_dies_away_where_a_repeated_packet_would_hum() {
        Hummer talker = new Hummer(1_000, 16_000);
        Ears ears = new Ears(AudioCodec.G722);
        Listener listener = new Listener(ears);
        for (int n = 0; n < FRAMES; n++) {
            mix.begin();
            boolean talks = n < 20 || n >= 80;
            if (talks) {
                mix.add(talker.next());
            }
            listener.wide = true;
            deliver(List.of(new Hearing(listener, null)));
        }

        assertThat(ears.silences).isZero();
        assertThat(Level.dbov(ears.heard, 30 * FRAME, 40 * FRAME)).isLessThan(-75);
        // and the tone comes back as it was, from its first 20 ms on
        assertThat(Goertzel.dbov(ears.heard, 81 * FRAME, FRAME, 1_000, 16_000))
                .isBetween(-15.5, -14.5);
    }

    @Test
    void who_hears_nobody_by_g722_is_sent_silence_that_its_decoder_takes_for_silence() {
        Hummer talker = new Hummer(1_000, 16_000);
        Ears other = new Ears(AudioCodec.G722);
        Ears held = new Ears(AudioCodec.G722);
        Listener listens = new Listener(other);
        Listener isHeld = new Listener(held);
        for (int n = 0; n < FRAMES; n++) {
            mix.begin();
            mix.add(talker.next());
            listens.wide = true;
            isHeld.wide = true;
            mix.expect(listens);
            mix.expect(isHeld);
            mix.prepare(listens, null);
            if (n >= 30 && n < 70) {
                mix.prepareSilence(isHeld);
            } else {
                mix.prepare(isHeld, null);
            }
            mix.deliver(listens, null);
            if (n >= 30 && n < 70) {
                mix.deliverSilence(isHeld);
            } else {
                mix.deliver(isHeld, null);
            }
        }

        assertThat(Level.dbov(held.heard, 35 * FRAME, 30 * FRAME)).isLessThan(-75);
        assertThat(Goertzel.dbov(held.heard, 71 * FRAME, FRAME, 1_000, 16_000))
                .isBetween(-15.5, -14.5);
        assertThat(Level.dbov(other.heard, 35 * FRAME, 30 * FRAME)).isBetween(-16, -14);
    }
}
