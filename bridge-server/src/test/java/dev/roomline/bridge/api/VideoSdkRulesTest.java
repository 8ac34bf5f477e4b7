package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.VideoSdkClient.good;
import static dev.roomline.bridge.api.VideoSdkClient.refused;
import static dev.roomline.bridge.api.VideoSdkClient.shaped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.store.RouteRow;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code /v2/sip/routing-rule}: routes of ours, several to a rule. */
final class VideoSdkRulesTest {
    private static final String ALL = "/v2/sip/routing-rule";

    @AutoClose private final ApiServer api;
    private final VideoSdkClient client;
    private final String room;

    VideoSdkRulesTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        client = new VideoSdkClient(api);
        room = good(client.post("/v2/rooms", "{}")).get("roomId").asString();
    }

    private static String rule(String numbers, String place) {
        return "{\"name\":\"Support\",\"type\":\"inbound\",\"phoneNumbers\":"
                + numbers
                + ",\"room\":"
                + place
                + ",\"tags\":[\"v2\"],\"hidePhoneNumber\":true}";
    }

    private String toRoom() {
        return "{\"type\":\"static\",\"id\":\"" + room + "\"}";
    }

    private JsonNode made(String body) {
        HttpResponse<String> answer = client.post(ALL, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return ApiServer.json(answer);
    }

    private List<Declared.Route> routes() {
        return api.store.routes().all().stream().map(RouteRow::route).toList();
    }

    @Test
    void aRuleIsARouteForEachOfItsNumbers() {
        JsonNode rule = made(rule("[\"+14155551234\",\"+14155559999\"]", toRoom()));
        assertThat(rule.get("id").asString()).startsWith("rr_");
        assertThat(rule.get("numbers").toString()).isEqualTo("[\"+14155551234\",\"+14155559999\"]");
        assertThat(rule.at("/room/id").asString()).isEqualTo(room);
        assertThat(rule.at("/room/type").asString()).isEqualTo("static");
        assertThat(rule.get("hidePhoneNumber").asBoolean()).isTrue();
        assertThat(rule.get("tags").toString()).isEqualTo("[\"v2\"]");
        assertThat(routes()).extracting(Declared.Route::number).hasSize(2);
        for (Declared.Route route : routes()) {
            assertThat(api.store.rooms().find(route.room()).orElseThrow().id())
                    .isEqualTo(api.store.rooms().find(room).orElseThrow().id());
        }
        String one = ALL + "/" + rule.get("id").asString();
        assertThat(good(client.get(one))).isEqualTo(rule);
        assertThat(good(client.send("DELETE", one, "")).toString())
                .isEqualTo(
                        "{\"message\":\"Routing rule deleted successfully\",\"ruleId\":"
                                + rule.get("id")
                                + "}");
        assertThat(routes()).isEmpty();
        refused(client.get(one), 404, "Routing rule not found.");
    }

    @Test
    void aDynamicRoomIsOneOfEachCallersOwn() {
        JsonNode rule =
                made(rule("[\"+14155551234\"]", "{\"type\":\"dynamic\",\"prefix\":\"desk\"}"));
        assertThat(rule.get("room").toString())
                .isEqualTo("{\"type\":\"dynamic\",\"prefix\":\"desk\",\"id\":null,\"pin\":null}");
        assertThat(routes()).extracting(Declared.Route::room).containsExactly("new");
    }

    @Test
    void aPinLeadsByACodeThatAsksForIt() {
        JsonNode rule =
                made(
                        rule(
                                "[\"+14155551234\"]",
                                "{\"type\":\"static\",\"id\":\"" + room + "\",\"pin\":\"4321\"}"));
        assertThat(rule.at("/room/pin").asString()).isEqualTo("4321");
        String code = routes().getFirst().room();
        assertThat(api.store.rooms().enter(code).orElseThrow().code().pin()).isEqualTo("4321");
        assertThat(api.store.rooms().enter(code).orElseThrow().code().entry()).isEqualTo("phone");
    }

    @Test
    void whatIsNamedIsChanged() {
        String one =
                ALL
                        + "/"
                        + made(rule("[\"+14155551234\",\"+14155559999\"]", toRoom()))
                                .get("id")
                                .asString();
        JsonNode changed =
                good(
                        client.send(
                                "PATCH",
                                one,
                                "{\"name\":\"Sales\",\"phoneNumbers\":[\"+14155559999\",\"+14155550000\"]}"));
        assertThat(changed.get("name").asString()).isEqualTo("Sales");
        assertThat(changed.at("/room/id").asString()).isEqualTo(room);
        assertThat(routes())
                .extracting(Declared.Route::number)
                .containsExactlyInAnyOrder("+14155559999", "+14155550000");
        good(client.send("PUT", one, "{\"room\":{\"type\":\"dynamic\"}}"));
        assertThat(routes()).extracting(Declared.Route::room).containsOnly("new");
        refused(
                client.send("PATCH", one, "{\"type\":\"outbound\"}"),
                400,
                "type cannot be changed");
    }

    @Test
    void aNumberHasOneRuleAndARefusedRuleLeavesNothing() {
        made(rule("[\"+14155551234\"]", toRoom()));
        refused(
                client.post(ALL, rule("[\"+14155550001\",\"+14155551234\"]", toRoom())),
                400,
                "phoneNumbers: +14155551234 has a rule already");
        assertThat(routes()).hasSize(1);
        assertThat(good(client.get(ALL)).at("/pageInfo/total").asInt()).isEqualTo(1);
    }

    @Test
    void aRouteOfTheNativeApiIsARuleToo() {
        String id =
                ApiServer.json(
                                api.post(
                                        "/v1/routes",
                                        "{\"number\":\"+15550100\",\"room\":\"new\"}"))
                        .get("id")
                        .asString();
        made(rule("[\"+14155551234\"]", toRoom()));
        JsonNode list = good(client.get("/v2/sip/routing-rules?roomType=dynamic"));
        assertThat(list.at("/pageInfo/total").asInt()).isEqualTo(1);
        assertThat(list.at("/data/0/id").asString()).isEqualTo(id);
        assertThat(list.at("/data/0/numbers/0").asString()).isEqualTo("+15550100");
        good(client.send("PATCH", ALL + "/" + id, toRoomOnly()));
        assertThat(routes()).extracting(Declared.Route::room).doesNotContain("new");
        assertThat(good(client.get(ALL)).at("/pageInfo/total").asInt()).isEqualTo(2);
    }

    private String toRoomOnly() {
        return "{\"room\":" + toRoom() + "}";
    }

    @Test
    void anOutboundRuleIsKeptAndLeadsNowhere() {
        JsonNode rule =
                made(
                        "{\"name\":\"Out\",\"type\":\"outbound\",\"phoneNumbers\":[\"+14155551234\"],\"headers\":{\"X-A\":\"b\"}}");
        assertThat(rule.get("headers").toString()).isEqualTo("{\"X-A\":\"b\"}");
        assertThat(rule.get("room").isNull()).isTrue();
        assertThat(routes()).isEmpty();
        assertThat(good(client.get(ALL + "?type=outbound")).get("data")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | name is required",
                "{\"name\":\"a\"} | type is required",
                "{\"name\":\"a\",\"type\":\"both\"} | type must be one of inbound, outbound",
                "{\"name\":\"a\",\"type\":\"inbound\"} | phoneNumbers is required",
                "{\"name\":\"a\",\"type\":\"inbound\",\"phoneNumbers\":[]} | phoneNumbers must hold at least one number",
                "{\"name\":\"a\",\"type\":\"inbound\",\"phoneNumbers\":[\"+1415\"]} | room is required",
                "{\"name\":\"a\",\"type\":\"inbound\",\"phoneNumbers\":[\"+1415\"],\"room\":{}} | room.type must be static or dynamic",
                "{\"name\":\"a\",\"type\":\"inbound\",\"phoneNumbers\":[\"+1415\"],\"room\":{\"type\":\"static\"}} | room.id is required",
                "{\"name\":\"a\",\"type\":\"inbound\",\"phoneNumbers\":[\"+1415\"],\"room\":{\"type\":\"static\",\"id\":\"none\"}} | room.id must be the id of a room",
                "{\"name\":\"a\",\"type\":\"inbound\",\"phoneNumbers\":[\"+1415\"],\"room\":{\"type\":\"dynamic\",\"pin\":\"1234\"}} | room.pin must be 4 to 12 digits, of a static room",
                "{\"name\":\"a\",\"type\":\"inbound\",\"phoneNumbers\":[\"+1415\"],\"room\":{\"type\":\"dynamic\"},\"headers\":{}} | headers is not allowed in an inbound rule",
                "{\"name\":\"a\",\"type\":\"inbound\",\"phoneNumbers\":[\"+1415\"],\"room\":{\"type\":\"dynamic\"},\"includeHeaders\":\"SOME\"} | includeHeaders must be one of ALL, SIP_X_HEADERS, NONE"
            })
    void aFieldThatIsWrongIsNamed(String body, String message) {
        refused(client.post(ALL, body), 400, message);
        assertThat(routes()).isEmpty();
    }

    @Test
    void aNumberThatIsNoneIsNamed() {
        HttpResponse<String> answer =
                client.post(ALL, rule("[\"not a number\"]", "{\"type\":\"dynamic\"}"));
        shaped(answer, 400);
        assertThat(ApiServer.json(answer).get("message").asString()).startsWith("phoneNumbers ");
        assertThat(routes()).isEmpty();
    }
}
