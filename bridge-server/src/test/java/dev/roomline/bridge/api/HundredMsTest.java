package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.api.hundredms.OutboundCalls;
import dev.roomline.bridge.auth.JoinTokens;
import dev.roomline.bridge.auth.TokenMint;
import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.config.Arguments.TokenRequest;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Clients of 100ms, as its documentation shows their requests, find what they expect. */
final class HundredMsTest {
    private static final String HEX24 = "[0-9a-f]{24}";

    @TempDir Path folder;
    private ApiServer api;

    @BeforeEach
    void open() {
        api = new ApiServer(folder);
    }

    @AfterEach
    void close() {
        api.close();
    }

    private String token(String type, String room, Instant at) {
        var minted =
                new TokenMint(api.store.apiKeys(), () -> at)
                        .mint(
                                new TokenRequest(
                                        Optional.of("boss"),
                                        type,
                                        room,
                                        "u7",
                                        "host",
                                        Duration.ofMinutes(10)));
        return ((TokenMint.Minted.Token) minted).jwt();
    }

    private String management() {
        return token("management", "", ApiServer.NOON);
    }

    private HttpResponse<String> post(String path, String body) {
        return api.send("POST", path, management(), body);
    }

    private HttpResponse<String> get(String path) {
        return api.send("GET", path, management(), "", "");
    }

    private static JsonNode good(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return ApiServer.json(answer);
    }

    private static void refused(HttpResponse<String> answer, int status, String message) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = ApiServer.json(answer);
        assertThat(error.propertyNames()).containsExactly("code", "message", "details");
        assertThat(error.get("code").asInt()).isEqualTo(status);
        assertThat(error.get("message").asString()).isEqualTo(message);
        assertThat(error.get("details").isArray()).isTrue();
    }

    private String trunk() {
        return good(post(
                        "/v2/sip/outbound/trunks",
                        "{\"username\":\"acme\",\"password\":\"s3cret-word\","
                                + "\"address\":\"sip:acme.pstn.example.com:5070;transport=tcp\","
                                + "\"from\":\"+15550100000\"}"))
                .get("id")
                .asString();
    }

    @Test
    void onlyAManagementTokenOfTheDialectIsTaken() {
        Instant noon = ApiServer.NOON;
        List<String> foreign =
                List.of(
                        "",
                        ApiServer.ADMIN,
                        "no.token.atall",
                        "eyJhbGciOiJub25lIn0.eyJhY2Nlc3Nfa2V5IjoiYm9zcyIsInR5cGUiOiJtYW5hZ2VtZW50In0.",
                        token("app", "from-file", noon),
                        token("management", "", noon.minusSeconds(10 * 60 + 61)),
                        token("management", "", noon.plusSeconds(61)),
                        management().substring(0, management().length() - 4) + "AAAA");
        for (String token : foreign) {
            HttpResponse<String> answer = api.send("GET", "/v2/rooms", token, "", "");
            assertThat(answer.statusCode()).as(token).isEqualTo(401);
            assertThat(ApiServer.json(answer).propertyNames())
                    .containsExactly("code", "message", "details");
        }
        HttpResponse<String> others =
                api.send("GET", "/v2/active-rooms/x", token("videosdk", "", noon), "", "");
        assertThat(others.statusCode()).isEqualTo(401);
        assertThat(ApiServer.json(others).has("details")).isTrue();
        for (int skew : new int[] {-10 * 60 - 59, 59}) {
            String token = token("management", "", noon.plusSeconds(skew));
            assertThat(api.send("GET", "/v2/rooms", token, "", "").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatIsNotServedThereIsToldInTheDialectsWords() {
        refused(get("/v2/nothing"), 404, "Nothing is served at this path.");
        refused(
                api.send("DELETE", "/v2/rooms", management(), "", ""),
                405,
                "This method is not served here.");
        refused(
                post("/v2/rooms", "{\"name\":\"" + "x".repeat(70_000) + "\"}"),
                413,
                "The body may have at most 65536 octets.");
    }

    @Test
    void aTrunkIsMadeChangedListedWithoutItsPasswordAndIsOneOfOurs() {
        String id = trunk();
        assertThat(id).matches(HEX24);
        assertThat(api.trunksInForce).hasSizeGreaterThanOrEqualTo(1);
        JsonNode changed =
                good(post("/v2/sip/outbound/trunks/" + id, "{\"from\":\"+15550100009\"}"));
        assertThat(changed.get("id").asString()).isEqualTo(id);
        HttpResponse<String> shown = get("/v2/sip/outbound/trunks/" + id);
        assertThat(good(shown).get("from").asString()).isEqualTo("+15550100009");
        assertThat(ApiServer.json(shown).get("username").asString()).isEqualTo("acme");
        HttpResponse<String> list = get("/v2/sip/outbound/trunks");
        assertThat(good(list).at("/data").toString()).contains(id);
        assertThat(shown.body() + list.body()).doesNotContain("s3cret-word");
        assertThat(api.get("/v1/trunks").body()).contains("acme.pstn.example.com", "outbound");
        good(api.send("DELETE", "/v2/sip/outbound/trunks/" + id, management(), "", ""));
        refused(get("/v2/sip/outbound/trunks/" + id), 404, "trunk not found");
        refused(post("/v2/sip/outbound/trunks", "{}"), 400, "address is mandatory");
    }

    @Test
    void aTrunkByWhichCallsOnlyComeInIsNoneOfThese() {
        api.post(
                "/v1/trunks",
                "{\"id\":\"in\",\"direction\":\"inbound\",\"allow\":[\"192.0.2.1\"]}");
        String one = "/v2/sip/outbound/trunks/in";
        refused(get(one), 404, "trunk not found");
        refused(post(one, "{\"from\":\"+15550100009\"}"), 404, "trunk not found");
        refused(api.send("DELETE", one, management(), "", ""), 404, "trunk not found");
        assertThat(good(get("/v2/sip/outbound/trunks")).get("data")).isEmpty();
        assertThat(api.get("/v1/trunks/in").statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsSaidOfARoomIsShownAgainAndGoesWithIt() {
        JsonNode room =
                good(
                        post(
                                "/v2/rooms",
                                "{\"name\":\"daily\",\"description\":\"at nine\",\"template_id\":\"t1\",\"region\":\"eu\"}"));
        assertThat(room.get("description").asString()).isEqualTo("at nine");
        assertThat(room.get("template_id").asString()).isEqualTo("t1");
        assertThat(room.get("region").asString()).isEqualTo("eu");
        String one = "/v2/rooms/" + room.get("id").asString();
        assertThat(good(post(one, "{\"description\":\"at ten\"}")).get("description").asString())
                .isEqualTo("at ten");
        assertThat(good(get(one)).get("region").asString()).isEqualTo("eu");
        assertThat(good(post("/v2/rooms", "{\"name\":\"daily\",\"description\":\"other\"}")))
                .as("made once")
                .isEqualTo(good(get(one)));
        String own = api.store.rooms().list("daily", null, 1).items().getFirst().id();
        assertThat(api.store.notes().find("100ms.room", own)).isPresent();
        api.send("DELETE", "/v1/rooms/" + own, ApiServer.ADMIN, "", "");
        assertThat(api.store.notes().find("100ms.room", own)).isEmpty();
    }

    @Test
    void aPageOfEnabledRoomsIsFullWhateverStandsBetweenThem() {
        for (int i = 0; i < 4; i++) {
            String id = good(post("/v2/rooms", "{\"name\":\"r" + i + "\"}")).get("id").asString();
            if (i > 0) {
                good(post("/v2/rooms/" + id, "{\"enabled\":false}"));
            }
        }
        JsonNode on = good(get("/v2/rooms?limit=1&enabled=true&name=r0"));
        assertThat(on.at("/data/0/name").asString()).isEqualTo("r0");
        JsonNode page = good(get("/v2/rooms?limit=1&enabled=true"));
        assertThat(page.get("data")).hasSize(1);
        assertThat(page.at("/data/0/enabled").asBoolean()).isTrue();
        JsonNode off = good(get("/v2/rooms?limit=2&enabled=false"));
        assertThat(off.get("data")).hasSize(2);
        String rest = "/v2/rooms?limit=2&enabled=false&start=" + off.get("last").asString();
        assertThat(good(get(rest)).get("data")).hasSize(1);
    }

    private HttpResponse<String> call(String more) {
        return post(
                "/v2/sip/outbound/call",
                "{\"to\":\"+15551234567\",\"room_code\":\"from-file\",\"trunk_id\":\""
                        + trunk()
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
        String trunk = trunk();
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
                    post("/v2/sip/outbound/call", row.body().replace("\"T\"", "\"" + trunk + "\"")),
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
                        + trunk()
                        + "\"}";
        String request =
                "POST /v2/sip/outbound/call HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                        + management()
                        + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body;
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), api.port)) {
            client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
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
                        + trunk()
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
        String app = token("app", room, ApiServer.NOON);
        JsonNode done =
                good(api.send("POST", "/v2/sip/dtmf", app, "{\"digits\":[\"0\",\"1\",\"#\"]}"));
        assertThat(done.isEmpty()).isTrue();
        assertThat(api.calls.pressed).containsExactly("01# 100 100");
        refused(api.send("POST", "/v2/sip/dtmf", app, "{}"), 400, "digits are mandatory");
        refused(
                api.send("POST", "/v2/sip/dtmf", app, "{\"digits\":[\"x\"]}"),
                400,
                "invalid digit");
        assertThat(post("/v2/sip/dtmf", "{\"digits\":[\"1\"]}").statusCode()).isEqualTo(401);
        assertThat(api.calls.pressed).hasSize(1);
    }

    @Test
    void aRoomIsMadeOnceByNameFoundByAnyOfItsNamesAndSwitchedOff() {
        JsonNode room = good(post("/v2/rooms", "{\"name\":\"standup\",\"region\":\"in\"}"));
        String id = room.get("id").asString();
        assertThat(id).matches(HEX24);
        assertThat(room.get("name").asString()).isEqualTo("standup");
        assertThat(room.get("enabled").asBoolean()).isTrue();
        assertThat(room.propertyNames())
                .contains("customer_id", "app_id", "template_id", "template", "region")
                .contains("description", "created_at", "updated_at");
        assertThat(good(post("/v2/rooms", "{\"name\":\"standup\"}")).get("id").asString())
                .isEqualTo(id);
        String ours = api.store.rooms().list("standup", null, 2).items().getFirst().id();
        for (String name : List.of(id, ours)) {
            assertThat(good(get("/v2/rooms/" + name)).get("id").asString()).isEqualTo(id);
        }
        assertThat(good(post("/v2/rooms/" + id, "{\"enabled\":false}")).get("enabled").asBoolean())
                .isFalse();
        assertThat(api.store.rooms().find(ours).orElseThrow().codes())
                .isNotEmpty()
                .noneMatch(code -> code.enabled());
        refused(get("/v2/rooms/507f191e810c19729de860ea"), 404, "room not found");
    }

    @Test
    void roomsAreListedPageByPage() {
        for (int i = 0; i < 5; i++) {
            post("/v2/rooms", "{\"name\":\"room " + i + "\"}");
        }
        JsonNode first = good(get("/v2/rooms?limit=4"));
        assertThat(first.get("limit").asInt()).isEqualTo(4);
        assertThat(first.get("data")).hasSize(4);
        assertThat(first.get("last").asString()).isEqualTo(first.at("/data/3/id").asString());
        JsonNode second = good(get("/v2/rooms?limit=4&start=" + first.get("last").asString()));
        assertThat(second.get("data")).isNotEmpty();
        assertThat(first.get("data").toString()).doesNotContain(second.at("/data/0/id").asString());
        assertThat(get("/v2/rooms?limit=0").statusCode()).isEqualTo(400);
    }

    @Test
    void everyRoleHasOneCodeThatCanBeDialledAndDisabled() {
        String id = good(post("/v2/rooms", "{\"name\":\"standup\"}")).get("id").asString();
        JsonNode codes = good(post("/v2/room-codes/room/" + id, "")).get("data");
        assertThat(codes)
                .extracting(code -> code.get("role").asString())
                .containsExactlyInAnyOrder("guest", "host", "listener");
        assertThat(codes)
                .allSatisfy(
                        code -> {
                            assertThat(code.get("code").asString())
                                    .matches("[a-z]{3}-[a-z]{4}-[a-z]{3}");
                            assertThat(code.get("room_id").asString()).isEqualTo(id);
                        });
        JsonNode again = good(post("/v2/room-codes/room/" + id + "/role/host", ""));
        assertThat(codes.toString()).contains(again.get("code").asString());
        assertThat(good(get("/v2/room-codes/room/" + id)).get("data")).hasSize(3);
        String code = again.get("code").asString();
        JsonNode off =
                good(post("/v2/room-codes/code", "{\"code\":\"" + code + "\",\"enabled\":false}"));
        assertThat(off.get("enabled").asBoolean()).isFalse();
        assertThat(api.store.rooms().enter(code).orElseThrow().code().enabled()).isFalse();
        refused(post("/v2/room-codes/room/" + id + "/role/king", ""), 404, "role not found");
        refused(post("/v2/room-codes/code", "{}"), 400, "code is mandatory");
    }

    @Test
    void whoIsInARoomIsSeenAndCanBePutOut() {
        String ours = api.store.rooms().find("from-file").orElseThrow().id();
        refused(get("/v2/active-rooms/" + ours), 404, "active room not found");
        api.phone("part_1", ours);
        api.phone("part_2", ours);
        JsonNode room = good(get("/v2/active-rooms/" + ours));
        assertThat(room.at("/session/peers").toString()).isEqualTo("[\"part_1\",\"part_2\"]");
        assertThat(room.at("/session/id").asString()).matches(HEX24);
        JsonNode peer = good(get("/v2/active-rooms/" + ours + "/peers/part_1"));
        assertThat(peer.get("user_id").asString()).isEqualTo("u1");
        assertThat(peer.get("type").asString()).isEqualTo("sip");
        assertThat(
                        good(get("/v2/active-rooms/" + ours + "/peers"))
                                .at("/peers/part_2/role")
                                .asString())
                .isEqualTo("guest");
        String path = "/v2/active-rooms/" + ours;
        assertThat(
                        good(post(path + "/remove-peers", "{\"peer_id\":\"part_1\"}"))
                                .get("message")
                                .asString())
                .isEqualTo("peer remove request submitted");
        assertThat(api.rooms.people).containsOnlyKeys("part_2");
        refused(post(path + "/remove-peers", "{\"role\":\"king\"}"), 404, "peer not found");
        refused(
                post(path + "/end-room", "{\"lock\":true}"),
                409,
                "this room is declared in the configuration file");
        assertThat(good(post(path + "/end-room", "{}")).get("message").asString())
                .isEqualTo("session is ending");
        assertThat(api.rooms.ended).containsExactly(ours);
    }

    @Test
    void aRoomThatIsEndedAndLockedIsEnteredByNobodyAnyMore() {
        post("/v2/rooms", "{\"name\":\"standup\"}");
        var room = api.store.rooms().list("standup", null, 1).items().getFirst();
        api.phone("part_1", room.id());
        good(
                post(
                        "/v2/active-rooms/" + room.id() + "/end-room",
                        "{\"reason\":\"over\",\"lock\":true}"));
        assertThat(api.rooms.ended).containsExactly(room.id());
        String code = room.codes().getFirst().code();
        assertThat(api.store.rooms().enter(code).orElseThrow().code().enabled()).isFalse();
    }
}
