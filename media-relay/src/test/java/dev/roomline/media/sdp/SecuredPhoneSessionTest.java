package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpProfile;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Encrypted media with SIP peers, as their descriptions agree to it. */
class SecuredPhoneSessionTest extends DescribedPhone {
    private static final String ONE = key(1, 30);

    private static final String TWO = key(2, 30);

    private static String key(int seed, int octets) {
        byte[] key = new byte[octets];
        new Random(seed).nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private static PhoneSession session(MediaEncryption policy) {
        return session(policy, null, AudioCodec.PCMU);
    }

    private static String line(int tag, String key) {
        return "a=crypto:" + tag + " AES_CM_128_HMAC_SHA1_80 inline:" + key;
    }

    private static List<String> crypto(byte[] sdp) {
        return text(sdp).lines().filter(l -> l.startsWith("a=crypto:")).toList();
    }

    private static MediaProtection.Sdes sdes(PhoneOutcome.Agreed agreed) {
        assertThat(agreed.media().protection()).isInstanceOf(MediaProtection.Sdes.class);
        return (MediaProtection.Sdes) agreed.media().protection();
    }

    private static byte[] inline(byte[] key, byte[] salt) {
        byte[] both = Arrays.copyOf(key, key.length + salt.length);
        System.arraycopy(salt, 0, both, key.length, salt.length);
        return both;
    }

    private static byte[] keyOf(String cryptoLine) {
        return Base64.getDecoder()
                .decode(cryptoLine.substring(cryptoLine.indexOf("inline:") + 7).split("\\|")[0]);
    }

    @Test
    void anOfferOfSrtpIsAnsweredUnderItsOwnTagWithAKeyOfOurs() {
        PhoneOutcome.Agreed agreed =
                agreed(
                        session(MediaEncryption.ALLOW)
                                .answer(sdp("m=audio 4000 RTP/SAVP 0", line(3, ONE))));

        assertThat(text(agreed.sdp())).contains("m=audio 10000 RTP/SAVP 0\r\n");
        List<String> ours = crypto(agreed.sdp());
        assertThat(ours).hasSize(1);
        assertThat(ours.getFirst()).startsWith("a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:");
        SrtpKeys keys = sdes(agreed).keys();
        assertThat(inline(keys.remoteKey(), keys.remoteSalt()))
                .isEqualTo(Base64.getDecoder().decode(ONE));
        assertThat(inline(keys.localKey(), keys.localSalt()))
                .isEqualTo(keyOf(ours.getFirst()))
                .isNotEqualTo(Base64.getDecoder().decode(ONE));
        assertThat(agreed.media().toString()).doesNotContain(ONE.substring(0, 8));
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    @Tag("RFC4568§6.2")
    void everySuiteIsAgreedTo(SrtpProfile profile) {
        String key = key(5, profile.keyLength() + profile.saltLength());

        PhoneOutcome.Agreed agreed =
                agreed(
                        session(MediaEncryption.REQUIRE)
                                .answer(
                                        sdp(
                                                "m=audio 4000 RTP/SAVP 0",
                                                "a=crypto:1 "
                                                        + profile.suite()
                                                        + " inline:"
                                                        + key
                                                        + "|2^31")));

        assertThat(sdes(agreed).keys().profile()).isEqualTo(profile);
        assertThat(sdes(agreed).label()).isEqualTo("SDES " + profile.suite());
    }

    @Test
    @Tag("RFC4568§7.1.2")
    void theFirstLineThatCanBeServedIsTakenFromAmongMany() {
        PhoneOutcome.Agreed agreed =
                agreed(
                        session(MediaEncryption.ALLOW)
                                .answer(
                                        sdp(
                                                "m=audio 4000 RTP/SAVP 0",
                                                "a=crypto:1 SOMETHING_NEW inline:" + ONE,
                                                "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:%%%",
                                                line(3, "AAAA"),
                                                line(4, ONE) + " KDR=3",
                                                line(5, ONE) + " UNENCRYPTED_SRTP",
                                                "a=crypto:6 AEAD_AES_128_GCM inline:" + ONE,
                                                line(7, TWO),
                                                line(7, ONE),
                                                line(8, ONE),
                                                line(9, ONE))));

        assertThat(crypto(agreed.sdp()))
                .singleElement()
                .asString()
                .startsWith("a=crypto:7 AES_CM_128_HMAC_SHA1_80");
        SrtpKeys keys = sdes(agreed).keys();
        assertThat(inline(keys.remoteKey(), keys.remoteSalt()))
                .isEqualTo(Base64.getDecoder().decode(TWO));
    }

    @Test
    void whereNoLineCanBeServedTheRefusalNamesEachAndNoKey() {
        PhoneOutcome outcome =
                session(MediaEncryption.ALLOW)
                        .answer(
                                sdp(
                                        "m=audio 4000 RTP/SAVP 0",
                                        "a=crypto:1 SOMETHING_NEW inline:" + ONE,
                                        line(2, ONE) + " KDR=3",
                                        line(3, "AAAA")));

        assertThat(outcome).isInstanceOf(PhoneOutcome.Refused.class);
        PhoneOutcome.Refused refused = (PhoneOutcome.Refused) outcome;
        assertThat(refused.reason()).isEqualTo(SdpRefusal.ENCRYPTION_REQUIRED);
        assertThat(refused.detail())
                .contains("a=crypto:1 names a suite that is not served")
                .contains("a=crypto:2 asks for a key derivation rate")
                .contains("a=crypto:3 has a key of 3 octets")
                .doesNotContain(ONE.substring(0, 8));
    }

    @Test
    void aThousandLinesAreNotAllLookedAt() {
        String[] lines = new String[900];
        Arrays.fill(lines, "a=crypto:1 NEW inline:" + ONE);
        lines[0] = "m=audio 4000 RTP/SAVP 0";
        lines[899] = line(899, TWO);

        PhoneOutcome outcome = session(MediaEncryption.ALLOW).answer(sdp(lines));

        assertThat(((PhoneOutcome.Refused) outcome).detail())
                .contains("only 16 a=crypto lines are looked at")
                .hasSizeLessThan(1_500);
    }

    /**
     * What a policy makes of an offer.
     *
     * @param answer the m= line of the answer with its protection, or why it is refused
     */
    record Row(MediaEncryption policy, String offer, String answer) {}

    private static final String PLAIN = "m=audio 4000 RTP/AVP 0";

    private static final String OPPORTUNE = "m=audio 4000 RTP/AVP 0\n" + line(1, ONE);

    private static final String SECURED = "m=audio 4000 RTP/SAVP 0\n" + line(1, ONE);

    private static final String FEEDBACK = "m=audio 4000 RTP/SAVPF 0\n" + line(1, ONE);

    private static final String BOTH =
            "m=audio 4000 RTP/AVP 0\nm=audio 4002 RTP/SAVP 0\n" + line(1, ONE);

    private static final String BROKEN = "m=audio 4000 RTP/AVP 0\n" + line(1, "AAAA");

    private static final String SUITE = " SDES AES_CM_128_HMAC_SHA1_80";

    static Stream<Row> policies() {
        return Stream.of(
                new Row(MediaEncryption.DISABLE, PLAIN, "RTP/AVP none"),
                new Row(MediaEncryption.DISABLE, OPPORTUNE, "RTP/AVP none"),
                new Row(MediaEncryption.DISABLE, SECURED, "ENCRYPTION_REQUIRED"),
                new Row(MediaEncryption.DISABLE, BOTH, "RTP/AVP none"),
                new Row(MediaEncryption.ALLOW, PLAIN, "RTP/AVP none"),
                new Row(MediaEncryption.ALLOW, OPPORTUNE, "RTP/AVP" + SUITE),
                new Row(MediaEncryption.ALLOW, BROKEN, "RTP/AVP none"),
                new Row(MediaEncryption.ALLOW, SECURED, "RTP/SAVP" + SUITE),
                new Row(MediaEncryption.ALLOW, FEEDBACK, "RTP/SAVPF" + SUITE),
                new Row(MediaEncryption.ALLOW, BOTH, "RTP/SAVP" + SUITE),
                new Row(MediaEncryption.OFFER, OPPORTUNE, "RTP/AVP" + SUITE),
                new Row(MediaEncryption.REQUIRE, PLAIN, "ENCRYPTION_NOT_OFFERED"),
                new Row(MediaEncryption.REQUIRE, BROKEN, "ENCRYPTION_NOT_OFFERED"),
                new Row(MediaEncryption.REQUIRE, OPPORTUNE, "RTP/AVP" + SUITE),
                new Row(MediaEncryption.REQUIRE, SECURED, "RTP/SAVP" + SUITE),
                new Row(MediaEncryption.REQUIRE, BOTH, "RTP/SAVP" + SUITE));
    }

    @ParameterizedTest
    @MethodSource("policies")
    @Tag("RFC8643§3.2")
    void thePolicyDecides(Row row) {
        PhoneOutcome outcome = session(row.policy()).answer(sdp(row.offer()));

        String told =
                switch (outcome) {
                    case PhoneOutcome.Refused no -> no.reason().name();
                    case PhoneOutcome.Agreed ok -> {
                        String live =
                                text(ok.sdp())
                                        .lines()
                                        .filter(l -> l.startsWith("m=audio 10000 "))
                                        .findFirst()
                                        .orElseThrow();
                        assertThat(crypto(ok.sdp()).isEmpty())
                                .isEqualTo(ok.media().protection().label().equals("none"));
                        yield live.split(" ")[2] + " " + ok.media().protection().label();
                    }
                };
        assertThat(told).isEqualTo(row.answer());
    }

    @Test
    @Tag("RFC4568§7.1.4")
    void aReinviteWithTheSameKeyKeepsOursAndANewKeyBringsANewOne() {
        PhoneSession session = session(MediaEncryption.ALLOW);
        PhoneOutcome.Agreed first =
                agreed(session.answer(sdp("m=audio 4000 RTP/SAVP 0", line(1, ONE))));
        session.commit();
        PhoneOutcome.Agreed held =
                agreed(session.answer(sdp("m=audio 4000 RTP/SAVP 0", line(1, ONE), "a=sendonly")));
        session.commit();
        PhoneOutcome.Agreed rekeyed =
                agreed(session.answer(sdp("m=audio 4000 RTP/SAVP 0", line(1, TWO))));

        assertThat(crypto(held.sdp())).isEqualTo(crypto(first.sdp()));
        assertThat(sdes(held).keys().sendsAs(sdes(first).keys())).isTrue();
        assertThat(crypto(rekeyed.sdp())).isNotEqualTo(crypto(first.sdp()));
        assertThat(sdes(rekeyed).keys().sendsAs(sdes(first).keys())).isFalse();
        assertThat(sdes(rekeyed).keys().receivesAs(sdes(first).keys())).isFalse();
    }

    @Test
    void ourHoldOffersWhatHolds() {
        PhoneSession session = session(MediaEncryption.ALLOW);
        PhoneOutcome.Agreed first =
                agreed(session.answer(sdp("m=audio 4000 RTP/SAVP 0", line(4, ONE))));
        session.commit();
        session.hold(true);

        byte[] offer = session.proposal();
        session.commit();
        PhoneOutcome.Agreed answered =
                agreed(session.answered(sdp("m=audio 4000 RTP/SAVP 0", line(4, TWO))));

        assertThat(text(offer)).contains("RTP/SAVP").contains("a=inactive");
        assertThat(crypto(offer)).isEqualTo(crypto(first.sdp()));
        assertThat(sdes(answered).keys().sendsAs(sdes(first).keys())).isTrue();
        assertThat(sdes(answered).keys().receivesAs(sdes(first).keys())).isFalse();
    }

    @Test
    @Tag("RFC8643§3.1")
    void whatWeOfferFollowsThePolicy() {
        assertThat(text(session(MediaEncryption.DISABLE).offer()))
                .contains("RTP/AVP")
                .doesNotContain("crypto");
        assertThat(text(session(MediaEncryption.ALLOW).offer()))
                .contains("RTP/AVP")
                .doesNotContain("crypto");
        assertThat(text(session(MediaEncryption.OFFER).offer())).contains("RTP/AVP");
        assertThat(crypto(session(MediaEncryption.OFFER).offer())).hasSize(3);
        byte[] required = session(MediaEncryption.REQUIRE).offer();
        assertThat(text(required)).contains("RTP/SAVP");
        assertThat(crypto(required).getFirst())
                .startsWith("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:");
        assertThat(crypto(required).stream().map(SecuredPhoneSessionTest::keyOf).toList())
                .as("no two lines share a key")
                .doesNotHaveDuplicates();
    }

    @Test
    @Tag("RFC4568§7.1.3")
    void anAnswerTakesOneOfOurLinesAndTheOthersAreForgotten() {
        PhoneSession session = session(MediaEncryption.REQUIRE);
        List<String> offered = crypto(session.offer());
        session.commit();
        String theirs = "a=crypto:2 AES_256_CM_HMAC_SHA1_80 inline:" + key(6, 46);

        PhoneOutcome.Agreed agreed =
                agreed(session.answered(sdp("m=audio 4000 RTP/SAVP 0", theirs)));

        SrtpKeys keys = sdes(agreed).keys();
        assertThat(keys.profile()).isEqualTo(SrtpProfile.AES256_CM_HMAC_SHA1_80);
        assertThat(inline(keys.localKey(), keys.localSalt())).isEqualTo(keyOf(offered.get(1)));
        assertThat(crypto(session.proposal())).containsExactly(offered.get(1));
    }

    @Test
    void anAnswerWithoutAKeyIsPlainWhereThatWasOffered() {
        PhoneSession session = session(MediaEncryption.OFFER);
        session.offer();
        session.commit();

        PhoneOutcome.Agreed agreed = agreed(session.answered(sdp("m=audio 4000 RTP/AVP 0")));

        assertThat(agreed.media().protection().label()).isEqualTo("none");
        assertThat(crypto(session.proposal())).isEmpty();
    }

    @Test
    void answersThatTakeNoneOfOurLinesAreRefused() {
        for (String[] answer :
                List.of(
                        new String[] {"m=audio 4000 RTP/SAVP 0"},
                        new String[] {"m=audio 4000 RTP/AVP 0"},
                        new String[] {"m=audio 4000 RTP/SAVP 0", line(9, ONE)},
                        new String[] {"m=audio 4000 RTP/SAVP 0", line(2, ONE)},
                        new String[] {"m=audio 4000 RTP/SAVP 0", line(1, "AAAA")})) {
            PhoneSession session = session(MediaEncryption.REQUIRE);
            session.offer();
            session.commit();

            PhoneOutcome outcome = session.answered(sdp(answer));

            assertThat(outcome)
                    .as(String.join(" ", answer))
                    .isInstanceOf(PhoneOutcome.Refused.class);
            assertThat(((PhoneOutcome.Refused) outcome).reason())
                    .isEqualTo(SdpRefusal.ENCRYPTION_NOT_OFFERED);
        }
    }

    @Test
    void ourOwnKeyGivenBackIsNoAnswer() {
        PhoneSession session = session(MediaEncryption.REQUIRE);
        List<String> offered = crypto(session.offer());
        session.commit();

        PhoneOutcome outcome = session.answered(sdp("m=audio 4000 RTP/SAVP 0", offered.getFirst()));

        assertThat(outcome).isInstanceOf(PhoneOutcome.Refused.class);
    }
}
