package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.PassThroughPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How Opus packets of a lone speaker begin, end and rest on their way to a phone. */
class OpusPausesTest {
    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);
    private final Hum ada = new Hum(at, 1, 440, 3);
    private final Hum grace = new Hum(at, 2, 620, 11);

    private static int configuration(Caller.Packet packet) {
        return (packet.payload()[0] & 0xFF) >> 3;
    }

    /** The mix behind them is by SILK, of which nothing is heard behind a frame of CELT. */
    @Test
    void packets_end_with_a_frame_of_silence_in_each_mode() {
        at.pass(900);
        byte[] last = ada.last;
        int end = grace.phone.packets.size();
        ada.phone.leg.setVolume(-12);
        at.pass(100);

        List<Caller.Packet> behind = grace.phone.packets.subList(end, grace.phone.packets.size());
        assertThat(grace.phone.packets.get(end - 1).payload()).isEqualTo(last);
        assertThat(configuration(behind.get(0))).as("CELT (RFC 6716, table 2)").isBetween(16, 31);
        assertThat(behind.get(0).payload()).hasSize(3);
        assertThat(configuration(behind.get(1))).as("SILK").isLessThan(12);
        assertThat(configuration(behind.get(2))).as("the mix").isLessThan(12);
    }

    @Test
    void a_word_that_nothing_is_said_is_not_sent_on() {
        ada.loud = false;
        at.pass(1_000);
        at.everybody.clear();
        int from = grace.phone.packets.size();
        for (int i = 0; i < 50; i++) {
            ada.phone.says(new byte[] {(byte) 0x48}, 960);
            at.pass(20);
        }

        List<Caller.Packet> heard = grace.phone.packets.subList(from, grace.phone.packets.size());
        assertThat(heard).isNotEmpty();
        assertThat(heard).noneMatch(each -> each.payload().length <= 2);
    }

    /** It goes on at 1 % and not at 3, or it would go to and fro. */
    @Test
    void who_loses_somewhat_less_than_before_is_encoded_for_still() {
        at.pass(1_000);
        grace.phone.reports(256 / 10);
        ada.loud = false;
        at.pass(1_000);
        assertThat(ada.phone.leg.ear().isOpen()).isTrue();
        grace.phone.reports(256 * 2 / 100);
        at.pass(1_000);
        assertThat(ada.phone.leg.ear().isOpen()).as("2 %").isTrue();
        grace.phone.reports(0);
        at.pass(1_000);
        assertThat(ada.phone.leg.ear().isOpen()).isFalse();
    }

    /** Another hears the mix already, by an encoder that knows the tone. */
    @Test
    void who_comes_from_packets_to_a_mix_that_others_share_hears_no_click() {
        Hum linus = new Hum(at, 3, 620, 14);
        grace.loud = false;
        linus.loud = false;
        ada.loud = false;
        at.pass(1_000);
        linus.phone.reports(256 / 10);
        at.pass(1_000);
        ada.loud = true;
        at.pass(1_000);
        assertThat(ada.phone.leg.ear().isOpen()).as("for the one who loses").isTrue();
        int from = grace.phone.packets.size();
        at.pass(500);
        assertThat(grace.phone.packets.getLast().payload()).as("as it comes").isEqualTo(ada.last);
        at.room.announce(new short[8_000]);
        at.pass(500);

        short[] heard = Played.by(grace.phone, AudioCodec.OPUS, from, at.codecs);
        double steady = Played.roughness(heard, 2_000, 6_000);
        double worst = Played.roughness(heard, 6_000, heard.length);
        System.out.printf("Opus packets to a shared mix: %.0f, steady %.0f%n", worst, steady);
        assertThat(worst).isLessThan(2 * steady);
    }
}
