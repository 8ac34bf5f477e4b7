package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A call that we place before it is answered: early dialogs answer our offer, one of them offers
 * anew, and the 2xx settles what holds (RFC 3261 §13.2.1, RFC 3311 §5.2).
 */
@Tag("RFC3311§5.2")
class EarlySessionTest {
    private static final String KEY = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:";
    private static final String ONE = KEY + "A".repeat(40);
    private static final String TWO = KEY + "B".repeat(40);

    private final PhoneSession session =
            new PhoneSession(
                    new PhoneTerms(
                            InetAddress.ofLiteral("192.0.2.9"),
                            10_000,
                            List.of(AudioCodec.PCMU, AudioCodec.PCMA),
                            20,
                            new PhoneTerms.Security(MediaEncryption.OFFER, null, new Random(9))),
                    4711);

    private static byte[] sdp(String... lines) {
        return ("v=0\no=- 1 1 IN IP4 198.51.100.7\ns=-\nc=IN IP4 198.51.100.7\nt=0 0\n"
                        + String.join("\n", lines)
                        + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static PhoneMedia agreed(PhoneOutcome outcome) {
        assertThat(outcome).isInstanceOf(PhoneOutcome.Agreed.class);
        return ((PhoneOutcome.Agreed) outcome).media();
    }

    /** Our offer; its answer from an early dialog. */
    private PhoneMedia early(String... lines) {
        session.offer();
        session.commit();
        return agreed(session.answeredEarly(sdp(lines)));
    }

    /** An offer of that dialog, answered. */
    private PhoneMedia moved(String... lines) {
        PhoneMedia agreed = agreed(session.answer(sdp(lines)));
        assertThat(session.commit()).isEqualTo(agreed);
        return agreed;
    }

    @Test
    void whatAnEarlyDialogOffersAnewHoldsWhenTheCallIsAnswered() {
        early("m=audio 4000 RTP/AVP 0");
        PhoneMedia moved = moved("m=audio 6000 RTP/AVP 8");
        assertThat(moved.codec()).isEqualTo(AudioCodec.PCMA);
        assertThat(moved.remoteRtp().getPort()).isEqualTo(6000);
        assertThat(agreed(session.settled())).isEqualTo(moved);
        assertThat(session.answered(sdp("m=audio 8000 RTP/AVP 0")))
                .as("the offer is not open any more")
                .isInstanceOf(PhoneOutcome.Refused.class);
        assertThat(session.media()).isEqualTo(moved);
    }

    @Test
    void whereNothingWasAgreedNothingCanBeSettled() {
        session.offer();
        session.commit();
        assertThat(session.settled()).isInstanceOf(PhoneOutcome.Refused.class);
    }

    @Test
    @Tag("RFC3261§13.2.2.4")
    void anotherDialogStillAnswersOurOfferWhateverTheFirstMadeOfIt() {
        early("m=audio 4000 RTP/AVP 0");
        moved("m=video 5000 RTP/AVP 96", "m=audio 6000 RTP/AVP 8");
        PhoneMedia other = agreed(session.answered(sdp("m=audio 8000 RTP/AVP 0")));
        assertThat(other.codec()).isEqualTo(AudioCodec.PCMU);
        assertThat(other.remoteRtp().getPort()).isEqualTo(8000);
        assertThat(new String(session.proposal(), StandardCharsets.UTF_8).split("m=", -1))
                .as("a line that it never saw is not offered to it")
                .hasSize(2);
    }

    @Test
    void anOfferThatCameToNothingLeavesOursOpen() {
        PhoneMedia before = early("m=audio 4000 RTP/AVP 0");
        agreed(session.answer(sdp("m=audio 6000 RTP/AVP 8")));
        session.abandon();
        assertThat(session.media()).isEqualTo(before);
        assertThat(agreed(session.answered(sdp("m=audio 8000 RTP/AVP 0"))).remoteRtp().getPort())
                .isEqualTo(8000);
    }

    @Test
    @Tag("RFC4568§7.1.4")
    void anotherKeyIsAnsweredByAnotherKeyOfOurs() {
        MediaProtection first = early("m=audio 4000 RTP/AVP 0", ONE).protection();
        MediaProtection moved = moved("m=audio 6000 RTP/AVP 0", TWO).protection();
        assertThat(first).isInstanceOf(MediaProtection.Sdes.class);
        assertThat(moved).isInstanceOf(MediaProtection.Sdes.class);
        var keys = ((MediaProtection.Sdes) moved).keys();
        assertThat(keys.receivesAs(((MediaProtection.Sdes) first).keys())).isFalse();
        assertThat(keys.sendsAs(((MediaProtection.Sdes) first).keys())).isFalse();
    }

    @Test
    @Tag("RFC3264§8.4")
    void whoOnlySendsBeforeTheAnswerAnnouncesAndHoldsAfterIt() {
        early("m=audio 4000 RTP/AVP 0");
        PhoneMedia announcement = moved("m=audio 6000 RTP/AVP 0", "a=sendonly");
        assertThat(announcement.heldByPeer()).isFalse();
        assertThat(announcement.isHeard()).isTrue();
        assertThat(moved("m=audio 6000 RTP/AVP 0", "a=inactive").heldByPeer()).isTrue();
        moved("m=audio 6000 RTP/AVP 0");
        session.settled();
        assertThat(moved("m=audio 6000 RTP/AVP 0", "a=sendonly").heldByPeer()).isTrue();
    }
}
