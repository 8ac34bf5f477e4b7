package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.rtcp.ReportsRead;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.sdp.Direction;
import dev.roomline.media.sdp.OpusParameters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A phone's leg in virtual time, with its packets in lists. */
class PhoneLegTest extends ToldPhone {
    @Test
    void nobody_is_heard_whom_the_room_was_not_told_of() {
        leg.agreed(media(20, Direction.SENDRECV), now());
        receives(0, true, new byte[160]);
        assertThat(leg.audible()).isFalse();
        leg.join();
        assertThat(leg.audible()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 20, 30, 40, 50, 60})
    void the_phones_ptime_is_honoured(int ptimeMillis) {
        agree(ptimeMillis);
        leg.release();
        byte[] frame = new byte[160];
        for (int i = 0; i < 60; i++) {
            Arrays.fill(frame, (byte) i);
            leg.sendMix(frame, 0, 160, -30);
        }

        assertThat(rtp).hasSize(60 * 20 / ptimeMillis);
        int played = 0;
        for (int i = 0; i < rtp.size(); i++) {
            RtpPacket packet = view(rtp.get(i));
            assertThat(packet.payloadLength()).isEqualTo(8 * ptimeMillis);
            if (i > 0) {
                RtpPacket before = view(rtp.get(i - 1));
                assertThat(packet.sequence()).isEqualTo((before.sequence() + 1) & 0xFFFF);
                assertThat(packet.timestamp() - before.timestamp()).isEqualTo(8 * ptimeMillis);
            }
            assertThat(packet.marker()).isEqualTo(i == 0);
            for (int k = 0; k < packet.payloadLength(); k++, played++) {
                assertThat(packet.buffer()[packet.payloadOffset() + k])
                        .isEqualTo((byte) (played / 160));
            }
        }
    }

    @Test
    void what_is_skipped_is_time_that_passed() {
        agree(20);
        leg.release();
        leg.sendMix(new byte[160], 0, 160, -30);
        leg.skipMix(5);
        leg.sendMix(new byte[160], 0, 160, -30);

        RtpPacket first = view(rtp.get(0));
        RtpPacket second = view(rtp.get(1));
        assertThat(second.timestamp() - first.timestamp()).isEqualTo(6 * 160);
        assertThat(second.sequence()).isEqualTo((first.sequence() + 1) & 0xFFFF);
        assertThat(second.marker()).isTrue();
    }

    /** RFC 7587 §6.1, usedtx: a word each 400 ms, and the clock runs through what is not sent. */
    @Test
    void silence_is_not_sent_to_a_phone_with_opus_that_wants_it_so() {
        OpusParameters wishes = new OpusParameters(false, true, false, 48_000, 0, false);
        leg.agreed(
                media(AudioCodec.OPUS, 96, 20, Direction.SENDRECV, false, EVENTS, wishes), now());
        leg.join();
        leg.release();
        leg.sendMix(new byte[60], 0, 60, -30);
        for (int i = 0; i < 50; i++) {
            leg.sendSilence();
        }
        leg.sendMix(new byte[60], 0, 60, -30);

        assertThat(rtp).hasSize(1 + 3 + 1);
        assertThat(view(rtp.get(4)).timestamp() - view(rtp.get(0)).timestamp()).isEqualTo(51 * 960);
        assertThat(view(rtp.get(4)).sequence())
                .isEqualTo((view(rtp.get(0)).sequence() + 4) & 0xFFFF);
        assertThat(view(rtp.get(4)).marker()).isTrue();

        leg.press("5", 100, 40, false);
        for (int i = 0; i < 10; i++) {
            leg.sendSilence();
        }
        assertThat(rtp.subList(5, rtp.size()))
                .filteredOn(p -> view(p).payloadType() == 101)
                .hasSize(7);
    }

    @Test
    void before_the_release_it_is_owed_nothing_and_after_it_is() {
        agree(20);
        assertThat(leg.hearsMix()).isFalse();
        assertThat(leg.owedPackets()).isFalse();

        leg.release();

        assertThat(leg.hearsMix()).isTrue();
        assertThat(leg.owedPackets()).isTrue();
    }

    @Test
    void valid_sound_from_its_address_is_as_good_as_the_release() {
        agree(20);
        receives(0, true, new byte[160]);

        assertThat(leg.owedPackets()).isTrue();
        assertThat(told).containsExactly("connected");
    }

    @Test
    void a_type_that_was_not_negotiated_is_dropped_and_counted() {
        agree(20);
        receives(0, false, new byte[160]);
        receives(18, false, new byte[20]);

        assertThat(drops.of(Drop.RTP_UNNEGOTIATED)).isEqualTo(1);
    }

    @Test
    void short_and_broken_rtcp_is_dropped_and_counted() {
        agree(20);
        for (int length = 0; length < 12; length++) {
            byte[] octets = new byte[length];
            Arrays.fill(octets, (byte) 0x81);
            leg.onRtcpPort(octets, 0, length, PHONE_RTCP, now());
        }

        assertThat(drops.of(Drop.RTCP_MALFORMED)).isEqualTo(12);
    }

    @Test
    void rtcp_of_a_stranger_is_not_read() {
        agree(20);
        leg.onRtcpPort(
                new byte[12],
                0,
                12,
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.66"), 4_001),
                now());

        assertThat(drops.of(Drop.RTCP_STRANGER)).isEqualTo(1);
    }

    @Test
    @Tag("RFC3550§6.2")
    @Tag("RFC3550§6.5.1")
    void reports_come_every_few_seconds_with_name_and_reception() {
        agree(20);
        leg.release();
        for (int i = 0; i < 3_000; i++, nowMillis += 20) {
            timestamp += 160;
            receives(0, false, new byte[160]);
            leg.sendSilence();
            leg.maintain(now());
        }

        assertThat(rtcp).hasSizeBetween(8, 30);
        assertThat(rtcpTargets).containsOnly(PHONE_RTCP);
        ReportsRead last = ReportsRead.of(rtcp.getLast());
        assertThat(last.order).containsExactly("SR", "block", "name");
        ReportsRead.SenderReport report = last.senders.getFirst();
        assertThat(report.octets()).isEqualTo(160 * report.packets());
        assertThat(last.blocks.getFirst().source()).isEqualTo(99);
        assertThat(last.blocks.getFirst().cumulativeLost()).isZero();
        assertThat(last.names.getFirst()).hasSize(4);
    }

    @Test
    @Tag("RFC3550§6.6")
    void it_says_goodbye() {
        agree(20);
        leg.release();
        leg.sendSilence();
        leg.close(now());

        assertThat(ReportsRead.of(rtcp.getLast()).gone).containsExactly(view(rtp.getLast()).ssrc());
    }

    @Test
    void a_leg_that_sends_nothing_is_lost_after_the_time_out() {
        agree(20);
        leg.release();
        for (nowMillis = 0; nowMillis < 30_000; nowMillis += 100) {
            leg.maintain(now());
        }
        assertThat(told).isEmpty();

        leg.maintain(30_000 * MILLI);
        leg.maintain(30_100 * MILLI);

        assertThat(told).containsExactly("MEDIA_TIMEOUT");
    }

    @Test
    void a_held_leg_may_be_silent_for_ever() {
        agree(20);
        leg.release();
        leg.agreed(media(20, Direction.RECVONLY), now());
        for (nowMillis = 0; nowMillis < 600_000; nowMillis += 100) {
            leg.maintain(now());
        }

        assertThat(told).isEmpty();
        assertThat(leg.hearsMix()).isFalse();
    }

    @Test
    void one_unreachable_port_is_forgiven_and_a_lasting_one_is_not() {
        agree(20);
        receives(0, true, new byte[160]);
        leg.onPortUnreachable(100 * MILLI);
        nowMillis = 1_000;
        receives(0, false, new byte[160]);
        leg.onPortUnreachable(2_200 * MILLI);
        assertThat(told).containsExactly("connected");

        leg.onPortUnreachable(4_200 * MILLI);

        assertThat(told).containsExactly("connected", "PORT_CLOSED");
    }

    @Test
    void everything_leaves_to_the_described_address() {
        agree(20);
        leg.release();
        leg.sendSilence();

        assertThat(rtpTargets).containsOnly(PHONE);
    }

    @Test
    void whatNobodyHasToldIsUnknownAndNotZero() {
        leg.agreed(media(20, Direction.SENDRECV), now());
        LegStatus before = leg.status("room", now());

        assertThat(before.received().lossShare()).isEqualTo(-1);
        assertThat(before.received().mos()).isEqualTo(-1);
        assertThat(before.sent().lossShare()).isEqualTo(-1);
        assertThat(before.sent().jitterMillis()).isEqualTo(-1);
        assertThat(before.sent().mos()).isEqualTo(-1);
        assertThat(before.rttMillis()).isEqualTo(-1);
        assertThat(before.concealedShare()).isEqualTo(-1);
        assertThat(leg.blackBox().orElseThrow().each()).isEmpty();
    }
}
