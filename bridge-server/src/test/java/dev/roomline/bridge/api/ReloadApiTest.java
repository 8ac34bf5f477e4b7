package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.ApiServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/server/reload}: what the file says now. */
final class ReloadApiTest {
    @AutoClose private final ApiServer api;

    ReloadApiTest(@TempDir Path folder) {
        api = new ApiServer(folder);
    }

    private void edit(String from, String to) throws IOException {
        Files.writeString(api.file, Files.readString(api.file).replace(from, to));
    }

    private void append(String yaml) throws IOException {
        Files.writeString(api.file, Files.readString(api.file) + yaml);
    }

    @Test
    void whatTheFileDeclaresIsInForceAndWhatNeedsARestartIsNamed() throws IOException {
        edit("scopes: [read]", "scopes: [rooms]");
        edit("name: declared", "name: renamed");
        edit("port: 0", "port: 0\n  metrics: all");
        append(
                """
                sip: { realm: other }
                roles: { host: [speak] }
                accounts: [ { username: desk, password: secret } ]
                trunks: [ { id: t, direction: inbound, allow: ["192.0.2.1"], require_headers: { X-Sid: a } } ]
                routes: [ { number: "+1555", trunk: t, room: from-file } ]
                webhooks: [ { url: "https://a.test/" } ]
                """);
        JsonNode told = json(api.post("/v1/server/reload", ""));
        assertThat(told.at("/changed/keys/changed").valueStream().map(JsonNode::asString))
                .containsExactly("reader");
        assertThat(told.at("/changed/rooms/added/0").asString()).isEqualTo("renamed");
        assertThat(told.at("/changed/rooms/removed/0").asString()).isEqualTo("declared");
        assertThat(told.at("/changed/accounts/added/0").asString()).isEqualTo("desk");
        assertThat(told.at("/changed/trunks/added/0").asString()).isEqualTo("t");
        assertThat(told.get("needs_restart").valueStream().map(JsonNode::asString))
                .containsExactly("http.metrics", "roles", "sip.realm");
        assertThat(api.trunksInForce).hasSize(1);
        assertThat(api.routesInForce).hasSize(1);
        assertThat(api.secrets.hides("X-Sid")).isTrue();
        assertThat(api.webhookChanges).hasValue(1);
        assertThat(api.send("GET", "/v1/trunks", ApiServer.READER, "").statusCode()).isEqualTo(403);
        assertThat(api.send("GET", "/v1/rooms", ApiServer.READER, "").statusCode()).isEqualTo(200);
        // comments and lines that moved are no change
        edit("network:", "# a comment\n\nnetwork:");
        JsonNode again = json(api.post("/v1/server/reload", ""));
        assertThat(again.at("/changed/trunks/changed")).isEmpty();
        edit("password: secret", "password: another");
        api.post("/v1/server/reload", "");
        assertThat(api.forgotten).containsExactly("desk");
    }

    @Test
    void aFileWithFaultsChangesNothingAndEachFaultIsNamedWithItsLine() throws IOException {
        edit("code: from-file", "code: moved");
        append("sip: { udp: many }\ntrunks: [ { id: t } ]\n");
        var refused = api.post("/v1/server/reload", "");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(ApiServer.pointers(refused))
                .containsExactlyInAnyOrder("sip.udp", "trunks[0].address");
        assertThat(refused.body()).contains("line ");
        assertThat(api.get("/v1/rooms/from-file").statusCode()).isEqualTo(200);
        assertThat(api.get("/v1/rooms/moved").statusCode()).isEqualTo(404);
    }
}
