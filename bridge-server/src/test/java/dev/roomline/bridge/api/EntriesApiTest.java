package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.ApiServer.ADMIN;
import static dev.roomline.bridge.api.ApiServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.entry.RegisteredPhone;
import dev.roomline.bridge.entry.TrunkStates;
import dev.roomline.bridge.event.EventType;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Accounts, keys, trunks, routes and webhooks over HTTP. */
final class EntriesApiTest {
    @TempDir Path folder;
    private ApiServer api;

    @BeforeEach
    void start() {
        api = new ApiServer(folder);
    }

    @AfterEach
    void stop() {
        api.close();
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

    private HttpResponse<String> patch(String path, String body) {
        return api.send("PATCH", path, ADMIN, body);
    }

    private String made(String path, String body) {
        HttpResponse<String> answer = api.post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer).get("id").asString();
    }

    private List<String> pointers(HttpResponse<String> refused) {
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        return json(refused)
                .get("errors")
                .valueStream()
                .map(e -> e.get("pointer").asString())
                .toList();
    }

    @Test
    void eachKindIsMadeFoundListedChangedAndDeleted() {
        for (Row kind : KINDS) {
            HttpResponse<String> created = api.post(kind.path(), kind.create());
            assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
            String one = kind.path() + "/" + json(created).get("id").asString();
            assertThat(created.headers().firstValue("location")).contains(one);
            assertThat(json(api.get(one)).get("source").asString()).isEqualTo("api");
            HttpResponse<String> changed = patch(one, kind.patch());
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
            made("/v1/trunks", "{\"id\":\"trunk-%d\",\"address\":\"sip.test\"}".formatted(i));
        }
        JsonNode first = json(api.get("/v1/trunks?limit=2"));
        JsonNode second =
                json(api.get("/v1/trunks?limit=2&cursor=" + first.get("next").asString()));
        JsonNode last = json(api.get("/v1/trunks?limit=2&cursor=" + second.get("next").asString()));
        assertThat(List.of(first, second, last))
                .flatExtracting(page -> page.get("items").findValuesAsString("id"))
                .containsExactly("trunk-4", "trunk-3", "trunk-2", "trunk-1", "trunk-0");
        assertThat(last.get("next").isNull()).isTrue();
        assertThat(pointers(api.get("/v1/trunks?limit=0&cursor=x")))
                .containsExactly("?limit", "?cursor");
    }

    @Test
    void secretsAreShownOnceAtCreation() {
        JsonNode account = json(api.post("/v1/accounts", "{\"username\":\"desk\"}"));
        assertThat(account.get("password").asString()).hasSizeGreaterThanOrEqualTo(16);
        JsonNode key = json(api.post("/v1/keys", "{\"scopes\":[\"admin\"]}"));
        JsonNode hook = json(api.post("/v1/webhooks", "{\"url\":\"https://a.test/\"}"));
        assertThat(hook.get("secret").asString()).startsWith("whsec_");
        made(
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
    void aKeyOpensAtOnceWhatItsScopesSayAndNothingOnceItIsDeleted() {
        JsonNode key = json(api.post("/v1/keys", "{\"scopes\":[\"calls\"]}"));
        String token = key.get("token").asString();
        assertThat(api.send("GET", "/v1/calls", token, "").statusCode()).isEqualTo(200);
        assertThat(api.send("GET", "/v1/keys", token, "").statusCode()).isEqualTo(403);
        String path = "/v1/keys/" + key.get("id").asString();
        assertThat(patch(path, "{\"scopes\":[\"rooms\"]}").statusCode()).isEqualTo(200);
        assertThat(api.send("GET", "/v1/calls", token, "").statusCode()).isEqualTo(403);
        assertThat(api.send("DELETE", path, ADMIN, "").statusCode()).isEqualTo(204);
        assertThat(api.send("GET", "/v1/rooms", token, "").statusCode()).isEqualTo(401);
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
                        pointers(
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
        assertThat(pointers(api.post("/v1/accounts", "{\"username\":\"a:b\",\"rooms\":\"all\"}")))
                .containsExactlyInAnyOrder("/username", "/rooms");
        assertThat(pointers(api.post("/v1/accounts", "{\"username\":\"\"}")))
                .containsExactly("/username");
        assertThat(pointers(api.post("/v1/keys", "{\"secret\":\"short\",\"scopes\":[\"king\"]}")))
                .containsExactlyInAnyOrder("/secret", "/scopes");
        assertThat(pointers(api.post("/v1/keys", "{}"))).containsExactly("/scopes");
        assertThat(pointers(api.post("/v1/routes", "{\"number\":\"x\",\"room\":\"new\"}")))
                .containsExactly("/number");
        assertThat(
                        pointers(
                                api.post(
                                        "/v1/routes",
                                        "{\"number\":\"+1\",\"room\":\"new\",\"ask\":\"code\"}")))
                .containsExactly("/room");
        assertThat(
                        pointers(
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
            made(
                    "/v1/webhooks",
                    "{\"url\":\"https://a.test/\",\"events\":[\"%s\",\"%s\"]}"
                            .formatted(type.label(), family));
        }
        assertThat(pointers(api.post("/v1/webhooks", "{\"url\":\"https://u:p@a.test/\"}")))
                .containsExactly("/url");
    }

    @Test
    void whatCannotBeChangedIsRefusedByName() {
        String account = made("/v1/accounts", "{\"username\":\"desk\"}");
        assertThat(pointers(patch("/v1/accounts/" + account, "{\"username\":\"other\"}")))
                .containsExactly("/username");
        String trunk = made("/v1/trunks", "{\"name\":\"T\",\"address\":\"a.test\"}");
        assertThat(trunk).isEqualTo("t");
        assertThat(pointers(patch("/v1/trunks/t", "{\"id\":\"u\"}"))).containsExactly("/id");
        String key = made("/v1/keys", "{\"scopes\":[\"read\"]}");
        assertThat(pointers(patch("/v1/keys/" + key, "{\"token\":\"another-token-0123\"}")))
                .containsExactly("/token");
    }

    @Test
    void namesAreTakenOnce() {
        made("/v1/accounts", "{\"username\":\"desk\"}");
        assertThat(api.post("/v1/accounts", "{\"username\":\"desk\"}").statusCode()).isEqualTo(409);
        made("/v1/trunks", "{\"id\":\"t\",\"address\":\"a.test\"}");
        assertThat(api.post("/v1/trunks", "{\"id\":\"t\",\"address\":\"b.test\"}").statusCode())
                .isEqualTo(409);
        made("/v1/routes", "{\"number\":\"+1 (555) 01\",\"room\":\"new\"}");
        assertThat(api.post("/v1/routes", "{\"number\":\"+155501\",\"room\":\"new\"}").statusCode())
                .isEqualTo(409);
        made("/v1/routes", "{\"number\":\"+155501\",\"trunk\":\"t\",\"room\":\"new\"}");
        String token = "{\"scopes\":[\"read\"],\"token\":\"same-token-0123456789\"}";
        made("/v1/keys", token);
        assertThat(api.post("/v1/keys", token).statusCode()).isEqualTo(409);
        // two trunks may bear one name, as long as nobody gave them an id
        made("/v1/trunks", "{\"name\":\"Same\",\"address\":\"a.test\"}");
        made("/v1/trunks", "{\"name\":\"Same\",\"address\":\"a.test\"}");
    }

    @Test
    void whatTheFileDeclaresIsMarkedAndRefusedForEdit() {
        String boss = "";
        for (JsonNode key : json(api.get("/v1/keys")).get("items")) {
            assertThat(key.get("source").asString()).isEqualTo("file");
            boss = key.get("id").asString();
        }
        HttpResponse<String> refused = patch("/v1/keys/" + boss, "{\"name\":\"mine\"}");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(json(refused).get("detail").asString())
                .isEqualTo("The configuration file declares this key; change it there.");
        assertThat(api.send("DELETE", "/v1/keys/" + boss, ADMIN, "").statusCode()).isEqualTo(409);
    }

    @Test
    void aTrunkIsInForceAtOnceAndItsRequiredHeadersAreHiddenFromTracesAtOnce() {
        made(
                "/v1/trunks",
                "{\"id\":\"t\",\"address\":\"a.test\",\"allow\":[\"192.0.2.1\"],"
                        + "\"require_headers\":{\"X-Sid\":\"one\",\"X-Other\":\"two\"}}");
        assertThat(api.trunksInForce).hasSize(1);
        assertThat(api.secrets.hides("x-sid")).isTrue();
        JsonNode shown = json(api.get("/v1/trunks/t"));
        assertThat(shown.at("/require_headers/X-Sid").asString()).isEqualTo("…");
        // sent back as it was shown, a secret stays what it is
        patch("/v1/trunks/t", "{\"require_headers\":{\"X-Sid\":\"…\",\"X-New\":\"three\"}}");
        assertThat(api.trunksInForce.getFirst().requireHeaders())
                .isEqualTo(Map.of("X-Sid", "one", "X-New", "three"));
        api.trunkStates.put("t", new TrunkStates.State("down", false, 3, "No answer."));
        JsonNode now = json(api.get("/v1/trunks/t"));
        assertThat(now.get("state").asString()).isEqualTo("down");
        assertThat(now.get("active_calls").asInt()).isEqualTo(3);
        assertThat(now.get("last_error").asString()).isEqualTo("No answer.");
    }

    @Test
    void anAccountSaysWhichPhonesAreRegisteredForIt() {
        String path = "/v1/accounts/" + made("/v1/accounts", "{\"username\":\"desk\"}");
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
    void nullBringsADefaultBackAndEmptyTextChangesNothing() {
        made("/v1/trunks", "{\"id\":\"t\",\"address\":\"a.test\",\"from_domain\":\"b.test\"}");
        patch("/v1/trunks/t", "{\"from_domain\":\"\"}");
        assertThat(json(api.get("/v1/trunks/t")).get("from_domain").asString()).isEqualTo("b.test");
        patch("/v1/trunks/t", "{\"from_domain\":null}");
        assertThat(json(api.get("/v1/trunks/t")).get("from_domain").asString()).isEmpty();
    }

    @Test
    void aTrunkThatARouteNeedsStaysAndARouteNeedsItsTrunk() {
        assertThat(
                        pointers(
                                api.post(
                                        "/v1/routes",
                                        "{\"number\":\"+1\",\"trunk\":\"t\",\"room\":\"new\"}")))
                .containsExactly("/trunk");
        made("/v1/trunks", "{\"id\":\"t\",\"address\":\"a.test\"}");
        String route = made("/v1/routes", "{\"number\":\"+1\",\"trunk\":\"t\",\"room\":\"new\"}");
        assertThat(api.routesInForce).hasSize(1);
        HttpResponse<String> used = api.send("DELETE", "/v1/trunks/t", ADMIN, "");
        assertThat(used.statusCode()).isEqualTo(409);
        assertThat(json(used).get("detail").asString()).contains("the route of +1");
        // another way takes the place of the one that was
        patch("/v1/routes/" + route, "{\"ask\":\"code\"}");
        assertThat(json(api.get("/v1/routes/" + route)).has("room")).isFalse();
        api.send("DELETE", "/v1/routes/" + route, ADMIN, "");
        assertThat(api.routesInForce).isEmpty();
        assertThat(api.send("DELETE", "/v1/trunks/t", ADMIN, "").statusCode()).isEqualTo(204);
        assertThat(api.trunksInForce).isEmpty();
    }

    @Test
    void phonesOfAnAccountAreForgottenWhenItsPasswordChangesOrItGoes() {
        String path = "/v1/accounts/" + made("/v1/accounts", "{\"username\":\"desk\"}");
        String before = api.store.accounts().byUsername("desk").orElseThrow().ha1Md5();
        patch(path, "{\"rooms\":[\"x\"]}");
        assertThat(api.forgotten).isEmpty();
        assertThat(api.store.accounts().byUsername("desk").orElseThrow().ha1Md5())
                .isEqualTo(before);
        patch(path, "{\"password\":\"another\"}");
        assertThat(api.forgotten).containsExactly("desk");
        assertThat(api.store.accounts().byUsername("desk").orElseThrow().ha1Md5())
                .isNotEqualTo(before);
        api.send("DELETE", path, ADMIN, "");
        assertThat(api.forgotten).containsExactly("desk", "desk");
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
    void aTrunkIsTestedByACallThatIsHungUpAndLeavesNoRoom() {
        made("/v1/trunks", "{\"id\":\"t\",\"address\":\"a.test\"}");
        made("/v1/trunks", "{\"id\":\"in\",\"direction\":\"inbound\"}");
        String to = "{\"to\":\"+15550100099\"}";
        assertThat(api.post("/v1/trunks/in/test", to).statusCode()).isEqualTo(409);
        assertThat(api.post("/v1/trunks/none/test", to).statusCode()).isEqualTo(404);
        assertThat(pointers(api.post("/v1/trunks/t/test", "{\"to\":\"a b\"}")))
                .containsExactly("/to");
        assertThat(api.calls.orders).isEmpty();
        api.calls.answered = Fakes.now(java.util.Optional.empty());
        JsonNode told = json(api.post("/v1/trunks/t/test", to));
        assertThat(told.get("answered").asBoolean()).isTrue();
        assertThat(told.get("end").isNull()).isTrue();
        assertThat(api.calls.orders.getFirst().trunk()).isEqualTo("t");
        assertThat(api.calls.calls).as("hung up").doesNotContainKey(told.get("call").asString());
        String room = Objects.requireNonNull(api.calls.orders.getFirst().room()).id();
        assertThat(api.get("/v1/rooms/" + room).statusCode()).isEqualTo(404);
        CallEnd busy = CallEnd.of(EndReason.BUSY);
        api.calls.answered = Fakes.now(java.util.Optional.of(busy));
        JsonNode refused = json(api.post("/v1/trunks/t/test", to));
        assertThat(refused.get("answered").asBoolean()).isFalse();
        assertThat(refused.at("/end/reason").asString()).isEqualTo("busy");
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
