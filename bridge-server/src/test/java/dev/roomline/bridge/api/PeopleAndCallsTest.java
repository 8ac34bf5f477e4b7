package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.ApiServer.ADMIN;
import static dev.roomline.bridge.api.ApiServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.room.LiveRooms.JoinOutcome;
import dev.roomline.bridge.store.CallRow;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Participants, the join by one POST, and calls, over HTTP. */
final class PeopleAndCallsTest {
    private static final String OFFER = "v=0\r\n";
    @TempDir Path folder;
    private ApiServer api;
    private String room = "";

    @BeforeEach
    void start() {
        api = new ApiServer(folder);
        room = json(api.post("/v1/rooms", "{}")).get("id").asString();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private HttpResponse<String> join(String path, String... headers) {
        return api.send("POST", path, "", "application/sdp", OFFER, headers);
    }

    private JoinOutcome joined() {
        return new JoinOutcome.Joined(
                api.phone("part_9", room),
                "Room",
                "the-secret",
                "v=0\r\nanswer\r\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void oneJoinsByACodeAloneAndLeavesByTheLocation() {
        api.rooms.outcome = joined();
        var answer = join("/v1/rooms/abc-defg-hij/participants?name=Ann&user_id=u7");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("content-type")).contains("application/sdp");
        assertThat(answer.body()).isEqualTo("v=0\r\nanswer\r\n");
        String location = answer.headers().firstValue("location").orElseThrow();
        assertThat(location).isEqualTo("/v1/rooms/abc-defg-hij/participants/part_9/the-secret");
        var asked = Objects.requireNonNull(api.rooms.lastJoin);
        assertThat(asked.roomCode()).isEqualTo("abc-defg-hij");
        assertThat(asked.name()).isEqualTo("Ann");
        assertThat(asked.userId()).isEqualTo("u7");
        assertThat(asked.kind()).isEqualTo("program");
        assertThat(asked.loopback()).isTrue();
        String here = location.replace("abc-defg-hij", room);
        assertThat(api.send("DELETE", here + "x", "", "").statusCode()).isEqualTo(404);
        assertThat(api.send("DELETE", here, "", "").statusCode()).isEqualTo(204);
        assertThat(api.send("DELETE", here, "", "").statusCode()).isEqualTo(404);
    }

    @Test
    void everyOutcomeOfAJoinHasItsStatus() {
        String path = "/v1/rooms/abc-defg-hij/participants";
        assertThat(join(path).statusCode()).isEqualTo(404);
        api.rooms.outcome = new JoinOutcome.Full();
        assertThat(join(path).statusCode()).isEqualTo(409);
        api.rooms.outcome = new JoinOutcome.BadOffer("no audio");
        assertThat(join(path).statusCode()).isEqualTo(422);
        api.rooms.outcome = new JoinOutcome.Unavailable("draining");
        assertThat(join(path).statusCode()).isEqualTo(503);
        api.rooms.outcome = new JoinOutcome.TooFast(Duration.ofMillis(1500));
        var fast = join(path);
        assertThat(fast.statusCode()).isEqualTo(429);
        assertThat(fast.headers().firstValue("retry-after")).contains("2");
        assertThat(api.send("POST", path, "", "text/plain", OFFER).statusCode()).isEqualTo(415);
        assertThat(api.send("POST", path, "", "application/sdp", "").statusCode()).isEqualTo(422);
        assertThat(join(path + "?name=a%0d%0ab").statusCode()).isEqualTo(422);
    }

    @Test
    void aForwardedForHeaderMakesNobodyLocalOrRemote() {
        join("/v1/rooms/abc-defg-hij/participants", "X-Forwarded-For", "203.0.113.9");
        assertThat(Objects.requireNonNull(api.rooms.lastJoin).source().getHostAddress())
                .isEqualTo("127.0.0.1");
    }

    @Test
    void aParticipantIsShownMutedAndRemoved() {
        api.phone("part_1", room);
        String path = "/v1/rooms/" + room + "/participants/part_1";
        JsonNode view = json(api.get(path));
        assertThat(view.get("name").asString()).isEqualTo("+1 ••• ••• 0123");
        assertThat(view.get("attributes").get("sip.h.x-a").asString()).isEqualTo("b");
        assertThat(api.send("PATCH", path, ADMIN, "{\"muted\":true,\"volume_db\":-6}").statusCode())
                .isEqualTo(200);
        var patch = Objects.requireNonNull(api.rooms.lastPatch);
        assertThat(patch.muted()).contains(true);
        assertThat(patch.volumeDb()).hasValue(-6);
        assertThat(patch.held()).isEmpty();
        assertThat(api.send("PATCH", path, ADMIN, "{\"volume_db\":99}").statusCode())
                .isEqualTo(422);
        assertThat(api.send("DELETE", path, ADMIN, "").statusCode()).isEqualTo(204);
        assertThat(api.send("DELETE", path, ADMIN, "").statusCode()).isEqualTo(404);
    }

    @Test
    void aLiveCallOverlaysItsRecord() {
        api.store.calls().put(ApiServer.call("call_1", "ringing"));
        api.calls.calls.put("call_1", ApiServer.call("call_1", "answered"));
        api.calls.calls.put("call_2", ApiServer.call("call_2", "ringing"));
        assertThat(json(api.get("/v1/calls/call_1")).get("state").asString()).isEqualTo("answered");
        JsonNode list = json(api.get("/v1/calls")).get("items");
        assertThat(list)
                .extracting(c -> c.get("id").asString() + " " + c.get("state").asString())
                .containsExactlyInAnyOrder("call_1 answered", "call_2 ringing");
        assertThat(json(api.get("/v1/calls?state=ringing")).get("items")).hasSize(1);
    }

    /** Its record says dialing until it is answered, and names the trunk that was tried first. */
    @Test
    void aLivingCallIsFoundByWhatItIsNowAndNotByWhatItsRecordSays() {
        CallRow stored = ApiServer.call("call_1", "dialing");
        api.store.calls().put(stored);
        api.calls.calls.put("call_1", ApiServer.call("call_1", "ringing"));
        assertThat(ids("state=ringing")).containsExactly("call_1");
        assertThat(ids("state=dialing")).isEmpty();
        assertThat(ids("")).containsExactly("call_1");
        assertThat(ids("direction=inbound&limit=1")).containsExactly("call_1");
    }

    private List<String> ids(String query) {
        return json(api.get("/v1/calls?" + query)).get("items").findValuesAsString("id");
    }

    @Test
    void aCallIsHungUpOnceAndItsEndIsShown() {
        api.store.calls().put(ApiServer.call("call_1", "answered"));
        api.calls.calls.put("call_1", ApiServer.call("call_1", "answered"));
        assertThat(json(api.get("/v1/calls/call_1")).get("end").isNull()).isTrue();
        assertThat(api.send("DELETE", "/v1/calls/call_1", ADMIN, "").statusCode()).isEqualTo(204);
        assertThat(api.send("DELETE", "/v1/calls/call_1", ADMIN, "").statusCode()).isEqualTo(409);
        assertThat(api.send("DELETE", "/v1/calls/none", ADMIN, "").statusCode()).isEqualTo(404);
        api.store.calls().endCrashed(ApiServer.NOON);
        JsonNode end = json(api.get("/v1/calls/call_1")).get("end");
        assertThat(end.get("reason").asString()).isEqualTo("server_crashed");
        assertThat(end.get("culprit").asString()).isEqualTo("us");
    }

    @Test
    void aFilterThatMakesNoSenseIsRefused() {
        assertThat(json(api.get("/v1/calls?state=asleep&culprit=me&since=yesterday")).get("errors"))
                .extracting(e -> e.get("pointer").asString())
                .containsExactly("?state", "?culprit", "?since");
    }

    private record Filtered(String query, List<String> calls) {}

    @Test
    void eachFilterOfCallsFindsWhatItSaysAndNothingElse() {
        String roomCode = json(api.get("/v1/rooms/" + room)).at("/codes/0/code").asString();
        api.store.calls().put(call("call_1", "inbound", room, "trk_a", 0, null));
        api.store.calls().put(call("call_2", "inbound", "room_x", "trk_b", 10, "hangup_caller"));
        api.store.calls().put(call("call_3", "outbound", "room_x", null, 20, "limit"));
        List<Filtered> table =
                List.of(
                        new Filtered("", List.of("call_3", "call_2", "call_1")),
                        new Filtered("room=" + room, List.of("call_1")),
                        new Filtered("room=" + roomCode, List.of("call_1")),
                        new Filtered("room=nowhere", List.of()),
                        new Filtered("trunk=trk_b", List.of("call_2")),
                        new Filtered("trunk=none", List.of()),
                        new Filtered("state=answered", List.of("call_1")),
                        new Filtered("state=ended", List.of("call_3", "call_2")),
                        new Filtered("culprit=us", List.of("call_3")),
                        new Filtered("culprit=nobody", List.of("call_2")),
                        new Filtered("direction=outbound", List.of("call_3")),
                        new Filtered("since=2026-11-21T12:00:10Z", List.of("call_3", "call_2")),
                        new Filtered(
                                "since=2026-11-21T14:00:10%2B02:00", List.of("call_3", "call_2")),
                        new Filtered(
                                "since=2026-11-21T14:00:10+02:00", List.of("call_3", "call_2")),
                        new Filtered("until=2026-11-21T12:00:10Z", List.of("call_1")),
                        new Filtered(
                                "since=2026-11-21T12:00:10Z&until=2026-11-21T12:00:20Z",
                                List.of("call_2")),
                        new Filtered("state=&culprit=", List.of("call_3", "call_2", "call_1")),
                        new Filtered("direction=inbound&state=ended", List.of("call_2")));
        for (Filtered row : table) {
            assertThat(json(api.get("/v1/calls?" + row.query())).get("items"))
                    .as(row.query())
                    .extracting(c -> c.get("id").asString())
                    .containsExactlyElementsOf(row.calls());
        }
    }

    @Test
    void callsComeInPagesThatNeitherRepeatNorLose() {
        for (int i = 0; i < 7; i++) {
            api.store.calls().put(call("call_" + i, "inbound", room, null, i / 2, "limit"));
        }
        List<String> seen = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = json(api.get("/v1/calls?limit=3&cursor=" + next));
            assertThat(page.get("items").size()).isLessThanOrEqualTo(3);
            page.get("items").forEach(c -> seen.add(c.get("id").asString()));
            next = page.get("next").asString("");
        } while (!next.isEmpty());
        assertThat(seen)
                .containsExactly(
                        "call_6", "call_5", "call_4", "call_3", "call_2", "call_1", "call_0");
    }

    @Test
    void eachWrongFilterIsNamedByItsPointer() {
        List<String> wrong =
                List.of(
                        "state=asleep",
                        "culprit=me",
                        "direction=up",
                        "since=yesterday",
                        "until=2026-11-21",
                        "limit=0",
                        "limit=201",
                        "limit=-1",
                        "limit=many",
                        "cursor=%00",
                        "cursor=abc");
        for (String query : wrong) {
            HttpResponse<String> answer = api.get("/v1/calls?" + query);
            assertThat(answer.statusCode()).as(query).isEqualTo(422);
            assertThat(json(answer).get("errors"))
                    .as(query)
                    .extracting(e -> e.get("pointer").asString())
                    .containsExactly("?" + query.substring(0, query.indexOf('=')));
        }
        assertThat(
                        json(api.get(
                                        "/v1/calls?since=2026-11-21T12:00:00Z"
                                                + "&until=2026-11-21T11:00:00Z"))
                                .get("errors"))
                .extracting(e -> e.get("pointer").asString())
                .containsExactly("?until");
    }

    private static CallRow call(
            String id,
            String direction,
            String room,
            @Nullable String trunk,
            int second,
            @Nullable String reason) {
        Instant at = ApiServer.NOON.plusSeconds(second);
        return new CallRow(
                id,
                direction,
                reason == null ? "answered" : "ended",
                room,
                null,
                trunk,
                null,
                "a",
                "b",
                null,
                null,
                "c",
                at,
                at,
                reason == null ? null : at,
                reason,
                reason == null ? null : reason.equals("limit") ? "us" : "nobody",
                0,
                null,
                "{}");
    }

    @Test
    void drainingMakesTheServerNotReady() {
        assertThat(api.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(api.post("/v1/server/drain", "").statusCode()).isEqualTo(204);
        assertThat(api.get("/readyz").statusCode()).isEqualTo(503);
        assertThat(api.get("/healthz").statusCode()).isEqualTo(200);
        assertThat(json(api.get("/v1/server")).get("draining").asBoolean()).isTrue();
        assertThat(api.send("DELETE", "/v1/server/drain", ADMIN, "").statusCode()).isEqualTo(204);
        assertThat(api.get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void theServerTellsItsNumbers() {
        JsonNode server = json(api.get("/v1/server"));
        assertThat(server.get("uptime_s").asInt()).isEqualTo(3600);
        assertThat(server.get("version").asString()).isEqualTo("1.2.3");
        assertThat(server.at("/loops/0/late_ticks").asInt()).isEqualTo(7);
    }
}
