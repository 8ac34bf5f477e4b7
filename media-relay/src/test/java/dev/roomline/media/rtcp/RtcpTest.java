package dev.roomline.media.rtcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RtcpTest {
    private static final class Heard implements RtcpVisitor {
        final List<String> lines = new ArrayList<>();

        @Override
        public void onSenderReport(
                int ssrc, long ntp, int rtpTimestamp, long packets, long octets) {
            lines.add("SR %x %x %d %d %d".formatted(ssrc, ntp, rtpTimestamp, packets, octets));
        }

        @Override
        public void onReceiverReport(int ssrc) {
            lines.add("RR %x".formatted(ssrc));
        }

        @Override
        public void onReportBlock(
                int reporter,
                int source,
                int fractionLost,
                int cumulativeLost,
                long highestSequence,
                long jitter,
                int lastSr,
                long delaySinceLastSr) {
            lines.add(
                    "block %x %x %d %d %d %d %x %d"
                            .formatted(
                                    reporter,
                                    source,
                                    fractionLost,
                                    cumulativeLost,
                                    highestSequence,
                                    jitter,
                                    lastSr,
                                    delaySinceLastSr));
        }

        @Override
        public void onCname(int ssrc, byte[] data, int offset, int length) {
            lines.add("CNAME %x %s".formatted(ssrc, new String(data, offset, length, US_ASCII)));
        }

        @Override
        public void onBye(int ssrc) {
            lines.add("BYE %x".formatted(ssrc));
        }

        @Override
        public void onNack(int media, int sequence) {
            lines.add("NACK %x %d".formatted(media, sequence));
        }

        @Override
        public void onOther(int packetType, int format) {
            lines.add("other %d/%d".formatted(packetType, format));
        }
    }

    private final Heard heard = new Heard();
    private final byte[] out = new byte[500];

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    void aCompoundIsReadBackAsItWasWritten() {
        int length =
                new RtcpWriter()
                        .start(out, 3)
                        .senderReport(0xA, 0x0123_4567_89AB_CDEFL, 160, 3_000_000_000L, 9)
                        .reportBlock(0xB, 64, -2, 0x1_0005, 33, 0x4567_89AB, 65_536)
                        .cname(0xA, "abcd".getBytes(US_ASCII))
                        .nack(0xA, 0xB, 65_535, 0b101)
                        .bye(0xA)
                        .end();

        assertThat(length % 4).isZero();
        assertThat(RtcpParser.parse(out, 3, length, heard)).isNull();
        assertThat(heard.lines)
                .containsExactly(
                        "SR a 123456789abcdef 160 3000000000 9",
                        "block a b 64 -2 65541 33 456789ab 65536",
                        "CNAME a abcd",
                        "NACK b 65535",
                        "NACK b 0",
                        "NACK b 2",
                        "BYE a");
    }

    @Test
    @Tag("RFC3550§6.5.1")
    void cnamesOfEveryLengthEndOnAWordWithANullOctet() {
        for (int size = 0; size < 20; size++) {
            heard.lines.clear();
            String name = "x".repeat(size);
            int length =
                    new RtcpWriter()
                            .start(out, 0)
                            .receiverReport(1)
                            .cname(1, name.getBytes(US_ASCII))
                            .end();
            assertThat(RtcpParser.parse(out, 0, length, heard)).isNull();
            assertThat(heard.lines).containsExactly("RR 1", "CNAME 1 " + name);
        }
    }

    @Test
    void transportFeedbackAndOtherKindsArePassedOver() {
        byte[] data =
                hex("8FCD0005 00000001 00000002 00000001 00000000 20010000 80C90001 00000007");
        assertThat(RtcpParser.parse(data, 0, data.length, heard)).isNull();
        assertThat(heard.lines).containsExactly("other 205/15", "RR 7");
    }

    private record Bad(String hex, RtcpMalformed reason) {}

    @Test
    @Tag("RFC3550§A.2")
    void whatIsMalformedIsRefusedWholeByReason() {
        List<Bad> rows =
                List.of(
                        new Bad("80C90001 000000", RtcpMalformed.TOO_SHORT),
                        new Bad("40C90001 00000007", RtcpMalformed.WRONG_VERSION),
                        new Bad("80630001 00000007", RtcpMalformed.WRONG_TYPE),
                        new Bad("80C90002 00000007", RtcpMalformed.LENGTH_OVERRUN),
                        new Bad("80C9FFFF 00000007", RtcpMalformed.LENGTH_OVERRUN),
                        new Bad("80C90001 00000007 80CA", RtcpMalformed.TOO_SHORT),
                        new Bad("81C90001 00000007", RtcpMalformed.COUNT_OVERRUN),
                        new Bad("80C80001 00000007", RtcpMalformed.COUNT_OVERRUN),
                        new Bad("9FCB0001 00000007", RtcpMalformed.COUNT_OVERRUN),
                        new Bad("81CA0002 00000007 01FF4141", RtcpMalformed.COUNT_OVERRUN),
                        new Bad("81CA0002 00000007 01024141", RtcpMalformed.COUNT_OVERRUN),
                        new Bad("A0C90001 00000005", RtcpMalformed.BAD_PADDING),
                        new Bad("A0C90001 00000000", RtcpMalformed.BAD_PADDING),
                        new Bad(
                                "A0C90002 00000001 00000004 80C90001 00000001",
                                RtcpMalformed.BAD_PADDING));
        for (Bad row : rows) {
            byte[] data = hex(row.hex);
            assertThat(RtcpParser.parse(data, 0, data.length, heard))
                    .as(row.hex)
                    .isEqualTo(row.reason);
            assertThat(heard.lines).isEmpty();
        }
    }

    @Test
    void zeroToElevenOctetsNeverReachBeyondThemselves() {
        Random random = new Random(2);
        for (int i = 0; i < 100_000; i++) {
            byte[] data = new byte[random.nextInt(12)];
            random.nextBytes(data);
            if (data.length > 3) {
                data[0] = (byte) (0x80 | (data[0] & 0x3F));
                data[1] = (byte) (200 + random.nextInt(7));
                data[2] = 0;
                data[3] = (byte) random.nextInt(4);
            }
            RtcpMalformed reason = RtcpParser.parse(data, 0, data.length, heard);
            if (data.length < 8) {
                assertThat(reason).isNotNull();
            }
        }
    }

    @Test
    void randomCompoundsNeverThrow() {
        Random random = new Random(3);
        for (int i = 0; i < 200_000; i++) {
            byte[] data = new byte[4 * random.nextInt(2, 20)];
            random.nextBytes(data);
            for (int at = 0; at < data.length; ) {
                int words = Math.min(random.nextInt(8), (data.length - at) / 4 - 1);
                data[at] = (byte) (0x80 | (data[at] & (random.nextInt(4) == 0 ? 0x3F : 0x03)));
                data[at + 1] = (byte) (200 + random.nextInt(7));
                data[at + 2] = 0;
                data[at + 3] = (byte) words;
                at += 4 + 4 * words;
            }
            RtcpParser.parse(data, 0, data.length, heard);
            heard.lines.clear();
        }
    }
}
