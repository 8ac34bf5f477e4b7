package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.ice.IceCredentials;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SdpParserTest {

    private static final String HEAD = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

    private static SdpParser.Result parse(String text) {
        return SdpParser.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static SdpParser.Malformed malformed(String text) {
        SdpParser.Result result = parse(text);
        assertThat(result).isInstanceOf(SdpParser.Malformed.class);
        return (SdpParser.Malformed) result;
    }

    @Test
    void everyBoundIsNamedWithItsLine() {
        assertThat(malformed("x".repeat(70_000)).reason()).contains("65536");
        assertThat(malformed(HEAD + "a=x\n".repeat(1000)).line()).isEqualTo(1001);
        assertThat(malformed(HEAD + "m=audio 1 RTP/AVP 0\n".repeat(65)).line()).isEqualTo(69);
        assertThat(malformed(HEAD + "a=" + "x".repeat(5000)).line()).isEqualTo(5);
        assertThat(malformed(HEAD + "m=audio 1 RTP/AVP" + " 0".repeat(200)).line()).isEqualTo(5);
    }

    @Test
    void brokenLinesAreMalformedAtTheirLine() {
        record Row(String text, int line) {}
        for (Row row :
                new Row[] {
                    new Row("", 0),
                    new Row("v=1\n", 1),
                    new Row("v=0\n", 0),
                    new Row("v=0\no=- x 1 IN IP4 1.2.3.4\n", 2),
                    new Row(HEAD + "v=0\n", 5),
                    new Row(HEAD + "c=IN IP5 1.2.3.4\n", 5),
                    new Row(HEAD + "m=audio 70000 RTP/AVP 0\n", 5),
                    new Row(HEAD + "m=audio 7 RTP/AVP\n", 5),
                    new Row(HEAD + "hello\n", 5),
                    new Row(HEAD + "a=\n", 5),
                    new Row(HEAD + "a=x\0y\n", 5),
                    new Row(HEAD + "m=video 1 RTP/AVP 9\ra=setup:active\r\n", 5),
                }) {
            assertThat(malformed(row.text()).line()).as(row.text()).isEqualTo(row.line());
        }
    }

    @Test
    @Tag("RFC8866§9")
    void writingWhatWasParsedIsAFixedPoint() {
        String text =
                HEAD
                        + "a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\n"
                        + "c=IN IP4 0.0.0.0\r\na=rtpmap:111 opus/48000/2\r\na=sendrecv\r\n"
                        + "m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n";
        SdpParser.Parsed once = (SdpParser.Parsed) parse(text);

        assertThat(SdpWriter.text(once.description())).isEqualTo(text);
    }

    @Test
    void theWorstThatFitsIsReadInMilliseconds() {
        String[] worst = {
            HEAD + "m=audio 9 RTP/AVP 111\n" + "a=fmtp:111 a=b\n".repeat(990),
            HEAD + "m=audio 9 RTP/AVP 111\na=fmtp:111 " + "a=b;".repeat(1000),
            HEAD
                    + "m=audio 9 RTP/AVP"
                    + " 1".repeat(127)
                    + "\n"
                    + "a=rtpmap:1 x/8000\n".repeat(990),
            HEAD + "m=audio 9 RTP/AVP 0\n".repeat(64) + "a=extmap:1 urn:x\n".repeat(900),
            HEAD + "a=group:BUNDLE" + " 0".repeat(2000) + "\n" + "m=audio 9 RTP/AVP 0\n".repeat(64),
        };
        for (int warm = 0; warm < 20; warm++) {
            for (String text : worst) {
                answerBoth(text);
            }
        }
        for (String text : worst) {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 10; i++) {
                long start = System.nanoTime();
                answerBoth(text);
                least = Math.min(least, System.nanoTime() - start);
            }
            assertThat(least).as(text.substring(0, 90)).isLessThan(5_000_000);
        }
    }

    private static void answerBoth(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        new PhoneSession(
                        new PhoneTerms(
                                InetAddress.ofLiteral("192.0.2.9"),
                                10_000,
                                List.of(AudioCodec.values()),
                                20,
                                new PhoneTerms.Security(
                                        MediaEncryption.ALLOW,
                                        new Fingerprint("sha-256", "AB"),
                                        new Random(1))),
                        1)
                .answer(bytes);
        new BrowserSession(
                        new BrowserTerms(new Fingerprint("sha-256", "AB"), List.of(), 6, true),
                        1,
                        () -> new IceCredentials("abcd", "0123456789012345678901"),
                        () -> 1)
                .answer(bytes);
    }

    @Test
    void tornAndRandomBytesNeverThrowAndStayCheap() {
        Random random = new Random(11);
        byte[] seed =
                (HEAD
                                + "m=audio 9 RTP/AVP 111 0\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 a=b\r\n")
                        .getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = seed.clone();
            for (int i = random.nextInt(8); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            if (SdpParser.parse(bytes) instanceof SdpParser.Parsed parsed) {
                byte[] written = SdpWriter.write(parsed.description());
                assertThat(SdpParser.parse(written)).isEqualTo(parsed);
                for (MediaDescription m : parsed.description().media()) {
                    m.rtpMaps();
                    m.extMaps();
                    OpusParameters.parse(m.fmtp(111));
                }
            }
        }
    }
}
