package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusPacket;
import dev.roomline.media.codec.OpusWishes;
import dev.roomline.media.leg.SpokenText;
import dev.roomline.media.leg.Voice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who shares an encode of the mix, and that a change of it is not heard. */
class SharedMixTest extends OneMix {
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

    @ParameterizedTest
    @EnumSource
    void those_who_only_listen_share_one_encode(AudioCodec codec) {
        Hummer hum = new Hummer(700, 16_000);
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
        Hummer talker = new Hummer(700, 16_000);
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

    /** A change from an encoder of its own to the shared one, which has another past. */
    @Test
    void a_listener_by_g722_that_comes_later_joins_the_shared_encode_without_a_click() {
        Hummer talker = new Hummer(440, 16_000);
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
        double steady = Played.roughness(early.heard, 20 * FRAME, 90 * FRAME);
        double joining = Played.roughness(late.heard, 2 * FRAME, 20 * FRAME);
        System.out.printf("G722 steady %.0f, at the change %.0f%n", steady, joining);
        assertThat(joining).isLessThan(1.5 * steady);
    }
}
