package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.G711;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.leg.Drop;
import dev.roomline.media.leg.PassThroughPolicy;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Phones that hear one another's packets as they came, in virtual time. */
class ForwardsTest {
    private static final long MILLI = 1_000_000L;
    private static final int FRAME = 160;

    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);

    private void pass(int millis) {
        at.pass(millis);
    }

    @ParameterizedTest
    @EnumSource(
            value = AudioCodec.class,
            names = {"PCMU", "PCMA"})
    void one_hears_anothers_packets_as_they_come_and_nobody_is_decoded(AudioCodec codec) {
        Talker ada = new Talker(at, 1, codec, 20, 3);
        Talker grace = new Talker(at, 2, codec, 20, 11);
        pass(200);
        int from = grace.phone.packets.size();
        pass(1_000);

        assertThat(grace.heardInARow(ada, from)).isEqualTo(50 * FRAME);
        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
        assertThat(grace.phone.leg.ear().isOpen()).isFalse();
        Caller.Packet first = grace.phone.packets.get(from);
        for (int i = 0; i < 50; i++) {
            Caller.Packet packet = grace.phone.packets.get(from + i);
            assertThat(packet.atNanos() / MILLI % 20).as("the millisecond it came in").isEqualTo(3);
            assertThat(packet.sequence()).isEqualTo(first.sequence() + i & 0xFFFF);
            assertThat(packet.timestamp()).isEqualTo(first.timestamp() + FRAME * i);
            assertThat(packet.marker()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"20,20", "20,30", "10,20", "20,60"})
    void not_a_sample_is_lost_or_heard_twice_where_mixing_begins_and_ends(int said, int wanted) {
        Talker ada = new Talker(at, 1, AudioCodec.PCMU, said, 3);
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, wanted, 9);
        Talker linus = new Talker(at, 3, AudioCodec.PCMU, 20, 14);
        grace.loud = false;
        linus.loud = false;
        pass(600);
        int from = grace.phone.packets.size();
        pass(500);
        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
        int mixed = grace.phone.packets.size();
        linus.loud = true;
        pass(40);
        linus.loud = false;
        pass(300);
        assertThat(ada.phone.leg.ear().isOpen()).as("mixed").isTrue();
        int afterLinus = grace.phone.packets.size();
        pass(3_200);
        assertThat(ada.phone.leg.ear().isOpen()).as("its packets again").isFalse();
        pass(500);

        // where Linus spoke it is a sum; before and behind, and over the way back, each octet once
        byte[] before = octets(grace, from, mixed);
        byte[] behind = octets(grace, afterLinus, grace.phone.packets.size());
        int first = Talker.indexOf(ada.said, before, 0);
        int second = Talker.indexOf(ada.said, behind, 0);
        assertThat(first).isNotNegative();
        assertThat(second).isNotNegative();
        int between = octets(grace, mixed, afterLinus).length;
        assertThat(second - first - before.length).isEqualTo(between);
        assertNumbersGoOn(grace, from);
    }

    private static byte[] octets(Talker of, int from, int to) {
        byte[] all = of.phone.octets(from);
        return Arrays.copyOf(all, all.length - of.phone.octets(to).length);
    }

    /** No number is missing, and time goes on with what is played. */
    private static void assertNumbersGoOn(Talker hearer, int from) {
        List<Caller.Packet> packets = hearer.phone.packets;
        for (int i = from + 1; i < packets.size(); i++) {
            Caller.Packet before = packets.get(i - 1);
            assertThat(packets.get(i).sequence()).isEqualTo(before.sequence() + 1 & 0xFFFF);
            assertThat(packets.get(i).timestamp())
                    .isEqualTo(before.timestamp() + before.payload().length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 300})
    void a_recording_is_heard_beside_who_speaks_and_each_of_its_samples_once(int mutedMillis) {
        Talker ada = new Talker(at, 1, AudioCodec.PCMU, 20, 3);
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, 20, 9);
        grace.loud = false;
        pass(600);
        ada.phone.leg.setMuted(true);
        pass(mutedMillis);
        ada.phone.leg.setMuted(false);
        pass(2_500);
        int from = grace.phone.packets.size();
        at.room.announce(new short[8_000 / 2]);
        pass(300);
        assertThat(ada.phone.leg.ear().isOpen()).isTrue();
        pass(1_000);
        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
        pass(300);

        assertThat(grace.heardInARow(ada, from)).isGreaterThan(75 * FRAME);
        assertNumbersGoOn(grace, from);
    }

    @Test
    void what_was_lost_before_stays_a_gap_and_what_overtook_is_put_right() {
        Talker ada = new Talker(at, 1, AudioCodec.PCMU, 20, 3);
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, 20, 9);
        pass(300);
        ada.sends = false;
        int from = grace.phone.packets.size();
        int sequence = ada.phone.sequence;
        int timestamp = ada.phone.timestamp;
        for (int n : new int[] {0, 1, 4, 3, 3, 5, 1, 6}) {
            byte[] packet = new byte[FRAME];
            Arrays.fill(packet, (byte) (0x20 + n));
            ada.phone.send(0, sequence + n, timestamp + FRAME * n, packet);
            pass(10);
        }

        int first = grace.phone.packets.get(from).sequence();
        int time = grace.phone.packets.get(from).timestamp();
        List<Caller.Packet> heard = grace.phone.packets.subList(from, from + 6);
        assertThat(heard.stream().map(each -> each.payload()[0] - 0x20))
                .containsExactly(0, 1, 4, 3, 5, 6);
        assertThat(heard.stream().map(each -> each.sequence() - first & 0xFFFF))
                .containsExactly(0, 1, 4, 3, 5, 6);
        assertThat(heard.stream().map(each -> (each.timestamp() - time) / FRAME))
                .containsExactly(0, 1, 4, 3, 5, 6);
        assertThat(at.drops.of(Drop.SLOT_LATE)).isEqualTo(2);
    }

    @Test
    void who_falls_silent_without_a_word_is_followed_by_silence_at_its_own_time() {
        Talker ada = new Talker(at, 1, AudioCodec.PCMU, 20, 3);
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, 20, 9);
        pass(400);
        Caller.Packet last = grace.phone.packets.getLast();
        int from = grace.phone.packets.size();
        ada.sends = false;
        pass(1_000);
        Caller.Packet silence = grace.phone.packets.get(from);
        assertThat(silence.atNanos() - last.atNanos()).isLessThan(200 * MILLI);
        assertThat(silence.payload()).containsOnly((byte) 0xFF);
        int silences = grace.phone.packets.size();
        ada.sends = true;
        pass(400);
        Caller.Packet next = grace.phone.packets.get(silences);

        assertThat(next.atNanos() / MILLI % 20).isEqualTo(3);
        // a phone's buffer must not fill or run out, however often that happens
        assertThat(next.timestamp() - last.timestamp())
                .isBetween(
                        (int) ((next.atNanos() - last.atNanos()) / 125_000) - FRAME,
                        (int) ((next.atNanos() - last.atNanos()) / 125_000) + FRAME);
        for (int i = 0; i < 40; i++) {
            ada.sends = false;
            pass(237);
            ada.sends = true;
            pass(311);
        }
        Caller.Packet end = grace.phone.packets.getLast();
        assertThat(end.timestamp() - last.timestamp())
                .isBetween(
                        (int) ((end.atNanos() - last.atNanos()) / 125_000) - 2 * FRAME,
                        (int) ((end.atNanos() - last.atNanos()) / 125_000) + 2 * FRAME);
    }

    @Test
    void a_mute_fades_and_then_there_is_silence() {
        Talker ada = new Talker(at, 1, AudioCodec.PCMU, 20, 3);
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, 20, 9);
        pass(400);
        ada.phone.leg.setMuted(true);
        int from = grace.phone.packets.size();
        pass(600);

        byte[] faded = grace.phone.packets.get(from).payload();
        double begin = G711.meanSquare(AudioCodec.PCMU, faded, 0, 40);
        double end = G711.meanSquare(AudioCodec.PCMU, faded, 140, 20);
        assertThat(end).isLessThan(begin / 20);
        byte[] after = grace.phone.octets(from + 1);
        assertThat(after.length).isGreaterThan(20 * FRAME);
        assertThat(after).containsOnly((byte) 0xFF);
        assertNumbersGoOn(grace, from + 1);
        ada.phone.leg.setMuted(false);
        pass(100);
        int open = grace.phone.packets.size();
        pass(400);
        assertThat(grace.heardInARow(ada, open)).isEqualTo(20 * FRAME);
    }

    @Test
    void a_key_is_not_heard_and_sound_behind_it_is() {
        Talker ada = new Talker(at, 1, AudioCodec.PCMU, 20, 3);
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, 20, 9);
        pass(400);
        ada.sends = false;
        int time = ada.phone.timestamp;
        int from = grace.phone.packets.size();
        for (int i = 1; i <= 5; i++) {
            byte end = (byte) (i >= 3 ? 0x8A : 0x0A);
            ada.phone.send(
                    Caller.EVENTS,
                    ada.phone.sequence,
                    time,
                    new byte[] {5, end, 0, (byte) Math.min(i * 50, 150)});
            ada.phone.pauses(1, i == 1 ? 800 : 0);
            pass(20);
        }
        byte[] beside = grace.phone.octets(from);
        assertThat(beside.length).isGreaterThan(3 * FRAME);
        assertThat(Level.ofMeanSquare(G711.meanSquare(AudioCodec.PCMU, beside, 0, beside.length)))
                .as("no more than its background")
                .isLessThan(-50);
        ada.sends = true;
        int after = grace.phone.packets.size();
        pass(300);
        assertThat(Talker.indexOf(ada.said, grace.phone.packets.getLast().payload(), 0))
                .isNotNegative();
        assertThat(grace.phone.packets.getLast().atNanos() / MILLI % 20).isEqualTo(3);
        assertThat(grace.phone.packets.size() - after).isBetween(13, 17);
    }

    @Test
    void comfort_noise_is_made_up_for_who_hears_it_and_the_next_word_goes_as_it_comes() {
        Talker ada = Talker.withComfortNoise(at, 1, AudioCodec.PCMU, 20, 3);
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, 20, 9);
        pass(400);
        ada.sends = false;
        ada.phone.send(
                Caller.COMFORT_NOISE, ada.phone.sequence, ada.phone.timestamp, new byte[] {40});
        ada.phone.pauses(1, 0);
        pass(100);
        int from = grace.phone.packets.size();
        pass(400);
        byte[] noise = grace.phone.octets(from);
        assertThat(noise.length).isEqualTo(20 * FRAME);
        assertThat(Level.ofMeanSquare(G711.meanSquare(AudioCodec.PCMU, noise, 0, noise.length)))
                .isBetween(-43, -37);
        ada.phone.pauses(0, 0);
        ada.phone.timestamp += 25 * FRAME;
        ada.sends = true;
        int before = ada.said.length;
        long resumedMillis = at.nowMillis() + Math.floorMod(3 - at.nowMillis() - 1, 20) + 1;
        int after = grace.phone.packets.size();
        pass(400);
        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
        int first = 0;
        while (Talker.indexOf(ada.said, grace.phone.packets.get(after + first).payload(), 0) < 0) {
            first++;
        }
        assertThat(first).as("nothing of the word is kept back").isLessThan(3);
        Caller.Packet word = grace.phone.packets.get(after + first);
        assertThat(word.atNanos() / MILLI).as("sent as it came").isEqualTo(resumedMillis);
        assertThat(Talker.indexOf(ada.said, word.payload(), 0)).isEqualTo(before);
        assertThat(grace.heardInARow(ada, after + first)).isGreaterThan(17 * FRAME);
    }

    @Test
    void who_has_another_codec_hears_a_mix_and_nobody_else_pays_for_it() {
        Talker ada = new Talker(at, 1, AudioCodec.PCMU, 20, 3);
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, 20, 9);
        Talker linus = new Talker(at, 3, AudioCodec.PCMA, 20, 14);
        grace.loud = false;
        linus.loud = false;
        pass(600);
        int from = grace.phone.packets.size();
        int mixed = linus.phone.packets.size();
        pass(500);

        assertThat(grace.heardInARow(ada, from)).isEqualTo(25 * FRAME);
        assertThat(linus.phone.packets.size() - mixed).isEqualTo(25);
        assertThat(linus.phone.packets.getLast().atNanos() / MILLI % 20).isZero();
        assertThat(ada.phone.leg.ear().isOpen()).isTrue();
    }

    @Test
    void keys_towards_a_phone_go_in_the_place_of_packets() {
        Talker ada = new Talker(at, 1, AudioCodec.PCMU, 20, 3);
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, 20, 9);
        pass(400);
        assertThat(grace.phone.leg.press("7", 100, 60, false)).isTrue();
        int from = grace.phone.packets.size();
        pass(1_000);
        List<Caller.Packet> heard = grace.phone.packets.subList(from, grace.phone.packets.size());

        assertThat(heard.stream().filter(each -> each.payloadType() == Caller.EVENTS).count())
                .isBetween(6L, 12L);
        assertThat(heard.getLast().atNanos() / MILLI % 20).isEqualTo(3);
        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
    }
}
