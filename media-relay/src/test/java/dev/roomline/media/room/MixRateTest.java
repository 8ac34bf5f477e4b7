package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.codec.OpusWishes;
import dev.roomline.media.dsp.Fade;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.leg.Hearer;
import dev.roomline.media.leg.SpokenText;
import dev.roomline.media.leg.Voice;
import dev.roomline.media.measure.AllocatedOctets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From which rate mixes are encoded to Opus, and that a change of it is not heard. */
class MixRateTest extends OneMix {
    private static final int WIDE = 320;
    private static final int NARROW = 160;

    /** Hears by Opus, at 16 kHz. */
    private final class OpusEars implements Hearer {
        final List<byte[]> packets = new ArrayList<>();
        private final OpusWishes wishes;
        private final AudioDecoder decoder = codecs.openDecoder(AudioCodec.OPUS);
        private short[] heard = new short[WIDE * 600];
        private int at;
        boolean keeps = true;

        int lossPercent;

        OpusEars(int hertz) {
            this(OpusWishes.of(hertz, 0, false, false, false));
        }

        OpusEars(OpusWishes wishes) {
            this.wishes = wishes;
        }

        @Override
        public int expectedLossPercent() {
            return lossPercent;
        }

        @Override
        public AudioCodec mixCodec() {
            return AudioCodec.OPUS;
        }

        @Override
        public OpusWishes opusWishes() {
            return wishes;
        }

        @Override
        public void sendMix(byte[] payload, int offset, int length, int levelDbov) {
            if (keeps) {
                packets.add(Arrays.copyOfRange(payload, offset, offset + length));
                at += decoder.decode(payload, offset, length, heard, at);
            }
        }

        @Override
        public void sendSilence() {
            byte[] silence = {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE};
            sendMix(silence, 0, silence.length, Level.SILENCE);
        }

        /** Whether a packet's frequencies go beyond a telephone's (RFC 6716 §3.1, by SILK). */
        boolean isWide(int packet) {
            int configuration = (packets.get(packet)[0] & 0xFF) >> 3;
            return configuration >= 8;
        }

        double level(int fromTick, int toTick, double hertz) {
            return Goertzel.dbov(heard, fromTick * WIDE, (toTick - fromTick) * WIDE, hertz, 16_000);
        }

        double roughness(int fromTick, int toTick) {
            double worst = 0;
            for (int i = Math.max(2, fromTick * WIDE); i < toTick * WIDE; i++) {
                worst = Math.max(worst, Math.abs(heard[i] - 2.0 * heard[i - 1] + heard[i - 2]));
            }
            return worst;
        }

        /** How many pieces of 5 ms are much quieter than others. */
        int dips(int fromTick, int toTick, int dbov) {
            int found = 0;
            for (int at = fromTick * WIDE; at < toTick * WIDE; at += 80) {
                found += Level.dbov(heard, at, 80) < dbov ? 1 : 0;
            }
            return found;
        }
    }

    private static short[] hum(Tone tone, int samples) {
        short[] frame = new short[samples];
        tone.generate(frame, 0, samples);
        return frame;
    }

    private void tick(boolean wideHeard, List<Voice> voices, List<Hearing> all) {
        mix.begin();
        voices.forEach(mix::add);
        all.forEach(each -> each.listener().wide = wideHeard);
        deliver(all);
    }

    /**
     * No filter is in between: what a telephone said is what the encoder gets, which searches
     * little where bits are enough, FEC takes none of them, and no more is configured than usual.
     */
    @ParameterizedTest
    @CsvSource({
        "48000,     0, false, 5,  5,  1",
        "48000,     0, true,  0,  5,  1",
        "48000,     0, true,  5,  5,  5",
        "48000,     0, false, 5,  0,  0",
        "48000,     0, false, 5,  6,  6",
        "48000,     0, false, 5, 10, 10",
        "48000, 28000, false, 5,  5,  1",
        "48000, 26000, false, 5,  5,  5",
        "8000,      0, false, 5,  5,  5"
    })
    void telephones_are_encoded_from_8_khz_as_they_were_said(
            int hertz, int bits, boolean fec, int loss, int configured, int complexity) {
        mix.close();
        mix = mix(configured);
        short[] said = SpokenText.by("en-gb");
        OpusWishes wishes = OpusWishes.of(hertz, bits, fec, false, false);
        OpusEars ears = new OpusEars(wishes);
        ears.lossPercent = loss;
        Hearing listener = new Hearing(new Listener(ears), null);
        OpusSettings settings =
                new OpusSettings(
                        8_000, complexity, wishes.bitsPerSecond(), fec, fec ? loss : 0, false);
        byte[] packet = new byte[1_275];
        try (OpusEncoder direct = codecs.openOpusEncoder(settings)) {
            for (int n = 0; n < 100; n++) {
                short[] frame = Arrays.copyOfRange(said, n * NARROW, (n + 1) * NARROW);
                tick(false, List.of(voice(frame)), List.of(listener));
                int length = direct.encode(frame, 0, NARROW, packet, 0);
                assertThat(ears.packets.get(n))
                        .as("packet %s", n)
                        .isEqualTo(Arrays.copyOf(packet, length));
            }
        }
    }

    @Test
    void who_plays_no_more_is_encoded_for_from_8_khz_whoever_speaks() {
        Tone telephone = new Tone(440, 8_000, -20);
        Tone browser = new Tone(1_000, 16_000, -20);
        OpusEars ears = new OpusEars(8_000);
        Listener listener = new Listener(ears);
        for (int n = 0; n < 100; n++) {
            tick(
                    true,
                    List.of(voice(hum(telephone, NARROW)), voice(hum(browser, WIDE))),
                    List.of(new Hearing(listener, null)));
            assertThat(listener.encodedWide()).isFalse();
        }

        assertThat(ears.level(20, 100, 440)).isBetween(-22.0, -18.0);
        assertThat(ears.level(20, 100, 1_000)).isBetween(-22.0, -18.0);
    }

    /** Of two who share, one begins to speak and ceases: nothing is different for it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_encoder_of_8_khz_is_forked_without_a_jump(boolean servedFirst) {
        Tone telephone = new Tone(700, 8_000, -20);
        OpusEars[] ears = {new OpusEars(48_000), new OpusEars(48_000)};
        Listener[] listeners = {new Listener(ears[0]), new Listener(ears[1])};
        Voice own = voice(new short[WIDE]);
        for (int n = 0; n < 160; n++) {
            boolean speaks = n >= 20 && n < 120;
            Voice said = voice(hum(telephone, NARROW));
            Hearing first = new Hearing(listeners[0], speaks ? own : null);
            Hearing second = new Hearing(listeners[1], null);
            tick(
                    false,
                    speaks ? List.of(said, own) : List.of(said),
                    servedFirst ? List.of(first, second) : List.of(second, first));
            assertThat(listeners[0].shares()).as("tick %s", n).isEqualTo(n < 20 || n >= 124);
        }

        assertThat(ears[0].packets).containsExactlyElementsOf(ears[1].packets);
    }

    /** A tone without end: the rate changes in a dip of two frames, and nothing is torn. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void where_no_pause_comes_sound_dips_once_before_it_is_wide_and_never_clicks(int count) {
        Tone telephone = new Tone(440, 8_000, -15);
        Tone browser = new Tone(5_500, 16_000, -15);
        List<OpusEars> ears = new ArrayList<>();
        List<Hearing> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ears.add(new OpusEars(48_000));
            all.add(new Hearing(new Listener(ears.getLast()), null));
        }
        for (int n = 0; n < 300; n++) {
            boolean joined = n >= 60 && n < 200;
            List<Voice> voices = new ArrayList<>();
            voices.add(voice(hum(telephone, NARROW)));
            if (n >= 140 && n < 180) {
                voices.add(voice(hum(browser, WIDE)));
            }
            tick(joined, voices, all);
        }

        OpusEars first = ears.getFirst();
        double alone = first.roughness(20, 58);
        System.out.printf(
                "alone %.0f, at the change %.0f, where the other leaves %.0f%n",
                alone, first.roughness(58, 135), first.roughness(185, 300));
        assertThat(first.isWide(55)).isFalse();
        assertThat(first.isWide(150)).isTrue();
        assertThat(first.level(150, 178, 5_500)).isBetween(-21.0, -12.0);
        assertThat(first.roughness(58, 135)).isLessThan(1.5 * alone);
        assertThat(first.roughness(185, 300)).isLessThan(1.5 * alone);
        // a steady tone is nowhere else disturbed
        assertThat(first.dips(20, 60, -25)).isZero();
        assertThat(first.dips(60, 135, -25)).isBetween(1, 9);
        assertThat(first.dips(185, 300, -25)).isZero();
        for (OpusEars other : ears) {
            assertThat(other.packets).containsExactlyElementsOf(first.packets);
        }
        assertThat(all).allMatch(each -> each.listener().shares());
    }

    /** Another hears wide sound already, by an encoder that knows the tone. */
    @ParameterizedTest
    @ValueSource(ints = {0, 7})
    void who_comes_to_others_that_hear_wide_sound_already_hears_no_click(int after) {
        Tone telephone = new Tone(440, 8_000, -15);
        OpusEars[] ears = {new OpusEars(48_000), new OpusEars(48_000)};
        Listener[] listeners = {new Listener(ears[0]), new Listener(ears[1])};
        for (int n = 0; n < 200; n++) {
            mix.begin();
            mix.add(voice(hum(telephone, NARROW)));
            listeners[0].wide = true;
            listeners[1].wide = n >= 60 + after;
            deliver(List.of(new Hearing(listeners[0], null), new Hearing(listeners[1], null)));
        }

        double alone = ears[1].roughness(20, 58);
        System.out.printf("alone %.0f, coming to others %.0f%n", alone, ears[1].roughness(58, 195));
        assertThat(ears[1].isWide(55)).isFalse();
        assertThat(ears[1].isWide(150)).isTrue();
        assertThat(listeners[1].shares()).isTrue();
        int turned = 60;
        while (!ears[1].isWide(turned)) {
            turned++;
        }
        for (int n = turned; n < turned + 5; n++) {
            assertThat(ears[1].packets.get(n))
                    .as("by an encoder of its own until both know the same")
                    .isNotEqualTo(ears[0].packets.get(n));
        }
        assertThat(ears[1].packets.getLast()).isEqualTo(ears[0].packets.getLast());
        assertThat(ears[1].roughness(58, 195)).isLessThan(1.6 * alone);
    }

    /** Which most people make within a second: then nothing dips. */
    @ParameterizedTest
    @CsvSource({"-70", "-58", "-90"})
    void in_a_pause_the_rate_changes_at_once(double backgroundDbov) {
        Tone telephone = new Tone(440, 8_000, -15);
        Tone background = new Tone(440, 8_000, backgroundDbov);
        OpusEars ears = new OpusEars(48_000);
        Listener listener = new Listener(ears);
        int turned = -1;
        int back = -1;
        for (int n = 0; n < 200; n++) {
            boolean joined = n >= 40 && n < 120;
            boolean pause = (n >= 50 && n < 70) || (n >= 130 && n < 150);
            short[] frame = hum(pause ? background : telephone, NARROW);
            boolean ends = n == 49 || n == 129;
            boolean begins = n == 70 || n == 150;
            Fade.ramp(frame, 0, NARROW, begins ? 0 : 1, ends ? 0 : 1);
            boolean silent = pause && backgroundDbov < -80;
            tick(
                    joined,
                    silent ? List.of() : List.of(voice(frame)),
                    List.of(new Hearing(listener, null)));
            turned = turned < 0 && listener.encodedWide() ? n : turned;
            back = n > 120 && back < 0 && !listener.encodedWide() ? n : back;
        }

        assertThat(turned).isEqualTo(53);
        assertThat(back).isEqualTo(133);
        double alone = ears.roughness(20, 38);
        System.out.printf(
                "background %.0f: alone %.0f, pauses %.0f%n",
                backgroundDbov, alone, ears.roughness(40, 195));
        assertThat(ears.roughness(40, 195)).isLessThan(1.5 * alone);
        assertThat(ears.level(75, 120, 440)).isBetween(-16.5, -13.5);
        assertThat(ears.level(155, 195, 440)).isBetween(-16.5, -13.5);
    }

    @Test
    void a_mix_for_opus_from_8_khz_allocates_nothing() {
        Tone telephone = new Tone(440, 8_000, -15);
        OpusEars ears = new OpusEars(48_000);
        ears.keeps = false;
        Listener listener = new Listener(ears);
        Voice said = voice(hum(telephone, NARROW));
        double octets =
                AllocatedOctets.perTurn(
                        10_000,
                        _ -> {
                            mix.begin();
                            mix.add(said);
                            mix.expect(listener);
                            mix.prepare(listener, null);
                            mix.deliver(listener, null);
                        });

        assertThat(octets).isLessThan(2);
    }
}
