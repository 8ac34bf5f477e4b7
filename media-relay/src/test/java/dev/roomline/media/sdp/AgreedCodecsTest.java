package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusWishes;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which codec is agreed with a phone, and how it is to be spoken. */
class AgreedCodecsTest extends DescribedPhone {
    private final PhoneSession session = session(AudioCodec.OPUS, AudioCodec.PCMU, AudioCodec.PCMA);

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
}
