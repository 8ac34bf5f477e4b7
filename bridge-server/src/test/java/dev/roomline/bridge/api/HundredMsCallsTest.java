package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.HundredMsClient.HEX24;
import static dev.roomline.bridge.api.HundredMsClient.good;
import static dev.roomline.bridge.api.HundredMsClient.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.api.hundredms.OutboundCalls;
import dev.roomline.bridge.auth.JoinTokens;
import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.EndReason;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** 100ms' trunks, calls over them, and keys: its clients find what they expect. */
final class HundredMsCallsTest {
    @AutoClose private final ApiServer api;
    private final HundredMsClient client;

    HundredMsCallsTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        client = new HundredMsClient(api);
    }

    @Test
    void aTrunkIsMadeChangedListedWithoutItsPasswordAndIsOneOfOurs() {
        String id = client.trunk();
        assertThat(id).matches(HEX24);
        assertThat(api.trunksInForce).hasSizeGreaterThanOrEqualTo(1);
        JsonNode changed =
                good(client.post("/v2/sip/outbound/trunks/" + id, "{\"from\":\"+15550100009\"}"));
        assertThat(changed.get("id").asString()).isEqualTo(id);
        HttpResponse<String> shown = client.get("/v2/sip/outbound/trunks/" + id);
        assertThat(good(shown).get("from").asString()).isEqualTo("+15550100009");
        assertThat(ApiServer.json(shown).get("username").asString()).isEqualTo("acme");
        HttpResponse<String> list = client.get("/v2/sip/outbound/trunks");
        assertThat(good(list).at("/data").toString()).contains(id);
        assertThat(shown.body() + list.body()).doesNotContain("s3cret-word");
        assertThat(api.get("/v1/trunks").body()).contains("acme.pstn.example.com", "outbound");
        good(client.delete("/v2/sip/outbound/trunks/" + id));
        refused(client.get("/v2/sip/outbound/trunks/" + id), 404, "trunk not found");
        refused(client.post("/v2/sip/outbound/trunks", "{}"), 400, "address is mandatory");
    }

    @Test
    void aTrunkByWhichCallsOnlyComeInIsNoneOfThese() {
        api.post(
                "/v1/trunks",
                "{\"id\":\"in\",\"direction\":\"inbound\",\"allow\":[\"192.0.2.1\"]}");
        String one = "/v2/sip/outbound/trunks/in";
        refused(client.get(one), 404, "trunk not found");
        refused(client.post(one, "{\"from\":\"+15550100009\"}"), 404, "trunk not found");
        refused(client.delete(one), 404, "trunk not found");
        assertThat(good(client.get("/v2/sip/outbound/trunks")).get("data")).isEmpty();
        assertThat(api.get("/v1/trunks/in").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> call(String more) {
        return client.post(
                "/v2/sip/outbound/call",
                "{\"to\":\"+15551234567\",\"room_code\":\"from-file\",\"trunk_id\":\""
                        + client.trunk()
                        + "\",\"video\":true"
                        + more
                        + "}");
    }

    @Test
    void aCallIsAnsweredWithItsIdOnceTheFarEndAnswers() {
        JsonNode answer =
                good(
                        call(
                                ",\"name\":\"Grace\",\"user_id\":\"u7\",\"headers\":{\"X-A\":\"b\","
                                        + "\"Via\":\"me\",\"v\":\"me\",\"P-Asserted-Identity\":\"me\"}"));
        assertThat(answer.get("id").asString()).isEqualTo("call_placed1");
        CallOrder order = api.calls.orders.getFirst();
        assertThat(order.to()).isEqualTo("+15551234567");
        assertThat(order.name()).isEqualTo("Grace");
        assertThat(order.userId()).isEqualTo("u7");
        assertThat(order.headers()).isEqualTo(Map.of("X-A", "b"));
        assertThat(api.store.trunks().find(order.trunk())).isPresent();
    }

    private record Lack(String body, int status, String message) {}

    @Test
    void whatACallLacksIsNamed() {
        String trunk = client.trunk();
        List<Lack> table =
                List.of(
                        new Lack("{}", 400, "to is mandatory"),
                        new Lack("{\"to\":\"\"}", 400, "to is mandatory"),
                        new Lack("{\"to\":\"+15551234567\"}", 400, "room_code is mandatory"),
                        new Lack(
                                "{\"to\":\"+15551234567\",\"room_code\":\"from-file\"}",
                                400,
                                "trunk_id is mandatory"),
                        new Lack(
                                "{\"to\":\"+15551234567\",\"room_code\":\"no-such-code\","
                                        + "\"trunk_id\":\"T\"}",
                                404,
                                "room code not found"),
                        new Lack(
                                "{\"to\":\"+15551234567\",\"room_code\":\"from-file\","
                                        + "\"trunk_id\":\"507f191e810c19729de860ea\"}",
                                404,
                                "trunk not found"),
                        new Lack(
                                "{\"to\":\"+15551234567\",\"room_code\":\"from-file\","
                                        + "\"trunk_id\":\"T\",\"headers\":{\"X-A\":\"b\\r\\nVia: c\"}}",
                                400,
                                "invalid header"),
                        new Lack(
                                "{\"to\":\"+15551234567\",\"room_code\":\"from-file\","
                                        + "\"trunk_id\":\"T\",\"headers\":{\"X A\":\"b\"}}",
                                400,
                                "invalid header"));
        for (Lack row : table) {
            refused(
                    client.post(
                            "/v2/sip/outbound/call",
                            row.body().replace("\"T\"", "\"" + trunk + "\"")),
                    row.status(),
                    row.message());
        }
        assertThat(api.calls.orders).isEmpty();
    }

    private record Ending(CallEnd end, int status, String message) {}

    @Test
    void howACallEndedInsteadIsThatRowOfTheTable() {
        List<Ending> table =
                List.of(
                        new Ending(CallEnd.of(EndReason.BUSY).answered(486), 409, "busy"),
                        new Ending(
                                CallEnd.of(EndReason.DECLINED).answered(603), 403, "call declined"),
                        new Ending(CallEnd.of(EndReason.NO_ANSWER), 408, "timed out"),
                        new Ending(
                                CallEnd.of(EndReason.NOT_FOUND, "gone").answered(404), 404, "gone"),
                        new Ending(CallEnd.of(EndReason.CARRIER_FAILED, "no"), 502, "no"),
                        new Ending(CallEnd.of(EndReason.LIMIT, "full"), 503, "full"));
        for (Ending row : table) {
            api.calls.answered = Fakes.now(Optional.of(row.end()));
            HttpResponse<String> answer = call("");
            refused(answer, row.status(), row.message());
            JsonNode details = ApiServer.json(answer).get("details");
            assertThat(details.toString()).contains("reason: " + row.end().reason().label());
            if (row.end().sipStatus() != 0) {
                assertThat(details.toString()).contains("sip_status: " + row.end().sipStatus());
            }
        }
    }

    @Test
    void aClientThatGoesAwayWhileItRingsCancelsTheCall() throws Exception {
        api.calls.answered = new CompletableFuture<>();
        String body =
                "{\"to\":\"+15551234567\",\"room_code\":\"from-file\",\"trunk_id\":\""
                        + client.trunk()
                        + "\"}";
        String request =
                "POST /v2/sip/outbound/call HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                        + client.management()
                        + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body;
        try (Socket application = new Socket(InetAddress.getLoopbackAddress(), api.port)) {
            application.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            api.calls.ordered.get(5, TimeUnit.SECONDS);
            assertThat(api.calls.givenUp).isNotDone();
        }
        assertThat(api.calls.givenUp.get(5, TimeUnit.SECONDS)).isEqualTo("call_placed1");
    }

    @Test
    void aBlockedCallIsGivenUpAtItsLimit() throws Exception {
        api.calls.answered = new CompletableFuture<>();
        assertThat(OutboundCalls.LONGEST).isEqualTo(Duration.ofSeconds(170));
        OutboundCalls calls =
                new OutboundCalls(
                        api.calls,
                        api.rooms,
                        new Aliases(api.store.rooms(), api.store.trunks()),
                        new JoinTokens(api.store.apiKeys(), () -> ApiServer.NOON),
                        Duration.ofMinutes(10),
                        Duration.ofMillis(50));
        String body =
                "{\"to\":\"+15551234567\",\"room_code\":\"from-file\",\"trunk_id\":\""
                        + client.trunk()
                        + "\"}";
        Answer answer =
                calls.place(
                        new Ask(
                                "POST",
                                Map.of(),
                                Map.of(),
                                Map.of("content-type", "application/json"),
                                body.getBytes(StandardCharsets.UTF_8),
                                false,
                                InetAddress.getLoopbackAddress(),
                                Optional.empty()));
        assertThat(answer.status()).isEqualTo(408);
        assertThat(api.calls.givenUp).isCompletedWithValue("call_placed1");
    }

    @Test
    void keysGoToThePhonesOfTheTokensRoomAndWantTheTokenOfSomebodyInIt() {
        String room = api.store.rooms().find("from-file").orElseThrow().id();
        api.phone("part_1", room);
        api.calls.calls.put("call_1", ApiServer.call("call_1", "answered"));
        String app = client.token("app", room, ApiServer.NOON);
        JsonNode done =
                good(api.send("POST", "/v2/sip/dtmf", app, "{\"digits\":[\"0\",\"1\",\"#\"]}"));
        assertThat(done.isEmpty()).isTrue();
        assertThat(api.calls.pressed).containsExactly("01# 100 100");
        refused(api.send("POST", "/v2/sip/dtmf", app, "{}"), 400, "digits are mandatory");
        refused(
                api.send("POST", "/v2/sip/dtmf", app, "{\"digits\":[\"x\"]}"),
                400,
                "invalid digit");
        assertThat(client.post("/v2/sip/dtmf", "{\"digits\":[\"1\"]}").statusCode()).isEqualTo(401);
        assertThat(api.calls.pressed).hasSize(1);
    }
}
