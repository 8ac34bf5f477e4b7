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
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * SIGKILL while a call is up and a webhook's receiver fails: what was entered and what was called
 * is there after the restart, and every event arrives, in order. Over SQLite and PostgreSQL.
 */
final class KilledServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String SECRET = "a-secret-of-the-receiver";

    private record Received(int status, String call, String type, JsonNode event) {}

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final List<String> unsigned = new CopyOnWriteArrayList<>();
    private volatile int status = 503;
    private HttpServer receiver;
    private BridgeProcess bridge;

    @BeforeEach
    void receive() throws IOException {
        bridge = BridgeProcess.named("killed");
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
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
                    exchange.sendResponseHeaders(now, -1);
                    exchange.close();
                });
        receiver.start();
    }

    @AfterEach
    void stop() {
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
                          - { url: "http://127.0.0.1:%d/hook", secret: %s, events: ["call.*", participant.joined, participant.left], allow_private: true }
                        """
                                .formatted(receiver.getAddress().getPort(), SECRET))
                .start();
        Map<String, String> entered = enter();
        String over;
        String open;
        try (RtpPhone first = new RtpPhone(bridge);
                RtpPhone second = new RtpPhone(bridge)) {
            first.call(BridgeProcess.ROOM_CODE);
            over = onlyLiveCall();
            first.hangUp();
            await().atMost(LIMIT).until(() -> state(over).equals("ended"));
            second.call(BridgeProcess.ROOM_CODE);
            open = onlyLiveCall();
            await().atMost(LIMIT).until(() -> received.size() >= 3);
            bridge.crashAndRestart();
        }
        status = 204;
        entered.forEach(
                (path, id) ->
                        assertThat(bridge.get(path + "/" + id).get("id").asString()).isEqualTo(id));
        assertThat(bridge.get("/v1/calls/" + over).at("/end/reason").asString())
                .isEqualTo("hangup_caller");
        assertThat(bridge.get("/v1/calls/" + open).at("/end/reason").asString())
                .isEqualTo("server_crashed");
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> {
                            assertThat(delivered(over))
                                    .containsExactly(
                                            "call.ringing",
                                            "call.answered",
                                            "participant.joined",
                                            "participant.left",
                                            "call.ended");
                            assertThat(delivered(open)).endsWith("call.ended");
                        });
        assertThat(delivered(open))
                .containsExactly(
                        "call.ringing", "call.answered", "participant.joined", "call.ended");
        assertThat(lastOf(open).at("/data/end/reason").asString()).isEqualTo("server_crashed");
        assertThat(lastOf(over).at("/data/end/reason").asString()).isEqualTo("hangup_caller");
        assertThat(unsigned).isEmpty();
        assertThat(bridge.metric("roomline_webhook_deliveries_total{outcome=\"delivered\"}"))
                .isGreaterThanOrEqualTo(9);
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
        HttpResponse<String> answer =
                bridge.send(
                        bridge.request(path)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body))
                                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JsonMapper.shared().readTree(answer.body()).get("id").asString();
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
