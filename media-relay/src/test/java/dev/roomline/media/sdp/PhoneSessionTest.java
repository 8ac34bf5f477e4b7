package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A session from description to description: holds, versions, and whose offer stands. */
class PhoneSessionTest extends DescribedPhone {
    private final PhoneSession session = session(AudioCodec.OPUS, AudioCodec.PCMU, AudioCodec.PCMA);

    record Hold(String attribute, String answered, boolean sends, boolean receives, boolean held) {}

    @Test
    @Tag("RFC3264§6.1")
    @Tag("RFC3264§8.4")
    void directionsAreMirroredAndHoldIsSeen() {
        settled(sdp("m=audio 4000 RTP/AVP 0"));
        for (Hold row :
                List.of(
                        new Hold("sendrecv", "sendrecv", true, true, false),
                        new Hold("sendonly", "recvonly", false, true, true),
                        new Hold("recvonly", "sendonly", true, false, false),
                        new Hold("inactive", "inactive", false, false, true))) {
            PhoneOutcome outcome =
                    session.answer(sdp("m=audio 4000 RTP/AVP 0", "a=" + row.attribute()));

            assertThat(text(outcome)).contains("a=" + row.answered() + "\r\n");
            PhoneMedia media = agreed(outcome).media();
            assertThat(media.direction().sends()).as(row.attribute()).isEqualTo(row.sends());
            assertThat(media.direction().receives()).isEqualTo(row.receives());
            assertThat(media.heldByPeer()).isEqualTo(row.held());
        }
    }

    @Test
    @Tag("RFC3264§8.4")
    void theOldHoldByAnEmptyAddressIsAHold() {
        PhoneOutcome outcome =
                session.answer(sdp("m=audio 4000 RTP/AVP 0", "c=IN IP4 0.0.0.0", "a=sendrecv"));

        assertThat(text(outcome)).contains("a=recvonly");
        assertThat(agreed(outcome).media().heldByPeer()).isTrue();
    }

    @Test
    @Tag("RFC3605§2.1")
    @Tag("RFC5761§5.1.1")
    void rtcpGoesWhereTheOfferSays() {
        PhoneMedia muxed =
                agreed(session.answer(sdp("m=audio 4000 RTP/AVP 0", "a=rtcp:9", "a=rtcp-mux")))
                        .media();
        PhoneOutcome apart =
                session.answer(sdp("m=audio 4000 RTP/AVP 0", "a=rtcp:5555 IN IP4 198.51.100.8"));

        assertThat(muxed.rtcpMux()).isTrue();
        assertThat(muxed.remoteRtcp()).isEqualTo(muxed.remoteRtp());
        assertThat(agreed(apart).media().remoteRtcp())
                .as("to the port it names, on the host that the sound goes to")
                .isEqualTo(new InetSocketAddress("198.51.100.7", 5555));
        assertThat(text(apart)).contains("a=rtcp:10001\r\n").doesNotContain("rtcp-mux");
    }

    @Test
    @Tag("RFC3264§8")
    @Tag("RFC8866§5.2")
    void theVersionRisesByOneOnlyWhenTheAnswerChanges() {
        byte[] offer = sdp("m=audio 4000 RTP/AVP 0");

        assertThat(settled(offer)).contains("o=roomline 4711 1 ");
        assertThat(settled(offer)).contains("o=roomline 4711 1 ");
        assertThat(settled(sdp("m=audio 4000 RTP/AVP 0", "a=sendonly")))
                .contains("o=roomline 4711 2 ");
        assertThat(settled(offer)).contains("o=roomline 4711 3 ");
    }

    /** An answer that left. */
    private String settled(byte[] offer) {
        String answer = text(session.answer(offer));
        session.commit();
        return answer;
    }

    @Test
    void whatIsPreparedHoldsOnlyOnceItHasLeft() {
        settled(sdp("m=audio 4000 RTP/AVP 0"));
        PhoneMedia first = session.media();

        String never = text(session.answer(sdp("m=audio 5000 RTP/AVP 8", "a=inactive")));
        assertThat(never).contains("o=roomline 4711 2 ", "a=inactive");
        assertThat(session.media()).isEqualTo(first);
        assertThat(session.promised()).extracting(Incoming::codec).containsOnly(AudioCodec.PCMA);
        session.abandon();
        assertThat(session.commit()).isNull();
        assertThat(session.media()).isEqualTo(first);
        assertThat(session.promised()).isEmpty();

        // the number of a description that nobody saw is not skipped
        assertThat(settled(sdp("m=audio 4000 RTP/AVP 0", "a=sendonly")))
                .contains("o=roomline 4711 2 ");
    }

    @Test
    void anOfferOfOursThatNobodyAnsweredChangesNothingButItsNumber() {
        settled(sdp("m=audio 4000 RTP/AVP 0"));
        PhoneMedia first = session.media();

        session.offer();
        assertThat(refusal(session.answered(sdp("m=audio 4000 RTP/AVP 8"))))
                .as("an offer that has not left cannot be answered")
                .isEqualTo(SdpRefusal.UNSUPPORTED);
        session.commit();
        session.abandon();

        assertThat(session.media()).isEqualTo(first);
        assertThat(refusal(session.answered(sdp("m=audio 4000 RTP/AVP 8"))))
                .isEqualTo(SdpRefusal.UNSUPPORTED);
        assertThat(settled(sdp("m=audio 4000 RTP/AVP 0"))).contains("o=roomline 4711 3 ");
    }

    @Test
    void ourHoldIsAnOfferInWhichOnlyTheDirectionIsNew() {
        String answered = settled(sdp("m=audio 4000 RTP/AVP 96", "a=rtpmap:96 opus/48000/2"));
        session.hold(true);
        String hold = text(session.proposal());
        session.commit();

        assertThat(hold)
                .isEqualTo(
                        answered.replace(" 4711 1 ", " 4711 2 ").replace("sendrecv", "inactive"));
        PhoneMedia held =
                agreed(
                                session.answered(
                                        sdp(
                                                "m=audio 4000 RTP/AVP 96",
                                                "a=rtpmap:96 opus/48000/2",
                                                "a=inactive")))
                        .media();
        assertThat(held.direction()).isEqualTo(Direction.INACTIVE);

        assertThat(settled(sdp("m=audio 4000 RTP/AVP 96", "a=rtpmap:96 opus/48000/2")))
                .as("a refresh by the peer does not end our hold")
                .contains("a=inactive");
        assertThat(text(session.offer())).contains("a=inactive");

        session.hold(false);
        assertThat(text(session.proposal())).contains("a=sendrecv");
    }

    @Test
    @Tag("RFC3264§8.2")
    void anAudioLineThatIsSwitchedOffIsAnsweredSoAndCanComeBack() {
        settled(sdp("m=audio 4000 RTP/AVP 0", "m=video 5000 RTP/AVP 34"));

        PhoneOutcome off = session.answer(sdp("m=audio 0 RTP/AVP 0", "m=video 5000 RTP/AVP 34"));
        assertThat(text(off).lines().filter(l -> l.startsWith("m=")))
                .containsExactly("m=audio 0 RTP/AVP 0", "m=video 0 RTP/AVP 34");
        assertThat(agreed(off).media().heldByPeer()).isTrue();
        assertThat(agreed(off).media().direction()).isEqualTo(Direction.INACTIVE);
        session.commit();
        assertThat(text(session.proposal()))
                .as("our offer switches it on again")
                .contains("m=audio 10000 RTP/AVP 111 0 8");

        PhoneOutcome on = session.answer(sdp("m=audio 4000 RTP/AVP 0"));
        assertThat(agreed(on).media().heldByPeer()).isFalse();
        assertThat(text(on)).contains("m=audio 10000 RTP/AVP 0");
    }

    @Test
    void aSourceWithoutEarsIsNotAPhoneOnHold() {
        PhoneOutcome intercom = session.answer(sdp("m=audio 4000 RTP/AVP 0", "a=sendonly"));
        assertThat(agreed(intercom).media().heldByPeer()).isFalse();
        session.commit();
        PhoneOutcome again = session.answer(sdp("m=audio 4000 RTP/AVP 0", "a=sendonly"));
        assertThat(agreed(again).media().heldByPeer()).isFalse();
        session.commit();
        PhoneOutcome hold = session.answer(sdp("m=audio 4000 RTP/AVP 0", "a=inactive"));
        assertThat(agreed(hold).media().heldByPeer()).isTrue();
    }

    @Test
    @Tag("RFC3264§8.3.1")
    @Tag("RFC3264§8.3.2")
    void aReofferMayChangeCodecAndAddressAndARefusedOneChangesNothing() {
        settled(sdp("m=audio 4000 RTP/AVP 0"));
        PhoneMedia first = session.media();

        assertThat(refusal(session.answer(sdp("m=audio 4000 RTP/AVP 18"))))
                .isEqualTo(SdpRefusal.NO_COMMON_CODEC);
        assertThat(session.media()).isEqualTo(first);

        settled(sdp("m=audio 4444 RTP/AVP 8", "c=IN IP4 198.51.100.7"));
        PhoneMedia second = Objects.requireNonNull(session.media());
        assertThat(second.codec()).isEqualTo(AudioCodec.PCMA);
        assertThat(second.remoteRtp())
                .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("198.51.100.7"), 4444));
    }

    @Test
    @Tag("RFC3264§5.1")
    @Tag("RFC3264§7")
    void aLateOfferListsAllCodecsAndTheAnswerDecides() {
        String offer = text(session.offer());
        session.commit();
        assertThat(offer)
                .contains("m=audio 10000 RTP/AVP 111 0 8 110 101\r\n")
                .contains("a=rtpmap:110 telephone-event/48000\r\n")
                .contains("a=sendrecv\r\n");

        PhoneOutcome outcome =
                session.answered(
                        sdp(
                                "m=audio 4000 RTP/AVP 96 97",
                                "a=rtpmap:96 opus/48000/2",
                                "a=rtpmap:97 telephone-event/48000"));

        assertThat(agreed(outcome).sdp()).isEmpty();
        PhoneMedia media = agreed(outcome).media();
        assertThat(media.codec()).isEqualTo(AudioCodec.OPUS);
        assertThat(media.payloadTypeSent()).isEqualTo(96);
        assertThat(media.payloadTypeReceived()).isEqualTo(111);
        assertThat(media.telephoneEvent()).isEqualTo(new TelephoneEvent(97, 110, 48_000));
    }

    @Test
    @Tag("RFC3264§7")
    void anAnswerThatDeclinesOrInventsIsRefused() {
        assertThat(refusal(session.answered(sdp("m=audio 4000 RTP/AVP 0"))))
                .isEqualTo(SdpRefusal.UNSUPPORTED);
        session.offer();
        session.commit();
        assertThat(refusal(session.answered(sdp("m=audio 0 RTP/AVP 0"))))
                .isEqualTo(SdpRefusal.NO_AUDIO_LINE);
        assertThat(refusal(session.answered(sdp("m=audio 4000 RTP/AVP 9"))))
                .isEqualTo(SdpRefusal.NO_COMMON_CODEC);
        assertThat(refusal(session.answered(sdp()))).isEqualTo(SdpRefusal.MALFORMED);
        assertThat(agreed(session.answered(sdp("m=audio 4000 RTP/AVP 8"))).media().codec())
                .isEqualTo(AudioCodec.PCMA);
    }

    @Test
    @Tag("RFC3264§8")
    @Tag("RFC3264§8.3.2")
    void ourReofferKeepsEverySectionInItsPlaceAndItsPayloadTypes() {
        settled(
                sdp(
                        "m=video 6000 RTP/AVP 34",
                        "m=audio 4000 RTP/AVP 96",
                        "a=rtpmap:96 opus/48000/2"));

        String offer = text(session.offer());

        assertThat(offer.lines().filter(l -> l.startsWith("m=")))
                .containsExactly("m=video 0 RTP/AVP 34", "m=audio 10000 RTP/AVP 96 0 8 110 101");
    }

    @Test
    void keysMayComeAndGoWithALaterOffer() {
        assertThat(settled(sdp("m=audio 4000 RTP/AVP 0"))).doesNotContain("telephone-event");
        assertThat(settled(sdp("m=audio 4000 RTP/AVP 0 97", "a=rtpmap:97 telephone-event/8000")))
                .contains("a=rtpmap:97 telephone-event/8000");
        assertThat(Objects.requireNonNull(session.media()).telephoneEvent()).isNotNull();
        settled(sdp("m=audio 4000 RTP/AVP 0"));
        assertThat(Objects.requireNonNull(session.media()).telephoneEvent()).isNull();
    }
}
