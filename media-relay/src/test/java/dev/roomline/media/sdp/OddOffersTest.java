package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Offers that are odd, that say more than we serve, or that cannot be served. */
class OddOffersTest extends DescribedPhone {
    private final PhoneSession session = session(AudioCodec.OPUS, AudioCodec.PCMU, AudioCodec.PCMA);

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
