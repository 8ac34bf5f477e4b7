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
import org.junit.jupiter.api.Test;

final class TraceTest {
    private final VirtualSignal signal = new VirtualSignal();
    private final Ladders ladders = new Ladders(signal);

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
    void aTraceHoldsWhatWasSaidBeforeAndAfterTheCall() {
        seen("call-1", true, "INVITE 1");
        seen("call-1", false, "SIP/2.0 407");
        signal.pass(Duration.ofMillis(20));
        CallTrace trace = ladders.open("call-1");
        seen("call-1", true, "INVITE 2");
        seen("call-2", true, "another call's");
        ladders.close("call-1", trace);
        seen("call-1", false, "SIP/2.0 200 to BYE");
        assertThat(trace.ladder().stream().map(CallTrace.Rung::text))
                .containsExactly("INVITE 1", "SIP/2.0 407", "INVITE 2", "SIP/2.0 200 to BYE");
        assertThat(trace.ladder().get(2).afterMillis()).isEqualTo(20);
        assertThat(trace.ladder().get(2).peer()).isEqualTo("udp 127.0.0.1:5060");
    }

    @Test
    void whatIsKeptOfStrangersIsBounded() {
        for (int i = 0; i < 10_000; i++) {
            seen("call-" + i, true, "INVITE");
            seen("flood", true, "INVITE");
        }
        assertThat(ladders.open("call-0").ladder()).isEmpty();
        assertThat(ladders.open("flood").ladder()).hasSize(Ladders.RUNGS_OF_WAITING);
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
        return Redaction.message(text.getBytes(StandardCharsets.UTF_8));
    }
}
