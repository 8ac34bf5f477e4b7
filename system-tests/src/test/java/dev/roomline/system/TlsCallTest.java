package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roomline.system.Certificates.Shown;
import dev.roomline.system.PlacedCalls.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** SIP over TLS with phones and carriers that look at certificates, as we look at theirs. */
final class TlsCallTest {
    private static final Duration LIMIT = Duration.ofSeconds(12);
    private static final int PORT = FreePorts.one();
    private static final int GOOD_CARRIER = FreePorts.one();
    private static final int WRONG_CARRIER = FreePorts.one();
    private static final int PBX = FreePorts.one();
    private static final int FLOOD = 400;
    private static final String TO = "+15551234567";
    private static final Certificates CERTIFICATES = new Certificates();

    static {
        CERTIFICATES.write(CERTIFICATES.of("localhost", "127.0.0.1"), "sip");
    }

    @RegisterExtension
    static final BridgeProcess bridge =
            CERTIFICATES
                    .trustedBy(BridgeProcess.named("tls"))
                    .set("sip.tls=" + PORT)
                    .set("sip.tls_certificate=" + CERTIFICATES.folder.resolve("sip.pem"))
                    .set("sip.tls_key=" + CERTIFICATES.folder.resolve("sip-key.pem"))
                    .tolerateError("the certificate of before stays in use")
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: good, address: "localhost:%d;transport=tls", options_ping: 0s, numbers: ["+15550100000"] }
                              - { id: wrong, address: "localhost:%d;transport=tls", options_ping: 0s, numbers: ["+15550100001"] }
                              - { id: pbx, address: "localhost:%d;transport=tls", options_ping: 0s, numbers: ["+15550100002"] }
                            """
                                    .formatted(GOOD_CARRIER, WRONG_CARRIER, PBX));

    private final PlacedCalls calls = new PlacedCalls(bridge);

    @Test
    void aSoftphoneCallsByTlsAndIsHungUpDownItsConnection() {
        Baresip.Phone phone = Baresip.Phone.of(bridge, Codec.PCMU, 700);
        try (Baresip caller = Baresip.trusting(CERTIFICATES.authorityFile(), phone)) {
            caller.call(dialled());
            JsonNode call = theCall();
            assertThat(trace(call).findValuesAsString("transport")).containsOnly("tls");
            assertThat(calls.hangUp(call.path("id").asString())).isEqualTo(204);
            caller.awaitClosed();
            assertThat(calls.awaitEnd(call.path("id").asString())).isEqualTo("hangup_api");
        }
        assertThat(
                        bridge.metric(
                                "roomline_sip_messages_total{direction=\"received\",transport=\"tls\"}"))
                .isPositive();
    }

    @Test
    void aCallGoesOutToACarrierThatProvesItsName() {
        try (Carrier carrier =
                Carrier.overTls(GOOD_CARRIER, CERTIFICATES.peer(CERTIFICATES.of("localhost")))) {
            CompletableFuture<Answer> asked = calls.placing("good", TO, ", \"wait\": \"answered\"");
            SipTrace.Message invite = carrier.await("INVITE");
            assertThat(invite.header("Via")).startsWith("SIP/2.0/TLS 127.0.0.1:" + PORT + ";");
            assertThat(invite.header("Contact")).contains(":" + PORT + ";transport=tls>");
            carrier.answer(invite, "200 OK", "", SipText.offer("127.0.0.1", FreePorts.block(2)));
            carrier.await("ACK");
            String id = asked.join().text("id");
            assertThat(calls.hangUp(id)).isEqualTo(204);
            carrier.answer(carrier.await("BYE"), "200 OK");
            assertThat(calls.awaitEnd(id)).isEqualTo("hangup_api");
        }
    }

    @Test
    void aCarrierWithACertificateForAnotherNameIsNotBelievedAndTheCallSaysSo() {
        Shown another = CERTIFICATES.of("sip.carrier.test");
        try (Carrier carrier = Carrier.overTls(WRONG_CARRIER, CERTIFICATES.peer(another))) {
            CompletableFuture<Answer> asked =
                    calls.placing("wrong", TO, ", \"wait\": \"answered\"");
            assertThat(carrier.hearsNothing(Duration.ofSeconds(8))).isTrue();
            Answer answer = asked.join();
            calls.assertListed(answer, "carrier_unreachable", "carrier");
            assertThat(answer.text("detail"))
                    .contains("127.0.0.1:" + WRONG_CARRIER)
                    .contains(
                            "tls failed: its certificate is for sip.carrier.test, and not for"
                                    + " localhost");
        }
    }

    @Test
    void aPeerThatDoesNotBelieveUsIsListedAmongTheRefusals() {
        Certificates others = new Certificates();
        try (SipPeer _ = SipPeer.overTls(PORT, others.peer(others.of("phone")))) {
            throw new AssertionError("a stranger's certificate was believed");
        } catch (UncheckedIOException _) {
            // as it must be
        }
        await("the refusal to be listed")
                .atMost(LIMIT)
                .until(
                        () ->
                                bridge.get("/v1/refusals")
                                        .toString()
                                        .contains("it does not accept our certificate"));
        assertThat(bridge.get("/v1/refusals").toString()).contains("\"reason\":\"tls_failed\"");
    }

    /** RFC 5923: nobody listens where the trunk is; it has connected to us, and proved its name. */
    @Test
    void aCallGoesOutDownTheConnectionOfAPbxThatProvedItsName() {
        try (SipPeer pbx = SipPeer.overTls(PORT, CERTIFICATES.peer(CERTIFICATES.of("localhost")))) {
            pbx.send(options("127.0.0.1:" + PBX + ";alias"));
            assertThat(pbx.receiveFinal(LIMIT)).isPresent();
            CompletableFuture<Answer> asked = calls.placing("pbx", TO, "");
            SipTrace.Message invite = pbx.receive(LIMIT).orElseThrow();
            assertThat(invite.firstLine()).startsWith("INVITE sip:+15551234567@");
            String id = asked.join().text("id");
            assertThat(calls.hangUp(id)).isEqualTo(204);
        }
    }

    /** As a botnet would: connections from many addresses that never say a word. */
    @Test
    void aFloodOfHandshakesThatNeverEndKeepsNeitherCallsNorNewcomersOut() throws IOException {
        Baresip.Phone phone = Baresip.Phone.of(bridge, Codec.PCMU, 700);
        List<Socket> flood = new ArrayList<>();
        try (Baresip caller = Baresip.trusting(CERTIFICATES.authorityFile(), phone)) {
            caller.call(dialled());
            String id = theCall().path("id").asString();
            for (int i = 0; i < FLOOD; i++) {
                InetAddress source = InetAddress.ofLiteral("127.0.1." + (1 + i % 40));
                InetAddress server = InetAddress.ofLiteral("127.0.0.1");
                flood.add(new Socket(server, PORT, source, 0));
            }
            await("a newcomer to be served")
                    .atMost(LIMIT)
                    .ignoreExceptions()
                    .untilAsserted(TlsCallTest::speaksTls);
            assertThat(calls.get(id).path("state").asString()).isEqualTo("answered");
            assertThat(bridge.metric("roomline_sip_tcp_connections")).isLessThan(300);
            caller.hangUp();
            assertThat(calls.awaitEnd(id)).isEqualTo("hangup_caller");
        } finally {
            for (Socket each : flood) {
                each.close();
            }
        }
    }

    /** What an operator does each two months; the first of two files comes first. */
    @Test
    void certificatesAreChangedInTheMiddleOfACall() {
        Baresip.Phone phone = Baresip.Phone.of(bridge, Codec.PCMU, 700);
        try (Baresip caller = Baresip.trusting(CERTIFICATES.authorityFile(), phone)) {
            caller.call(dialled());
            String id = theCall().path("id").asString();

            Shown half = CERTIFICATES.of("half");
            CERTIFICATES.write(new Shown(half.certificate(), CERTIFICATES.of("x").key()), "sip");
            awaitLog("is not the key of");
            speaksTls();

            Shown next = CERTIFICATES.of("localhost", "127.0.0.1", "new.test");
            CERTIFICATES.write(next, "sip");
            awaitLog("tls certificate reloaded names=[localhost, 127.0.0.1, new.test]");
            speaksTls();

            assertThat(calls.get(id).path("state").asString()).isEqualTo("answered");
            caller.hangUp();
            assertThat(calls.awaitEnd(id)).isEqualTo("hangup_caller");
        }
    }

    private static void speaksTls() {
        try (SipPeer peer =
                SipPeer.overTls(PORT, CERTIFICATES.peer(CERTIFICATES.of("phone.test")))) {
            peer.send(options("127.0.0.1:9"));
            // 503 of one that is busy right now is an answer as good
            assertThat(peer.receiveFinal(LIMIT).orElseThrow().status()).isIn(200, 503);
        }
    }

    private static String options(String sentBy) {
        return "OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS "
                + sentBy
                + ";branch=z9hG4bK"
                + SipText.unique()
                + "\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@b>\r\nCall-ID: "
                + SipText.unique()
                + "\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
    }

    private static String dialled() {
        return "sip:" + BridgeProcess.ROOM_CODE + "@127.0.0.1:" + PORT + ";transport=tls";
    }

    private static JsonNode theCall() {
        return await("the call to be listed")
                .atMost(LIMIT)
                .until(
                        () -> bridge.get("/v1/calls?state=answered").path("items").path(0),
                        JsonNode::isObject);
    }

    private static JsonNode trace(JsonNode call) {
        return bridge.get("/v1/calls/" + call.path("id").asString() + "/trace").path("messages");
    }

    private static void awaitLog(String text) {
        await("the log to say " + text).atMost(LIMIT).until(() -> bridge.log().contains(text));
    }
}
