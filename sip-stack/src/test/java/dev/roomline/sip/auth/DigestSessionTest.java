package dev.roomline.sip.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.message.SipParser;
import dev.roomline.sip.message.SipResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestSessionTest {
    private static final String NONCE = "dcd98b7102dd2f0e8b11d0f600bfb0c093";

    private final ClientIdentity bob =
            ClientIdentity.ofRealms("bob", "zanzibar", Set.of("biloxi.com", "edge"));
    private final DigestSession session = new DigestSession(bob, new Random(1));
    private final DigestSession.Tries tries = new DigestSession.Tries();

    private static SipResponse challenge(String... headers) {
        String text =
                "SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa\r\n"
                        + "From: <sip:a@b.example>;tag=1\r\nTo: <sip:b@b.example>;tag=2\r\n"
                        + "Call-ID: c\r\nCSeq: 1 INVITE\r\n"
                        + String.join("\r\n", headers)
                        + "\r\nContent-Length: 0\r\n\r\n";
        if (SipParser.parse(text.getBytes(StandardCharsets.UTF_8), false)
                instanceof ParsedResponse response) {
            return response;
        }
        throw new AssertionError("malformed: " + text);
    }

    private static String www(String rest) {
        return "WWW-Authenticate: Digest realm=\"biloxi.com\", nonce=\"" + NONCE + "\"" + rest;
    }

    private DigestSession.Outcome challenged(String... headers) {
        return session.challenged(challenge(headers), true, tries);
    }

    private String only() {
        List<HeaderField> fields = session.authorize("INVITE", "sip:bob@biloxi.com");
        assertThat(fields).hasSize(1);
        return fields.getFirst().value();
    }

    private static void assertRight(DigestAlgorithm algorithm, String value) {
        DigestCredentials credentials = DigestVectorsTest.parsed(value);
        String ha1 = algorithm.hex("bob:" + credentials.realm() + ":zanzibar");
        assertThat(DigestGuard.response(algorithm, ha1, "INVITE", credentials))
                .isEqualTo(credentials.response());
        assertThat(credentials.uri()).isEqualTo("sip:bob@biloxi.com");
    }

    @Test
    void withoutQopItIsTheExampleOfDraftSmithSipAuthExamplesSection31() {
        assertThat(challenged(www(", opaque=\"5ccc\"")))
                .isInstanceOf(DigestSession.Outcome.Answerable.class);
        assertThat(only())
                .contains("response=\"bf57e4e0d0bffc0fbaedce64d59add5e\"")
                .contains("opaque=\"5ccc\"")
                .doesNotContain("qop")
                .doesNotContain("algorithm");
    }

    @Test
    void withQopItIsWhatTheServersSideComputesAndTheCountGoesUp() {
        challenged(www(", qop=\"auth-int,auth\", algorithm=MD5"));
        String first = only();
        assertRight(DigestAlgorithm.MD5, first);
        assertThat(first).contains("qop=auth, nc=00000001", "algorithm=MD5");
        String second = only();
        assertRight(DigestAlgorithm.MD5, second);
        assertThat(second).contains("nc=00000002");
        assertThat(DigestVectorsTest.parsed(second).cnonce())
                .isNotEqualTo(DigestVectorsTest.parsed(first).cnonce());
    }

    @ParameterizedTest
    @CsvSource({"SHA-256,MD5,SHA_256", "MD5,SHA-256,MD5", "SHA-512-256,MD5,MD5"})
    @Tag("RFC8760§2.4")
    void ofSeveralChallengesTheTopmostThatCanBeComputedCounts(
            String first, String second, DigestAlgorithm expected) {
        challenged(
                www(", qop=\"auth\", algorithm=" + first),
                www(", qop=\"auth\", algorithm=" + second));
        assertThat(only()).contains("algorithm=" + expected.token());
        assertRight(expected, only());
    }

    @Test
    void aServerAndAProxyInOneAnswerAreBothAnswered() {
        challenged(
                www(", qop=\"auth\""),
                "Proxy-Authenticate: Digest realm=\"edge\", nonce=\"n\", qop=\"auth\"");
        assertThat(session.authorize("INVITE", "sip:bob@biloxi.com"))
                .extracting(HeaderField::name)
                .containsExactlyInAnyOrder("Authorization", "Proxy-Authorization");
    }

    @Test
    void aForeignRealmGetsNothing() {
        assertThat(challenged("Proxy-Authenticate: Digest realm=\"evil\", nonce=\"n\""))
                .isEqualTo(new DigestSession.Outcome.ForeignRealm("evil"));
        assertThat(session.authorize("INVITE", "sip:bob@biloxi.com")).isEmpty();
    }

    @Test
    void aForeignRealmBesideOursIsLeftOut() {
        challenged("Proxy-Authenticate: Digest realm=\"evil\", nonce=\"n\"", www(", qop=\"auth\""));
        assertThat(only()).contains("realm=\"biloxi.com\"");
    }

    @Test
    @Tag("RFC7616§3.3")
    void aNonceGrownStaleIsAnsweredOnceMoreAndThenItIsOver() {
        challenged(www(", qop=\"auth\""));
        assertThat(
                        challenged(
                                "WWW-Authenticate: Digest realm=\"biloxi.com\", nonce=\"new\","
                                        + " stale=true, qop=\"auth\""))
                .isInstanceOf(DigestSession.Outcome.Answerable.class);
        assertThat(only()).contains("nonce=\"new\"", "nc=00000001");
        assertThat(challenged(www(", qop=\"auth\"")))
                .isEqualTo(new DigestSession.Outcome.Rejected("biloxi.com"));
        assertThat(session.authorize("INVITE", "sip:bob@biloxi.com")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WWW-Authenticate: Digest realm=\"biloxi.com\", nonce=\"n\", qop=\"auth-int\"",
                "WWW-Authenticate: Digest realm=\"biloxi.com\", nonce=\"n\", algorithm=MD5-sess",
                "WWW-Authenticate: Digest realm=\"biloxi.com\"",
                "WWW-Authenticate: Digest realm=\"biloxi.com\", nonce=\"n",
                "WWW-Authenticate: Basic realm=\"biloxi.com\"",
                "X-None: 1"
            })
    void whatCannotBeComputedIsNotAnswered(String header) {
        assertThat(challenged(header)).isInstanceOf(DigestSession.Outcome.NotSupported.class);
        assertThat(session.authorize("INVITE", "sip:bob@biloxi.com")).isEmpty();
    }

    @Test
    void aQuoteInARealmStaysInsideItsQuotes() {
        DigestSession other =
                new DigestSession(
                        ClientIdentity.ofPeer("bob", "zanzibar", "192.0.2.1"), new Random(1));
        other.challenged(
                challenge("WWW-Authenticate: Digest realm=\"a\\\"b, c\", nonce=\"n\""),
                true,
                tries);
        assertThat(other.authorize("INVITE", "sip:b@c").getFirst().value())
                .contains("realm=\"a\\\"b, c\", nonce=\"n\"");
    }

    @ParameterizedTest(name = "{0}: {1} → {2}")
    @CsvSource({
        "sip.example.com,example.com,true",
        "example.pstn.example.com,sip.example.com,true",
        "example.com,EXAMPLE.com,true",
        "example.com,asterisk,true",
        "example.com,evil.example,false",
        "example.com,notexample.com,false",
        "a.co.uk,b.co.uk,false",
        "sip.a.co.uk,a.co.uk,true",
        "192.0.2.1,whatever.example,true",
        "192.0.2.1,asterisk,true"
    })
    void aPeersRealmIsItsDomainOrTheFirstSeen(String peer, String realm, boolean trusted) {
        ClientIdentity identity = ClientIdentity.ofPeer("u", "p", peer);
        assertThat(identity.trusts(realm, true)).isEqualTo(trusted);
    }

    @Test
    void theFirstRealmIsTakenFromThePeerItselfAlone() {
        ClientIdentity identity = ClientIdentity.ofPeer("u", "p", "192.0.2.1");
        assertThat(identity.trusts("asterisk", false)).isFalse();
        assertThat(identity.trusts("asterisk", true)).isTrue();
        assertThat(identity.trusts("asterisk", false)).isTrue();
        assertThat(identity.trusts("other", true)).isFalse();
    }
}
