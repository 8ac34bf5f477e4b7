package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls placed by {@code POST /v1/calls}, as an application does it. */
final class PlacedCalls {
    /** Whom tests call. */
    static final String TO = "+15551234567";

    /** The wish to be told when the far end has answered. */
    static final String ANSWERED = ", \"wait\": \"answered\"";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final BridgeProcess bridge;

    PlacedCalls(BridgeProcess bridge) {
        this.bridge = bridge;
    }

    /** An answer of the API. */
    record Answer(int status, JsonNode body) {
        String text(String field) {
            return body.path(field).asString("");
        }
    }

    /**
     * @param more further fields, each with its comma before it: {@code , "wait": "answered"}
     */
    Answer place(String trunk, String to, String more) {
        HttpResponse<String> response = bridge.send(request(trunk, to, more));
        return new Answer(response.statusCode(), JSON.readTree(response.body()));
    }

    /** The same, its answer later. */
    CompletableFuture<Answer> placing(String trunk, String to, String more) {
        return CompletableFuture.supplyAsync(() -> place(trunk, to, more));
    }

    /** Asks for a call by a connection that the test may close. */
    Socket asking(String trunk, String to, String more) throws IOException {
        String body = body(trunk, to, more);
        Socket client = new Socket(InetAddress.getLoopbackAddress(), bridge.httpPort());
        client.getOutputStream()
                .write(
                        ("POST /v1/calls HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                        + BridgeProcess.API_TOKEN
                                        + "\r\nContent-Type: application/json\r\nContent-Length: "
                                        + body.length()
                                        + "\r\n\r\n"
                                        + body)
                                .getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    private HttpRequest request(String trunk, String to, String more) {
        return bridge.request("/v1/calls")
                .timeout(Duration.ofSeconds(40))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body(trunk, to, more)))
                .build();
    }

    private static String body(String trunk, String to, String more) {
        return """
                {"to": "%s", "room": "%s"%s%s}
                """
                .formatted(
                        to,
                        BridgeProcess.ROOM_CODE,
                        trunk.isEmpty() ? "" : ", \"trunk\": \"" + trunk + "\"",
                        more);
    }

    JsonNode get(String id) {
        return bridge.get("/v1/calls/" + id);
    }

    /** Waits until the call has ended; its reason. */
    String awaitEnd(String id) {
        await("the end of " + id)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> get(id).path("end").isObject());
        return get(id).path("end").path("reason").asString("");
    }

    void awaitState(String id, String state) {
        await(id + " to be " + state)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> get(id).path("state").asString("").equals(state));
    }

    int hangUp(String id) {
        return bridge.send(bridge.request("/v1/calls/" + id).DELETE().build()).statusCode();
    }

    /** The call list knows the same ending as the answer told. */
    void assertListed(Answer answer, String reason, String culprit) {
        assertThat(answer.text("reason")).as(answer.body().toString()).isEqualTo(reason);
        assertThat(answer.text("culprit")).isEqualTo(culprit);
        assertThat(awaitEnd(answer.text("call"))).isEqualTo(reason);
        assertThat(get(answer.text("call")).path("end").path("culprit").asString(""))
                .isEqualTo(culprit);
    }
}
