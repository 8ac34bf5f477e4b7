package dev.roomline.sip.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DigestCredentialsTest {
    private static final String GOOD =
            "Digest username=\"alice\", realm=\"roomline\", nonce=\"n\", uri=\"sip:a@b\","
                    + " response=\"r\", qop=auth, nc=00000001, cnonce=\"c\"";

    private record Row(String name, String header) {}

    @Test
    void readsQuotedAndBareValuesAlike() {
        DigestCredentials credentials =
                DigestVectorsTest.parsed(
                        "dIgEsT  username=alice ,realm = \"room line\",nonce=n,uri=\"sip:a,b=c@d\","
                                + "response=\"r\",algorithm=\"MD5\",qop=\"auth\",opaque=\"\"");
        assertThat(credentials.username()).isEqualTo("alice");
        assertThat(credentials.realm()).isEqualTo("room line");
        assertThat(credentials.uri()).isEqualTo("sip:a,b=c@d");
        assertThat(credentials.qop()).isEqualTo("auth");
        assertThat(credentials.nc()).isNull();
    }

    @Test
    void unescapesQuotedPairs() {
        assertThat(DigestVectorsTest.parsed(GOOD.replace("alice", "a\\\"l\\\\ice")).username())
                .isEqualTo("a\"l\\ice");
    }

    @Test
    void leavesOtherSchemesAlone() {
        assertThat(DigestCredentials.read("Bearer abc"))
                .isInstanceOf(DigestCredentials.Reading.OtherScheme.class);
    }

    @TestFactory
    List<DynamicTest> refuses() {
        return List.of(
                        new Row("nothing behind the scheme", "Digest"),
                        new Row("a missing user name", GOOD.replace("username", "user")),
                        new Row("two nonces", GOOD + ", nonce=\"m\""),
                        new Row(
                                "a quote that is not closed",
                                GOOD.replace("cnonce=\"c\"", "cnonce=\"c")),
                        new Row(
                                "an escape at the end",
                                GOOD.replace("cnonce=\"c\"", "cnonce=\"c\\")),
                        new Row("a name without a value", GOOD + ", stale"),
                        new Row("a value without a name", GOOD + ", =\"x\""),
                        new Row("words without commas", GOOD.replace(", realm", " realm")),
                        new Row("a line end in a value", GOOD.replace("alice", "a\r\nVia: x")),
                        new Row("a NUL in a value", GOOD.replace("alice", "a\0")),
                        new Row(
                                "too many parameters",
                                GOOD + ", p=1".repeat(30).replaceAll("p=1", "p=1")),
                        new Row("a value of 3 KB", GOOD.replace("alice", "a".repeat(3000))))
                .stream()
                .map(
                        row ->
                                DynamicTest.dynamicTest(
                                        row.name(),
                                        () ->
                                                assertThat(DigestCredentials.read(row.header()))
                                                        .isInstanceOf(
                                                                DigestCredentials.Reading.Malformed
                                                                        .class)))
                .toList();
    }

    @Test
    void neverThrowsWhateverIsCutOrFlipped() {
        SplittableRandom random = new SplittableRandom(20261121);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(GOOD);
            for (int flips = random.nextInt(1, 6); flips > 0; flips--) {
                text.setCharAt(
                        random.nextInt(text.length()), "\\\",= \0ü\t=x".charAt(random.nextInt(10)));
            }
            text.setLength(random.nextInt(text.length() + 1));
            assertThat(DigestCredentials.read(text.toString())).isNotNull();
        }
    }

    @Test
    void showsNoSecretInLogs() {
        assertThat(DigestVectorsTest.parsed(GOOD).toString())
                .contains("alice")
                .doesNotContain("cnonce")
                .doesNotContain("response");
    }
}
