package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.VideoSdkClient.good;
import static dev.roomline.bridge.api.VideoSdkClient.refused;
import static dev.roomline.bridge.api.VideoSdkClient.shaped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.auth.TokenMint;
import dev.roomline.bridge.config.Arguments.TokenRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who asks in VideoSDK's way, and which rooms and sessions they find. */
final class VideoSdkRoomsTest {
    private static final String ROOM_ID = "[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}";
    private static final Map<String, Object> MODERATOR =
            Map.of("permissions", List.of("allow_join", "allow_mod"));

    @AutoClose private final ApiServer api;
    private final VideoSdkClient client;
    private final Path folder;

    VideoSdkRoomsTest(@TempDir Path folder) {
        this.folder = folder;
        api = new ApiServer(folder);
        client = new VideoSdkClient(api);
    }

    private String minted(String type) {
        var minted =
                new TokenMint(api.store.apiKeys(), () -> ApiServer.NOON)
                        .mint(
                                new TokenRequest(
                                        Optional.of("boss"),
                                        type,
                                        "from-file",
                                        "u7",
                                        "host",
                                        Duration.ofMinutes(10)));
        return ((TokenMint.Minted.Token) minted).jwt();
    }

    @Test
    void aTokenIsTakenBareAndWithBearerWhereItMayServe() {
        List<String> good =
                List.of(
                        VideoSdkClient.token(),
                        minted("videosdk"),
                        VideoSdkClient.token(MODERATOR),
                        VideoSdkClient.token(
                                Map.of(
                                        "permissions",
                                        List.of("allow_join"),
                                        "version",
                                        2,
                                        "roles",
                                        List.of("crawler", "rtc"))));
        for (String token : good) {
            for (String header : List.of(token, "Bearer " + token, "bearer " + token)) {
                assertThat(client.as(header, "GET", "/v2/rooms", "").statusCode())
                        .as(header)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void aTokenThatProvesNothingIsRefusedInItsOwnProductsWords() {
        Instant noon = ApiServer.NOON;
        String unsigned =
                base64("{\"alg\":\"none\"}")
                        + "."
                        + base64("{\"apikey\":\"boss\",\"permissions\":[\"allow_mod\"]}")
                        + ".";
        String good = VideoSdkClient.token();
        List<String> foreign =
                List.of(
                        unsigned,
                        VideoSdkClient.token(noon.minusSeconds(661), ApiServer.SECRET, MODERATOR),
                        VideoSdkClient.token(
                                noon, "another-secret-of-thirty-two-octets!", MODERATOR),
                        VideoSdkClient.token(Map.of("permissions", List.of("allow_join"))),
                        VideoSdkClient.token(Map.of()),
                        VideoSdkClient.token(Map.of("permissions", "allow_mod")),
                        VideoSdkClient.token(
                                Map.of(
                                        "permissions",
                                        List.of("allow_mod"),
                                        "roles",
                                        List.of("rtc"))),
                        VideoSdkClient.token(
                                Map.of("permissions", List.of("allow_mod"), "version", 1)),
                        VideoSdkClient.token(
                                Map.of("permissions", List.of("allow_mod"), "apikey", "nobody")),
                        good.substring(0, good.length() - 4) + "AAAA");
        for (String token : foreign) {
            shaped(client.as(token, "GET", "/v2/rooms", ""), 401);
            shaped(client.as("Bearer " + token, "POST", "/v2/sessions/end", "{}"), 401);
        }
    }

    private static String base64(String json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whereTheTokenTellsNothingTheAnswerIs100ms() {
        for (String header : List.of("", "Bearer x.y.z", "Basic Ym9zczpib3Nz", ApiServer.ADMIN)) {
            for (String path : List.of("/v2/rooms", "/v2/rooms/x", "/v2/rooms/validate/x")) {
                HttpResponse<String> answer = client.as(header, "GET", path, "");
                assertThat(answer.statusCode()).as(header + path).isEqualTo(401);
                assertThat(ApiServer.json(answer).propertyNames())
                        .containsExactly("code", "message", "details");
            }
        }
    }

    @Test
    void theClaimDecidesWhoseRoomsTheyAre() {
        String hundredMs = "Bearer " + minted("management");
        assertThat(good(client.as(hundredMs, "GET", "/v2/rooms", "")).has("last")).isTrue();
        assertThat(good(client.get("/v2/rooms")).has("pageInfo")).isTrue();
        HttpResponse<String> bare = client.as(minted("management"), "GET", "/v2/rooms", "");
        assertThat(bare.statusCode()).isEqualTo(401);
        assertThat(ApiServer.json(bare).has("code")).isTrue();
        HttpResponse<String> theirs = client.as(hundredMs, "POST", "/v2/sessions/end", "{}");
        assertThat(theirs.statusCode()).isEqualTo(404);
        assertThat(ApiServer.json(theirs).get("code").asInt()).isEqualTo(404);
        refused(client.get("/v2/nothing"), 404, "Nothing is served at this path.");
        refused(client.post("/v2/rooms/from-file", "{}"), 404, "Nothing is served at this path.");
        refused(client.send("DELETE", "/v2/rooms", ""), 405, "This method is not served here.");
    }

    @Test
    void aKeyWithoutTheScopeIsToldSo() {
        assertThat(
                        api.post(
                                        "/v1/keys",
                                        "{\"key\":\"small\",\"secret\":\""
                                                + "s".repeat(40)
                                                + "\",\"scopes\":[\"calls\"]}")
                                .statusCode())
                .isEqualTo(201);
        String token =
                VideoSdkClient.token(
                        ApiServer.NOON,
                        "s".repeat(40),
                        Map.of("apikey", "small", "permissions", List.of("allow_mod")));
        refused(client.as(token, "GET", "/v2/rooms", ""), 403, "This key lacks the scope rooms.");
    }

    @Test
    void linksLeadToWhereTheClientReachedUsByTls() throws Exception {
        try (ApiServer tls = new ApiServer(folder, "http.tls_certificate=auto");
                HttpClient https = TrustedHttps.client(List.of(TrustedHttps.read(certificate())))) {
            String url = "https://localhost:" + tls.port + "/v2/rooms";
            HttpResponse<String> answer =
                    https.send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .header("Authorization", VideoSdkClient.token())
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString("{}"))
                                    .build(),
                            BodyHandlers.ofString());
            JsonNode room = good(answer);
            assertThat(room.at("/links/get_room").asString())
                    .isEqualTo(url + "/" + room.get("roomId").asString());
        }
    }

    private Path certificate() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith("http-certificate.pem"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aRoomIsMadeOnceByItsCustomIdAndItsIdLeadsIntoIt() {
        JsonNode room =
                good(
                        client.post(
                                "/v2/rooms",
                                "{\"customRoomId\":\"aaa-bbb-ccc\",\"webhook\":{\"events\":[]},"
                                        + "\"autoCloseConfig\":{\"type\":\"session-ends\"}}"));
        assertThat(room.propertyNames())
                .containsExactly(
                        "roomId",
                        "customRoomId",
                        "userId",
                        "disabled",
                        "createdAt",
                        "updatedAt",
                        "id",
                        "links");
        String id = room.get("roomId").asString();
        assertThat(id).matches(ROOM_ID);
        assertThat(room.get("customRoomId").asString()).isEqualTo("aaa-bbb-ccc");
        assertThat(room.get("disabled").asBoolean()).isFalse();
        assertThat(room.at("/links/get_room").asString())
                .isEqualTo("http://127.0.0.1:" + api.port + "/v2/rooms/" + id);
        assertThat(
                        ApiServer.json(
                                        api.send(
                                                "GET",
                                                "/v2/rooms/" + id,
                                                VideoSdkClient.token(),
                                                "application/json",
                                                "",
                                                "X-Forwarded-Proto",
                                                "https"))
                                .at("/links/get_room")
                                .asString())
                .isEqualTo("https://127.0.0.1:" + api.port + "/v2/rooms/" + id);
        assertThat(good(client.post("/v2/rooms", "{\"customRoomId\":\"aaa-bbb-ccc\"}")))
                .isEqualTo(room);
        for (String name : List.of(id, "aaa-bbb-ccc", room.get("id").asString())) {
            assertThat(good(client.get("/v2/rooms/" + name))).isEqualTo(room);
            assertThat(good(client.get("/v2/rooms/validate/" + name))).isEqualTo(room);
        }
        // what browsers and telephones enter by
        assertThat(api.store.rooms().enter(id)).isPresent();
        assertThat(api.get("/v1/rooms/" + id).statusCode()).isEqualTo(200);
        for (String path : List.of("/v2/rooms/nope-nope-nope", "/v2/rooms/validate/nope")) {
            refused(client.get(path), 404, "Room not found.");
        }
    }

    @Test
    void roomsOfOthersHaveANameHereToo() {
        String id = ApiServer.json(api.post("/v1/rooms", "{\"name\":\"R\"}")).get("id").asString();
        JsonNode room = good(client.get("/v2/rooms/" + id));
        assertThat(room.get("roomId").asString()).isEqualTo(Aliases.dashed12(id)).matches(ROOM_ID);
        assertThat(good(client.get("/v2/rooms/" + room.get("roomId").asString()))).isEqualTo(room);
    }

    @Test
    void roomsComeInPagesByNumberNewestFirst() {
        for (int i = 0; i < 5; i++) {
            good(client.post("/v2/rooms", "{\"customRoomId\":\"r" + i + "\"}"));
        }
        JsonNode first = good(client.get("/v2/rooms?page=1&perPage=4"));
        JsonNode second = good(client.get("/v2/rooms?page=2&perPage=4"));
        assertThat(first.get("pageInfo").toString())
                .isEqualTo("{\"currentPage\":1,\"perPage\":4,\"lastPage\":2,\"total\":6}");
        assertThat(first.get("data").size() + second.get("data").size()).isEqualTo(6);
        assertThat(first.get("data").findValuesAsString("roomId"))
                .doesNotContainAnyElementsOf(second.get("data").findValuesAsString("roomId"));
        for (String query : List.of("page=0", "page=x", "perPage=101", "page=99999&perPage=100")) {
            shaped(client.get("/v2/rooms?" + query), 400);
        }
    }

    @Test
    void aDeactivatedRoomLetsNobodyInAndTheFilesRoomsAreItsOwn() {
        String id = good(client.post("/v2/rooms", "{}")).get("roomId").asString();
        JsonNode off = good(client.post("/v2/rooms/deactivate", "{\"roomId\":\"" + id + "\"}"));
        assertThat(off.get("disabled").asBoolean()).isTrue();
        assertThat(off.get("roomId").asString()).isEqualTo(id);
        assertThat(api.store.rooms().enter(id).orElseThrow().code().enabled()).isFalse();
        refused(client.post("/v2/rooms/deactivate", "{}"), 400, "roomId is required");
        refused(
                client.post("/v2/rooms/deactivate", "{\"roomId\":7}"),
                400,
                "roomId must be text of at most 100 characters without control characters");
        refused(
                client.post("/v2/rooms/deactivate", "{\"roomId\":\"nope\"}"),
                404,
                "Room not found.");
        refused(
                client.post("/v2/rooms/deactivate", "{\"roomId\":\"from-file\"}"),
                409,
                "This Room is declared in the configuration file.");
        shaped(client.post("/v2/rooms", "{\"customRoomId\":\"a\\r\\nb\"}"), 400);
        shaped(client.post("/v2/rooms", "{"), 400);
    }

    @Test
    void aSessionIsEndedAndSomebodyIsPutOutOfIt() {
        String room = good(client.post("/v2/rooms", "{}")).get("roomId").asString();
        String own = api.store.rooms().find(room).orElseThrow().id();
        String end = "{\"roomId\":\"" + room + "\"}";
        refused(client.post("/v2/sessions/end", end), 404, "Session not found.");
        String link = "/v2/sessions/" + room;
        assertThat(good(client.get("/v2/rooms/" + room)).at("/links/get_session").asString())
                .endsWith(link);
        refused(client.get(link), 404, "Session not found.");
        refused(client.get("/v2/sessions/nope"), 404, "Session not found.");
        api.phone("part_1", own);
        JsonNode now = good(client.get(link));
        assertThat(now.get("status").asString()).isEqualTo("ongoing");
        assertThat(now.at("/participants/0/participantId").asString()).isNotEmpty();
        assertThat(good(client.get("/v2/sessions/" + now.get("id").asString()))).isEqualTo(now);
        api.phone("part_2", own);
        JsonNode left =
                good(
                        client.post(
                                "/v2/sessions/participants/remove",
                                "{\"participantId\":\"part_1\",\"roomId\":\"" + room + "\"}"));
        assertThat(left.get("status").asString()).isEqualTo("ongoing");
        assertThat(left.get("roomId").asString()).isEqualTo(room);
        assertThat(api.rooms.people).containsOnlyKeys("part_2");
        refused(
                client.post(
                        "/v2/sessions/participants/remove",
                        "{\"participantId\":\"part_1\",\"roomId\":\"" + room + "\"}"),
                404,
                "Participant not found.");
        refused(
                client.post("/v2/sessions/participants/remove", end),
                400,
                "participantId is required");
        refused(
                client.post("/v2/sessions/participants/remove", "{\"participantId\":\"part_2\"}"),
                400,
                "roomId is required");
        refused(
                client.post(
                        "/v2/sessions/end",
                        "{\"roomId\":\"" + room + "\",\"sessionId\":\"of-yesterday\"}"),
                404,
                "Session not found.");
        JsonNode ended = good(client.post("/v2/sessions/end", end));
        assertThat(ended.get("status").asString()).isEqualTo("ended");
        assertThat(ended.at("/participants/0/participantId").asString()).isEqualTo("u1");
        assertThat(ended.at("/participants/0/timelog/0/end").asString())
                .isEqualTo(ended.get("end").asString());
        assertThat(api.rooms.ended).containsExactly(own);
        refused(client.post("/v2/sessions/end", "{}"), 400, "roomId is required");
        refused(client.post("/v2/sessions/end", "{\"roomId\":\"nope\"}"), 404, "Room not found.");
    }
}
