package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.VideoSdkClient.good;
import static dev.roomline.bridge.api.VideoSdkClient.refused;
import static dev.roomline.bridge.api.VideoSdkClient.shaped;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code /v2/sip/webhooks}, and the key that verifies what they are sent. */
final class VideoSdkWebhooksTest {
    private static final String ALL = "/v2/sip/webhooks";
    private static final String WANTED =
            "{\"url\":\"https://example.com/webhook\",\"events\":[\"call-started\",\"call-answered\"]}";

    @AutoClose private final ApiServer api;
    private final VideoSdkClient client;

    VideoSdkWebhooksTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        client = new VideoSdkClient(api);
    }

    private JsonNode made() {
        HttpResponse<String> answer = client.post(ALL, WANTED);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return ApiServer.json(answer);
    }

    @Test
    void whatIsMadeIsShownChangedAndDeleted() {
        JsonNode made = made();
        assertThat(made.propertyNames())
                .containsExactly("id", "url", "events", "createdAt", "updatedAt");
        assertThat(made.get("events").toString()).isEqualTo("[\"call-started\",\"call-answered\"]");
        String one = ALL + "/" + made.get("id").asString();
        assertThat(good(client.get(one))).isEqualTo(made);
        JsonNode changed = good(client.send("PUT", one, "{\"events\":[\"call-hangup\"]}"));
        assertThat(changed.get("url")).isEqualTo(made.get("url"));
        assertThat(changed.get("events").toString()).isEqualTo("[\"call-hangup\"]");
        assertThat(good(client.send("DELETE", one, "")).toString())
                .isEqualTo("{\"message\":\"Webhook deleted successfully\"}");
        refused(client.get(one), 404, "Webhook not found.");
    }

    @Test
    void itIsAWebhookOfTheNativeApiTooAndThoseOfOtherFormatsAreNotShown() {
        String id = made().get("id").asString();
        assertThat(ApiServer.json(api.get("/v1/webhooks/" + id)).get("format").asString())
                .isEqualTo("videosdk");
        HttpResponse<String> other =
                api.post("/v1/webhooks", "{\"url\":\"https://example.com/standard\"}");
        JsonNode list = good(client.get(ALL));
        assertThat(list.at("/pageInfo/total").asInt()).isEqualTo(1);
        assertThat(list.get("data")).hasSize(1);
        assertThat(list.at("/data/0/id").asString()).isEqualTo(id);
        String standard = ApiServer.json(other).get("id").asString();
        refused(client.get(ALL + "/" + standard), 404, "Webhook not found.");
        refused(client.send("DELETE", ALL + "/" + standard, ""), 404, "Webhook not found.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | url is required",
                "{\"url\":\"https://a.test/\"} | events is required",
                "{\"url\":\"https://a.test/\",\"events\":[]} | events is required",
                "{\"url\":7,\"events\":[\"call-started\"]} | url must be text",
                "{\"url\":\"ftp://a.test/\",\"events\":[\"call-started\"]} | url must be an http",
                "{\"url\":\"https://a.test/\",\"events\":[\"call.ended\"]} | events must be types",
                "{\"url\":\"https://a.test/\",\"events\":\"all\"} | events must be a list"
            })
    void aFieldThatIsWrongIsNamed(String body, String message) {
        HttpResponse<String> answer = client.post(ALL, body);
        shaped(answer, 400);
        assertThat(ApiServer.json(answer).get("message").asString()).startsWith(message);
    }

    @Test
    void anybodyMayFetchTheKeyAndItStaysTheSame() {
        JsonNode first = good(client.as("", "GET", "/v2/public/rsa-public-key", ""));
        assertThat(first.get("publicKey").asString())
                .startsWith("-----BEGIN RSA PUBLIC KEY-----\n")
                .endsWith("\n-----END RSA PUBLIC KEY-----\n");
        assertThat(good(client.get("/v2/public/rsa-public-key"))).isEqualTo(first);
    }

    @Test
    void webhooksWantAToken() {
        shaped(client.as("", "GET", ALL, ""), 401);
    }
}
