package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * SIGKILL while calls of both directions are up, one of them ordered over Indus Net's dialect, one
 * rings, and a delivery to a webhook is under way: what was entered and what was called is there
 * after the restart, and every event arrives, in order. Over SQLite and PostgreSQL.
 */
final class KilledServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** What failed four times before the kill is tried again after 27 s, or a fifth more. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(40);

    private static final int CARRIER = FreePorts.one();
    private static final String SECRET = "a-secret-of-the-receiver";

    private record Received(int status, String call, String type, JsonNode event) {}

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final List<String> unsigned = new CopyOnWriteArrayList<>();

    /** Ends of calls that were ordered in Indus Net's dialect. */
    private final List<JsonNode> reports = new CopyOnWriteArrayList<>();

    /** Of its answers; 0: it takes what it is sent and says nothing. */
    private volatile int status = 503;

    private final CountDownLatch underWay = new CountDownLatch(1);
    private final CountDownLatch killed = new CountDownLatch(1);
    private HttpServer receiver;
    private BridgeProcess bridge;

    @BeforeEach
    void receive() throws IOException {
        bridge = BridgeProcess.named("killed");
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        receiver.createContext(
                "/hook",
                exchange -> {
                    int now = status;
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    var headers = exchange.getRequestHeaders();
                    String signed =
                            headers.getFirst("webhook-id")
                                    + "."
                                    + headers.getFirst("webhook-timestamp")
                                    + "."
                                    + body;
                    if (!("v1," + hmac(signed)).equals(headers.getFirst("webhook-signature"))) {
                        unsigned.add(body);
                    }
                    JsonNode event = JsonMapper.shared().readTree(body);
                    received.add(
                            new Received(
                                    now,
                                    event.path("call").asString(""),
                                    event.path("type").asString(""),
                                    event));
                    if (now == 0) {
                        underWay.countDown();
                        awaitKill();
                    } else {
                        exchange.sendResponseHeaders(now, -1);
                    }
                    exchange.close();
                });
        receiver.createContext(
                "/ends",
                exchange -> {
                    reports.add(
                            JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes()));
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        receiver.start();
    }

    private void awaitKill() {
        try {
            killed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        killed.countDown();
        bridge.close();
        receiver.stop(0);
    }

    private static String hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nothingIsLostOverSqlite() {
        survives();
    }

    @Test
    void nothingIsLostOverPostgresql() throws IOException {
        try (EmbeddedPostgres database = EmbeddedPostgres.builder().start()) {
            bridge.set("database.url=" + database.getJdbcUrl("postgres", "postgres"));
            survives();
            bridge.close();
        }
    }

    private void survives() {
        bridge.section(
                        "webhooks",
                        """
                        webhooks:
                          - { url: "%1$s/hook", secret: %2$s, events: ["call.*", participant.joined, participant.left], allow_private: true }
                          - { url: "%1$s/ends", format: indus, allow_private: true }
                        """
                                .formatted(receiver(), SECRET))
                .section(
                        "trunks",
                        """
                        trunks:
                          - { id: out, address: "127.0.0.1:%d", options_ping: 0s, numbers: ["+15550100000"] }
                        """
                                .formatted(CARRIER))
                .start();
        Map<String, String> entered = enter();
        PlacedCalls calls = new PlacedCalls(bridge);
        String over;
        String open;
        String placed;
        String ringing;
        JsonNode ordered;
        try (RtpPhone first = new RtpPhone(bridge);
                RtpPhone second = new RtpPhone(bridge);
                Carrier carrier = Carrier.at(CARRIER)) {
            first.call(BridgeProcess.ROOM_CODE);
            over = onlyLiveCall();
            first.hangUp();
            await().atMost(LIMIT).until(() -> state(over).equals("ended"));
            second.call(BridgeProcess.ROOM_CODE);
            open = onlyLiveCall();
            await().atMost(LIMIT).until(() -> received.size() >= 3);
            placed = calls.place("out", "+15551234560", "").text("id");
            SipTrace.Message invite = ring(carrier);
            carrier.answer(invite, "200 OK", "", SipText.offer("127.0.0.1", 9));
            carrier.await("ACK");
            calls.awaitState(placed, "answered");
            ordered = order();
            SipTrace.Message hosted = ring(carrier);
            carrier.answer(hosted, "200 OK", "", SipText.offer("127.0.0.1", 9));
            carrier.await("ACK");
            awaitQueue(ordered, "answered");
            status = 0;
            ringing = calls.place("out", "+15551234561", "").text("id");
            ring(carrier);
            calls.awaitState(ringing, "ringing");
            await("a delivery under way").atMost(LIMIT).until(() -> underWay.getCount() == 0);
            bridge.crash();
        }
        // what is tried at the start is taken: a failure more would be 9 s more
        status = 204;
        killed.countDown();
        bridge.restart();
        entered.forEach(
                (path, id) ->
                        assertThat(bridge.get(path + "/" + id).get("id").asString()).isEqualTo(id));
        assertThat(bridge.get("/v1/calls/" + over).at("/end/reason").asString())
                .isEqualTo("hangup_caller");
        for (String call : List.of(open, placed, ringing)) {
            JsonNode end = bridge.get("/v1/calls/" + call).get("end");
            assertThat(end.get("reason").asString()).isEqualTo("server_crashed");
            assertThat(end.get("culprit").asString()).isEqualTo("us");
        }
        assertThat(bridge.get("/v1/calls/" + placed).has("answered_at")).isTrue();
        assertThat(bridge.get("/v1/calls/" + ringing).has("answered_at")).isFalse();
        assertThat(bridge.get("/v1/calls?trunk=out").get("items")).hasSize(2);
        assertOrderSurvived(ordered);
        await().atMost(LONGEST_WAIT)
                .untilAsserted(
                        () -> {
                            assertThat(delivered(over))
                                    .containsExactly(
                                            "call.ringing",
                                            "call.answered",
                                            "participant.joined",
                                            "participant.left",
                                            "call.ended");
                            for (String call : List.of(open, placed, ringing)) {
                                assertThat(delivered(call)).endsWith("call.ended");
                            }
                        });
        assertThat(delivered(open))
                .containsExactly(
                        "call.ringing",
                        "call.answered",
                        "participant.joined",
                        "participant.left",
                        "call.ended");
        assertThat(delivered(placed))
                .containsExactly(
                        "call.dialing",
                        "call.ringing",
                        "call.answered",
                        "participant.joined",
                        "participant.left",
                        "call.ended");
        assertThat(delivered(ringing))
                .containsExactly("call.dialing", "call.ringing", "call.ended");
        assertThat(lastOf(ringing).at("/data/end/reason").asString()).isEqualTo("server_crashed");
        assertThat(lastOf(open).at("/data/end/reason").asString()).isEqualTo("server_crashed");
        assertThat(lastOf(over).at("/data/end/reason").asString()).isEqualTo("hangup_caller");
        assertThat(unsigned).isEmpty();
        assertThat(bridge.metric("roomline_webhook_deliveries_total{outcome=\"delivered\"}"))
                .isGreaterThanOrEqualTo(9);
    }

    private String receiver() {
        return "http://127.0.0.1:" + receiver.getAddress().getPort();
    }

    /** A call over a trunk of its own, both made as Indus Net's clients do. */
    private JsonNode order() {
        JsonNode trunk =
                posted(
                        "/sip/create-outbound-trunk",
                        """
                        {"trunk_name": "hosted", "trunk_type": "twilio", "passthrough_mode": true, "passthrough_webhook_url": "%s/ends",
                         "trunk_config": {"address": "127.0.0.1:%d", "numbers": ["+15550100000"], "username": "acme", "password": "zanzibar"}}
                        """
                                .formatted(receiver(), CARRIER),
                        200);
        return posted(
                "/call/outbound_passthrough",
                "{\"trunk_id\": \"%s\", \"to_number\": \"+15551234562\", \"metadata\": {\"ticket\": 4711}}"
                        .formatted(trunk.at("/data/trunk_id").asString()),
                202);
    }

    private JsonNode queue(JsonNode order) {
        return bridge.get("/call/queue/" + order.at("/data/queue_id").asString()).get("data");
    }

    private void awaitQueue(JsonNode order, String status) {
        await(status)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> queue(order).get("status").asString().equals(status));
    }

    /** Its trunk, its order and the report of its end; and its room has nobody in it any more. */
    private void assertOrderSurvived(JsonNode ordered) {
        assertThat(queue(ordered).get("status").asString()).isEqualTo("failed");
        JsonNode hosted = bridge.get("/sip/list").at("/data/trunks/0");
        assertThat(hosted.get("trunk_name").asString()).isEqualTo("hosted");
        assertThat(hosted.get("status").asString()).isEqualTo("active");
        assertThat(hosted.get("passthrough_mode").asBoolean()).isTrue();
        assertThat(hosted.get("passthrough_webhook_url").asString())
                .isEqualTo(receiver() + "/ends");
        await("the report").atMost(LIMIT).until(() -> !reports.isEmpty());
        assertThat(reports).hasSize(1);
        JsonNode told = reports.getFirst().get("data");
        assertThat(told.get("queue_id")).isEqualTo(ordered.at("/data/queue_id"));
        assertThat(told.get("room_name")).isEqualTo(ordered.at("/data/room_name"));
        assertThat(told.get("call_status").asString()).isEqualTo("failed");
        assertThat(told.get("call_end_reason").asString()).isEqualTo("server_crashed");
        assertThat(told.at("/metadata/ticket").asInt()).isEqualTo(4711);
    }

    private static SipTrace.Message ring(Carrier carrier) {
        SipTrace.Message invite = carrier.await("INVITE");
        carrier.answer(invite, "180 Ringing");
        return invite;
    }

    /** One of each kind by API: path to id. */
    private Map<String, String> enter() {
        Map<String, String> entered = new LinkedHashMap<>();
        entered.put("/v1/accounts", made("/v1/accounts", "{\"username\":\"desk\"}"));
        entered.put(
                "/v1/trunks",
                made(
                        "/v1/trunks",
                        "{\"id\":\"t\",\"direction\":\"inbound\",\"allow\":[\"192.0.2.1\"]}"));
        entered.put(
                "/v1/routes",
                made("/v1/routes", "{\"number\":\"+15550100\",\"trunk\":\"t\",\"room\":\"new\"}"));
        entered.put("/v1/rooms", made("/v1/rooms", "{\"name\":\"R\"}"));
        entered.put("/v1/keys", made("/v1/keys", "{\"scopes\":[\"read\"]}"));
        entered.put(
                "/v1/webhooks",
                made(
                        "/v1/webhooks",
                        "{\"url\":\"https://app.invalid/\"," + "\"events\":[\"trunk.*\"]}"));
        return entered;
    }

    private String made(String path, String body) {
        return posted(path, body, 201).get("id").asString();
    }

    private JsonNode posted(String path, String body, int status) {
        HttpResponse<String> answer =
                bridge.send(
                        bridge.request(path)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body))
                                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.body());
    }

    private String onlyLiveCall() {
        List<String> ids = new ArrayList<>();
        await().atMost(LIMIT)
                .until(
                        () -> {
                            ids.clear();
                            bridge.get("/v1/calls?state=answered")
                                    .get("items")
                                    .forEach(call -> ids.add(call.get("id").asString()));
                            return ids.size() == 1;
                        });
        return ids.getFirst();
    }

    private String state(String call) {
        return bridge.get("/v1/calls/" + call).get("state").asString();
    }

    /** What was taken of a call, in order. */
    private List<String> delivered(String call) {
        return received.stream()
                .filter(one -> one.status() == 204 && one.call().equals(call))
                .map(Received::type)
                .distinct()
                .toList();
    }

    private JsonNode lastOf(String call) {
        return received.stream()
                .filter(one -> one.call().equals(call) && one.type().equals("call.ended"))
                .reduce((_, last) -> last)
                .orElseThrow()
                .event();
    }
}
