package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.sdp.Direction;
import dev.roomline.media.sdp.OpusParameters;
import dev.roomline.media.sdp.PhoneMedia;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a phone's leg makes of one description after another, a hold among them. */
class PhoneDescriptionsTest extends ToldPhone {
    private static PhoneMedia of(AudioCodec codec, int type, Direction direction, boolean held) {
        return media(codec, type, 20, direction, held, EVENTS, OpusParameters.DEFAULT);
    }

    private long unnegotiated() {
        return drops.of(Drop.RTP_UNNEGOTIATED);
    }

    @Test
    void what_a_description_under_way_promises_is_understood_beside_what_runs() {
        agree(20);
        PhoneMedia next = of(AudioCodec.PCMA, 8, Direction.SENDRECV, false);
        receives(0, true, new byte[160]);
        receives(8, false, new byte[160]);
        assertThat(unnegotiated()).as("before the promise").isOne();

        leg.promised(List.of(next.incoming()));
        receives(0, false, new byte[160]);
        assertThat(leg.ear().codec()).isEqualTo(AudioCodec.PCMU);
        receives(8, false, new byte[160]);
        assertThat(leg.ear().codec()).isEqualTo(AudioCodec.PCMA);
        assertThat(unnegotiated()).isOne();
        assertThat(leg.mixCodec()).as("what we send is as it was").isEqualTo(AudioCodec.PCMU);
    }

    @Test
    void a_description_that_came_to_nothing_leaves_the_leg_as_it_was() {
        agree(20);
        leg.promised(List.of(of(AudioCodec.PCMA, 8, Direction.SENDRECV, false).incoming()));
        receives(8, true, new byte[160]);
        leg.abandoned();

        receives(0, false, new byte[160]);
        assertThat(leg.ear().codec()).isEqualTo(AudioCodec.PCMU);
        assertThat(unnegotiated()).isZero();
        receives(8, false, new byte[160]);
        assertThat(unnegotiated()).isOne();
    }

    @Test
    void sound_by_the_description_before_is_heard_until_the_new_one_comes() {
        agree(20);
        receives(0, true, new byte[160]);
        leg.agreed(of(AudioCodec.PCMA, 8, Direction.SENDRECV, false), now());

        receives(0, false, new byte[160]);
        assertThat(leg.ear().codec()).as("it was on its way").isEqualTo(AudioCodec.PCMU);
        receives(8, false, new byte[160]);
        assertThat(leg.ear().codec()).isEqualTo(AudioCodec.PCMA);
        assertThat(unnegotiated()).isZero();
        receives(0, false, new byte[160]);
        assertThat(unnegotiated()).as("never back").isOne();
    }

    @Test
    void another_number_for_the_same_codec_is_understood_at_once_and_the_old_one_still() {
        leg.agreed(of(AudioCodec.OPUS, 96, Direction.SENDRECV, false), now());
        receives(96, true, new byte[] {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE});
        leg.agreed(of(AudioCodec.OPUS, 111, Direction.SENDRECV, false), now());

        receives(96, false, new byte[] {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE});
        receives(111, false, new byte[] {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE});
        assertThat(unnegotiated()).isZero();
    }

    @Test
    void who_holds_us_is_not_heard_even_if_he_plays_music() {
        agree(20);
        receives(0, true, new byte[160]);
        assertThat(leg.audible()).isTrue();

        leg.agreed(of(AudioCodec.PCMU, 0, Direction.RECVONLY, true), now());
        assertThat(leg.audible()).isFalse();

        leg.agreed(of(AudioCodec.PCMU, 0, Direction.SENDRECV, false), now());
        assertThat(leg.audible()).isTrue();
    }

    @Test
    void a_held_phone_is_reached_by_an_empty_packet_every_fifteen_seconds() {
        agree(20);
        leg.release();
        receives(0, true, new byte[160]);
        leg.agreed(of(AudioCodec.PCMU, 0, Direction.RECVONLY, true), now());
        rtp.clear();
        for (nowMillis = 0; nowMillis <= 61_000; nowMillis += 100) {
            leg.maintain(now());
        }

        assertThat(rtp).hasSize(4).allMatch(packet -> packet.length == 0);
        assertThat(rtcp).as("reports go on").isNotEmpty();
    }

    @Test
    void an_empty_address_gets_neither_sound_nor_reports() {
        agree(20);
        leg.release();
        receives(0, true, new byte[160]);
        PhoneMedia old = of(AudioCodec.PCMU, 0, Direction.RECVONLY, true);
        leg.agreed(
                new PhoneMedia(
                        old.codec(),
                        0,
                        0,
                        20,
                        new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 4_000),
                        new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 4_001),
                        false,
                        old.direction(),
                        true,
                        EVENTS,
                        -1,
                        old.opus()),
                now());
        rtp.clear();
        rtcp.clear();
        for (nowMillis = 0; nowMillis <= 61_000; nowMillis += 100) {
            leg.maintain(now());
        }

        assertThat(rtp).isEmpty();
        assertThat(rtcp).isEmpty();
    }
}
