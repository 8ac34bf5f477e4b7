package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.auth.TokenMint;
import dev.roomline.bridge.config.Arguments.TokenRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A client as 100ms' documentation shows it, with a management token. */
final class HundredMsClient {
    /** What an id of theirs looks like. */
    static final String HEX24 = "[0-9a-f]{24}";

    private final ApiServer api;

    HundredMsClient(ApiServer api) {
        this.api = api;
    }

    /** One of that type, whose subject is user {@code u7} as a host, minted at that moment. */
    String token(String type, String room, Instant at) {
        var minted =
                new TokenMint(api.store.apiKeys(), () -> at)
                        .mint(
                                new TokenRequest(
                                        Optional.of("boss"),
                                        type,
                                        room,
                                        "u7",
                                        "host",
                                        Duration.ofMinutes(10)));
        return ((TokenMint.Minted.Token) minted).jwt();
    }

    String management() {
        return token("management", "", ApiServer.NOON);
    }

    HttpResponse<String> post(String path, String body) {
        return api.send("POST", path, management(), body);
    }

    HttpResponse<String> get(String path) {
        return api.send("GET", path, management(), "", "");
    }

    HttpResponse<String> delete(String path) {
        return api.send("DELETE", path, management(), "", "");
    }

    static JsonNode good(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return ApiServer.json(answer);
    }

    static void refused(HttpResponse<String> answer, int status, String message) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = ApiServer.json(answer);
        assertThat(error.propertyNames()).containsExactly("code", "message", "details");
        assertThat(error.get("code").asInt()).isEqualTo(status);
        assertThat(error.get("message").asString()).isEqualTo(message);
        assertThat(error.get("details").isArray()).isTrue();
    }

    /** Makes a trunk; its id. */
    String trunk() {
        return good(post(
                        "/v2/sip/outbound/trunks",
                        "{\"username\":\"acme\",\"password\":\"s3cret-word\","
                                + "\"address\":\"sip:acme.pstn.example.com:5070;transport=tcp\","
                                + "\"from\":\"+15550100000\"}"))
                .get("id")
                .asString();
    }
}
