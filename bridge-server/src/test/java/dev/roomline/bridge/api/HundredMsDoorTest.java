package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.HundredMsClient.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom 100ms' API lets in, and how it says that something is not there. */
final class HundredMsDoorTest {
    @AutoClose private final ApiServer api;
    private final HundredMsClient client;

    HundredMsDoorTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        client = new HundredMsClient(api);
    }

    @Test
    void onlyAManagementTokenOfTheDialectIsTaken() {
        Instant noon = ApiServer.NOON;
        List<String> foreign =
                List.of(
                        "",
                        ApiServer.ADMIN,
                        "no.token.atall",
                        "eyJhbGciOiJub25lIn0.eyJhY2Nlc3Nfa2V5IjoiYm9zcyIsInR5cGUiOiJtYW5hZ2VtZW50In0.",
                        client.token("app", "from-file", noon),
                        client.token("management", "", noon.minusSeconds(10 * 60 + 61)),
                        client.token("management", "", noon.plusSeconds(61)),
                        client.management().substring(0, client.management().length() - 4)
                                + "AAAA");
        for (String token : foreign) {
            HttpResponse<String> answer = api.send("GET", "/v2/rooms", token, "", "");
            assertThat(answer.statusCode()).as(token).isEqualTo(401);
            assertThat(ApiServer.json(answer).propertyNames())
                    .containsExactly("code", "message", "details");
        }
        HttpResponse<String> others =
                api.send("GET", "/v2/active-rooms/x", client.token("videosdk", "", noon), "", "");
        assertThat(others.statusCode()).isEqualTo(401);
        assertThat(ApiServer.json(others).has("details")).isTrue();
        for (int skew : new int[] {-10 * 60 - 59, 59}) {
            String token = client.token("management", "", noon.plusSeconds(skew));
            assertThat(api.send("GET", "/v2/rooms", token, "", "").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatIsNotServedThereIsToldInTheDialectsWords() {
        refused(client.get("/v2/nothing"), 404, "Nothing is served at this path.");
        refused(client.delete("/v2/rooms"), 405, "This method is not served here.");
        refused(
                client.post("/v2/rooms", "{\"name\":\"" + "x".repeat(70_000) + "\"}"),
                413,
                "The body may have at most 65536 octets.");
    }
}
