package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.ApiServer.ADMIN;
import static dev.roomline.bridge.api.ApiServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.entry.RegisteredPhone;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What accounts and keys that are entered over HTTP let in, and until when. */
final class AccountsAndKeysApiTest {
    @AutoClose private final ApiServer api;

    AccountsAndKeysApiTest(@TempDir Path folder) {
        api = new ApiServer(folder);
    }

    @Test
    void aKeyOpensAtOnceWhatItsScopesSayAndNothingOnceItIsDeleted() {
        JsonNode key = json(api.post("/v1/keys", "{\"scopes\":[\"calls\"]}"));
        String token = key.get("token").asString();
        assertThat(api.send("GET", "/v1/calls", token, "").statusCode()).isEqualTo(200);
        assertThat(api.send("GET", "/v1/keys", token, "").statusCode()).isEqualTo(403);
        String path = "/v1/keys/" + key.get("id").asString();
        assertThat(api.patch(path, "{\"scopes\":[\"rooms\"]}").statusCode()).isEqualTo(200);
        assertThat(api.send("GET", "/v1/calls", token, "").statusCode()).isEqualTo(403);
        assertThat(api.send("DELETE", path, ADMIN, "").statusCode()).isEqualTo(204);
        assertThat(api.send("GET", "/v1/rooms", token, "").statusCode()).isEqualTo(401);
    }

    @Test
    void anAccountSaysWhichPhonesAreRegisteredForIt() {
        String path = "/v1/accounts/" + api.made("/v1/accounts", "{\"username\":\"desk\"}");
        assertThat(json(api.get(path)).get("registered").asBoolean()).isFalse();
        api.phones.put(
                "desk",
                List.of(
                        new RegisteredPhone(
                                "sip:desk@192.0.2.7",
                                "udp",
                                "198.51.100.9:5060",
                                "Desk 7",
                                Instant.parse("2026-01-01T00:05:00Z"))));
        assertThat(json(api.get(path)).get("registered").asBoolean()).isTrue();
        JsonNode listed = json(api.get("/v1/accounts")).at("/items/0");
        assertThat(listed.get("registered").asBoolean()).isTrue();
        assertThat(listed.at("/phones/0/source").asString()).isEqualTo("198.51.100.9:5060");
        assertThat(listed.at("/phones/0/expires_at").asString()).isEqualTo("2026-01-01T00:05:00Z");
    }

    @Test
    void phonesOfAnAccountAreForgottenWhenItsPasswordChangesOrItGoes() {
        String path = "/v1/accounts/" + api.made("/v1/accounts", "{\"username\":\"desk\"}");
        String before = api.store.accounts().byUsername("desk").orElseThrow().ha1Md5();
        api.patch(path, "{\"rooms\":[\"x\"]}");
        assertThat(api.forgotten).isEmpty();
        assertThat(api.store.accounts().byUsername("desk").orElseThrow().ha1Md5())
                .isEqualTo(before);
        api.patch(path, "{\"password\":\"another\"}");
        assertThat(api.forgotten).containsExactly("desk");
        assertThat(api.store.accounts().byUsername("desk").orElseThrow().ha1Md5())
                .isNotEqualTo(before);
        api.send("DELETE", path, ADMIN, "");
        assertThat(api.forgotten).containsExactly("desk", "desk");
    }
}
