package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.sdp.SdpParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a trace tells of offers and answers. */
final class OfferWordsTest {
    private static final List<String> ORDER = List.of("opus", "pcmu", "pcma");
    private static final SdpParser.Result OFFER =
            sdp(
                    "c=IN IP4 192.0.2.7",
                    "m=audio 4000 RTP/AVP 18 8 0 101",
                    "a=rtpmap:18 G729/8000",
                    "a=rtpmap:101 telephone-event/8000",
                    "a=ptime:20",
                    "a=sendonly",
                    "m=video 5000 RTP/AVP 96",
                    "m=audio 0 RTP/AVP 0");
    private static final SdpParser.Result ANSWER =
            sdp(
                    "c=IN IP4 203.0.113.1",
                    "m=audio 10000 RTP/AVP 0 101",
                    "a=rtpmap:0 PCMU/8000",
                    "a=rtpmap:101 telephone-event/8000",
                    "a=recvonly");

    @Test
    void eachLineOfAnOfferIsToldWithItsCodecsAndWhereItListens() {
        assertThat(OfferWords.of("the phone offered", OFFER))
                .containsExactly(
                        "the phone offered audio by RTP/AVP: G729/8000, PCMA/8000, PCMU/8000,"
                                + " telephone-event/8000 at 192.0.2.7:4000, sendonly, ptime 20",
                        "the phone offered video by RTP/AVP: payload type 96 at 192.0.2.7:5000,"
                                + " sendrecv",
                        "the phone offered no audio (port 0)");
    }

    @Test
    void theChosenCodecIsToldAndWhyTheOthersWereNot() {
        assertThat(OfferWords.chosen(OFFER, ANSWER, ORDER))
                .isEqualTo(
                        "chosen PCMU/8000, before PCMA/8000 by our order, not served: G729/8000;"
                                + " not encrypted; we listen on 203.0.113.1:10000, recvonly");
        assertThat(OfferWords.chosen(OFFER, ANSWER, List.of("pcmu")))
                .contains("not served: G729/8000, PCMA/8000")
                .doesNotContain("before");
        assertThat(OfferWords.chosen(null, ANSWER, ORDER)).startsWith("we offer PCMU/8000");
    }

    @Test
    void whatCannotBeReadIsToldAndNeverThrows() {
        SdpParser.Result garbage = parsed("v=0\r\nm=audio x");
        assertThat(OfferWords.of("the phone offered", garbage))
                .first()
                .asString()
                .startsWith("the phone offered what cannot be read");
        assertThat(OfferWords.chosen(garbage, garbage, ORDER))
                .isEqualTo("answered without a live audio line");
        assertThat(OfferWords.of("the phone offered", sdp()))
                .first()
                .asString()
                .contains("no line");
    }

    private static SdpParser.Result sdp(String... lines) {
        return parsed(
                "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nt=0 0\r\n"
                        + String.join("\r\n", lines)
                        + (lines.length == 0 ? "" : "\r\n"));
    }

    private static SdpParser.Result parsed(String text) {
        return SdpParser.parse(text.getBytes(StandardCharsets.US_ASCII));
    }
}
