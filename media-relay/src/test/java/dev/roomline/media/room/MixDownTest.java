package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusPacket;
import dev.roomline.media.codec.OpusWishes;
import dev.roomline.media.dsp.Fade;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.dsp.Tone;
import dev.roomline.media.dtmf.DtmfSender;
import dev.roomline.media.dtmf.KeyTones;
import dev.roomline.media.dtmf.ToneDetector;
import dev.roomline.media.leg.DropCounters;
import dev.roomline.media.leg.Hearer;
import dev.roomline.media.leg.PassThroughPolicy;
import dev.roomline.media.leg.SpokenText;
import dev.roomline.media.leg.Voice;
import dev.roomline.media.leg.Workbench;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MixDownTest {
    private static final int FRAME = 320;
    private static final int FRAMES = 100;

    private final Codecs codecs = Codecs.load();
    private final MixDown mix =
            new MixDown(
                    new Workbench(
                            codecs,
                            5,
                            PassThroughPolicy.AUTO,
                            new DropCounters(),
                            new Random(1),
                            0));

    /** Decodes what it is sent. */
    private final class Ears implements Hearer {
        final List<byte[]> packets = new ArrayList<>();
        private final AudioCodec codec;
        private final AudioDecoder decoder;
        private final short[] heard;
        private int at;
        int silences;

        private final OpusWishes wishes;

        int lossPercent = 5;

        /** Keys that go to it as tones. */
        final DtmfSender keys = new DtmfSender();

        private final KeyTones tones = new KeyTones(keys);

        Ears(AudioCodec codec) {
            this(codec, OpusWishes.of(48_000, 0, true, false, false));
        }

        Ears(AudioCodec codec, OpusWishes wishes) {
            this.codec = codec;
            this.wishes = wishes;
            decoder = codecs.openDecoder(codec);
            heard = new short[FRAMES * FRAME + 5_760];
        }

        @Override
        public AudioCodec mixCodec() {
            return codec;
        }

        @Override
        public OpusWishes opusWishes() {
            return wishes;
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

        @Override
        public int expectedLossPercent() {
            return lossPercent;
        }

        @Override
        public boolean dials() {
            return tones.busy();
        }

        @Override
        public void dial(short[] pcm, int samples) {
            tones.draw(pcm, samples);
        }

        /** What keys are in what it has heard. */
        String keysHeard() {
            StringBuilder found = new StringBuilder();
            ToneDetector detector = new ToneDetector((digit, millis) -> found.append(digit));
            for (int i = 0; i < at; i += decoder.sampleRate() / 8_000) {
                detector.hear(heard[i]);
            }
            return found.toString();
        }

        /** The level of a tone in the second half of what was heard. */
        double level(double hertz) {
            return Goertzel.dbov(heard, at / 2, at / 2, hertz, decoder.sampleRate());
        }
    }

    /** Somebody who hums. */
    private static final class Hum {
        final Voice voice = new Voice();
        private final Tone tone;
        final short[] frame;

        Hum(double hertz, int sampleRate) {
            tone = new Tone(hertz, sampleRate, -15);
            frame = new short[sampleRate / 50];
        }

        Voice next() {
            tone.generate(frame, 0, frame.length);
            voice.clear();
            voice.add(frame);
            return voice;
        }
    }

    /** Packets with a copy of the one before, of the last so many. */
    private static long copies(Ears ears, int last) {
        OpusPacket view = new OpusPacket();
        return ears.packets.subList(ears.packets.size() - last, ears.packets.size()).stream()
                .filter(packet -> view.parse(packet, 0, packet.length) && view.hasFec())
                .count();
    }

    @Test
    void a_shared_encode_carries_copies_for_its_worst_listener_and_an_own_one_for_its_own() {
        Ears[] ears = {new Ears(AudioCodec.OPUS), new Ears(AudioCodec.OPUS)};
        Listener[] listeners = {new Listener(ears[0]), new Listener(ears[1])};
        short[] speech = SpokenText.by("en-gb");
        ears[0].lossPercent = 0;
        ears[1].lossPercent = 0;
        long[][] copies = new long[4][2];
        for (int n = 0; n < 400; n++) {
            // nobody loses; one does, both share; that one speaks too; and it loses no more
            ears[1].lossPercent = n >= 100 && n < 300 ? 20 : 0;
            short[] frame = Arrays.copyOfRange(speech, n * FRAME, (n + 1) * FRAME);
            Voice own = n >= 200 ? voice(new short[FRAME]) : null;
            mix.begin();
            mix.add(voice(frame));
            if (own != null) {
                mix.add(own);
            }
            listeners[0].wide = true;
            listeners[1].wide = true;
            ears[0].at = 0;
            ears[1].at = 0;
            deliver(List.of(new Hearing(listeners[0], null), new Hearing(listeners[1], own)));
            for (int i = 0; i < 2 && n % 100 == 99; i++) {
                copies[n / 100][i] = copies(ears[i], 90);
            }
        }

        assertThat(copies[0]).containsExactly(0, 0);
        assertThat(copies[1][0]).isGreaterThan(40).isEqualTo(copies[1][1]);
        assertThat(copies[2][0]).isZero();
        assertThat(copies[2][1]).isGreaterThan(40);
        assertThat(copies[3]).containsExactly(0, 0);
    }

    /** One of two who share is sent keys, while they hear somebody, silence, or are on hold. */
    @ParameterizedTest
    @EnumSource
    void keys_go_as_tones_to_whom_they_are_for_and_to_nobody_else(AudioCodec codec) {
        Hum talker = new Hum(440, 8_000);
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

    /** A listener, and what of it is in the sum. */
    private record Hearing(Listener listener, @Nullable Voice own) {}

    /** As a room does each tick. */
    private void deliver(List<Hearing> all) {
        all.forEach(each -> mix.expect(each.listener));
        all.forEach(each -> mix.prepare(each.listener, each.own));
        all.forEach(each -> mix.deliver(each.listener, each.own));
    }

    private static Voice voice(short[] frame) {
        Voice voice = new Voice();
        voice.add(frame);
        return voice;
    }

    @AfterEach
    void close() {
        mix.close();
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
        Hum[] hums = {new Hum(440, first), new Hum(1_000, second), new Hum(1_700, third)};
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
            for (Hum hum : hums) {
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

    /** Largest second difference: a click in a tone stands out. */
    private static double roughness(short[] pcm, int from, int to) {
        double worst = 0;
        for (int i = from + 2; i < to; i++) {
            worst = Math.max(worst, Math.abs(pcm[i] - 2.0 * pcm[i - 1] + pcm[i - 2]));
        }
        return worst;
    }

    @ParameterizedTest
    @EnumSource
    void a_wide_voice_that_joins_and_leaves_makes_no_click(AudioCodec codec) {
        Hum telephone = new Hum(440, 8_000);
        Hum browser = new Hum(700, 16_000);
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
        double alone = roughness(ears.heard, 20 * perFrame, 38 * perFrame);
        double together = roughness(ears.heard, 53 * perFrame, 57 * perFrame);
        System.out.printf(
                "%s alone %.0f, beside it %.0f, joins %.0f, leaves %.0f%n",
                codec,
                alone,
                together,
                roughness(ears.heard, 38 * perFrame, 50 * perFrame),
                roughness(ears.heard, 62 * perFrame, 80 * perFrame));
        assertThat(roughness(ears.heard, 38 * perFrame, 50 * perFrame)).isLessThan(1.5 * alone);
        assertThat(roughness(ears.heard, 50 * perFrame, 62 * perFrame)).isLessThan(1.5 * together);
        assertThat(roughness(ears.heard, 62 * perFrame, 80 * perFrame)).isLessThan(1.5 * alone);
    }

    @ParameterizedTest
    @EnumSource
    void those_who_only_listen_share_one_encode(AudioCodec codec) {
        Hum hum = new Hum(700, 16_000);
        Ears one = new Ears(codec);
        Ears two = new Ears(codec);
        Listener first = new Listener(one);
        Listener second = new Listener(two);
        for (int n = 0; n < 20; n++) {
            mix.begin();
            mix.add(hum.next());
            first.wide = true;
            second.wide = true;
            deliver(List.of(new Hearing(first, null), new Hearing(second, null)));
        }

        assertThat(one.packets).hasSize(20);
        for (int i = 0; i < 20; i++) {
            assertThat(one.packets.get(i)).isEqualTo(two.packets.get(i));
        }
        assertThat(first.shares()).isTrue();
    }

    /**
     * Its own voice is digital silence here: what it hears is what all hear, to the bit; whether
     * the shared packet of the tick in which it begins is made before its own or after.
     */
    @ParameterizedTest
    @CsvSource({"OPUS,true", "OPUS,false", "G722,true", "G722,false"})
    void a_listener_that_begins_to_speak_hears_the_others_without_a_jump(
            AudioCodec codec, boolean servedFirst) {
        Hum talker = new Hum(700, 16_000);
        short[] own = new short[FRAME];
        Ears speaker = new Ears(codec);
        Ears silent = new Ears(codec);
        Listener speaks = new Listener(speaker);
        Listener listens = new Listener(silent);
        for (int n = 0; n < 60; n++) {
            mix.begin();
            mix.add(talker.next());
            boolean contributes = n >= 20 && n < 40;
            if (contributes) {
                mix.add(voice(own));
            }
            speaks.wide = true;
            listens.wide = true;
            Hearing first = new Hearing(speaks, contributes ? voice(own) : null);
            Hearing second = new Hearing(listens, null);
            deliver(servedFirst ? List.of(first, second) : List.of(second, first));
            assertThat(speaks.shares())
                    .as("tick %s", n)
                    .isEqualTo(n < 20 ? n >= first(codec) : n >= 44);
        }

        for (int i = 0; i < 60; i++) {
            assertThat(speaker.packets.get(i)).as("packet %s", i).isEqualTo(silent.packets.get(i));
        }
    }

    /** Decoders of G.722 need a beginning: the first ticks are their own. */
    private static int first(AudioCodec codec) {
        return codec == AudioCodec.G722 ? 4 : 0;
    }

    /** What a packet's first octet says (RFC 6716 §3.1): silk narrow, medium or wide is 0, 4, 8. */
    private static int bandwidth(byte[] packet) {
        return ((packet[0] & 0xFF) >> 3) & ~3;
    }

    private static double octets(Ears ears) {
        return ears.packets.stream().skip(50).mapToInt(p -> p.length).average().orElseThrow();
    }

    private static long withFec(Ears ears) {
        OpusPacket view = new OpusPacket();
        return ears.packets.stream()
                .skip(50)
                .filter(p -> view.parse(p, 0, p.length) && view.hasFec())
                .count();
    }

    @Test
    void listeners_by_opus_get_it_as_each_wishes_and_equal_wishes_share() {
        short[] said = SpokenText.by("en-gb");
        Ears plain = new Ears(AudioCodec.OPUS, OpusWishes.NONE);
        Ears alike = new Ears(AudioCodec.OPUS, OpusWishes.of(48_000, 0, false, false, false));
        Ears fec = new Ears(AudioCodec.OPUS, OpusWishes.of(48_000, 0, true, false, false));
        Ears narrow = new Ears(AudioCodec.OPUS, OpusWishes.of(8_000, 0, false, false, false));
        Ears thin = new Ears(AudioCodec.OPUS, OpusWishes.of(48_000, 12_000, false, false, false));
        Ears even = new Ears(AudioCodec.OPUS, OpusWishes.of(48_000, 0, false, false, true));
        List<Ears> ears = List.of(plain, alike, fec, narrow, thin, even);
        List<Hearing> all = new ArrayList<>();
        for (Ears each : ears) {
            Listener listener = new Listener(each);
            listener.wide = true;
            all.add(new Hearing(listener, null));
        }
        for (int n = 0; n < FRAMES; n++) {
            mix.begin();
            mix.add(voice(Arrays.copyOfRange(said, n * FRAME, (n + 1) * FRAME)));
            deliver(all);
        }

        assertThat(alike.packets).containsExactlyElementsOf(plain.packets);
        assertThat(withFec(fec)).isGreaterThan(20);
        assertThat(withFec(plain)).isZero();
        assertThat(narrow.packets).allMatch(packet -> bandwidth(packet) == 0);
        assertThat(plain.packets.subList(50, 100)).anyMatch(packet -> bandwidth(packet) >= 8);
        assertThat(octets(thin) * 8 * 50).isBetween(8_000.0, 14_000.0);
        assertThat(octets(plain) * 8 * 50).isBetween(20_000.0, 40_000.0);
        assertThat(even.packets).allMatch(packet -> packet.length == 80);
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
        Hum talker = new Hum(1_000, 16_000);
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
        Hum talker = new Hum(1_000, 16_000);
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

    /** A change from an encoder of its own to the shared one, which has another past. */
    @Test
    void a_listener_by_g722_that_comes_later_joins_the_shared_encode_without_a_click() {
        Hum talker = new Hum(440, 16_000);
        Ears early = new Ears(AudioCodec.G722);
        Ears late = new Ears(AudioCodec.G722);
        Listener first = new Listener(early);
        Listener second = new Listener(late);
        for (int n = 0; n < FRAMES; n++) {
            mix.begin();
            mix.add(talker.next());
            first.wide = true;
            second.wide = true;
            Hearing one = new Hearing(first, null);
            deliver(n < 40 ? List.of(one) : List.of(one, new Hearing(second, null)));
        }

        assertThat(second.shares()).isTrue();
        double steady = roughness(early.heard, 20 * FRAME, 90 * FRAME);
        double joining = roughness(late.heard, 2 * FRAME, 20 * FRAME);
        System.out.printf("G722 steady %.0f, at the change %.0f%n", steady, joining);
        assertThat(joining).isLessThan(1.5 * steady);
    }
}
