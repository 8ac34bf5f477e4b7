package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusWishes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PhoneSessionTest {

    private final PhoneSession session = session(AudioCodec.OPUS, AudioCodec.PCMU, AudioCodec.PCMA);

    private static PhoneSession session(AudioCodec... codecs) {
        return new PhoneSession(
                new PhoneTerms(
                        InetAddress.ofLiteral("192.0.2.9"),
                        10_000,
                        List.of(codecs),
                        20,
                        new PhoneTerms.Security(MediaEncryption.DISABLE, null, new Random(1))),
                4711);
    }

    private static byte[] sdp(String... sections) {
        return ("v=0\no=- 1 1 IN IP4 198.51.100.7\ns=-\nc=IN IP4 198.51.100.7\nt=0 0\n"
                        + String.join("\n", sections)
                        + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static PhoneOutcome.Agreed agreed(PhoneOutcome outcome) {
        assertThat(outcome).isInstanceOf(PhoneOutcome.Agreed.class);
        return (PhoneOutcome.Agreed) outcome;
    }

    private static String text(PhoneOutcome outcome) {
        return new String(agreed(outcome).sdp(), StandardCharsets.UTF_8);
    }

    private static SdpRefusal refusal(PhoneOutcome outcome) {
        assertThat(outcome).isInstanceOf(PhoneOutcome.Refused.class);
        return ((PhoneOutcome.Refused) outcome).reason();
    }

    @Test
    @Tag("RFC3551§4.5")
    @Tag("RFC3264§6.1")
    void staticPayloadTypesNeedNoRtpmapAndTheAnswerNamesOneCodecAndEvents() {
        PhoneOutcome outcome =
                session.answer(
                        sdp("m=audio 4000 RTP/AVP 8 0 101", "a=rtpmap:101 telephone-event/8000"));

        assertThat(text(outcome))
                .isEqualTo(
                        """
                        v=0
                        o=roomline 4711 1 IN IP4 192.0.2.9
                        s=-
                        c=IN IP4 192.0.2.9
                        t=0 0
                        m=audio 10000 RTP/AVP 0 101
                        a=rtpmap:0 PCMU/8000
                        a=rtpmap:101 telephone-event/8000
                        a=fmtp:101 0-15
                        a=ptime:20
                        a=maxptime:60
                        a=sendrecv
                        """
                                .replace("\n", "\r\n"));
        PhoneMedia media = agreed(outcome).media();
        assertThat(media.codec()).isEqualTo(AudioCodec.PCMU);
        assertThat(media.remoteRtp()).isEqualTo(new InetSocketAddress("198.51.100.7", 4000));
        assertThat(media.remoteRtcp()).isEqualTo(new InetSocketAddress("198.51.100.7", 4001));
        assertThat(media.telephoneEvent()).isEqualTo(new TelephoneEvent(101, 101, 8000));
        assertThat(media.heldByPeer()).isFalse();
    }

    @Test
    @Tag("RFC3264§6.1")
    @Tag("RFC7587§4.1")
    void opusIsAnsweredWithTheOfferersPayloadTypeAndTheEventsOfItsClock() {
        PhoneOutcome outcome =
                session.answer(
                        sdp(
                                "m=audio 4000 RTP/AVP 0 96 97 98 101",
                                "a=rtpmap:96 opus/48000/2",
                                "a=rtpmap:97 opus/48000/2",
                                "a=fmtp:96 useinbandfec=1; usedtx=1; maxplaybackrate=16000;stereo=1",
                                "a=rtpmap:98 telephone-event/48000",
                                "a=rtpmap:101 telephone-event/8000"));

        assertThat(text(outcome))
                .contains("m=audio 10000 RTP/AVP 96 98\r\n")
                .contains("a=rtpmap:96 opus/48000/2\r\n")
                .contains(
                        "a=fmtp:96 useinbandfec=1;stereo=0;sprop-stereo=0;maxplaybackrate=16000;sprop-maxcapturerate=16000;usedtx=1\r\n");
        assertThat(agreed(outcome).media().opus())
                .isEqualTo(new OpusParameters(true, true, true, 16_000, 0, false));
        assertThat(agreed(outcome).media().telephoneEvent())
                .isEqualTo(new TelephoneEvent(98, 98, 48_000));
    }

    record Fmtp(String said, OpusWishes wishes) {}

    /** RFC 7587 §6.1, and its defaults; what is out of its range is brought into it. */
    @Test
    @Tag("RFC7587§6.1")
    @Tag("RFC7587§7")
    void opusFollowsEachParameterOfThePeersFmtp() {
        for (Fmtp row :
                List.of(
                        new Fmtp("stereo=1;sprop-stereo=1", OpusWishes.NONE),
                        new Fmtp(
                                "useinbandfec=1",
                                new OpusWishes(48_000, 32_000, true, false, false)),
                        new Fmtp("usedtx=1", new OpusWishes(48_000, 32_000, false, true, false)),
                        new Fmtp("cbr=1", new OpusWishes(48_000, 32_000, false, false, true)),
                        new Fmtp(
                                "maxplaybackrate=8000",
                                new OpusWishes(8_000, 20_000, false, false, false)),
                        new Fmtp(
                                "maxplaybackrate=15999",
                                new OpusWishes(12_000, 20_000, false, false, false)),
                        new Fmtp(
                                "maxplaybackrate=16000",
                                new OpusWishes(16_000, 32_000, false, false, false)),
                        new Fmtp(
                                "maxplaybackrate=24000",
                                new OpusWishes(24_000, 32_000, false, false, false)),
                        new Fmtp(
                                "maxaveragebitrate=13337",
                                new OpusWishes(48_000, 12_000, false, false, false)),
                        new Fmtp(
                                "maxaveragebitrate=1",
                                new OpusWishes(48_000, 6_000, false, false, false)),
                        new Fmtp("maxaveragebitrate=510000", OpusWishes.NONE),
                        new Fmtp("useinbandfec=2;maxplaybackrate=x;cbr", OpusWishes.NONE))) {
            PhoneOutcome outcome =
                    session(AudioCodec.OPUS)
                            .answer(
                                    sdp(
                                            "m=audio 4000 RTP/AVP 96",
                                            "a=rtpmap:96 opus/48000/2",
                                            "a=fmtp:96 " + row.said()));
            assertThat(agreed(outcome).media().opus().wishes())
                    .as(row.said())
                    .isEqualTo(row.wishes());
        }
    }

    /** RFC 3551 §4.5.2: its clock says 8000, and so do its events, although it is of 16 kHz. */
    @Test
    @Tag("RFC3551§4.5")
    void g722IsPayloadTypeNineAtEightThousandWithItsEvents() {
        PhoneSession wide = session(AudioCodec.OPUS, AudioCodec.G722, AudioCodec.PCMU);

        PhoneOutcome outcome =
                wide.answer(
                        sdp("m=audio 4000 RTP/AVP 0 9 101", "a=rtpmap:101 telephone-event/8000"));

        assertThat(text(outcome))
                .contains("m=audio 10000 RTP/AVP 9 101\r\na=rtpmap:9 G722/8000\r\n");
        assertThat(agreed(outcome).media().codec()).isEqualTo(AudioCodec.G722);
        assertThat(agreed(outcome).media().telephoneEvent())
                .isEqualTo(new TelephoneEvent(101, 101, 8_000));
        assertThat(
                        new String(
                                session(AudioCodec.G722, AudioCodec.PCMA).offer(),
                                StandardCharsets.UTF_8))
                .contains("m=audio 10000 RTP/AVP 9 8 101\r\na=rtpmap:9 G722/8000\r\n");
    }

    @Test
    void g722UnderADynamicNumberIsTheSame() {
        PhoneOutcome outcome =
                session(AudioCodec.G722)
                        .answer(sdp("m=audio 4000 RTP/AVP 109", "a=rtpmap:109 g722/8000/1"));

        assertThat(agreed(outcome).media().codec()).isEqualTo(AudioCodec.G722);
        assertThat(agreed(outcome).media().payloadTypeSent()).isEqualTo(109);
    }

    @Test
    void ourOrderDecidesNotTheirs() {
        PhoneOutcome outcome =
                session(AudioCodec.PCMA, AudioCodec.PCMU)
                        .answer(sdp("m=audio 4000 RTP/AVP 0 8", "a=rtpmap:8 pcma/8000"));

        assertThat(agreed(outcome).media().codec()).isEqualTo(AudioCodec.PCMA);
    }

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
    @Tag("RFC3264§6")
    void otherSectionsAreAnsweredInOrderWithPortZero() {
        String answer =
                text(
                        session.answer(
                                sdp(
                                        "m=video 6000 RTP/AVP 34 96",
                                        "a=rtpmap:96 H264/90000",
                                        "m=audio 4000 RTP/SAVP 0",
                                        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA",
                                        "m=audio 4002 RTP/AVPF 0",
                                        "m=audio 4004 RTP/AVP 0",
                                        "m=image 4006 udptl t38")));

        assertThat(answer.lines().filter(l -> l.startsWith("m=")))
                .containsExactly(
                        "m=video 0 RTP/AVP 34 96",
                        "m=audio 0 RTP/SAVP 0",
                        "m=audio 10000 RTP/AVPF 0",
                        "m=audio 0 RTP/AVP 0",
                        "m=image 0 udptl t38");
    }

    @Test
    @Tag("RFC8866§5.7")
    void whatCannotBeServedIsRefusedForItsOwnReason() {
        @SuppressWarnings("ArrayRecordComponent")
        record Row(SdpRefusal reason, byte[] offer) {}
        for (Row row :
                List.of(
                        new Row(SdpRefusal.NO_AUDIO_LINE, sdp("m=video 4000 RTP/AVP 34")),
                        new Row(SdpRefusal.NO_AUDIO_LINE, sdp("m=audio 0 RTP/AVP 0")),
                        new Row(SdpRefusal.NO_AUDIO_LINE, sdp()),
                        new Row(SdpRefusal.NO_COMMON_CODEC, sdp("m=audio 4000 RTP/AVP 18 3")),
                        new Row(SdpRefusal.ENCRYPTION_REQUIRED, sdp("m=audio 4000 RTP/SAVP 0")),
                        new Row(
                                SdpRefusal.ENCRYPTION_REQUIRED,
                                sdp("m=audio 4000 UDP/TLS/RTP/SAVPF 0")),
                        new Row(SdpRefusal.UNSUPPORTED, sdp("m=audio 4000 TCP/RTP/AVP 0")),
                        new Row(
                                SdpRefusal.UNSUPPORTED,
                                sdp("m=audio 4000 RTP/AVP 0", "c=IN IP4 pbx.example.com")),
                        new Row(
                                SdpRefusal.UNSUPPORTED,
                                sdp("m=audio 4000 RTP/AVP 0", "c=IN IP4 224.1.2.3/127")),
                        new Row(SdpRefusal.MALFORMED, sdp("m=audio x RTP/AVP 0")),
                        new Row(SdpRefusal.MALFORMED, new byte[0]))) {
            assertThat(refusal(session.answer(row.offer()))).isEqualTo(row.reason());
        }
        assertThat(session.media()).isNull();
    }

    @Test
    @Tag("RFC3264§6.1")
    void ptimeIsHonouredWithinBounds() {
        record Row(String lines, int ptimeMillis) {}
        for (Row row :
                List.of(
                        new Row("a=ptime:30", 30),
                        new Row("a=ptime:25", 20),
                        new Row("a=ptime:5", 10),
                        new Row("a=ptime:200", 60),
                        new Row("a=maxptime:10", 10),
                        new Row("a=ptime:nonsense", 20))) {
            PhoneOutcome outcome = session.answer(sdp("m=audio 4000 RTP/AVP 0", row.lines()));

            assertThat(agreed(outcome).media().ptimeMillis())
                    .as(row.lines())
                    .isEqualTo(row.ptimeMillis());
            assertThat(text(outcome)).contains("a=ptime:" + row.ptimeMillis() + "\r\n");
        }
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
        String hold = new String(session.proposal(), StandardCharsets.UTF_8);
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
        assertThat(new String(session.offer(), StandardCharsets.UTF_8)).contains("a=inactive");

        session.hold(false);
        assertThat(new String(session.proposal(), StandardCharsets.UTF_8)).contains("a=sendrecv");
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
        assertThat(new String(session.proposal(), StandardCharsets.UTF_8))
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
    void anAddressThatOurSocketCannotReachIsRefusedRatherThanSilent() {
        assertThat(refusal(session.answer(sdp("m=audio 4444 RTP/AVP 8", "c=IN IP6 2001:db8::7"))))
                .isEqualTo(SdpRefusal.UNSUPPORTED);
        assertThat(refusal(session.answer(sdp("m=audio 4444 RTP/AVP 8", "c=IN IP4 127.0.0.1"))))
                .isEqualTo(SdpRefusal.UNSUPPORTED);
        assertThat(
                        refusal(
                                session.answer(
                                        sdp("m=audio 4444 RTP/AVP 8", "c=IN IP4 255.255.255.255"))))
                .isEqualTo(SdpRefusal.UNSUPPORTED);
    }

    @Test
    @Tag("RFC3264§5.1")
    @Tag("RFC3264§7")
    void aLateOfferListsAllCodecsAndTheAnswerDecides() {
        String offer = new String(session.offer(), StandardCharsets.UTF_8);
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

        String offer = new String(session.offer(), StandardCharsets.UTF_8);

        assertThat(offer.lines().filter(l -> l.startsWith("m=")))
                .containsExactly("m=video 0 RTP/AVP 34", "m=audio 10000 RTP/AVP 96 0 8 110 101");
    }

    record Odd(String name, String offer, AudioCodec codec) {}

    /** Forms that carriers and phones really send, and that are legal or harmless. */
    @Test
    void oddFormsAreUnderstood() {
        String plain =
                "v=0\no=- 1 1 IN IP4 198.51.100.7\ns=-\nc=IN IP4 198.51.100.7\nt=0 0\n"
                        + "m=audio 4000 RTP/AVP 8 0\n";
        StringBuilder many = new StringBuilder("m=audio 4000 RTP/AVP 8");
        for (int type = 20; type < 119; type++) {
            many.append(' ').append(type);
        }
        for (Odd odd :
                List.of(
                        new Odd("CRLF", plain.replace("\n", "\r\n"), AudioCodec.PCMU),
                        new Odd("bare LF", plain, AudioCodec.PCMU),
                        new Odd("no s=", plain.replace("s=-\n", ""), AudioCodec.PCMU),
                        new Odd("no t=", plain.replace("t=0 0\n", ""), AudioCodec.PCMU),
                        new Odd("spaces at ends", plain.replace("\n", "  \n"), AudioCodec.PCMU),
                        new Odd(
                                "bandwidth and unknown lines",
                                plain.replace("t=0", "b=AS:84\nk=clear:x\nr=1\nz=0 0\nt=0")
                                        + "b=TIAS:64000\na=foo\na=silenceSupp:off - - - -\n",
                                AudioCodec.PCMU),
                        new Odd(
                                "a name that is no address in o=",
                                plain.replace("o=- 1 1 IN IP4 198.51.100.7", "o=- 1 1 IN IP4 pbx"),
                                AudioCodec.PCMU),
                        new Odd(
                                "a codec without its clock's channel and without fmtp",
                                plain.replace("8 0", "96") + "a=rtpmap:96 opus/48000\n",
                                AudioCodec.OPUS),
                        new Odd(
                                "an rtpmap that says nothing is passed over",
                                plain + "a=rtpmap:8\na=rtpmap:\na=fmtp:8\na=ptime:\n",
                                AudioCodec.PCMU),
                        new Odd(
                                "a hundred payload types",
                                plain.replace("m=audio 4000 RTP/AVP 8 0", many.toString()),
                                AudioCodec.PCMA),
                        new Odd(
                                "a transport in small letters",
                                plain.replace("RTP/AVP", "rtp/avp"),
                                AudioCodec.PCMU),
                        new Odd(
                                "the direction of all",
                                plain.replace("m=audio", "a=sendrecv\nm=audio"),
                                AudioCodec.PCMU),
                        new Odd(
                                "keys that the other side may use or not",
                                plain + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA\n",
                                AudioCodec.PCMU))) {
            PhoneOutcome outcome =
                    session(AudioCodec.OPUS, AudioCodec.PCMU, AudioCodec.PCMA)
                            .answer(odd.offer().getBytes(StandardCharsets.UTF_8));
            assertThat(outcome).as(odd.name()).isInstanceOf(PhoneOutcome.Agreed.class);
            assertThat(agreed(outcome).media().codec()).as(odd.name()).isEqualTo(odd.codec());
            assertThat(agreed(outcome).media().direction())
                    .as(odd.name())
                    .isEqualTo(Direction.SENDRECV);
        }
    }

    @Test
    void keysAreAnsweredAtTheClockOfTheSound() {
        String[] both = {
            "m=audio 4000 RTP/AVP 96 8 101 110",
            "a=rtpmap:96 opus/48000/2",
            "a=rtpmap:101 telephone-event/8000",
            "a=rtpmap:110 telephone-event/48000"
        };
        PhoneMedia opus = agreed(session.answer(sdp(both))).media();
        assertThat(opus.telephoneEvent()).isEqualTo(new TelephoneEvent(110, 110, 48_000));
        PhoneMedia pcma = agreed(session(AudioCodec.PCMA).answer(sdp(both))).media();
        assertThat(pcma.telephoneEvent()).isEqualTo(new TelephoneEvent(101, 101, 8_000));
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

    record Wrong(String name, List<String> lines, SdpRefusal why, String told) {}

    @Test
    void whatIsWrongIsNamed() {
        for (Wrong wrong :
                List.of(
                        new Wrong(
                                "a host name",
                                List.of("m=audio 4000 RTP/AVP 0", "c=IN IP4 pbx.example"),
                                SdpRefusal.UNSUPPORTED,
                                "host names are not looked up"),
                        new Wrong(
                                "video alone",
                                List.of("m=video 4000 RTP/AVP 34"),
                                SdpRefusal.NO_AUDIO_LINE,
                                "no audio line"),
                        new Wrong(
                                "SRTP alone",
                                List.of(
                                        "m=audio 4000 RTP/SAVP 0",
                                        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA",
                                        "a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:BBBB"),
                                SdpRefusal.ENCRYPTION_REQUIRED,
                                "expected RTP/AVP"),
                        new Wrong(
                                "a port out of range",
                                List.of("m=audio 70000 RTP/AVP 0"),
                                SdpRefusal.MALFORMED,
                                "line 6 of the session description has no port"),
                        new Wrong(
                                "an address of nothing",
                                List.of("m=audio 4000 RTP/AVP 0", "c=IN IP4"),
                                SdpRefusal.MALFORMED,
                                "line 7 of the session description is not c=IN"))) {
            PhoneOutcome outcome = session.answer(sdp(wrong.lines().toArray(String[]::new)));
            assertThat(refusal(outcome)).as(wrong.name()).isEqualTo(wrong.why());
            assertThat(((PhoneOutcome.Refused) outcome).detail())
                    .as(wrong.name())
                    .contains(wrong.told());
        }
    }

    @Test
    void iceOfASipOfferIsIgnored() {
        String answer =
                text(
                        session.answer(
                                sdp(
                                        "m=audio 4000 RTP/AVP 0",
                                        "a=ice-ufrag:abcd",
                                        "a=ice-pwd:0123456789012345678901",
                                        "a=candidate:1 1 udp 1 10.0.0.1 4000 typ host")));

        assertThat(answer).doesNotContain("ice").doesNotContain("candidate");
    }
}
