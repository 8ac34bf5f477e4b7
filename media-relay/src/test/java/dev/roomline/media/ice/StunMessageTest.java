package dev.roomline.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Against the test vectors of RFC 5769. */
class StunMessageTest {

    private static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

    /** §2.1. */
    static final byte[] REQUEST =
            hex(
                    """
                    00 01 00 58 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae
                    80 22 00 10 53 54 55 4e 20 74 65 73 74 20 63 6c 69 65 6e 74
                    00 24 00 04 6e 00 01 ff 80 29 00 08 93 2f f9 b1 51 26 3b 36
                    00 06 00 09 65 76 74 6a 3a 68 36 76 59 20 20 20
                    00 08 00 14 9a ea a7 0c bf d8 cb 56 78 1e f2 b5 b2 d3 f2 49 c1 b5 71 a2
                    80 28 00 04 e5 7a 3b cf
                    """);

    /** §2.2. */
    private static final byte[] RESPONSE_IPV4 =
            hex(
                    """
                    01 01 00 3c 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae
                    80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20
                    00 20 00 08 00 01 a1 47 e1 12 a6 43
                    00 08 00 14 2b 91 f5 99 fd 9e 90 c3 8c 74 89 f9 2a f9 ba 53 f0 6b e7 d7
                    80 28 00 04 c0 7d 4c 96
                    """);

    /** §2.3. */
    private static final byte[] RESPONSE_IPV6 =
            hex(
                    """
                    01 01 00 48 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae
                    80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20
                    00 20 00 14 00 02 a1 47 01 13 a9 fa a5 d3 f1 79 bc 25 f4 b5 be d2 b9 d9
                    00 08 00 14 a3 82 95 4e 4b e6 7b f1 17 84 c9 7c 82 92 c2 75 bf e3 ed 41
                    80 28 00 04 c8 fb 0b 4c
                    """);

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    static StunMessage message(byte[] bytes) {
        StunMessage.Result result = StunMessage.parse(bytes, 0, bytes.length);
        assertThat(result).isInstanceOf(StunMessage.Parsed.class);
        return ((StunMessage.Parsed) result).message();
    }

    @Test
    @Tag("RFC5769§2.1")
    void theSampleRequestIsAuthentic() {
        StunMessage request = message(REQUEST);

        assertThat(request.type()).isEqualTo(StunMessage.BINDING_REQUEST);
        assertThat(request.username()).isEqualTo("evtj:h6vY");
        assertThat(request.fingerprintMatches()).isTrue();
        assertThat(request.integrityMatches(new StunHmac(PASSWORD))).isTrue();
        assertThat(request.integrityMatches(new StunHmac(PASSWORD + "x"))).isFalse();
        assertThat(request.hasPriority()).isTrue();
        assertThat(request.saysControlled()).isTrue();
        assertThat(request.saysControlling()).isFalse();
        assertThat(IceLiteAgent.localUfrag(REQUEST, 0, REQUEST.length)).isEqualTo("evtj");
    }

    @Test
    @Tag("RFC5769§2.2")
    @Tag("RFC5769§2.3")
    void theSampleResponsesAreAuthentic() {
        for (byte[] bytes : new byte[][] {RESPONSE_IPV4, RESPONSE_IPV6}) {
            StunMessage response = message(bytes);
            assertThat(response.type()).isEqualTo(StunMessage.BINDING_SUCCESS);
            assertThat(response.fingerprintMatches()).isTrue();
            assertThat(response.integrityMatches(new StunHmac(PASSWORD))).isTrue();
        }
    }

    @Test
    void ourResponsesCarryTheSampleXorAddresses() {
        StunHmac hmac = new StunHmac(PASSWORD);
        StunMessage request = message(REQUEST);
        byte[] four =
                StunResponse.success(
                        request,
                        new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 32853),
                        hmac);
        byte[] six =
                StunResponse.success(
                        request,
                        new InetSocketAddress(
                                InetAddress.ofLiteral("2001:db8:1234:5678:11:2233:4455:6677"),
                                32853),
                        hmac);

        assertThat(HexFormat.of().formatHex(four)).contains("002000080001a147e112a643");
        assertThat(HexFormat.of().formatHex(six))
                .contains("002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9");
        assertThat(message(four).integrityMatches(hmac)).isTrue();
        assertThat(message(six).fingerprintMatches()).isTrue();
    }

    @Test
    @Tag("RFC8489§14.5")
    @Tag("RFC8489§14.7")
    void anyFlippedBitIsNoticed() {
        StunHmac hmac = new StunHmac(PASSWORD);
        for (int bit = 0; bit < REQUEST.length * 8; bit++) {
            byte[] bytes = REQUEST.clone();
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
            if (StunMessage.parse(bytes, 0, bytes.length) instanceof StunMessage.Parsed p) {
                boolean whole =
                        p.message().fingerprintMatches() && p.message().integrityMatches(hmac);
                assertThat(whole).as("bit %d", bit).isFalse();
            }
        }
    }

    @Test
    void lyingLengthsAreMalformedAndNothingThrows() {
        Random random = new Random(8);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = REQUEST.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
            StunMessage.parse(bytes, 0, length);
            IceLiteAgent.localUfrag(bytes, 0, length);
            DatagramKind.of(bytes, 0, length);
        }
        byte[] torn = REQUEST.clone();
        torn[3] = 0x54;
        assertThat(StunMessage.parse(torn, 0, torn.length))
                .isInstanceOf(StunMessage.Malformed.class);
    }

    @Test
    @Tag("RFC5764§5.1.2")
    void theFirstOctetsTellTheKinds() {
        byte[] bytes = new byte[40];
        record Row(int first, int second, DatagramKind kind) {}
        for (Row row :
                new Row[] {
                    new Row(0, 1, DatagramKind.STUN),
                    new Row(3, 0, DatagramKind.STUN),
                    new Row(4, 0, DatagramKind.OTHER),
                    new Row(19, 0, DatagramKind.OTHER),
                    new Row(20, 0, DatagramKind.DTLS),
                    new Row(63, 0, DatagramKind.DTLS),
                    new Row(64, 0, DatagramKind.OTHER),
                    new Row(127, 0, DatagramKind.OTHER),
                    new Row(128, 111, DatagramKind.RTP),
                    new Row(128, 0x80 | 111, DatagramKind.RTP),
                    new Row(128, 200, DatagramKind.RTCP),
                    new Row(191, 223, DatagramKind.RTCP),
                    new Row(191, 224, DatagramKind.RTP),
                    new Row(192, 0, DatagramKind.OTHER),
                }) {
            bytes[0] = (byte) row.first();
            bytes[1] = (byte) row.second();
            assertThat(DatagramKind.of(bytes, 0, bytes.length)).as("" + row).isEqualTo(row.kind());
        }
        for (int length = 0; length < 8; length++) {
            assertThat(DatagramKind.of(bytes, 0, length)).isEqualTo(DatagramKind.OTHER);
        }
    }
}
