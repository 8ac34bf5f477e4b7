package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.auth.TokenMint;
import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.config.Arguments.TokenRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An order for a room or over a trunk that is not there is listed, in whichever words it came. */
final class UnplacedOrdersTest {
    private static final String TO = "+15551234567";

    @AutoClose private final ApiServer api;

    UnplacedOrdersTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        assertThat(
                        api.post(
                                        "/v1/trunks",
                                        "{\"id\":\"t\",\"address\":\"sip.example.com\",\"numbers\":[\"+15550100000\"]}")
                                .statusCode())
                .isEqualTo(201);
    }

    private String management() {
        var minted =
                new TokenMint(api.store.apiKeys(), () -> ApiServer.NOON)
                        .mint(
                                new TokenRequest(
                                        Optional.of("boss"),
                                        "management",
                                        "",
                                        "u7",
                                        "host",
                                        Duration.ofMinutes(10)));
        return ((TokenMint.Minted.Token) minted).jwt();
    }

    private void listed(HttpResponse<String> answer, int status, String reason, String named) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(api.calls.orders).isEmpty();
        assertThat(api.calls.refused).as(answer.body()).hasSize(1);
        Map.Entry<CallOrder, CallEnd> one = api.calls.refused.entrySet().iterator().next();
        assertThat(one.getKey().to()).isEqualTo(TO);
        assertThat(one.getValue().reason().label()).isEqualTo(reason);
        assertThat(one.getValue().culprit().label()).isEqualTo("caller");
        assertThat(one.getValue().text()).contains(" " + named);
        api.calls.refused.clear();
    }

    @Test
    void inOurOwnWords() {
        HttpResponse<String> answer =
                api.post(
                        "/v1/calls",
                        "{\"to\":\"%s\",\"room\":\"nowhere\",\"name\":\"Grace\"}".formatted(TO));
        assertThat(ApiServer.json(answer).get("call").asString()).isEqualTo("call_refused1");
        assertThat(ApiServer.json(answer).get("detail").asString())
                .isEqualTo("No room answers to nowhere.");
        assertThat(api.calls.refused.keySet().iterator().next().name()).isEqualTo("Grace");
        listed(answer, 404, "unknown_room", "nowhere");
    }

    @Test
    void inThoseOf100ms() {
        String body = "{\"to\":\"%s\",\"room_code\":\"%s\",\"trunk_id\":\"%s\"}";
        String path = "/v2/sip/outbound/call";
        listed(
                api.send("POST", path, management(), body.formatted(TO, "nowhere", "t")),
                404,
                "unknown_room",
                "nowhere");
        listed(
                api.send("POST", path, management(), body.formatted(TO, "from-file", "none")),
                404,
                "not_allowed",
                "none");
    }

    @Test
    void inThoseOfVideoSdk() {
        VideoSdkClient client = new VideoSdkClient(api);
        String first =
                "{\"to\":\"%s\",\"displayName\":\"Ann\",\"meetingId\":\"%s\",\"trunkId\":\"%s\"}";
        String second = "{\"sipCallTo\":\"%s\",\"destinationRoomId\":\"%s\",\"gatewayId\":\"%s\"}";
        for (Map.Entry<String, String> generation :
                Map.of("/v2/sip/outbound-call", first, "/v2/sip/call", second).entrySet()) {
            String path = generation.getKey();
            String body = generation.getValue();
            listed(
                    client.post(path, body.formatted(TO, "nowhere", "t")),
                    404,
                    "unknown_room",
                    "nowhere");
            listed(
                    client.post(path, body.formatted(TO, "from-file", "none")),
                    404,
                    "not_allowed",
                    "none");
        }
        assertThat(
                        api.post(
                                        "/v1/rooms",
                                        "{\"codes\":[{\"code\":\"shut\",\"role\":\"guest\"}]}")
                                .statusCode())
                .isEqualTo(201);
        assertThat(client.post("/v2/rooms/deactivate", "{\"roomId\":\"shut\"}").statusCode())
                .isEqualTo(200);
        listed(
                client.post("/v2/sip/call", second.formatted(TO, "shut", "t")),
                403,
                "not_allowed",
                "shut");
    }

    @Test
    void inThoseOfIndusNet() {
        listed(
                api.post(
                        "/call/outbound_passthrough",
                        "{\"trunk_id\":\"none\",\"to_number\":\"%s\"}".formatted(TO)),
                404,
                "not_allowed",
                "none");
    }
}
