package dev.roomline.bridge.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.signal.VirtualSignal;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.SipEffect;
import dev.roomline.sip.endpoint.TransportKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class TraceTest {
    private final VirtualSignal signal = new VirtualSignal();
    private final Ladders ladders = new Ladders(signal);

    @Test
    void aTimeIsToldInUtcToTheMicrosecondAndNoLongerThanNeeded() {
        for (long nanos :
                new long[] {0, 1, 999, 1_000, 12_000, 999_999_999, 500_000_000, 7_000_000}) {
            for (long second : new long[] {0, 1_795_000_000L, -1, 253_402_300_799L}) {
                Instant instant = Instant.ofEpochSecond(second, nanos);
                assertThat(TraceJson.time(instant))
                        .isEqualTo(instant.truncatedTo(ChronoUnit.MICROS).toString());
            }
        }
    }

    @Test
    void credentialsAndMediaKeysAreTakenOut() {
        String shown =
                message(
                        """
                        INVITE sip:a@b SIP/2.0
                        Proxy-Authorization: Digest username="alice", nonce="N0NCE",
                         response="RESP0NSE", cnonce=CN0NCE, uri="sip:a@b"
                        authorization : Digest response=RESP0NSE
                        Subject: response="kept"

                        a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRETKEY|2^20
                        """);
        assertThat(shown)
                .doesNotContain("RESP0NSE")
                .doesNotContain("N0NCE")
                .doesNotContain("SECRETKEY")
                .contains("alice", "uri=\"sip:a@b\"", "AES_CM_128_HMAC_SHA1_80", "kept");
    }

    @Test
    void digitsAreHiddenHoweverTheyAreWritten() {
        for (String type : List.of("application/dtmf;charset=utf-8", "application/dtmf-relay")) {
            for (String body :
                    List.of("5", " Signal=5\r\nDuration=160", "Duration=160\rSignal=5")) {
                for (String field : List.of("Content-Type: ", "c : ", "Content-Type:\r\n ")) {
                    String wire = "INFO sip:a@b SIP/2.0\r\n" + field + type + "\r\n\r\n" + body;
                    assertThat(shown("\r\n\r\n" + wire)).contains(type).endsWith("\r\n\r\n…");
                }
            }
        }
        assertThat(shown("INFO sip:a@b SIP/2.0\r\nSubject: x\r\n\r\n--b\r\n Signal=5\r\n"))
                .doesNotContain("5\r\n");
    }

    @Test
    void whatIsFoldedIsHiddenAsWhatIsNot() {
        String shown =
                shown(
                        "INVITE sip:a@b SIP/2.0\r\n"
                                + "Authorization:\r\n Basic c2VjcmV0\r\n"
                                + "Proxy-Authorization: Digest uri=\"sip:user:PASSW0RD@host\","
                                + " response=\r\n RESP0NSE\r\nSubject: kept\r\n\r\n");
        assertThat(shown)
                .doesNotContain("c2VjcmV0")
                .doesNotContain("PASSW0RD")
                .doesNotContain("RESP0NSE")
                .contains("Basic …\r\n", "sip:user:…@host", "Subject: kept\r\n");
    }

    private static String shown(String wire) {
        return new Redaction(List.of()).message(wire.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aTraceHoldsWhatWasSaidBeforeAndAfterTheCall() {
        seen("call-1", true, "INVITE 1");
        seen("call-1", false, "SIP/2.0 407");
        signal.pass(Duration.ofMillis(20));
        CallTrace trace = ladders.open("call-1");
        seen("call-1", true, "INVITE 2");
        seen("call-2", true, "another call's");
        ladders.close("call-1", trace);
        seen("call-1", false, "SIP/2.0 200 to BYE");
        JsonNode messages = messages(trace);
        assertThat(messages)
                .extracting(message -> message.get("text").asString())
                .containsExactly("INVITE 1", "SIP/2.0 407", "INVITE 2", "SIP/2.0 200 to BYE");
        assertThat(messages.get(2).get("remote").asString()).isEqualTo("127.0.0.1:5060");
        assertThat(messages.get(2).get("transport").asString()).isEqualTo("udp");
        assertThat(messages.get(2).get("direction").asString()).isEqualTo("received");
        assertThat(Instant.parse(messages.get(2).get("at").asString()))
                .isEqualTo(trace.snapshot().startedAt().plusMillis(20));
    }

    @Test
    void whatIsKeptOfStrangersIsBounded() {
        for (int i = 0; i < 10_000; i++) {
            seen("call-" + i, true, "INVITE");
            seen("flood", true, "INVITE");
        }
        assertThat(ladders.open("call-0").snapshot().messages()).isEmpty();
        assertThat(ladders.open("flood").snapshot().messages())
                .hasSize(2 * CallTrace.MESSAGES_OF_EACH);
    }

    @Test
    void refusalsAreMergedPerSourceAndBounded() {
        RefusalRing ring = new RefusalRing();
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < 5; i++) {
            ring.add(
                    "192.0.2.1", "udp", "INVITE", "unauthenticated", "try " + i, at.plusSeconds(i));
        }
        assertThat(ring.list()).hasSize(1);
        Refusals.Refusal merged = ring.list().getFirst();
        assertThat(merged.count()).isEqualTo(5);
        assertThat(merged.first()).isEqualTo(at);
        assertThat(merged.last()).isEqualTo(at.plusSeconds(4));
        assertThat(merged.detail()).isEqualTo("try 4");
        for (int i = 0; i < 2 * RefusalRing.CAPACITY; i++) {
            ring.add("192.0.2." + i, "udp", "OPTIONS", "malformed", "x".repeat(1000), at);
        }
        assertThat(ring.list()).hasSize(RefusalRing.CAPACITY);
        assertThat(ring.list().getFirst().source())
                .isEqualTo("192.0.2." + (2 * RefusalRing.CAPACITY - 1));
        assertThat(ring.list().getFirst().detail()).hasSize(200);
    }

    @Test
    void aNumberInALogShowsOnlyItsEnd() {
        assertThat(new Redacted("+15550100123")).hasToString("…23");
        assertThat(new Redacted("100")).hasToString("…");
        assertThat(new Redacted("")).hasToString("-");
    }

    @Test
    void theFirstAndTheLastAreKeptAndTheMiddleIsCounted() {
        CallTrace trace = ladders.open("long");
        for (int i = 1; i <= 500; i++) {
            seen("long", true, "INFO " + i);
            trace.decided(signal.now(), "media", "decision " + i);
        }
        TraceSnapshot kept = trace.snapshot();
        assertThat(kept.messages()).hasSize(2 * CallTrace.MESSAGES_OF_EACH);
        assertThat(kept.messagesLeftOut()).isEqualTo(500 - 2 * CallTrace.MESSAGES_OF_EACH);
        assertThat(kept.decisions()).hasSize(2 * CallTrace.DECISIONS_OF_EACH);
        assertThat(kept.decisionsLeftOut()).isEqualTo(500 - 2 * CallTrace.DECISIONS_OF_EACH);
        assertThat(kept.decisions().getFirst().text()).isEqualTo("decision 1");
        assertThat(kept.decisions().getLast().text()).isEqualTo("decision 500");
        assertThat(messages(trace).get(0).get("text").asString()).isEqualTo("INFO 1");
        assertThat(messages(trace).get(kept.messages().size() - 1).get("text").asString())
                .isEqualTo("INFO 500");
    }

    @Test
    void longMessagesAreCutAndTogetherStayWithinTheirOctets() {
        CallTrace trace = ladders.open("fat");
        for (int i = 0; i < 200; i++) {
            seen("fat", true, "INVITE " + i + "\r\n" + "x".repeat(60_000));
        }
        TraceSnapshot kept = trace.snapshot();
        int octets = kept.messages().stream().mapToInt(m -> m.wire().length).sum();
        assertThat(octets).isLessThanOrEqualTo(2 * CallTrace.OCTETS_OF_EACH);
        JsonNode first = messages(trace).get(0);
        assertThat(first.get("cut").asInt()).isEqualTo(60_010 - CallTrace.MESSAGE_OCTETS);
        assertThat(first.get("text").asString()).hasSize(CallTrace.MESSAGE_OCTETS);
    }

    @Test
    void aRetransmissionIsShownAsSuchAndKeptOnce() {
        CallTrace trace = ladders.open("lossy");
        seen("lossy", true, "INVITE sip:a SIP/2.0");
        seen("lossy", true, "INVITE sip:a SIP/2.0");
        seen("lossy", false, "INVITE sip:a SIP/2.0");
        seen("lossy", true, "INVITE sip:a SIP/2.0");
        JsonNode messages = messages(trace);
        assertThat(messages)
                .extracting(m -> m.path("repeats").asInt(0))
                .containsExactly(0, 1, 0, 1);
        assertThat(messages.get(1).has("text")).isFalse();
        assertThat(messages.get(1).get("start_line").asString()).isEqualTo("INVITE sip:a SIP/2.0");
    }

    @Test
    void theHeadersByWhichATrunkIsKnownAreTakenOutOfItsMessages() {
        Redaction redaction = new Redaction(List.of("X-Account"));
        String shown =
                redaction.message(
                        "INVITE sip:a SIP/2.0\r\nx-account : AC1\r\n  AC2\r\nX-Other: kept\r\n\r\n"
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(shown)
                .doesNotContain("AC1")
                .doesNotContain("AC2")
                .contains("x-account : …\r\n", "X-Other: kept\r\n");
        assertThat(redaction.hides("X-ACCOUNT")).isTrue();
        assertThat(redaction.hides("X-Other")).isFalse();
    }

    private record Secret(String message, String secret, String stays) {}

    @Test
    void noSecretIsShownInAnyOfItsForms() {
        List<Secret> table =
                List.of(
                        new Secret("Authorization: Digest nonce=\"S3C", "S3C", "Digest"),
                        new Secret("Authorization: Bearer S3CRET", "S3CRET", "Bearer"),
                        new Secret(
                                "Proxy-Authenticate: Digest nonce=\"S3C\", qop=\"auth\"",
                                "S3C",
                                "qop"),
                        new Secret(
                                "Authentication-Info: rspauth=\"S3C\", nextnonce=\"S3C\"",
                                "S3C",
                                "rspauth"),
                        new Secret(
                                "a=crypto:1 AES_CM_128_HMAC_SHA1_80 INLINE:S3C", "S3C", "AES_CM"),
                        new Secret("a=ice-pwd:S3C", "S3C", "ice-pwd"),
                        new Secret("k=clear:S3C", "S3C", "k="),
                        new Secret("a=key-mgmt:mikey S3C", "S3C", "key-mgmt"),
                        new Secret("Contact: <sip:alice:S3C@host>", "S3C", "alice"),
                        new Secret("Signal=5\r\nDuration=160", "5", "Duration=160"),
                        new Secret(
                                "INFO sip:a SIP/2.0\r\nContent-Type: application/dtmf\r\nX: y\r\n\r\n7",
                                "7",
                                "application/dtmf"));
        for (Secret row : table) {
            assertThat(message(row.message()))
                    .as(row.message())
                    .doesNotContain(row.secret())
                    .contains(row.stays());
        }
        assertThat(message("Contact: <sip:alice@h:5060>, <sip:h:5061;x=y>"))
                .isEqualTo("Contact: <sip:alice@h:5060>, <sip:h:5061;x=y>");
    }

    @Test
    void theInviteThatWasChallengedIsInTheTraceHoweverManyOthersCallMeanwhile() {
        CallTrace first = ladders.open("patient");
        seen("patient", true, "INVITE without credentials");
        ladders.await("patient", first);
        for (int i = 0; i < Ladders.CHALLENGED - 1; i++) {
            seen("other " + i, true, "INVITE sip:a SIP/2.0");
            ladders.await("other " + i, ladders.open("other " + i));
            seen("gone " + i, true, "INVITE sip:a SIP/2.0");
            ladders.close("gone " + i, ladders.open("gone " + i));
        }
        seen("patient", true, "INVITE with credentials");
        assertThat(messages(ladders.open("patient")))
                .extracting(m -> m.get("start_line").asString())
                .containsExactly("INVITE without credentials", "INVITE with credentials");
    }

    @Test
    void tracesThatWaitAreBoundedByTheirOctetsToo() {
        WaitingTraces waiting = new WaitingTraces(1_000, 10_000);
        for (int i = 0; i < 100; i++) {
            CallTrace trace = new CallTrace(Instant.EPOCH);
            trace.decided(Instant.EPOCH, "end", "x".repeat(300));
            waiting.put("call " + i, trace);
            waiting.write("call " + i, t -> t.decided(Instant.EPOCH, "end", "x".repeat(200)));
        }
        assertThat(IntStream.range(0, 100).filter(i -> waiting.remove("call " + i) != null))
                .containsExactlyElementsOf(IntStream.range(80, 100).boxed().toList());
    }

    private static JsonNode messages(CallTrace trace) {
        Redaction none = new Redaction(List.of());
        return JsonMapper.shared()
                .readTree(new TraceJson(none).stored(trace.snapshot()))
                .get("messages");
    }

    private void seen(String callId, boolean incoming, String text) {
        Hop hop =
                new Hop(
                        TransportKind.UDP,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 5060),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 5060),
                        0);
        ladders.seen(
                new SipEffect.MessageSeen(
                        incoming, hop, callId, null, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String message(String text) {
        return new Redaction(List.of()).message(text.getBytes(StandardCharsets.UTF_8));
    }
}
