package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.HundredMsClient.HEX24;
import static dev.roomline.bridge.api.HundredMsClient.good;
import static dev.roomline.bridge.api.HundredMsClient.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** 100ms' rooms, their codes, and who is in them: its clients find what they expect. */
final class HundredMsRoomsTest {
    @AutoClose private final ApiServer api;
    private final HundredMsClient client;

    HundredMsRoomsTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        client = new HundredMsClient(api);
    }

    @Test
    void aRoomIsMadeOnceByNameFoundByAnyOfItsNamesAndSwitchedOff() {
        JsonNode room = good(client.post("/v2/rooms", "{\"name\":\"standup\",\"region\":\"in\"}"));
        String id = room.get("id").asString();
        assertThat(id).matches(HEX24);
        assertThat(room.get("name").asString()).isEqualTo("standup");
        assertThat(room.get("enabled").asBoolean()).isTrue();
        assertThat(room.propertyNames())
                .contains("customer_id", "app_id", "template_id", "template", "region")
                .contains("description", "created_at", "updated_at");
        assertThat(good(client.post("/v2/rooms", "{\"name\":\"standup\"}")).get("id").asString())
                .isEqualTo(id);
        String ours = api.store.rooms().list("standup", null, 2).items().getFirst().id();
        for (String name : List.of(id, ours)) {
            assertThat(good(client.get("/v2/rooms/" + name)).get("id").asString()).isEqualTo(id);
        }
        assertThat(
                        good(client.post("/v2/rooms/" + id, "{\"enabled\":false}"))
                                .get("enabled")
                                .asBoolean())
                .isFalse();
        assertThat(api.store.rooms().find(ours).orElseThrow().codes())
                .isNotEmpty()
                .noneMatch(code -> code.enabled());
        refused(client.get("/v2/rooms/507f191e810c19729de860ea"), 404, "room not found");
    }

    @Test
    void whatIsSaidOfARoomIsShownAgainAndGoesWithIt() {
        JsonNode room =
                good(
                        client.post(
                                "/v2/rooms",
                                "{\"name\":\"daily\",\"description\":\"at nine\",\"template_id\":\"t1\",\"region\":\"eu\"}"));
        assertThat(room.get("description").asString()).isEqualTo("at nine");
        assertThat(room.get("template_id").asString()).isEqualTo("t1");
        assertThat(room.get("region").asString()).isEqualTo("eu");
        String one = "/v2/rooms/" + room.get("id").asString();
        assertThat(
                        good(client.post(one, "{\"description\":\"at ten\"}"))
                                .get("description")
                                .asString())
                .isEqualTo("at ten");
        assertThat(good(client.get(one)).get("region").asString()).isEqualTo("eu");
        assertThat(good(client.post("/v2/rooms", "{\"name\":\"daily\",\"description\":\"other\"}")))
                .as("made once")
                .isEqualTo(good(client.get(one)));
        String own = api.store.rooms().list("daily", null, 1).items().getFirst().id();
        assertThat(api.store.notes().find("100ms.room", own)).isPresent();
        api.send("DELETE", "/v1/rooms/" + own, ApiServer.ADMIN, "", "");
        assertThat(api.store.notes().find("100ms.room", own)).isEmpty();
    }

    @Test
    void roomsAreListedPageByPage() {
        for (int i = 0; i < 5; i++) {
            client.post("/v2/rooms", "{\"name\":\"room " + i + "\"}");
        }
        JsonNode first = good(client.get("/v2/rooms?limit=4"));
        assertThat(first.get("limit").asInt()).isEqualTo(4);
        assertThat(first.get("data")).hasSize(4);
        assertThat(first.get("last").asString()).isEqualTo(first.at("/data/3/id").asString());
        JsonNode second =
                good(client.get("/v2/rooms?limit=4&start=" + first.get("last").asString()));
        assertThat(second.get("data")).isNotEmpty();
        assertThat(first.get("data").toString()).doesNotContain(second.at("/data/0/id").asString());
        assertThat(client.get("/v2/rooms?limit=0").statusCode()).isEqualTo(400);
    }

    @Test
    void aPageOfEnabledRoomsIsFullWhateverStandsBetweenThem() {
        for (int i = 0; i < 4; i++) {
            String id =
                    good(client.post("/v2/rooms", "{\"name\":\"r" + i + "\"}"))
                            .get("id")
                            .asString();
            if (i > 0) {
                good(client.post("/v2/rooms/" + id, "{\"enabled\":false}"));
            }
        }
        JsonNode on = good(client.get("/v2/rooms?limit=1&enabled=true&name=r0"));
        assertThat(on.at("/data/0/name").asString()).isEqualTo("r0");
        JsonNode page = good(client.get("/v2/rooms?limit=1&enabled=true"));
        assertThat(page.get("data")).hasSize(1);
        assertThat(page.at("/data/0/enabled").asBoolean()).isTrue();
        JsonNode off = good(client.get("/v2/rooms?limit=2&enabled=false"));
        assertThat(off.get("data")).hasSize(2);
        String rest = "/v2/rooms?limit=2&enabled=false&start=" + off.get("last").asString();
        assertThat(good(client.get(rest)).get("data")).hasSize(1);
    }

    @Test
    void everyRoleHasOneCodeThatCanBeDialledAndDisabled() {
        String id = good(client.post("/v2/rooms", "{\"name\":\"standup\"}")).get("id").asString();
        JsonNode codes = good(client.post("/v2/room-codes/room/" + id, "")).get("data");
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
        JsonNode again = good(client.post("/v2/room-codes/room/" + id + "/role/host", ""));
        assertThat(codes.toString()).contains(again.get("code").asString());
        assertThat(good(client.get("/v2/room-codes/room/" + id)).get("data")).hasSize(3);
        String code = again.get("code").asString();
        JsonNode off =
                good(
                        client.post(
                                "/v2/room-codes/code",
                                "{\"code\":\"" + code + "\",\"enabled\":false}"));
        assertThat(off.get("enabled").asBoolean()).isFalse();
        assertThat(api.store.rooms().enter(code).orElseThrow().code().enabled()).isFalse();
        refused(client.post("/v2/room-codes/room/" + id + "/role/king", ""), 404, "role not found");
        refused(client.post("/v2/room-codes/code", "{}"), 400, "code is mandatory");
    }

    @Test
    void whoIsInARoomIsSeenAndCanBePutOut() {
        String ours = api.store.rooms().find("from-file").orElseThrow().id();
        refused(client.get("/v2/active-rooms/" + ours), 404, "active room not found");
        api.phone("part_1", ours);
        api.phone("part_2", ours);
        JsonNode room = good(client.get("/v2/active-rooms/" + ours));
        assertThat(room.at("/session/peers").toString()).isEqualTo("[\"part_1\",\"part_2\"]");
        assertThat(room.at("/session/id").asString()).matches(HEX24);
        JsonNode peer = good(client.get("/v2/active-rooms/" + ours + "/peers/part_1"));
        assertThat(peer.get("user_id").asString()).isEqualTo("u1");
        assertThat(peer.get("type").asString()).isEqualTo("sip");
        assertThat(
                        good(client.get("/v2/active-rooms/" + ours + "/peers"))
                                .at("/peers/part_2/role")
                                .asString())
                .isEqualTo("guest");
        String path = "/v2/active-rooms/" + ours;
        assertThat(
                        good(client.post(path + "/remove-peers", "{\"peer_id\":\"part_1\"}"))
                                .get("message")
                                .asString())
                .isEqualTo("peer remove request submitted");
        assertThat(api.rooms.people).containsOnlyKeys("part_2");
        refused(client.post(path + "/remove-peers", "{\"role\":\"king\"}"), 404, "peer not found");
        refused(
                client.post(path + "/end-room", "{\"lock\":true}"),
                409,
                "this room is declared in the configuration file");
        assertThat(good(client.post(path + "/end-room", "{}")).get("message").asString())
                .isEqualTo("session is ending");
        assertThat(api.rooms.ended).containsExactly(ours);
    }

    @Test
    void aRoomThatIsEndedAndLockedIsEnteredByNobodyAnyMore() {
        client.post("/v2/rooms", "{\"name\":\"standup\"}");
        var room = api.store.rooms().list("standup", null, 1).items().getFirst();
        api.phone("part_1", room.id());
        good(
                client.post(
                        "/v2/active-rooms/" + room.id() + "/end-room",
                        "{\"reason\":\"over\",\"lock\":true}"));
        assertThat(api.rooms.ended).containsExactly(room.id());
        String code = room.codes().getFirst().code();
        assertThat(api.store.rooms().enter(code).orElseThrow().code().enabled()).isFalse();
    }
}
