package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.EndReason;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class PlacingApiTest {
    @AutoClose private final ApiServer api;

    PlacingApiTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        api.post(
                "/v1/trunks",
                "{\"id\":\"carrier\",\"address\":\"sip.carrier.example\","
                        + "\"numbers\":[\"+15550100000\"]}");
    }

    private HttpResponse<String> place(String more) {
        return api.post(
                "/v1/calls", "{\"to\":\"+1 555 123 4567\",\"room\":\"from-file\"" + more + "}");
    }

    /** It is a call that failed, as that over a carrier which cannot be reached. */
    @Test
    void anOrderOverATrunkThatDoesNotExistIsFollowedAndItsFaultIsNamed() {
        api.calls.recorded = Fakes.now(Optional.of(CallEnd.of(EndReason.NOT_ALLOWED)));
        HttpResponse<String> answer = place(", \"trunk\":\"none\"");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(api.calls.orders).hasSize(1);
        JsonNode problem = ApiServer.json(answer);
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/trunk");
        assertThat(problem.path("culprit").asString()).isEqualTo("caller");
        assertThat(problem.path("call").asString()).isEqualTo("call_placed1");

        HttpResponse<String> worse = place(", \"trunk\":\"none\", \"colour\":1");
        assertThat(worse.statusCode()).isEqualTo(422);
        assertThat(ApiServer.pointers(worse)).containsExactlyInAnyOrder("/trunk", "/colour");
        assertThat(api.calls.orders).as("nothing was placed").hasSize(1);
    }

    @Test
    void anOrderIsReadWhole() {
        HttpResponse<String> answer =
                place(
                        ", \"trunk\":\"carrier\",\"from\":\"+15550100000\",\"name\":\"Grace\","
                                + "\"user_id\":\"u7\",\"headers\":{\"X-A\":\"b\"},"
                                + "\"ring_timeout_s\":20,\"max_duration_s\":600,\"dtmf\":\"1w#\"");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Location")).contains("/v1/calls/call_placed1");
        CallOrder order = api.calls.orders.getFirst();
        assertThat(order.role()).isEqualTo("host");
        assertThat(order.ringTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(order.maxDuration()).isEqualTo(Duration.ofMinutes(10));
        assertThat(order.headers()).containsEntry("X-A", "b");
        assertThat(order.dtmf()).isEqualTo("1w#");
    }

    @Test
    void whoWaitsLearnsHowItEnded() {
        api.calls.answered =
                Fakes.now(Optional.of(CallEnd.of(EndReason.BUSY, "They are busy.").answered(486)));
        HttpResponse<String> answer = place(", \"wait\":\"answered\"");
        assertThat(answer.statusCode()).isEqualTo(409);
        var problem = ApiServer.json(answer);
        assertThat(problem.get("reason").asString()).isEqualTo("busy");
        assertThat(problem.get("culprit").asString()).isEqualTo("callee");
        assertThat(problem.get("sip_status").asInt()).isEqualTo(486);
        assertThat(problem.get("call").asString()).isEqualTo("call_placed1");
    }

    @Test
    void theSameKeyPlacesOneCall() {
        String body = "{\"to\":\"+15551234567\",\"room\":\"from-file\"}";
        for (int i = 0; i < 2; i++) {
            assertThat(
                            api.send(
                                            "POST",
                                            "/v1/calls",
                                            ApiServer.CALLER,
                                            "application/json",
                                            body,
                                            "Idempotency-Key",
                                            "once")
                                    .statusCode())
                    .isEqualTo(201);
        }
        assertThat(api.calls.orders).hasSize(1);
        assertThat(api.send("POST", "/v1/calls", ApiServer.READER, body).statusCode())
                .isEqualTo(403);
    }

    @Test
    void whoGoesAwayWhileItWaitsGivesTheCallUp() throws Exception {
        api.calls.answered = new CompletableFuture<>();
        String body = "{\"to\":\"+15551234567\",\"room\":\"from-file\",\"wait\":\"answered\"}";
        String head =
                "POST /v1/calls HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                                .formatted(ApiServer.ADMIN)
                        + "Content-Type: application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n";
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), api.port)) {
            client.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
            api.calls.ordered.get(5, TimeUnit.SECONDS);
            assertThat(api.calls.givenUp).isNotDone();
        }
        assertThat(api.calls.givenUp.get(5, TimeUnit.SECONDS)).isEqualTo("call_placed1");
    }

    @Test
    void anUnknownRoomIsThatRowOfTheTable() {
        HttpResponse<String> answer =
                api.post("/v1/calls", "{\"to\":\"+15551234567\",\"room\":\"nowhere-at-all\"}");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(ApiServer.json(answer).get("reason").asString()).isEqualTo("unknown_room");
        assertThat(api.calls.orders).isEmpty();
    }

    @Test
    void keysArePressedOnALivingCall() {
        place("");
        String path = "/v1/calls/call_placed1/dtmf";
        assertThat(api.post(path, "{\"digits\":\"12w#\",\"tone_ms\":200}").statusCode())
                .isEqualTo(204);
        assertThat(api.calls.pressed).containsExactly("12w# 200 100");
        assertThat(api.post(path, "{\"digits\":\"x\"}").statusCode()).isEqualTo(422);
        assertThat(api.post(path, "{}").statusCode()).isEqualTo(422);
        assertThat(api.post("/v1/calls/call_no/dtmf", "{\"digits\":\"1\"}").statusCode())
                .isEqualTo(404);
    }
}
