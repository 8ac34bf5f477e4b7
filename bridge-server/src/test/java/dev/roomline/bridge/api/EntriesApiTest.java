package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.ApiServer.ADMIN;
import static dev.roomline.bridge.api.ApiServer.faults;
import static dev.roomline.bridge.api.ApiServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.event.EventType;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Accounts, keys, trunks, routes and webhooks over HTTP: what holds for each kind of them. */
final class EntriesApiTest {
    @AutoClose private ApiServer api;
    private final Path folder;

    EntriesApiTest(@TempDir Path folder) {
        this.folder = folder;
        api = new ApiServer(folder);
    }

    private record Row(String path, String create, String patch, String changed) {}

    private static final List<Row> KINDS =
            List.of(
                    new Row(
                            "/v1/accounts",
                            "{\"username\":\"desk\"}",
                            "{\"rooms\":[\"abc-def\"]}",
                            "/rooms/0"),
                    new Row(
                            "/v1/keys",
                            "{\"name\":\"app\",\"scopes\":[\"read\"]}",
                            "{\"name\":\"abc-def\"}",
                            "/name"),
                    new Row(
                            "/v1/trunks",
                            "{\"name\":\"T\",\"address\":\"sip.test\"}",
                            "{\"from_domain\":\"abc-def\"}",
                            "/from_domain"),
                    new Row(
                            "/v1/routes",
                            "{\"number\":\"+1555\",\"room\":\"new\"}",
                            "{\"room\":\"abc-def\"}",
                            "/room"),
                    new Row(
                            "/v1/webhooks",
                            "{\"url\":\"https://a.test/\"}",
                            "{\"events\":[\"call.*\"]}",
                            "/events/0"));

    @Test
    void eachKindIsMadeFoundListedChangedAndDeleted() {
        for (Row kind : KINDS) {
            HttpResponse<String> created = api.post(kind.path(), kind.create());
            assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
            String one = kind.path() + "/" + json(created).get("id").asString();
            assertThat(created.headers().firstValue("location")).contains(one);
            assertThat(json(api.get(one)).get("source").asString()).isEqualTo("api");
            HttpResponse<String> changed = api.patch(one, kind.patch());
            String value = json(changed).at(kind.changed()).asString();
            assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
            assertThat(value).as(kind.path()).isIn("abc-def", "call.*");
            assertThat(json(api.get(one))).isEqualTo(json(changed));
            assertThat(json(api.get(kind.path())).get("items")).contains(json(changed));
            assertThat(api.send("DELETE", one, ADMIN, "").statusCode()).isEqualTo(204);
            for (String verb : List.of("GET", "PATCH", "DELETE")) {
                String body = verb.equals("PATCH") ? "{}" : "";
                assertThat(api.send(verb, one, ADMIN, body).statusCode())
                        .as(verb + " " + one)
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void listsAreReadPageByPage() {
        for (int i = 0; i < 5; i++) {
            api.made("/v1/trunks", "{\"id\":\"trunk-%d\",\"address\":\"sip.test\"}".formatted(i));
        }
        JsonNode first = json(api.get("/v1/trunks?limit=2"));
        JsonNode second =
                json(api.get("/v1/trunks?limit=2&cursor=" + first.get("next").asString()));
        JsonNode last = json(api.get("/v1/trunks?limit=2&cursor=" + second.get("next").asString()));
        assertThat(List.of(first, second, last))
                .flatExtracting(page -> page.get("items").findValuesAsString("id"))
                .containsExactly("trunk-4", "trunk-3", "trunk-2", "trunk-1", "trunk-0");
        assertThat(last.get("next").isNull()).isTrue();
        assertThat(faults(api.get("/v1/trunks?limit=0&cursor=x")))
                .containsExactly("?limit", "?cursor");
    }

    @Test
    void secretsAreShownOnceAtCreation() {
        JsonNode account = json(api.post("/v1/accounts", "{\"username\":\"desk\"}"));
        assertThat(account.get("password").asString()).hasSizeGreaterThanOrEqualTo(16);
        JsonNode key = json(api.post("/v1/keys", "{\"scopes\":[\"admin\"]}"));
        JsonNode hook = json(api.post("/v1/webhooks", "{\"url\":\"https://a.test/\"}"));
        assertThat(hook.get("secret").asString()).startsWith("whsec_");
        api.made(
                "/v1/trunks",
                "{\"id\":\"t\",\"address\":\"a.test\",\"username\":\"u\",\"password\":\"pass-w\","
                        + "\"allow\":[\"192.0.2.1\"],\"require_headers\":{\"X-Sid\":\"the-sid\"}}");
        List<String> secrets =
                List.of(
                        account.get("password").asString(),
                        key.get("secret").asString(),
                        key.get("token").asString(),
                        hook.get("secret").asString(),
                        "pass-w",
                        "the-sid");
        for (String path : List.of("accounts", "keys", "webhooks", "trunks", "routes")) {
            assertThat(api.get("/v1/" + path).body()).doesNotContain(secrets);
        }
        assertThat(api.get("/v1/trunks/t").body()).doesNotContain(secrets).contains("X-Sid");
    }

    @Test
    void onlyAdminsEnterAndReadersRead() {
        for (Row kind : KINDS) {
            for (String token : List.of(ApiServer.READER, ApiServer.CALLER)) {
                assertThat(api.send("POST", kind.path(), token, kind.create()).statusCode())
                        .isEqualTo(403);
            }
            assertThat(api.send("GET", kind.path(), ApiServer.READER, "").statusCode())
                    .isEqualTo(200);
            assertThat(api.send("GET", kind.path(), ApiServer.CALLER, "").statusCode())
                    .isEqualTo(403);
            assertThat(api.send("GET", kind.path(), "", "").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void everyFaultIsNamedByTheRulesOfTheFile() {
        assertThat(
                        faults(
                                api.post(
                                        "/v1/trunks",
                                        """
                                        {"id": "a b", "direction": "up", "allow": ["10.0.0.0/99"],
                                         "number_format": "national", "max_calls": "7", "colour": 1,
                                         "answer_headers": {"Via": "x"}, "register": "yes",
                                         "from_domain": "a\\r\\nb", "address": "sip.test"}
                                        """)))
                .containsExactlyInAnyOrder(
                        "/id",
                        "/direction",
                        "/allow",
                        "/country",
                        "/max_calls",
                        "/colour",
                        "/answer_headers",
                        "/register",
                        "/from_domain");
        assertThat(faults(api.post("/v1/accounts", "{\"username\":\"a:b\",\"rooms\":\"all\"}")))
                .containsExactlyInAnyOrder("/username", "/rooms");
        assertThat(faults(api.post("/v1/accounts", "{\"username\":\"\"}")))
                .containsExactly("/username");
        assertThat(faults(api.post("/v1/keys", "{\"secret\":\"short\",\"scopes\":[\"king\"]}")))
                .containsExactlyInAnyOrder("/secret", "/scopes");
        assertThat(faults(api.post("/v1/keys", "{}"))).containsExactly("/scopes");
        assertThat(faults(api.post("/v1/routes", "{\"number\":\"x\",\"room\":\"new\"}")))
                .containsExactly("/number");
        assertThat(
                        faults(
                                api.post(
                                        "/v1/routes",
                                        "{\"number\":\"+1\",\"room\":\"new\",\"ask\":\"code\"}")))
                .containsExactly("/room");
        assertThat(
                        faults(
                                api.post(
                                        "/v1/webhooks",
                                        "{\"url\":\"ftp://a.test\",\"format\":\"x\","
                                                + "\"allow_private\":1,\"events\":[\"call.over\"]}")))
                .containsExactlyInAnyOrder("/url", "/format", "/allow_private", "/events");
    }

    @Test
    void webhooksMayAskForEveryTypeOfEventAndItsFamily() {
        for (EventType type : EventType.values()) {
            String family = type.label().replaceFirst("\\..*", ".*");
            api.made(
                    "/v1/webhooks",
                    "{\"url\":\"https://a.test/\",\"events\":[\"%s\",\"%s\"]}"
                            .formatted(type.label(), family));
        }
        assertThat(faults(api.post("/v1/webhooks", "{\"url\":\"https://u:p@a.test/\"}")))
                .containsExactly("/url");
    }

    @Test
    void whatCannotBeChangedIsRefusedByName() {
        String account = api.made("/v1/accounts", "{\"username\":\"desk\"}");
        assertThat(faults(api.patch("/v1/accounts/" + account, "{\"username\":\"other\"}")))
                .containsExactly("/username");
        String trunk = api.made("/v1/trunks", "{\"name\":\"T\",\"address\":\"a.test\"}");
        assertThat(trunk).isEqualTo("t");
        assertThat(faults(api.patch("/v1/trunks/t", "{\"id\":\"u\"}"))).containsExactly("/id");
        String key = api.made("/v1/keys", "{\"scopes\":[\"read\"]}");
        assertThat(faults(api.patch("/v1/keys/" + key, "{\"token\":\"another-token-0123\"}")))
                .containsExactly("/token");
    }

    @Test
    void namesAreTakenOnce() {
        api.made("/v1/accounts", "{\"username\":\"desk\"}");
        assertThat(api.post("/v1/accounts", "{\"username\":\"desk\"}").statusCode()).isEqualTo(409);
        api.made("/v1/trunks", "{\"id\":\"t\",\"address\":\"a.test\"}");
        assertThat(api.post("/v1/trunks", "{\"id\":\"t\",\"address\":\"b.test\"}").statusCode())
                .isEqualTo(409);
        api.made("/v1/routes", "{\"number\":\"+1 (555) 01\",\"room\":\"new\"}");
        assertThat(api.post("/v1/routes", "{\"number\":\"+155501\",\"room\":\"new\"}").statusCode())
                .isEqualTo(409);
        api.made("/v1/routes", "{\"number\":\"+155501\",\"trunk\":\"t\",\"room\":\"new\"}");
        String token = "{\"scopes\":[\"read\"],\"token\":\"same-token-0123456789\"}";
        api.made("/v1/keys", token);
        assertThat(api.post("/v1/keys", token).statusCode()).isEqualTo(409);
        // two trunks may bear one name, as long as nobody gave them an id
        api.made("/v1/trunks", "{\"name\":\"Same\",\"address\":\"a.test\"}");
        api.made("/v1/trunks", "{\"name\":\"Same\",\"address\":\"a.test\"}");
    }

    @Test
    void whatTheFileDeclaresIsMarkedAndRefusedForEdit() {
        String boss = "";
        for (JsonNode key : json(api.get("/v1/keys")).get("items")) {
            assertThat(key.get("source").asString()).isEqualTo("file");
            boss = key.get("id").asString();
        }
        HttpResponse<String> refused = api.patch("/v1/keys/" + boss, "{\"name\":\"mine\"}");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(json(refused).get("detail").asString())
                .isEqualTo("The configuration file declares this key; change it there.");
        assertThat(api.send("DELETE", "/v1/keys/" + boss, ADMIN, "").statusCode()).isEqualTo(409);
    }

    @Test
    void aRepeatedCreateIsAnsweredFromTheStoreAfterARestart() {
        String body = "{\"username\":\"desk\"}";
        String[] key = {"Idempotency-Key", "k1"};
        var first = api.send("POST", "/v1/accounts", ADMIN, "application/json", body, key);
        api.close();
        api = new ApiServer(folder);
        var again = api.send("POST", "/v1/accounts", ADMIN, "application/json", body, key);
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("location"))
                .isEqualTo(first.headers().firstValue("location"));
        var other =
                api.send(
                        "POST",
                        "/v1/accounts",
                        ADMIN,
                        "application/json",
                        "{\"username\":\"other\"}",
                        key);
        assertThat(other.statusCode()).isEqualTo(422);
    }

    @Test
    void aStoreThatIsAwayIsToldAsSuchAndWhenToComeBack() {
        api.store.close();
        var refused = api.get("/v1/accounts");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).contains("5");
        assertThat(json(refused).get("detail").asString()).isEqualTo("The store does not answer.");
    }
}
