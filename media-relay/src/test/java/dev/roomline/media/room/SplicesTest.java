package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.G711;
import dev.roomline.media.leg.PassThroughPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a phone's packets give way to mixes and mixes to packets, and what is heard there. */
class SplicesTest {
    private static final int FRAME = 160;

    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);
    private final Talker ada = new Talker(at, 1, AudioCodec.PCMU, 20, 3);

    @Test
    void mixes_go_on_for_two_seconds_after_the_second_has_paused() {
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, 20, 9);
        Talker linus = new Talker(at, 3, AudioCodec.PCMU, 20, 14);
        grace.loud = false;
        linus.loud = false;
        at.pass(600);
        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
        linus.loud = true;
        at.pass(100);
        linus.loud = false;
        // it is heard to have paused after 450 ms
        at.pass(450 + 1_800);
        assertThat(ada.phone.leg.ear().isOpen()).as("they answer one another").isTrue();
        at.pass(400);
        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
    }

    @Test
    void while_all_pause_whoever_spoke_last_is_heard_breathing() {
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, 20, 9);
        Talker linus = new Talker(at, 3, AudioCodec.PCMU, 20, 14);
        ada.loud = false;
        grace.loud = false;
        Arrays.fill(linus.silence, (byte) 0xFE);
        at.pass(1_500);
        linus.loud = false;
        at.pass(1_500);
        int from = grace.phone.packets.size();
        at.pass(1_000);

        assertThat(ada.phone.leg.talk().talking()).isFalse();
        assertThat(linus.phone.leg.talk().talking()).isFalse();
        assertThat(grace.phone.packets.subList(from, grace.phone.packets.size()))
                .hasSize(50)
                .allSatisfy(each -> assertThat(each.payload()).containsOnly((byte) 0xFE));
    }

    /** What a mix has kept back has the volume of all the rest. */
    @Test
    void a_volume_holds_over_the_way_from_a_mix_to_packets() {
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, 20, 9);
        Talker linus = new Talker(at, 3, AudioCodec.PCMU, 20, 14);
        grace.loud = false;
        linus.loud = false;
        ada.phone.leg.setVolume(-12);
        at.pass(600);
        linus.loud = true;
        at.pass(40);
        linus.loud = false;
        at.pass(500);
        assertThat(ada.phone.leg.ear().isOpen()).isTrue();
        int from = grace.phone.packets.size();
        at.pass(2_500);

        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
        double usual = 0;
        for (Caller.Packet each : grace.phone.packets.subList(from, from + 20)) {
            usual += loudness(each) / 20;
        }
        for (Caller.Packet each : grace.phone.packets.subList(from, grace.phone.packets.size())) {
            assertThat(loudness(each)).isBetween(usual / 2, usual * 2);
        }
    }

    /** A mute has ended and risen in the packets: the mix behind them does not rise once more. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 10, 15})
    void what_rose_from_a_mute_goes_on_in_a_mix_as_loud_as_it_was(int millis) {
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, 20, 9);
        grace.loud = false;
        at.pass(600);
        ada.phone.leg.setMuted(true);
        at.pass(400);
        ada.phone.leg.setMuted(false);
        at.pass(600 + millis);
        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
        int from = grace.phone.packets.size();
        at.room.announce(new short[FRAME * 10]);
        at.pass(100);
        assertThat(ada.phone.leg.ear().isOpen()).isTrue();
        at.pass(1_000);

        assertThat(grace.heardInARow(ada, from)).isGreaterThan(FRAME * 40);
    }

    private static double loudness(Caller.Packet packet) {
        byte[] payload = packet.payload();
        return G711.meanSquare(AudioCodec.PCMU, payload, 0, payload.length);
    }

    /** Nothing follows the last packet, so no mix can go on behind it. */
    @Test
    void who_ceases_to_send_where_a_recording_begins_does_not_keep_it_from_being_heard() {
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, 20, 9);
        grace.loud = false;
        at.pass(600);
        short[] recording = new short[8_000];
        for (int i = 0; i < recording.length; i++) {
            recording[i] = (short) (8_000 * Math.sin(2 * Math.PI * 500 * i / 8_000));
        }
        ada.sends = false;
        at.room.announce(recording);
        at.pass(400);
        int from = grace.phone.packets.size();
        at.pass(400);

        List<Caller.Packet> heard = grace.phone.packets.subList(from, grace.phone.packets.size());
        assertThat(heard).hasSize(20);
        assertThat(heard).allSatisfy(each -> assertThat(loudness(each)).isGreaterThan(1e7));
    }

    /**
     * Recordings of nothing, one soon after the other and of any length, so that each change from
     * packets to mixes and back may come while the one before is not over.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void however_soon_one_change_follows_another_each_octet_is_heard_once(int seed) {
        Random random = new Random(seed);
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, seed % 2 == 0 ? 20 : 30, 9);
        grace.loud = false;
        at.pass(600);
        int from = grace.phone.packets.size();
        for (int i = 0; i < 60; i++) {
            at.room.announce(new short[FRAME * random.nextInt(1, 4)]);
            at.pass(random.nextInt(1, 90));
        }
        at.pass(1_000);

        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
        assertThat(grace.heardInARow(ada, from)).isGreaterThan(FRAME * 60);
    }

    /** Packets that are cut anew for who wants longer ones. */
    @Test
    void what_was_lost_before_is_a_gap_in_number_and_time_where_packets_are_cut_anew() {
        Talker grace = new Talker(at, 2, AudioCodec.PCMU, 30, 9);
        grace.loud = false;
        at.pass(600);
        int from = grace.phone.packets.size();
        for (int i = 0; i < 5; i++) {
            at.pass(200);
            ada.phone.pauses(1, FRAME);
        }
        at.pass(200);
        List<Caller.Packet> heard = grace.phone.packets.subList(from, grace.phone.packets.size());
        int gaps = 0;
        int origin = Talker.indexOf(ada.said, heard.getFirst().payload(), 0);
        int lost = 0;
        for (int i = 1; i < heard.size(); i++) {
            Caller.Packet before = heard.get(i - 1);
            Caller.Packet each = heard.get(i);
            int missing = each.sequence() - before.sequence() - 1 & 0xFFFF;
            assertThat(missing).isLessThan(2);
            gaps += missing;
            int place = Talker.indexOf(ada.said, each.payload(), 0);
            assertThat(place).isNotNegative();
            lost += missing * FRAME;
            assertThat(each.timestamp() - heard.getFirst().timestamp())
                    .as("the time of what it carries")
                    .isEqualTo(place - origin + lost);
        }
        assertThat(gaps).isEqualTo(5);
    }
}
