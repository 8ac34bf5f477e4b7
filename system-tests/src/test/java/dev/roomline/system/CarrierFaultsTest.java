package dev.roomline.system;

import static dev.roomline.system.PlacedCalls.ANSWERED;
import static dev.roomline.system.PlacedCalls.TO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.system.PlacedCalls.Answer;
import java.net.DatagramSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Carriers that say nothing or nonsense, and names that nobody resolves: whose fault it is. */
final class CarrierFaultsTest {
    private static final int CARRIER = FreePorts.one();
    private static final String SECRET = "test-secret-0123456789abcdef0123456789abcdef";

    /** A name server that takes questions and never answers. */
    private static final DatagramSocket SILENT_DNS = RtpPhone.socket();

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("carrier-faults")
                    .javaOption("-Ddns.server=127.0.0.1:" + SILENT_DNS.getLocalPort())
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: carrier, address: "127.0.0.1:%d", options_ping: 0s, numbers: ["+15550100000"] }
                              - { id: unresolved, address: "carrier.example.test", options_ping: 0s, numbers: ["+15550100001"] }
                            """
                                    .formatted(CARRIER));

    private final PlacedCalls calls = new PlacedCalls(bridge);

    @AfterAll
    static void closeNameServer() {
        SILENT_DNS.close();
    }

    private record Row(String sdp, int http, String reason, String culprit) {}

    @Test
    void anAnswerWhoseDescriptionMakesNoSenseIsHungUpAndToldToWhoeverWaits() {
        String good = SipText.offer("127.0.0.1", 9);
        for (Row row :
                List.of(
                        new Row("", 502, "carrier_nonsense", "carrier"),
                        new Row("hello", 502, "carrier_nonsense", "carrier"),
                        new Row(
                                good.replaceAll("m=audio.*\\r\\n(a=.*\\r\\n)*", ""),
                                502,
                                "carrier_nonsense",
                                "carrier"),
                        new Row(
                                "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n"
                                        + "t=0 0\r\nm=audio 4000 RTP/AVP 18\r\n",
                                502,
                                "no_common_codec",
                                "callee"))) {
            try (Carrier carrier = Carrier.at(CARRIER)) {
                CompletableFuture<Answer> asked = calls.placing("carrier", TO, ANSWERED);
                SipTrace.Message invite = carrier.await("INVITE");
                carrier.answer(invite, "200 OK", "", row.sdp());
                carrier.await("ACK");
                carrier.answer(carrier.await("BYE"), "200 OK");
                Answer answer = asked.join();
                assertThat(answer.status()).as(row.sdp()).isEqualTo(row.http());
                calls.assertListed(answer, row.reason(), row.culprit());
            }
        }
    }

    @Test
    void aTrunkThatDoesNotExistIsNamedAndTheCallIsListed() {
        Answer answer = calls.place("unheard-of", TO, "");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().path("errors").findValuesAsString("pointer"))
                .containsExactly("/trunk");
        calls.assertListed(answer, "not_allowed", "caller");
    }

    private record Order(String path, String token, String body, int http, String reason) {}

    @Test
    void anOrderForARoomOrOverATrunkThatIsNotThereIsListedInWhicheverWordsItCame() {
        String hundredMs =
                SignedToken.of(Map.of("access_key", "test-key", "type", "management"), SECRET);
        String videoSdk =
                SignedToken.of(
                        Map.of("apikey", "test-key", "permissions", List.of("allow_mod")), SECRET);
        String own = BridgeProcess.API_TOKEN;
        String to = "+1555999000";
        List<Order> orders =
                List.of(
                        new Order(
                                "/v1/calls",
                                own,
                                "{'to':'%s','room':'nowhere'}",
                                404,
                                "unknown_room"),
                        new Order(
                                "/v2/sip/outbound/call",
                                hundredMs,
                                "{'to':'%s','room_code':'nowhere','trunk_id':'carrier'}",
                                404,
                                "unknown_room"),
                        new Order(
                                "/v2/sip/outbound/call",
                                hundredMs,
                                "{'to':'%s','room_code':'ROOM','trunk_id':'nowhere'}",
                                404,
                                "not_allowed"),
                        new Order(
                                "/v2/sip/call",
                                videoSdk,
                                "{'sipCallTo':'%s','destinationRoomId':'nowhere','gatewayId':'carrier'}",
                                404,
                                "unknown_room"),
                        new Order(
                                "/call/outbound_passthrough",
                                own,
                                "{'to_number':'%s','trunk_id':'nowhere'}",
                                404,
                                "not_allowed"));
        for (int at = 0; at < orders.size(); at++) {
            Order order = orders.get(at);
            String number = to + at;
            HttpResponse<String> answer =
                    bridge.send(
                            HttpRequest.newBuilder(bridge.request(order.path()).build().uri())
                                    .header("Authorization", "Bearer " + order.token())
                                    .header("Content-Type", "application/json")
                                    .POST(
                                            BodyPublishers.ofString(
                                                    order.body()
                                                            .formatted(number)
                                                            .replace(
                                                                    "ROOM", BridgeProcess.ROOM_CODE)
                                                            .replace('\'', '"')))
                                    .build());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(order.http());
            JsonNode listed =
                    bridge.get("/v1/calls?culprit=caller&state=refused&direction=outbound")
                            .get("items")
                            .valueStream()
                            .filter(call -> call.get("to").asString().equals(number))
                            .findFirst()
                            .orElseThrow();
            assertThat(listed.at("/end/reason").asString()).isEqualTo(order.reason());
            assertThat(listed.at("/end/text").asString()).contains(" nowhere");
        }
    }

    @Test
    void statusesThatDoNotExistAreTheCarriersFailure() {
        for (String status : List.of("499 Whatever", "699 What", "599 No")) {
            try (Carrier carrier = Carrier.at(CARRIER)) {
                CompletableFuture<Answer> asked = calls.placing("carrier", TO, ANSWERED);
                carrier.answer(carrier.await("INVITE"), status);
                carrier.await("ACK");
                assertThat(asked.join().status()).isEqualTo(502);
                calls.assertListed(asked.join(), "carrier_failed", "carrier");
            }
        }
    }

    /** What is no SIP, or answers another question, is passed over: as if nothing had come. */
    @Test
    void aCarrierThatSaysNothingOrWhatIsNoAnswerIsUnreachableAndTheCalleeIsNotBlamed() {
        try (Carrier carrier = Carrier.at(CARRIER)) {
            CompletableFuture<Answer> asked =
                    calls.placing("carrier", TO, ANSWERED + ", \"ring_timeout_s\": 2");
            SipTrace.Message invite = carrier.await("INVITE");
            carrier.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            carrier.say("SIP/2.0 200 OK\r\n\r\n");
            carrier.say("\0\1\2\3");
            Answer answer = asked.join();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.text("detail")).contains("The carrier said nothing within 2 s.");
            calls.assertListed(answer, "carrier_unreachable", "carrier");
            // it wakes up: what it did not hear of is taken back
            giveUp(carrier, invite);
        }
        // one that has the call is another matter: it is the callee who does not answer
        try (Carrier carrier = Carrier.at(CARRIER)) {
            CompletableFuture<Answer> asked =
                    calls.placing("carrier", TO, ANSWERED + ", \"ring_timeout_s\": 1");
            SipTrace.Message invite = carrier.await("INVITE");
            giveUp(carrier, invite);
            assertThat(asked.join().status()).isEqualTo(408);
            calls.assertListed(asked.join(), "no_answer", "callee");
        }
    }

    private static void giveUp(Carrier carrier, SipTrace.Message invite) {
        carrier.answer(invite, "100 Trying");
        carrier.answer(carrier.await("CANCEL"), "200 OK");
        carrier.answer(invite, "487 Request Terminated");
        carrier.await("ACK");
    }

    @Test
    void aNameThatNobodyResolvesIsTheCarriersAndNotALimit() {
        long began = System.nanoTime();
        Answer soon = calls.place("unresolved", TO, ANSWERED + ", \"ring_timeout_s\": 1");
        assertThat(soon.status()).isEqualTo(502);
        assertThat(soon.text("detail")).contains("carrier.example.test");
        calls.assertListed(soon, "carrier_unreachable", "carrier");
        // the usual ring timeout is a minute: the name server's silence is not waited for so long
        Answer answer = calls.place("unresolved", TO, ANSWERED);
        assertThat(answer.status()).isEqualTo(502);
        calls.assertListed(answer, "carrier_unreachable", "carrier");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
    }
}
