package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.ice.IceCredentials;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a publisher (RFC 9725) and a listener (draft-ietf-wish-whep) may offer, and are answered.
 */
final class OneWaySessionTest {
    private static final String VIDEO =
            "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=rtcp-mux\r\n"
                    + "a=sendrecv\r\na=rtpmap:96 VP8/90000\r\n";

    private int credentialsMade;

    private BrowserSession session(Direction most) {
        return new BrowserSession(
                new BrowserTerms(new Fingerprint("sha-256", "AB:CD"), List.of(), 8, true, most),
                815,
                () -> new IceCredentials("ours" + ++credentialsMade, "password-of-enough-length"),
                () -> 4711);
    }

    private static String audio(String mid, String direction) {
        return "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\n"
                + "a=ice-pwd:0123456789abcdefghijkl\r\na=fingerprint:sha-256 "
                + "AB:".repeat(31)
                + "AB\r\na=setup:actpass\r\na=mid:"
                + mid
                + "\r\na="
                + direction
                + "\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n";
    }

    private static byte[] offer(String bundle, String... sections) {
        return ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE "
                        + bundle
                        + "\r\n"
                        + String.join("", sections))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static BrowserOutcome.Agreed agreed(BrowserOutcome outcome) {
        assertThat(outcome).isInstanceOf(BrowserOutcome.Agreed.class);
        return (BrowserOutcome.Agreed) outcome;
    }

    private static String refusal(BrowserOutcome outcome) {
        assertThat(outcome).isInstanceOf(BrowserOutcome.Refused.class);
        return ((BrowserOutcome.Refused) outcome).detail();
    }

    @ParameterizedTest
    @CsvSource({
        "RECVONLY, sendonly",
        "RECVONLY, sendrecv",
        "SENDONLY, recvonly",
        "SENDONLY, sendrecv"
    })
    void mediaFlowsOneWayWhateverElseWasOffered(Direction most, String offered) {
        BrowserOutcome.Agreed agreed =
                agreed(session(most).answer(offer("0", audio("0", offered))));

        assertThat(new String(agreed.sdp(), StandardCharsets.UTF_8))
                .contains("a=" + most.attribute() + "\r\n", "a=rtcp-mux-only\r\n");
        assertThat(agreed.media().uplink() != null).isEqualTo(most == Direction.RECVONLY);
        assertThat(agreed.media().downlinks()).hasSize(most == Direction.SENDONLY ? 1 : 0);
        assertThat(agreed.media().mix()).isEqualTo(most == Direction.SENDONLY);
    }

    @ParameterizedTest
    @CsvSource({
        "RECVONLY, recvonly",
        "RECVONLY, inactive",
        "SENDONLY, sendonly",
        "SENDONLY, inactive"
    })
    void theWrongDirectionIsNamed(Direction most, String offered) {
        assertThat(refusal(session(most).answer(offer("0", audio("0", offered)))))
                .startsWith("the audio line is a=" + offered);
    }

    @Test
    @Tag("RFC9725§4.4.3")
    void aPublishersOfferIsNotAnsweredInPart() {
        assertThat(
                        refusal(
                                session(Direction.RECVONLY)
                                        .answer(offer("0 1", audio("0", "sendonly"), VIDEO))))
                .contains("no video");
        assertThat(
                        refusal(
                                session(Direction.RECVONLY)
                                        .answer(
                                                offer(
                                                        "0 1",
                                                        audio("0", "sendonly"),
                                                        audio("1", "sendonly")))))
                .contains("one audio line");
    }

    @Test
    void aListenersVideoIsNotServedAndASecondAudioLineIsRefused() {
        BrowserOutcome.Agreed agreed =
                agreed(
                        session(Direction.SENDONLY)
                                .answer(offer("0 1", audio("0", "recvonly"), VIDEO)));
        assertThat(new String(agreed.sdp(), StandardCharsets.UTF_8)).contains("m=video 0 ");
        assertThat(
                        refusal(
                                session(Direction.SENDONLY)
                                        .answer(
                                                offer(
                                                        "0 1",
                                                        audio("0", "recvonly"),
                                                        audio("1", "recvonly")))))
                .contains("one mix");
    }

    @ParameterizedTest
    @EnumSource(
            value = Direction.class,
            names = {"RECVONLY", "SENDONLY"})
    void anIceRestartKeepsTheDirection(Direction most) {
        BrowserSession session = session(most);
        String offer = new String(offer("0", audio("0", "sendrecv")), StandardCharsets.UTF_8);
        var _ = agreed(session.answer(offer.getBytes(StandardCharsets.UTF_8)));

        BrowserOutcome.Agreed again =
                agreed(
                        session.answer(
                                offer.replace("a=ice-ufrag:abcd", "a=ice-ufrag:efgh")
                                        .getBytes(StandardCharsets.UTF_8)));

        assertThat(again.media().iceRestarted()).isTrue();
        assertThat(new String(again.sdp(), StandardCharsets.UTF_8))
                .contains("a=" + most.attribute() + "\r\n", "a=ice-ufrag:ours2\r\n");
    }
}
