package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** VideoSDK's API as its documentation shows it: the token bare in the header, paths below /v2. */
final class VideoSdkApi {
    /** What a token says of an application's own server. */
    static final Map<String, Object> MODERATOR =
            Map.of("permissions", List.of("allow_join", "allow_mod"));

    private static final String KEY = "test-key";
    private static final String SECRET = "test-secret-0123456789abcdef0123456789abcdef";

    private final BridgeProcess bridge;

    VideoSdkApi(BridgeProcess bridge) {
        this.bridge = bridge;
    }

    record Answer(int status, JsonNode body) {
        JsonNode good() {
            assertThat(status).as(body.toString()).isEqualTo(200);
            return body;
        }

        String text(String pointer) {
            return body.at(pointer).asString("");
        }
    }

    static String token(Map<String, Object> claims) {
        Map<String, Object> all = new LinkedHashMap<>(claims);
        all.put("apikey", KEY);
        return SignedToken.of(all, SECRET);
    }

    static String moderator() {
        return token(MODERATOR);
    }

    /**
     * @param authorization the header's value; empty: none is sent
     */
    Answer send(String method, String path, String authorization, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(bridge.url("/v2" + path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        HttpResponse<String> answer = bridge.send(request.build());
        return new Answer(answer.statusCode(), JsonMapper.shared().readTree(answer.body()));
    }

    Answer send(String method, String path, String body) {
        return send(method, path, moderator(), body);
    }

    Answer post(String path, String body) {
        return send("POST", path, body);
    }

    Answer get(String path) {
        return send("GET", path, "");
    }

    CompletableFuture<Answer> posting(String path, String body) {
        return CompletableFuture.supplyAsync(() -> post(path, body));
    }
}
