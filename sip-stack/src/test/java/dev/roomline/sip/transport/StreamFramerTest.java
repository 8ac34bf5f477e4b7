package dev.roomline.sip.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class StreamFramerTest {
    private static final String HEAD = "OPTIONS sip:a@b SIP/2.0\r\nCall-ID: x\r\n";
    private static final String FIRST = HEAD + "Content-Length: 5\r\n\r\nh\r\n\r\n";
    private static final String SECOND = HEAD + "l:0\r\n\r\n";
    private static final String THIRD = HEAD + "L \t: 3 \r\nX: y\r\n\r\nabc";

    private record Row(String name, String stream, FramingFault fault) {}

    @Test
    @Tag("RFC3261§18.3")
    void cutsMessagesByTheirContentLength() {
        assertThat(frames(FIRST + SECOND + "\r\n" + THIRD)).containsExactly(FIRST, SECOND, THIRD);
    }

    @Test
    @Tag("RFC3261§18.3")
    void cutsTheSameWhereverTheStreamIsSliced() {
        String stream = FIRST + "\r\n\r\n" + SECOND + THIRD + "\r\n\r\n";
        List<String> whole = frames(stream);
        assertThat(whole).containsExactly(FIRST, "ping", SECOND, THIRD, "ping");
        for (int cut = 1; cut < stream.length(); cut++) {
            assertThat(frames(stream.substring(0, cut), stream.substring(cut)))
                    .as("cut at byte %d", cut)
                    .isEqualTo(whole);
        }
    }

    @Test
    void cutsTheSameInRandomSlices() {
        String stream = (FIRST + SECOND + "\r\n\r\n" + THIRD).repeat(20);
        List<String> whole = frames(stream);
        SplittableRandom random = new SplittableRandom(7);
        for (int run = 0; run < 200; run++) {
            List<String> slices = new ArrayList<>();
            for (int at = 0; at < stream.length(); ) {
                int to = Math.min(stream.length(), at + random.nextInt(1, 90));
                slices.add(stream.substring(at, to));
                at = to;
            }
            assertThat(frames(slices.toArray(String[]::new))).isEqualTo(whole);
        }
    }

    @Test
    void takesLineFeedsAloneAsLineEnds() {
        String bare = "OPTIONS sip:a@b SIP/2.0\nContent-Length: 2\n\nhi";
        assertThat(frames(bare + bare)).containsExactly(bare, bare);
    }

    @TestFactory
    List<DynamicTest> breaksOff() {
        return List.of(
                        new Row(
                                "no Content-Length",
                                HEAD + "\r\n",
                                FramingFault.MISSING_CONTENT_LENGTH),
                        new Row(
                                "two that differ",
                                HEAD + "Content-Length: 1\r\nl: 2\r\n\r\n",
                                FramingFault.SEVERAL_CONTENT_LENGTHS),
                        new Row(
                                "two that agree",
                                HEAD + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
                                FramingFault.SEVERAL_CONTENT_LENGTHS),
                        new Row(
                                "a negative one",
                                HEAD + "Content-Length: -1\r\n\r\n",
                                FramingFault.BAD_CONTENT_LENGTH),
                        new Row(
                                "a list",
                                HEAD + "Content-Length: 1, 1\r\n\r\n",
                                FramingFault.BAD_CONTENT_LENGTH),
                        new Row(
                                "hex",
                                HEAD + "Content-Length: 0x1\r\n\r\n",
                                FramingFault.BAD_CONTENT_LENGTH),
                        new Row(
                                "an empty one",
                                HEAD + "Content-Length:\r\n\r\n",
                                FramingFault.BAD_CONTENT_LENGTH),
                        new Row(
                                "a folded one",
                                HEAD + "Content-Length: 1\r\n 0\r\n\r\n",
                                FramingFault.BAD_CONTENT_LENGTH),
                        new Row(
                                "a name without a colon",
                                HEAD + "Content-Length 5\r\n\r\n",
                                FramingFault.BAD_CONTENT_LENGTH),
                        new Row(
                                "4 GiB",
                                HEAD + "Content-Length: 4294967295\r\n\r\n",
                                FramingFault.BODY_TOO_LARGE),
                        new Row(
                                "1,900,000,000",
                                HEAD + "Content-Length: 1900000000\r\n\r\n",
                                FramingFault.BODY_TOO_LARGE),
                        new Row(
                                "more digits than a long has",
                                HEAD + "Content-Length: 99999999999999999999999\r\n\r\n",
                                FramingFault.BAD_CONTENT_LENGTH),
                        new Row(
                                "64 KB and one",
                                HEAD + "Content-Length: 65537\r\n\r\n",
                                FramingFault.BODY_TOO_LARGE),
                        new Row(
                                "a header block without end",
                                HEAD + "X: " + "x".repeat(9000),
                                FramingFault.HEAD_TOO_LARGE),
                        new Row(
                                "9 KB of header lines",
                                HEAD + "X: 0123456789\r\n".repeat(700) + "\r\n",
                                FramingFault.HEAD_TOO_LARGE),
                        new Row("a lone CR between messages", "\rX", FramingFault.NOT_SIP),
                        new Row(
                                "a TLS handshake",
                                "\u0016\u0003\u0001\u0000\u00a5\u0001\u0000",
                                FramingFault.NOT_SIP))
                .stream()
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> breaksOff(row)))
                .toList();
    }

    private static void breaksOff(Row row) {
        assertThat(frames(SECOND + row.stream() + SECOND))
                .containsExactly(SECOND, row.fault().name());
        List<String> byteByByte = List.of((SECOND + row.stream() + SECOND).split(""));
        assertThat(frames(byteByByte.toArray(String[]::new)))
                .containsExactly(SECOND, row.fault().name());
    }

    @Test
    void keepsTheHeadOfWhatCannotBeCut() {
        StreamFramer framer = new StreamFramer(8192, 65536);
        feed(framer, HEAD + "\r\nrest");
        assertThat(framer.next())
                .isInstanceOfSatisfying(
                        StreamFramer.Frame.Broken.class,
                        broken ->
                                assertThat(new String(broken.head(), ISO_8859_1))
                                        .isEqualTo(HEAD + "\r\n"));
    }

    @Test
    void doesNotReserveWhatAContentLengthPromises() {
        StreamFramer framer = new StreamFramer(8192, 65536);
        feed(framer, HEAD + "Content-Length: 65536\r\n\r\n");
        assertThat(framer.next()).isNull();
        assertThat(framer.midMessage()).isTrue();
        assertThat(framer.capacity()).isLessThan(4096);
    }

    @Test
    void aLongBodyInSmallPiecesIsLookedAtOnce() {
        StreamFramer framer = new StreamFramer(8192, 65536);
        feed(framer, HEAD + "Content-Length: 65536\r\n\r\n");
        for (int i = 0; i < 65535; i++) {
            feed(framer, "x");
            assertThat(framer.next()).isNull();
        }
        feed(framer, "x");
        assertThat(framer.next()).isInstanceOf(StreamFramer.Frame.Message.class);
        assertThat(framer.midMessage()).isFalse();
    }

    private static List<String> frames(String... slices) {
        StreamFramer framer = new StreamFramer(8192, 65536);
        List<String> frames = new ArrayList<>();
        for (String slice : slices) {
            feed(framer, slice);
            for (StreamFramer.Frame next = framer.next(); next != null; next = framer.next()) {
                frames.add(
                        switch (next) {
                            case StreamFramer.Frame.Message(byte[] bytes) ->
                                    new String(bytes, ISO_8859_1);
                            case StreamFramer.Frame.Ping() -> "ping";
                            case StreamFramer.Frame.Pong() -> "pong";
                            case StreamFramer.Frame.Broken(FramingFault fault, byte[] head) -> {
                                assertThat(head.length).isLessThanOrEqualTo(8192);
                                yield fault.name();
                            }
                        });
            }
        }
        return frames;
    }

    private static void feed(StreamFramer framer, String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        framer.feed(bytes, 0, bytes.length);
    }
}
