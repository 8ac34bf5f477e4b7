package dev.roomline.system;

import static dev.roomline.system.PlacedCalls.ANSWERED;
import static dev.roomline.system.PlacedCalls.TO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.system.PlacedCalls.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a carrier's challenge of a call that the API places is answered, and which is not. */
class CarrierChallengesTest {
    private static final int FIRST = FreePorts.one();
    private static final int SECOND = FreePorts.one();

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("carrier-challenges")
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: first, name: First, address: "127.0.0.1:%d", options_ping: 0s, username: bob, password: zanzibar,
                                  numbers: ["+15550100000"] }
                              - { id: second, address: "127.0.0.1:%d", options_ping: 0s, numbers: ["+15550100077"] }
                            """
                                    .formatted(FIRST, SECOND))
                    .set("calls.trace=all");

    private final PlacedCalls calls = new PlacedCalls(bridge);

    @Test
    @Tag("RFC3261§22.3")
    @Tag("RFC3262§4")
    void aChallengeByMd5IsAnsweredAndReliableRingingAcknowledged() {
        try (SippRunner.Running carrier =
                SippRunner.scenario("carrier-challenge-prack.xml", bridge.sipPort())
                        .localPort(FIRST)
                        .start()) {
            Answer answer = calls.place("first", TO, ANSWERED);
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
            assertThat(calls.hangUp(answer.text("id"))).isEqualTo(204);
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("hangup_api");
            carrier.await().assertPassed();
        }
    }

    @Test
    @Tag("RFC7616§3.4")
    @Tag("RFC8760§2.4")
    void aChallengeBySha256IsAnswered() {
        try (Carrier carrier = Carrier.at(FIRST)) {
            CompletableFuture<Answer> asked = calls.placing("first", TO, ANSWERED);
            SipTrace.Message invite = carrier.await("INVITE");
            carrier.answer(
                    invite,
                    "401 Unauthorized",
                    "WWW-Authenticate: Digest realm=\"carrier\", nonce=\"n1\", qop=\"auth\","
                            + " algorithm=SHA-256\r\n",
                    "");
            carrier.await("ACK");
            SipTrace.Message again = carrier.await("INVITE");
            assertThat(digest(again.header("Authorization"), "INVITE")).isTrue();
            carrier.answer(again, "486 Busy Here");
            assertThat(asked.join().status()).isEqualTo(409);
        }
    }

    /** RFC 7616 §3.4.1, computed here anew. */
    private static boolean digest(String header, String method) {
        String ha1 = sha256("bob:carrier:zanzibar");
        String ha2 = sha256(method + ":" + parameter(header, "uri"));
        String expected =
                sha256(
                        String.join(
                                ":",
                                ha1,
                                "n1",
                                parameter(header, "nc"),
                                parameter(header, "cnonce"),
                                "auth",
                                ha2));
        return expected.equals(parameter(header, "response"));
    }

    private static String parameter(String header, String name) {
        var found = Pattern.compile("\\b" + name + "=\"?([^\",]+)\"?").matcher(header);
        assertThat(found.find()).as(name + " in " + header).isTrue();
        return found.group(1);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aForeignRealmGetsNoAnswer() {
        try (Carrier carrier = Carrier.at(FIRST)) {
            CompletableFuture<Answer> asked = calls.placing("first", TO, ANSWERED);
            SipTrace.Message invite = carrier.await("INVITE");
            // a second realm: the first one that this trunk showed is its own from then on
            carrier.answer(invite, "407 Who", challenge("carrier"), "");
            carrier.await("ACK");
            SipTrace.Message again = carrier.await("INVITE");
            assertThat(again.header("Proxy-Authorization")).contains("realm=\"carrier\"");
            carrier.answer(again, "407 Who", challenge("bank.example"), "");
            carrier.await("ACK");
            Answer answer = asked.join();
            assertThat(answer.status()).isEqualTo(502);
            calls.assertListed(answer, "carrier_nonsense", "carrier");
            assertThat(carrier.hearsNothing(Duration.ofMillis(300))).isTrue();
        }
    }

    private static String challenge(String realm) {
        return "Proxy-Authenticate: Digest realm=\"" + realm + "\", nonce=\"n\", qop=\"auth\"\r\n";
    }

    @Test
    void wrongCredentialsAreOursAndATrunkWithoutAnyHasNone() {
        try (Carrier carrier = Carrier.at(FIRST)) {
            CompletableFuture<Answer> asked = calls.placing("first", TO, ANSWERED);
            for (int i = 0; i < 3; i++) {
                carrier.answer(carrier.await("INVITE"), "407 Who", challenge("carrier"), "");
                carrier.await("ACK");
            }
            Answer answer = asked.join();
            assertThat(answer.status()).isEqualTo(502);
            calls.assertListed(answer, "bad_credentials", "us");
        }
        try (Carrier carrier = Carrier.at(SECOND)) {
            CompletableFuture<Answer> asked = calls.placing("second", TO, ANSWERED);
            carrier.answer(carrier.await("INVITE"), "407 Who", challenge("carrier"), "");
            calls.assertListed(asked.join(), "bad_credentials", "us");
        }
    }
}
