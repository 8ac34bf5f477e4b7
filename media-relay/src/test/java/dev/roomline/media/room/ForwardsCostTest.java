package dev.roomline.media.room;

import static dev.roomline.media.measure.AllocatedOctets.perTurn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.PassThroughPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing for nothing: what a room does for phones that hear one another's packets. */
class ForwardsCostTest {
    private static final int FRAME = 160;

    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);

    private Caller phone(int id, AudioCodec codec, int phaseMillis) {
        return phone(at, id, codec, phaseMillis);
    }

    private static Caller phone(VirtualRoom at, int id, AudioCodec codec, int phaseMillis) {
        Caller phone = new Caller(id, codec, 20, at);
        byte[] packet = new byte[FRAME];
        for (int i = 0; i < FRAME; i++) {
            packet[i] = (byte) (i % 2 == 0 ? 0x10 : 0x90);
        }
        at.everybody.add(
                () -> {
                    if (at.nowMillis() % 20 == phaseMillis) {
                        phone.says(packet, FRAME);
                    }
                });
        return phone;
    }

    @Test
    void two_phones_of_one_codec_cost_no_tick_no_decode_and_no_encode() {
        Caller ada = phone(1, AudioCodec.PCMA, 3);
        Caller grace = phone(2, AudioCodec.PCMA, 9);
        at.pass(500);
        int ticks = at.ticks;
        int heard = grace.packets.size();
        at.pass(10_000);

        assertThat(at.ticks - ticks).isZero();
        assertThat(grace.packets.size() - heard).isEqualTo(500);
        assertThat(ada.leg.ear().isOpen()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"NEVER,PCMA", "AUTO,G722"})
    void where_packets_may_not_go_on_as_they_came_everybody_hears_a_mix(
            PassThroughPolicy policy, AudioCodec codec) {
        VirtualRoom mixed = new VirtualRoom(policy);
        Caller ada = phone(mixed, 1, codec, 3);
        Caller grace = phone(mixed, 2, codec, 9);
        mixed.pass(500);
        int ticks = mixed.ticks;
        int heard = grace.packets.size();
        mixed.pass(1_000);

        assertThat(mixed.ticks - ticks).isEqualTo(50);
        assertThat(grace.packets.size() - heard).isEqualTo(50);
        assertThat(ada.leg.ear().isOpen()).isTrue();
    }

    @Test
    void a_recording_is_heard_although_nothing_ticked_before_it() {
        phone(1, AudioCodec.PCMU, 3);
        phone(2, AudioCodec.PCMU, 9);
        at.pass(500);
        int ticks = at.ticks;
        at.room.announce(new short[1_600]);
        at.pass(200);

        assertThat(at.ticks - ticks).isBetween(9, 11);
    }

    @Test
    void whose_packets_cease_makes_the_room_tick_again_and_not_for_longer_than_needed() {
        Caller ada = phone(1, AudioCodec.PCMU, 3);
        Caller grace = phone(2, AudioCodec.PCMU, 9);
        at.pass(500);
        ada.leg.setMuted(true);
        at.pass(1_000);
        int ticks = at.ticks;
        assertThat(ticks).isGreaterThan(30);
        assertThat(grace.packets.getLast().payload()).containsOnly((byte) 0xFF);
        ada.leg.setMuted(false);
        at.pass(300);
        int again = at.ticks;
        at.pass(1_000);
        assertThat(at.ticks).isEqualTo(again);
    }

    @ParameterizedTest
    @EnumSource(
            value = AudioCodec.class,
            names = {"PCMU", "PCMA"})
    void a_packet_on_its_way_allocates_nothing(AudioCodec codec) {
        QuietPhone ada = new QuietPhone(1, codec, at);
        QuietPhone grace = new QuietPhone(2, codec, at);
        double octets =
                perTurn(
                        20_000,
                        i -> {
                            at.room.at(i * 20L * VirtualRoom.MILLI);
                            ada.says(i, i * 20L * VirtualRoom.MILLI);
                            grace.says(i, i * 20L * VirtualRoom.MILLI);
                            if (i % 50 == 0) {
                                at.room.tick(
                                        i * 20L * VirtualRoom.MILLI, i * 20L * VirtualRoom.MILLI);
                            }
                        });

        assertThat(grace.sent()).isGreaterThan(20_000);
        assertThat(octets).isLessThan(0.5);
    }
}
