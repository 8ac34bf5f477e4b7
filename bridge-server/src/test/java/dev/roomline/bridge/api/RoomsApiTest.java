package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.ApiServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code /v1/rooms} over HTTP. */
final class RoomsApiTest {
    @AutoClose private final ApiServer api;

    RoomsApiTest(@TempDir Path folder) {
        api = new ApiServer(folder);
    }

    @Test
    void aRoomIsMadeWithOneGeneratedCodeAndFoundByItsIdAndItsCode() {
        var made = api.post("/v1/rooms", "{\"name\":\"Standup\"}");
        assertThat(made.statusCode()).isEqualTo(201);
        JsonNode room = json(made);
        assertThat(room.propertyNames())
                .containsExactlyInAnyOrder(
                        "id", "name", "codes", "max_participants", "participants", "created_at");
        String code = room.at("/codes/0/code").asString();
        assertThat(code).matches("[a-z]{3}-[a-z]{4}-[a-z]{3}");
        assertThat(room.get("created_at").asString()).isEqualTo("2026-11-21T12:00:00Z");
        assertThat(made.headers().firstValue("location"))
                .contains("/v1/rooms/" + room.get("id").asString());
        assertThat(json(api.get("/v1/rooms/" + room.get("id").asString()))).isEqualTo(room);
        assertThat(json(api.get("/v1/rooms/" + code.toUpperCase(java.util.Locale.ROOT))))
                .isEqualTo(room);
    }

    @Test
    void everyFaultOfARequestIsNamedAtOnce() {
        var refused =
                api.post(
                        "/v1/rooms",
                        """
                        {"name": 7, "max_participants": 0, "colour": "red",
                         "codes": [{"role": "king", "code": "a b"}, 3], "hide_numbers": "yes"}
                        """);
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.headers().firstValue("content-type"))
                .contains("application/problem+json");
        assertThat(json(refused).get("errors"))
                .extracting(e -> e.get("pointer").asString())
                .containsExactlyInAnyOrder(
                        "/name",
                        "/max_participants",
                        "/colour",
                        "/codes/0/role",
                        "/codes/0/code",
                        "/codes/1",
                        "/hide_numbers");
    }

    @Test
    void emptyTextEqualsAbsent() {
        var made = api.post("/v1/rooms", "{\"name\":\"\",\"codes\":[]}");
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(json(made).get("name").asString()).isEqualTo("Room");
    }

    @Test
    void aTakenCodeIsAConflictAndMakesNoRoom() {
        String body = "{\"name\":\"x\",\"codes\":[{\"code\":\"dup-code\",\"role\":\"host\"}]}";
        assertThat(api.post("/v1/rooms", body).statusCode()).isEqualTo(201);
        assertThat(api.post("/v1/rooms", body).statusCode()).isEqualTo(409);
        assertThat(json(api.get("/v1/rooms?name=x")).get("items")).hasSize(1);
    }

    @Test
    void aRoomOfTheFileCannotBeChanged() {
        for (String[] wish :
                new String[][] {
                    {"DELETE", "/v1/rooms/from-file", ""},
                    {"PATCH", "/v1/rooms/from-file", "{\"name\":\"mine\"}"},
                    {"POST", "/v1/rooms/from-file/codes", "{\"role\":\"guest\"}"},
                    {"PATCH", "/v1/rooms/from-file/codes/from-file", "{\"enabled\":false}"}
                }) {
            assertThat(api.send(wish[0], wish[1], ApiServer.ADMIN, wish[2]).statusCode())
                    .as(wish[0])
                    .isEqualTo(409);
        }
        assertThat(api.rooms.ended).isEmpty();
    }

    @Test
    void deletingARoomEndsItAndItsCodesDie() {
        String id = json(api.post("/v1/rooms", "{}")).get("id").asString();
        assertThat(api.send("DELETE", "/v1/rooms/" + id, ApiServer.ADMIN, "").statusCode())
                .isEqualTo(204);
        assertThat(api.rooms.ended).containsExactly(id);
        assertThat(api.get("/v1/rooms/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void patchChangesWhatItNamesAlone() {
        String id =
                json(api.post("/v1/rooms", "{\"name\":\"a\",\"max_participants\":5}"))
                        .get("id")
                        .asString();
        JsonNode after =
                json(api.send("PATCH", "/v1/rooms/" + id, ApiServer.ADMIN, "{\"name\":\"b\"}"));
        assertThat(after.get("name").asString()).isEqualTo("b");
        assertThat(after.get("max_participants").asInt()).isEqualTo(5);
    }

    @Test
    void codesAreAddedShownAndDisabled() {
        String id = json(api.post("/v1/rooms", "{}")).get("id").asString();
        var added =
                api.post("/v1/rooms/" + id + "/codes", "{\"role\":\"host\",\"code\":\"Boss-1\"}");
        assertThat(added.statusCode()).isEqualTo(201);
        assertThat(json(api.get("/v1/rooms/" + id + "/codes")).get("items")).hasSize(2);
        JsonNode off =
                json(
                        api.send(
                                "PATCH",
                                "/v1/rooms/" + id + "/codes/boss-1",
                                ApiServer.ADMIN,
                                "{\"enabled\":false}"));
        assertThat(off).isEqualTo(json(api.get("/v1/rooms/" + id + "/codes/BOSS-1")));
        assertThat(off.get("enabled").asBoolean()).isFalse();
        assertThat(api.get("/v1/rooms/" + id + "/codes/other").statusCode()).isEqualTo(404);
    }

    @Test
    void liveRoomsAreListedWithTheirParticipants() {
        String id = json(api.post("/v1/rooms", "{\"name\":\"busy\"}")).get("id").asString();
        api.post("/v1/rooms", "{\"name\":\"quiet\"}");
        api.phone("part_1", id);
        JsonNode live = json(api.get("/v1/rooms?live=true")).get("items");
        assertThat(live).hasSize(1);
        assertThat(live.get(0).get("participants").asInt()).isEqualTo(1);
        assertThat(live.get(0).get("live_since").asString()).isEqualTo("2026-11-21T12:00:00Z");
    }

    @Test
    void listsArePagedByAnOpaqueCursor() {
        for (int i = 0; i < 4; i++) {
            api.post("/v1/rooms", "{\"name\":\"p\"}");
        }
        JsonNode first = json(api.get("/v1/rooms?limit=3&name=p"));
        assertThat(first.get("items")).hasSize(3);
        String next = first.get("next").asString();
        JsonNode second = json(api.get("/v1/rooms?limit=3&name=p&cursor=" + next));
        assertThat(second.get("items")).hasSize(1);
        assertThat(second.get("next").isNull()).isTrue();
        assertThat(api.get("/v1/rooms?limit=0&cursor=zz&live=maybe").statusCode()).isEqualTo(422);
    }

    @Test
    void theSameIdempotencyKeyMakesOneRoom() {
        String[] key = {"Idempotency-Key", "abc-1"};
        var first = api.send("POST", "/v1/rooms", ApiServer.ADMIN, "application/json", "{}", key);
        var again = api.send("POST", "/v1/rooms", ApiServer.ADMIN, "application/json", "{}", key);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        var other =
                api.send(
                        "POST",
                        "/v1/rooms",
                        ApiServer.ADMIN,
                        "application/json",
                        "{\"name\":\"z\"}",
                        key);
        assertThat(other.statusCode()).isEqualTo(422);
    }
}
