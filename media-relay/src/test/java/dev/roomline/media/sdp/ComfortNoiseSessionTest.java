package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Comfort noise is agreed with who asks for it, and asked of nobody. */
class ComfortNoiseSessionTest extends DescribedPhone {
    private final PhoneSession session = session(AudioCodec.OPUS, AudioCodec.G722, AudioCodec.PCMU);

    @Test
    @Tag("RFC3389§4")
    void comfortNoiseThatIsOfferedIsAnswered() {
        PhoneOutcome.Agreed outcome =
                agreed(
                        session.answer(
                                sdp(
                                        "m=audio 4000 RTP/AVP 0 13 101",
                                        "a=rtpmap:101 telephone-event/8000")));

        assertThat(text(outcome.sdp()))
                .contains("m=audio 10000 RTP/AVP 0 13 101\r\n")
                .contains("a=rtpmap:13 CN/8000\r\n");
        assertThat(outcome.media().comfortNoise()).isEqualTo(13);
        assertThat(outcome.media().incoming().has(13)).isTrue();
    }

    @Test
    void whoDoesNotOfferItIsNotAnsweredIt() {
        PhoneOutcome.Agreed outcome = agreed(session.answer(sdp("m=audio 4000 RTP/AVP 0")));

        assertThat(text(outcome.sdp())).contains("m=audio 10000 RTP/AVP 0\r\n");
        assertThat(outcome.media().comfortNoise()).isEqualTo(-1);
    }

    @Test
    void itIsOfTheCodecsClockAndOpusNeedsNone() {
        PhoneOutcome.Agreed wide =
                agreed(
                        session.answer(
                                sdp(
                                        "m=audio 4000 RTP/AVP 9 98 13",
                                        "a=rtpmap:98 CN/16000",
                                        "a=rtpmap:13 CN/8000")));
        assertThat(wide.media().comfortNoise()).as("G.722's clock says 8000").isEqualTo(13);

        PhoneOutcome.Agreed opus =
                agreed(
                        session.answer(
                                sdp(
                                        "m=audio 4000 RTP/AVP 96 97 13",
                                        "a=rtpmap:96 opus/48000/2",
                                        "a=rtpmap:97 CN/48000")));
        assertThat(opus.media().comfortNoise()).isEqualTo(-1);
        assertThat(text(opus.sdp())).contains("m=audio 10000 RTP/AVP 96\r\n");
    }

    @Test
    void weOfferItOnlyToWhoHasAskedForIt() {
        assertThat(text(session.offer())).doesNotContain("CN/8000");
        session.commit();
        PhoneOutcome invented = session.answered(sdp("m=audio 4000 RTP/AVP 0 13"));
        assertThat(agreed(invented).media().comfortNoise()).as("not offered").isEqualTo(-1);
        session.commit();

        agreed(session.answer(sdp("m=audio 4000 RTP/AVP 0 13")));
        session.commit();
        assertThat(text(session.offer())).contains("a=rtpmap:13 CN/8000\r\n");
        assertThat(session.promised()).filteredOn(next -> next.has(13)).isNotEmpty();
        session.commit();
        PhoneOutcome kept = session.answered(sdp("m=audio 4000 RTP/AVP 0 13"));
        assertThat(agreed(kept).media().comfortNoise()).isEqualTo(13);
    }
}
