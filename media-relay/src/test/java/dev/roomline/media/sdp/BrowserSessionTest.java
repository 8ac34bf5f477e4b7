package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.ice.IceCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BrowserSessionTest {

    private static final Fingerprint OURS = new Fingerprint("sha-256", "AB:CD");

    private int credentialsMade;
    private int ssrcsMade = 1000;
    private final BrowserSession session = session(6);

    private BrowserSession session(int maxSlots) {
        return new BrowserSession(
                new BrowserTerms(
                        OURS,
                        List.of(
                                new LocalCandidate(
                                        new InetSocketAddress(
                                                InetAddress.ofLiteral("192.0.2.9"), 20_000)),
                                new LocalCandidate(
                                        new InetSocketAddress(
                                                InetAddress.ofLiteral("2001:db8::9"), 20_000))),
                        maxSlots,
                        true),
                815,
                () -> new IceCredentials("ours" + ++credentialsMade, "password-of-enough-length"),
                () -> ++ssrcsMade);
    }

    static String offer(String name) {
        try (InputStream in =
                BrowserSessionTest.class.getResourceAsStream("/sdp/" + name + ".sdp")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private BrowserOutcome answer(String offer) {
        return session.answer(offer.getBytes(StandardCharsets.UTF_8));
    }

    private BrowserOutcome.Agreed agreed(String offer) {
        BrowserOutcome outcome = answer(offer);
        assertThat(outcome).isInstanceOf(BrowserOutcome.Agreed.class);
        return (BrowserOutcome.Agreed) outcome;
    }

    private SdpRefusal refusal(String offer) {
        BrowserOutcome outcome = answer(offer);
        assertThat(outcome).isInstanceOf(BrowserOutcome.Refused.class);
        return ((BrowserOutcome.Refused) outcome).reason();
    }

    private static String text(BrowserOutcome.Agreed agreed) {
        return new String(agreed.sdp(), StandardCharsets.UTF_8);
    }

    private static BrowserMedia.Uplink uplink(BrowserMedia media) {
        return Objects.requireNonNull(media.uplink());
    }

    @Test
    void aChromiumOfferOfOneUplinkAndThreeSlotsIsAnsweredLineByLine() {
        BrowserOutcome.Agreed agreed = agreed(offer("chromium-slots"));
        BrowserMedia media = agreed.media();

        assertThat(media.mix()).isFalse();
        assertThat(uplink(media).mid()).isEqualTo("0");
        assertThat(uplink(media).line().opusPayloadType()).isEqualTo(111);
        assertThat(uplink(media).line().codecs())
                .isEqualTo(
                        Map.of(
                                111,
                                AudioCodec.OPUS,
                                9,
                                AudioCodec.G722,
                                0,
                                AudioCodec.PCMU,
                                8,
                                AudioCodec.PCMA));
        assertThat(uplink(media).line().telephoneEvents())
                .isEqualTo(Map.of(48_000, 110, 8_000, 126));
        assertThat(uplink(media).line().extensions())
                .isEqualTo(new BrowserMedia.HeaderExtensions(4, 1, -1));
        assertThat(media.downlinks())
                .extracting(BrowserMedia.Downlink::mid)
                .containsExactly("1", "2", "3");
        assertThat(media.downlinks())
                .extracting(BrowserMedia.Downlink::ssrc)
                .containsExactly(1001, 1002, 1003);
        assertThat(media.remoteUfrag()).isEqualTo("EsAw");
        assertThat(media.fingerprints()).hasSize(1);
        assertThat(media.iceRestarted()).isFalse();
        assertThat(text(agreed))
                .contains("a=ice-lite\r\n")
                .contains("a=group:BUNDLE 0 1 2 3\r\n")
                .contains("a=setup:passive\r\n")
                .contains("a=fingerprint:sha-256 AB:CD\r\n")
                .contains("a=candidate:40 1 udp 2130706431 192.0.2.9 20000 typ host\r\n")
                .contains(" 2001:db8::9 20000 typ host\r\n")
                .contains("a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\n")
                .contains("a=ssrc:1001 cname:roomline-815\r\n")
                .doesNotContain("transport-cc")
                .contains("a=rtcp-fb:111 nack\r\n")
                .doesNotContain("red/48000");
        assertThat(text(agreed).lines().filter(l -> l.startsWith("m=")))
                .containsExactlyElementsOf(
                        List.of(
                                "m=audio 20000 UDP/TLS/RTP/SAVPF 111 9 0 8 110 126",
                                "m=audio 20000 UDP/TLS/RTP/SAVPF 111 9 0 8 110 126",
                                "m=audio 20000 UDP/TLS/RTP/SAVPF 111 9 0 8 110 126",
                                "m=audio 20000 UDP/TLS/RTP/SAVPF 111 9 0 8 110 126"));
        assertThat(text(agreed).lines().filter(l -> l.matches("a=(send|recv)(only|recv)")))
                .containsExactly("a=recvonly", "a=sendonly", "a=sendonly", "a=sendonly");
        assertThat(text(agreed).lines().filter("a=end-of-candidates"::equals)).hasSize(1);
    }

    @Test
    void aSingleLineIsBothUplinkAndMixAndWhatIsNoAudioIsLeftOut() {
        BrowserOutcome.Agreed agreed = agreed(offer("chromium-one-line"));

        assertThat(agreed.media().mix()).isTrue();
        assertThat(uplink(agreed.media()).mid()).isEqualTo("0");
        assertThat(agreed.media().downlinks()).hasSize(1);
        assertThat(text(agreed))
                .contains("a=group:BUNDLE 0\r\n")
                .contains("m=video 0 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:1\r\n")
                .contains("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n")
                .contains("a=sendrecv\r\n");
    }

    @Test
    void firefoxWithBundleOnlyLinesAndASessionFingerprintIsServed() {
        BrowserMedia media = agreed(offer("firefox-slots")).media();

        assertThat(uplink(media).line().opusPayloadType()).isEqualTo(109);
        assertThat(uplink(media).line().telephoneEvents()).isEqualTo(Map.of(8_000, 101));
        assertThat(uplink(media).line().extensions())
                .isEqualTo(new BrowserMedia.HeaderExtensions(3, 1, -1));
        assertThat(media.downlinks()).hasSize(2);
        assertThat(media.downlinks().getFirst().line().opus().stereo()).isTrue();
        assertThat(media.fingerprints()).hasSize(1);
    }

    @Test
    void safariIsServed() {
        BrowserMedia media = agreed(offer("safari-slots")).media();

        assertThat(uplink(media).mid()).isEqualTo("0");
        assertThat(media.downlinks()).hasSize(2);
        assertThat(media.mix()).isFalse();
    }

    @Test
    void aRepeatedOfferChangesNothingAndARestartBringsNewCredentials() {
        String first = offer("chromium-slots");
        BrowserOutcome.Agreed one = agreed(first);
        BrowserOutcome.Agreed two = agreed(first);
        BrowserOutcome.Agreed three =
                agreed(
                        first.replace("EsAw", "NewU")
                                .replace("P2uYro0UCOQ4zxjKXaWCBui1", "aaaaaaaaaaaaaaaaaaaaaaaa"));

        assertThat(two.sdp()).isEqualTo(one.sdp());
        assertThat(two.media()).isEqualTo(one.media());
        assertThat(three.media().iceRestarted()).isTrue();
        assertThat(three.media().localIce()).isNotEqualTo(one.media().localIce());
        assertThat(three.media().downlinks()).isEqualTo(one.media().downlinks());
        assertThat(text(one)).contains("o=roomline 815 1 ");
        assertThat(text(three)).contains("o=roomline 815 2 ");
    }

    @Test
    void newSlotsMayBeAddedAndTheOldOnesKeepTheirSsrcs() {
        String whole = offer("chromium-slots");
        String fewer =
                whole.substring(0, whole.lastIndexOf("m=audio"))
                        .replace("BUNDLE 0 1 2 3", "BUNDLE 0 1 2");
        BrowserMedia before = agreed(fewer).media();
        BrowserMedia after = agreed(whole).media();

        assertThat(before.downlinks()).hasSize(2);
        assertThat(after.downlinks().subList(0, 2)).isEqualTo(before.downlinks());
        assertThat(after.downlinks()).hasSize(3);
        assertThat(after.iceRestarted()).isFalse();
    }

    @Test
    void moreLinesThanSlotsAreAnsweredInactive() {
        BrowserOutcome outcome =
                session(2).answer(offer("chromium-slots").getBytes(StandardCharsets.UTF_8));

        BrowserOutcome.Agreed agreed = (BrowserOutcome.Agreed) outcome;
        assertThat(agreed.media().downlinks()).hasSize(2);
        assertThat(text(agreed)).contains("a=inactive\r\n");
    }

    @Test
    @Tag("RFC4585§4.2")
    void nackIsAnsweredWhereItIsOfferedOrUnderstood() {
        String offer = offer("chromium-slots");
        String feedback = "a=rtcp-fb:111 transport-cc\r\n";
        for (String offered : List.of(feedback, "a=rtcp-fb:111 nack\r\n")) {
            BrowserOutcome.Agreed agreed = agreed(offer.replace(feedback, offered));
            assertThat(text(agreed)).contains("a=rtcp-fb:111 nack\r\n");
            assertThat(agreed.media().downlinks()).allMatch(BrowserMedia.Downlink::nack);
        }
        BrowserOutcome.Agreed none = agreed(offer.replace(feedback, ""));
        assertThat(text(none)).doesNotContain("nack");
        assertThat(none.media().downlinks()).noneMatch(BrowserMedia.Downlink::nack);
    }

    /** RFC 8285 §4.2: an element in the one-byte form holds 16 octets. */
    @Test
    void aMidThatPacketsCannotBearIsNotAgreedForThem() {
        record Row(String mid, boolean borne) {}
        for (Row row :
                List.of(
                        new Row("a".repeat(16), true),
                        new Row("a".repeat(17), false),
                        new Row("a".repeat(3_000), false),
                        new Row("é", false))) {
            BrowserOutcome.Agreed agreed =
                    agreed(
                            offer("chromium-slots")
                                    .replace("BUNDLE 0 1 2 3", "BUNDLE 0 1 " + row.mid() + " 3")
                                    .replace("a=mid:2\r\n", "a=mid:" + row.mid() + "\r\n"));
            BrowserMedia.Downlink named = agreed.media().downlinks().get(1);
            assertThat(named.mid()).isEqualTo(row.mid());
            assertThat(named.line().extensions())
                    .as(row.mid())
                    .isEqualTo(new BrowserMedia.HeaderExtensions(row.borne() ? 4 : -1, 1, -1));
            assertThat(text(agreed)).contains("a=mid:" + row.mid() + "\r\n");
            assertThat(text(agreed).lines().filter(l -> l.endsWith("sdes:mid")))
                    .hasSize(row.borne() ? 4 : 3);
        }
    }

    @Test
    void offersWithNamesThatAreNewEachTimeDoNotAddStreamsWithoutEnd() {
        String whole = offer("chromium-slots");
        for (int i = 0; i < 20; i++) {
            String name = "n" + i;
            agreed(
                    whole.replace("BUNDLE 0 1 2 3", "BUNDLE 0 1 2 " + name)
                            .replace("a=mid:3\r\n", "a=mid:" + name + "\r\n"));
        }

        assertThat(ssrcsMade - 1_000).isEqualTo(16);
        assertThat(agreed(whole).media().downlinks())
                .extracting(BrowserMedia.Downlink::mid)
                .containsExactly("1", "2");
    }

    @Test
    void whatCannotBeServedIsRefusedForItsOwnReasonAndChangesNothing() {
        String good = offer("chromium-slots");
        record Row(SdpRefusal reason, String offer) {}
        for (Row row :
                List.of(
                        new Row(SdpRefusal.MALFORMED, ""),
                        new Row(SdpRefusal.MALFORMED, good.replace("a=mid:2", "a=mid:1")),
                        new Row(SdpRefusal.NO_AUDIO_LINE, good.substring(0, good.indexOf("m="))),
                        new Row(SdpRefusal.NO_COMMON_CODEC, good.replace("opus/48000", "x/48000")),
                        new Row(
                                SdpRefusal.NO_COMMON_CODEC,
                                good.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP")),
                        new Row(SdpRefusal.UNSUPPORTED, good.replace("a=rtcp-mux\r\n", "")),
                        new Row(
                                SdpRefusal.UNSUPPORTED,
                                good.replace("a=setup:actpass", "a=setup:passive")),
                        new Row(SdpRefusal.UNSUPPORTED, good.replace("a=ice-ufrag:EsAw\r\n", "")),
                        new Row(SdpRefusal.UNSUPPORTED, good.replace("EsAw", "E")),
                        new Row(
                                SdpRefusal.ENCRYPTION_NOT_OFFERED,
                                good.replace("fingerprint:sha-256", "fingerprint:sha-1")),
                        new Row(
                                SdpRefusal.ENCRYPTION_NOT_OFFERED,
                                good.replace("a=fingerprint", "a=fingertips")))) {
            assertThat(refusal(row.offer())).isEqualTo(row.reason());
        }
        assertThat(session.media()).isNull();
        assertThat(credentialsMade).isZero();
    }
}
