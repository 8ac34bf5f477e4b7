package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator asks of a server, and reads of its calls and refusals. */
final class Operator {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final BridgeProcess bridge;

    Operator(BridgeProcess bridge) {
        this.bridge = bridge;
    }

    /** The call whose trace holds that Call-ID. */
    JsonNode awaitCall(String callId) {
        return await("call " + callId)
                .atMost(LIMIT)
                .until(
                        () ->
                                bridge.get("/v1/calls?limit=5")
                                        .get("items")
                                        .valueStream()
                                        .filter(each -> sipCallId(each).equals(callId))
                                        .toList(),
                        found -> found.size() == 1)
                .getFirst();
    }

    JsonNode awaitEnded(String callId) {
        return await().atMost(LIMIT)
                .until(() -> awaitCall(callId), call -> !call.get("end").isNull());
    }

    private String sipCallId(JsonNode call) {
        return trace(call.get("id").asString()).at("/call/sip_call_id").asString();
    }

    JsonNode trace(String id) {
        return bridge.get("/v1/calls/" + id + "/trace");
    }

    /**
     * @param method empty: any
     */
    JsonNode awaitRefusal(String method, String reason) {
        return await("a refusal " + reason)
                .atMost(LIMIT)
                .until(
                        () ->
                                bridge.get("/v1/refusals")
                                        .get("items")
                                        .valueStream()
                                        .filter(
                                                each ->
                                                        each.get("reason")
                                                                .asString()
                                                                .equals(reason))
                                        .filter(
                                                each ->
                                                        method.isEmpty()
                                                                || each.get("method")
                                                                        .asString()
                                                                        .equals(method))
                                        .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }

    JsonNode post(String path, String body) {
        HttpResponse<String> answer =
                bridge.send(
                        bridge.request(path)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body))
                                .build());
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201, 204);
        return answer.body().isEmpty()
                ? JsonMapper.shared().createObjectNode()
                : JsonMapper.shared().readTree(answer.body());
    }

    double refusals(String reason) {
        return counted("roomline_sip_refusals_total\\{reason=\"" + reason + "\"\\}");
    }

    double ended(String reason, String culprit) {
        return counted(
                "roomline_calls_ended_total\\{culprit=\""
                        + culprit
                        + "\",direction=\"inbound\",reason=\""
                        + reason
                        + "\"\\}");
    }

    private double counted(String series) {
        String text = bridge.send(bridge.request("/metrics").GET().build()).body();
        Matcher line = Pattern.compile("(?m)^" + series + " (\\S+)$").matcher(text);
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }
}
