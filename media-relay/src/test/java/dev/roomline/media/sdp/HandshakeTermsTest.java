package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Handshakes with SIP peers, as their descriptions agree to them. */
class HandshakeTermsTest extends DescribedPhone {
    private static final String KEY =
            "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";

    /** An offer under a policy, and what is answered: protocol and protection, or the refusal. */
    record Row(MediaEncryption policy, String offer, String answer) {}

    private static final String PRINT = "sha-256 " + "AB:".repeat(31) + "AB";

    private static PhoneSession overDtls(MediaEncryption policy) {
        return session(policy, new Fingerprint("sha-256", "CD:EF"), AudioCodec.PCMU);
    }

    static Stream<Row> overDtls() {
        String dtls = "m=audio 4000 UDP/TLS/RTP/SAVP 0\na=fingerprint:" + PRINT;
        String old = "m=audio 4000 RTP/SAVPF 0\na=setup:active\na=fingerprint:" + PRINT;
        String opportune = "m=audio 4000 RTP/AVP 0\na=setup:actpass\na=fingerprint:" + PRINT;
        return Stream.of(
                new Row(MediaEncryption.REQUIRE, dtls, "UDP/TLS/RTP/SAVP DTLS"),
                new Row(MediaEncryption.ALLOW, old, "RTP/SAVPF DTLS"),
                new Row(MediaEncryption.ALLOW, opportune, "RTP/AVP DTLS"),
                new Row(MediaEncryption.ALLOW, opportune + "\n" + KEY, "RTP/AVP DTLS"),
                new Row(MediaEncryption.DISABLE, dtls, "ENCRYPTION_REQUIRED"),
                new Row(MediaEncryption.DISABLE, opportune, "RTP/AVP none"),
                new Row(MediaEncryption.ALLOW, dtls + "\na=setup:holdconn", "ENCRYPTION_REQUIRED"),
                new Row(
                        MediaEncryption.ALLOW,
                        "m=audio 4000 UDP/TLS/RTP/SAVP 0",
                        "ENCRYPTION_REQUIRED"));
    }

    @ParameterizedTest
    @MethodSource("overDtls")
    @Tag("RFC5763§5")
    void thePolicyDecidesOfDtlsToo(Row row) {
        PhoneOutcome outcome = overDtls(row.policy()).answer(sdp(row.offer()));

        String told =
                switch (outcome) {
                    case PhoneOutcome.Refused no -> no.reason().name();
                    case PhoneOutcome.Agreed ok -> {
                        String text = text(ok.sdp());
                        String label = ok.media().protection().label();
                        boolean dtls = label.equals("DTLS");
                        assertThat(text.contains("a=setup:passive")).isEqualTo(dtls);
                        assertThat(text.contains("a=fingerprint:sha-256 CD:EF")).isEqualTo(dtls);
                        assertThat(text).doesNotContain("a=crypto");
                        yield text.split("m=audio 10000 ")[1].split(" ")[0] + " " + label;
                    }
                };
        assertThat(told).isEqualTo(row.answer());
    }

    @Test
    void aReinviteWithTheSameCertificateIsTheSameAssociationAndOurHoldOffersIt() {
        PhoneSession session = overDtls(MediaEncryption.ALLOW);
        byte[] offer =
                sdp("m=audio 4000 UDP/TLS/RTP/SAVP 0", "a=setup:actpass", "a=fingerprint:" + PRINT);
        PhoneOutcome.Agreed first = agreed(session.answer(offer));
        session.commit();
        assertThat(agreed(session.answer(offer)).media().protection())
                .isEqualTo(first.media().protection());
        session.commit();

        assertThat(text(session.proposal()))
                .contains("UDP/TLS/RTP/SAVP")
                .contains("a=setup:actpass")
                .contains("a=fingerprint:sha-256 CD:EF");
    }

    private static byte[] dtlsOffer(String... lines) {
        List<String> all = new ArrayList<>();
        all.add("m=audio 4000 UDP/TLS/RTP/SAVP 0");
        all.add("a=fingerprint:" + PRINT);
        all.addAll(List.of(lines));
        return sdp(all.toArray(new String[0]));
    }

    private static MediaProtection.Dtls dtls(PhoneOutcome outcome) {
        assertThat(outcome).isInstanceOf(PhoneOutcome.Agreed.class);
        return (MediaProtection.Dtls) agreed(outcome).media().protection();
    }

    @Test
    @Tag("RFC4145§4")
    void aPhoneThatWaitsIsBegunWithAndOneThatLeavesItToUsBegins() {
        PhoneOutcome waits = overDtls(MediaEncryption.ALLOW).answer(dtlsOffer("a=setup:passive"));
        assertThat(dtls(waits).weBegin()).isTrue();
        assertThat(text(agreed(waits).sdp())).contains("a=setup:active");
        for (String said : List.of("a=setup:actpass", "a=setup:active", "a=x")) {
            PhoneOutcome begins = overDtls(MediaEncryption.ALLOW).answer(dtlsOffer(said));
            assertThat(dtls(begins).weBegin()).as(said).isFalse();
            assertThat(text(agreed(begins).sdp())).as(said).contains("a=setup:passive");
        }
    }

    @Test
    @Tag("RFC8842§3.1")
    @Tag("RFC8842§5.2")
    @Tag("RFC8842§5.3")
    void rolesStayAsTheyAreWhereTheNextOfferAllowsIt() {
        PhoneSession session = overDtls(MediaEncryption.ALLOW);
        MediaProtection first = dtls(session.answer(dtlsOffer("a=setup:passive")));
        session.commit();
        PhoneOutcome again = session.answer(dtlsOffer("a=setup:actpass"));
        assertThat(dtls(again)).isEqualTo(first);
        assertThat(text(agreed(again).sdp())).contains("a=setup:active");
        session.commit();

        PhoneOutcome named = session.answer(dtlsOffer("a=setup:actpass", "a=tls-id:abc"));
        assertThat(dtls(named)).as("another association").isNotEqualTo(first);
        assertThat(text(agreed(named).sdp())).contains("a=setup:passive");
        session.commit();
        assertThat(dtls(session.answer(dtlsOffer("a=setup:active"))))
                .as("an offer need not name what runs")
                .isEqualTo(dtls(named));
    }

    @Test
    @Tag("RFC5763§5")
    void anAnswerToOurOfferSaysWhoBeginsOrIsNone() {
        PhoneSession session = overDtls(MediaEncryption.ALLOW);
        MediaProtection first = dtls(session.answer(dtlsOffer("a=setup:active", "a=tls-id:abc")));
        session.commit();
        assertThat(text(session.proposal())).contains("a=setup:actpass");
        session.commit();

        assertThat(session.answered(dtlsOffer("a=setup:actpass")))
                .isInstanceOfSatisfying(
                        PhoneOutcome.Refused.class,
                        no -> assertThat(no.detail()).contains("who begins the handshake"));
        assertThat(session.answered(dtlsOffer("a=setup:holdconn")))
                .isInstanceOf(PhoneOutcome.Refused.class);
        assertThat(dtls(session.answered(dtlsOffer("a=setup:active")))).isEqualTo(first);

        session.proposal();
        session.commit();
        assertThat(dtls(session.answered(dtlsOffer("a=setup:passive"))).weBegin()).isTrue();
        session.proposal();
        session.commit();
        assertThat(dtls(session.answered(dtlsOffer())).weBegin())
                .as("whoever answers and does not say is passive (RFC 4145 §4)")
                .isTrue();
    }
}
