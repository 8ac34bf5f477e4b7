package dev.roomline.media.rtp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RtpPacketTest {
    private final RtpPacket packet = new RtpPacket();
    private final RtpWriter writer = new RtpWriter();

    private @Nullable RtpMalformed wrap(String hex) {
        byte[] data = HexFormat.of().parseHex(hex.replace(" ", ""));
        // in the middle of a larger array: nothing may be read beside it
        byte[] around = new byte[data.length + 10];
        Arrays.fill(around, (byte) 0xFF);
        System.arraycopy(data, 0, around, 5, data.length);
        return packet.wrap(around, 5, data.length);
    }

    private static final String FIXED = "80 80 1234 00000001 DEADBEEF";

    @Test
    @Tag("RFC3550§5.1")
    void theFixedHeaderIsReadAsRfc3550DrawsIt() {
        assertThat(wrap(FIXED + "AABB")).isNull();
        assertThat(packet.marker()).isTrue();
        assertThat(packet.payloadType()).isZero();
        assertThat(packet.sequence()).isEqualTo(0x1234);
        assertThat(packet.timestamp()).isEqualTo(1);
        assertThat(packet.ssrc()).isEqualTo(0xDEADBEEF);
        assertThat(packet.payloadLength()).isEqualTo(2);
        assertThat(packet.buffer()[packet.payloadOffset()]).isEqualTo((byte) 0xAA);
        assertThat(packet.length()).isEqualTo(14);
        assertThat(packet.hasExtension()).isFalse();
    }

    private record Bad(String hex, RtpMalformed reason) {}

    @Test
    void whatIsNoPacketIsRefusedByReason() {
        List<Bad> rows =
                List.of(
                        new Bad("", RtpMalformed.TOO_SHORT),
                        new Bad("80 80 1234 00000001 DEADBE", RtpMalformed.TOO_SHORT),
                        new Bad("40 80 1234 00000001 DEADBEEF", RtpMalformed.WRONG_VERSION),
                        new Bad("82 80 1234 00000001 DEADBEEF 00000001", RtpMalformed.CSRC_OVERRUN),
                        new Bad(
                                "90 80 1234 00000001 DEADBEEF BEDE00",
                                RtpMalformed.EXTENSION_OVERRUN),
                        new Bad(
                                "90 80 1234 00000001 DEADBEEF BEDE0001 0000",
                                RtpMalformed.EXTENSION_OVERRUN),
                        new Bad("A0 80 1234 00000001 DEADBEEF", RtpMalformed.BAD_PADDING),
                        new Bad("A0 80 1234 00000001 DEADBEEF 0000", RtpMalformed.BAD_PADDING),
                        new Bad("A0 80 1234 00000001 DEADBEEF 0003", RtpMalformed.BAD_PADDING));
        for (Bad row : rows) {
            assertThat(wrap(row.hex)).as(row.hex).isEqualTo(row.reason);
        }
    }

    @Test
    void paddingIsNoPayload() {
        assertThat(wrap("A0 80 1234 00000001 DEADBEEF AABBCC 000003")).isNull();
        assertThat(packet.payloadLength()).isEqualTo(3);
        assertThat(packet.paddingLength()).isEqualTo(3);
    }

    @Test
    void oneByteElementsAreFoundAmongPaddingAndEndAtFifteen() {
        // ids 1 (2 octets), 3 (1 octet), padding, then id 15, behind which nothing counts
        assertThat(
                        wrap(
                                "90 80 1234 00000001 DEADBEEF BEDE0003 11AABB 00 30CC 00 00 F0 40DD"
                                        + " 00"))
                .isNull();
        assertThat(packet.extensionLength(1)).isEqualTo(2);
        assertThat(packet.buffer()[packet.extension(3)]).isEqualTo((byte) 0xCC);
        assertThat(packet.extension(4)).isEqualTo(-1);
    }

    @Test
    void twoByteElementsMayBeEmptyAndLong() {
        assertThat(wrap("90 80 1234 00000001 DEADBEEF 10000003 0100 20 03AABBCC 00 00000000"))
                .isNull();
        assertThat(packet.extensionLength(1)).isZero();
        assertThat(packet.extensionLength(0x20)).isEqualTo(3);
        assertThat(packet.extension(2)).isEqualTo(-1);
    }

    @Test
    void anElementThatRunsPastItsExtensionIsAbsent() {
        assertThat(wrap("90 80 1234 00000001 DEADBEEF BEDE0001 13AABBCC DDDDDDDD")).isNull();
        assertThat(packet.extension(1)).isEqualTo(-1);
        assertThat(wrap("90 80 1234 00000001 DEADBEEF 10000001 0103AABB DDDDDDDD")).isNull();
        assertThat(packet.extension(1)).isEqualTo(-1);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        byte[] out = new byte[100];
        byte[] mid = "slot3".getBytes(US_ASCII);
        int payloadAt =
                writer.start(out, 2, true, 111, 65_535, -5, 77)
                        .csrc(8)
                        .csrc(9)
                        .audioLevel(1, true, -30)
                        .mid(4, mid)
                        .end();

        assertThat(packet.wrap(out, 2, payloadAt + 20 - 2)).isNull();
        assertThat(packet.payloadOffset()).isEqualTo(payloadAt);
        assertThat(packet.payloadType()).isEqualTo(111);
        assertThat(packet.marker()).isTrue();
        assertThat(packet.csrcCount()).isEqualTo(2);
        assertThat(packet.csrc(1)).isEqualTo(9);
        assertThat(AudioLevelExtension.read(packet, 1)).isEqualTo(-30);
        assertThat(AudioLevelExtension.isVoiced(packet, 1)).isTrue();
        assertThat(AudioLevelExtension.read(packet, 2)).isEqualTo(AudioLevelExtension.ABSENT);
        assertThat(MidExtension.matches(packet, 4, mid)).isTrue();
        assertThat(MidExtension.matches(packet, 4, "slot4".getBytes(US_ASCII))).isFalse();

        packet.setSequence(7);
        packet.setTimestamp(8);
        packet.setSsrc(9);
        packet.setMarker(false);
        packet.setPayloadType(8);
        assertThat(packet.sequence()).isEqualTo(7);
        assertThat(packet.timestamp()).isEqualTo(8);
        assertThat(packet.ssrc()).isEqualTo(9);
        assertThat(packet.marker()).isFalse();
        assertThat(packet.payloadType()).isEqualTo(8);
    }

    @Test
    void twoByteElementsAreWrittenOnDemandAndImpossibleOnesRefused() {
        byte[] out = new byte[100];
        int end =
                writer.start(out, 0, false, 0, 1, 2, 3)
                        .twoByteExtensions()
                        .audioLevel(20, false, -200)
                        .end();
        assertThat(packet.wrap(out, 0, end)).isNull();
        assertThat(AudioLevelExtension.read(packet, 20)).isEqualTo(-127);
        assertThatThrownBy(
                        () ->
                                new RtpWriter()
                                        .start(out, 0, false, 0, 1, 2, 3)
                                        .audioLevel(15, true, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void randomOctetsNeverThrow() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            byte[] data = new byte[random.nextInt(64)];
            random.nextBytes(data);
            if (data.length > 0 && random.nextInt(4) != 0) {
                data[0] = (byte) (0x80 | (data[0] & 0x3F));
            }
            if (data.length > 14 && random.nextBoolean()) {
                data[0] = (byte) 0x90;
                Octets.putU16(data, 12, random.nextBoolean() ? 0xBEDE : 0x1000);
                data[14] = 0;
            }
            if (packet.wrap(data, 0, data.length) == null) {
                for (int id = 0; id < 16; id++) {
                    int at = packet.extension(id);
                    if (at >= 0) {
                        assertThat(at + packet.extensionLength(id))
                                .isLessThanOrEqualTo(packet.payloadOffset());
                    }
                }
                assertThat(packet.payloadLength()).isNotNegative();
                assertThat(packet.length()).isEqualTo(data.length);
            }
        }
    }

    @Test
    @Tag("RFC5761§4")
    void rtcpIsToldFromRtpByItsType() {
        assertThat(RtpDemux.isRtcp(new byte[] {(byte) 0x80, (byte) 200}, 0, 2)).isTrue();
        assertThat(RtpDemux.isRtcp(new byte[] {(byte) 0x80, (byte) (0x80 | 111)}, 0, 2)).isFalse();
        assertThat(RtpDemux.isRtcp(new byte[] {(byte) 0x80}, 0, 1)).isFalse();
        assertThat(RtpDemux.isRtpOrRtcp(new byte[] {22}, 0, 1)).isFalse();
    }

    @Test
    void sequencesCompareAndExtendAcrossTheWrap() {
        assertThat(Sequences.isNewer(0, 65_535)).isTrue();
        assertThat(Sequences.isNewer(65_535, 0)).isFalse();
        assertThat(Sequences.difference(2, 65_534)).isEqualTo(4);
        assertThat(Sequences.next(65_535)).isZero();
        assertThat(Sequences.extend(65_535, 1)).isEqualTo(65_537);
        assertThat(Sequences.extend(65_537, 65_530)).isEqualTo(65_530);
        assertThat(Sequences.extendTimestamp(0xFFFF_FFF0L, 0x10)).isEqualTo(0x1_0000_0010L);
        assertThat(Sequences.extendTimestamp(0x1_0000_0010L, 0xFFFF_FFF0)).isEqualTo(0xFFFF_FFF0L);
    }
}
