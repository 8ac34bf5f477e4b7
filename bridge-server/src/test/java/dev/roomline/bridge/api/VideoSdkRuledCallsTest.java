package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.VideoSdkClient.good;
import static dev.roomline.bridge.api.VideoSdkClient.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.CallOrder;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code routingRuleId} in {@code POST /v2/sip/call}: the rule says what the call does not. */
final class VideoSdkRuledCallsTest {
    private static final String CALLS = "/v2/sip/call";

    @AutoClose private final ApiServer api;
    private final VideoSdkClient client;
    private final String room;
    private final String second;

    VideoSdkRuledCallsTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        client = new VideoSdkClient(api);
        room = good(client.post("/v2/rooms", "{}")).get("roomId").asString();
        gateway("One", "+15550100000");
        second = gateway("Two", "+15550100001");
    }

    private String gateway(String name, String number) {
        String body =
                "{\"name\":\"%s\",\"address\":\"sip.example.com\",\"numbers\":[\"%s\"]}"
                        .formatted(name, number);
        return good(client.post("/v2/sip/outbound-gateways", body)).get("id").asString();
    }

    private String rule(String type, String more) {
        HttpResponse<String> made =
                client.post(
                        "/v2/sip/routing-rule",
                        "{\"name\":\"Desk\",\"type\":\"%s\",\"phoneNumbers\":[\"+15550100001\",\"+15550100009\"]%s}"
                                .formatted(type, more));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return ApiServer.json(made).get("id").asString();
    }

    private HttpResponse<String> call(String rule, String more) {
        return client.post(
                CALLS,
                "{\"routingRuleId\":\"%s\",\"sipCallTo\":\"+15551234567\"%s}"
                        .formatted(rule, more));
    }

    @Test
    void theRuleSaysNumberGatewayRoomAndHeaders() {
        String rule =
                rule(
                        "outbound",
                        ",\"headers\":{\"X-Desk\":\"7\"},\"room\":{\"type\":\"static\",\"id\":\"%s\"}"
                                .formatted(room));
        JsonNode shown = good(client.get("/v2/sip/routing-rule/" + rule));
        assertThat(shown.at("/room/id").asString()).isEqualTo(room);
        String more = ",\"headers\":{\"X-Desk\":\"1\",\"X-Ticket\":\"4711\"}";
        JsonNode answer = good(call(rule, more)).get("data");
        assertThat(answer.get("roomId").asString()).isEqualTo(room);
        assertThat(answer.get("gatewayId").asString()).isEqualTo(second);
        CallOrder order = api.calls.orders.getFirst();
        assertThat(order.from()).isEqualTo("+15550100001");
        assertThat(order.headers()).isEqualTo(Map.of("X-Desk", "7", "X-Ticket", "4711"));
        String id = answer.get("callId").asString();
        api.store.calls().put(Objects.requireNonNull(api.calls.calls.get(id)));
        assertThat(good(client.get(CALLS + "/" + id)).at("/data/ruleId").asString())
                .isEqualTo(rule);
    }

    @Test
    void whatTheCallSaysOfItsRoomAndGatewayGoesBeforeTheRule() {
        String rule = rule("outbound", ",\"room\":{\"type\":\"static\",\"id\":\"gone\"}");
        String other = gateway("Three", "+15550100009");
        JsonNode answer =
                good(call(
                                rule,
                                ",\"sipCallFrom\":\"+1 555 010 0009\",\"gatewayId\":\"%s\",\"destinationRoomId\":\"%s\""
                                        .formatted(other, room)))
                        .get("data");
        assertThat(answer.get("gatewayId").asString()).isEqualTo(other);
        assertThat(answer.get("roomId").asString()).isEqualTo(room);
        refused(call(rule, ""), 404, "Room not found.");
    }

    @Test
    void withoutARoomAnywhereOneIsMade() {
        JsonNode answer = good(call(rule("outbound", ""), "")).get("data");
        assertThat(answer.get("roomId").asString()).isNotEqualTo(room);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "outbound | +15550100000 | sipCallFrom must be one of the rule's numbers",
                "outbound | +15550100009 | sipCallFrom must be a number of an outbound gateway",
                "inbound | +15550100001 | routingRuleId must be that of an outbound rule"
            })
    void whatDoesNotFitTheRuleIsNamed(String type, String from, String message) {
        String more = type.equals("inbound") ? ",\"room\":{\"type\":\"dynamic\"}" : "";
        refused(call(rule(type, more), ",\"sipCallFrom\":\"" + from + "\""), 400, message);
        assertThat(api.calls.orders).isEmpty();
    }

    @Test
    void aRuleThatIsNoneIsSaidToBeNone() {
        refused(call("rr_none", ""), 404, "Routing rule not found.");
    }
}
