package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;

/** A client as Indus Net's documentation shows it. */
final class IndusClient {
    /** What makes a trunk of theirs, as Twilio has them. */
    static final String TWILIO =
            """
            {"trunk_name": "main", "trunk_type": "twilio", "trunk_config": {"address": "acme.pstn.twilio.com",
             "numbers": ["+15550100000"], "username": "acme", "password": "s3cret-word"}, "passthrough_mode": true,
             "passthrough_webhook_url": "https://app.example.com/ends", "colour": "red"}
            """;

    private final ApiServer api;

    IndusClient(ApiServer api) {
        this.api = api;
    }

    static JsonNode good(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode body = ApiServer.json(answer);
        assertThat(body.propertyNames()).containsExactly("success", "message", "data");
        assertThat(body.get("success").asBoolean()).isTrue();
        return body;
    }

    static void refused(HttpResponse<String> answer, int status, String message) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode body = ApiServer.json(answer);
        assertThat(body.propertyNames()).containsExactly("success", "message", "data");
        assertThat(body.get("success").asBoolean()).isFalse();
        assertThat(body.get("message").asString()).isEqualTo(message);
        assertThat(body.get("data").isObject()).isTrue();
    }

    /** Makes a trunk; its id. */
    String trunk(String body) {
        JsonNode made = good(api.post("/sip/create-outbound-trunk", body), 200);
        assertThat(made.get("message").asString())
                .isEqualTo("Outbound trunk created successfully, Store the trunk id securely.");
        String id = made.at("/data/trunk_id").asString();
        assertThat(id).matches("ST_[A-Za-z0-9]{12}");
        return id;
    }

    /** Orders a call to that number over that trunk. */
    HttpResponse<String> order(String trunk, String to) {
        return api.send(
                "POST",
                "/call/outbound_passthrough",
                ApiServer.ADMIN,
                "{\"trunk_id\":\"%s\",\"to_number\":\"%s\",\"metadata\":{\"ticket\":[4711]}}"
                        .formatted(trunk, to));
    }
}
