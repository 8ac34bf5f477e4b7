package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.trace.Refusals;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** docs/openapi.yaml tells the truth: the same routes, and real answers fit their schemas. */
final class OpenApiTest {
    private static final JsonNode DOCUMENT = Contract.DOCUMENT;
    @TempDir Path folder;

    @Test
    void everyRouteIsDescribedAndNothingElseIs() {
        try (ApiServer api = new ApiServer(folder)) {
            Set<String> described = new TreeSet<>();
            for (String path : DOCUMENT.get("paths").propertyNames()) {
                for (String verb : DOCUMENT.get("paths").get(path).propertyNames()) {
                    if (!verb.equals("parameters")) {
                        described.add(verb.toUpperCase(Locale.ROOT) + " " + path);
                    }
                }
            }
            Set<String> served = new TreeSet<>();
            api.server.routes().forEach(r -> served.add(r.method() + " " + r.template()));
            assertThat(described).isEqualTo(served);
        }
    }

    private static JsonNode operation(Route route) {
        return DOCUMENT.get("paths")
                .get(route.template())
                .get(route.method().toLowerCase(Locale.ROOT));
    }

    /** Whoever is in a room asks for keys with a token of its own kind. */
    private static final String PRESSES_KEYS = "/v2/sip/dtmf";

    @Test
    void whatIsOpenToAnybodyIsDescribedSo() {
        try (ApiServer api = new ApiServer(folder)) {
            for (Route route : api.server.routes()) {
                JsonNode security = operation(route).get("security");
                boolean open =
                        security != null && (security.isEmpty() || security.get(0).isEmpty());
                assertThat(open)
                        .as(route.template())
                        .isEqualTo(route.scopes().isEmpty() && !route.path().equals(PRESSES_KEYS));
            }
        }
    }

    /** Which token, and whose error, as the clients of the route's product know them. */
    @Test
    void everyHostedRouteNamesItsTokenItsScopeAndItsError() {
        try (ApiServer api = new ApiServer(folder)) {
            for (Route route : api.server.routes()) {
                Optional<String> product = product(route.dialect());
                if (product.isEmpty()) {
                    continue;
                }
                String what = route.method() + " " + route.template();
                JsonNode operation = operation(route);
                String token = route.path().equals(PRESSES_KEYS) ? "app" : product.get();
                if (!operation.get("security").isEmpty()) {
                    assertThat(operation.get("security").findValues(token)).as(what).isNotEmpty();
                }
                route.scopes()
                        .forEach(
                                scope ->
                                        assertThat(operation.get("summary").asString())
                                                .as(what)
                                                .contains(
                                                        " Needs the scope "
                                                                + scope.name()
                                                                        .toLowerCase(Locale.ROOT)));
                String error = operation.at("/responses/default/$ref").asString();
                assertThat(List.of(product.get() + "_error", "shared_error"))
                        .as(what)
                        .contains(error.substring(error.lastIndexOf('/') + 1));
            }
        }
    }

    private static Optional<String> product(Dialect dialect) {
        return switch (dialect.credentials()) {
            case HUNDRED_MS -> Optional.of("hundredms");
            case VIDEOSDK -> Optional.of("videosdk");
            case OPAQUE -> Optional.of("indus");
            case ANY -> Optional.empty();
        };
    }

    private static void fits(HttpResponse<String> answer, int status, String schema) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        Contract.fits(answer.body(), Contract.reference(schema), answer.body());
    }

    @Test
    void realAnswersFitTheirSchemas() {
        try (ApiServer api = new ApiServer(folder)) {
            var room = api.post("/v1/rooms", "{\"name\":\"R\"}");
            fits(room, 201, "room");
            String id = ApiServer.json(room).get("id").asString();
            api.phone("part_1", id);
            api.calls.calls.put("call_1", ApiServer.call("call_1", "ringing"));
            api.store.calls().put(ApiServer.call("call_2", "answered"));
            api.store.calls().endCrashed(ApiServer.NOON);
            api.calls.traces.put("call_1", TracesApiTest.trace());
            fits(api.get("/v1/calls/call_1/trace"), 200, "trace");
            api.refusals.refusals.add(
                    new Refusals.Refusal(
                            "192.0.2.1",
                            "udp",
                            "INVITE",
                            "unauthenticated",
                            "No credentials.",
                            3,
                            ApiServer.NOON,
                            ApiServer.NOON));
            fits(api.get("/v1/rooms"), 200, "room_list");
            fits(api.get("/v1/rooms/" + id), 200, "room");
            fits(api.get("/v1/rooms/" + id + "/codes"), 200, "code_list");
            fits(api.post("/v1/rooms/" + id + "/codes", "{\"role\":\"host\"}"), 201, "code");
            fits(api.get("/v1/rooms/" + id + "/participants"), 200, "participant_list");
            fits(api.get("/v1/rooms/" + id + "/participants/part_1"), 200, "participant");
            fits(api.get("/v1/calls"), 200, "call_list");
            fits(api.get("/v1/calls/call_1"), 200, "call");
            fits(api.get("/v1/calls/call_2"), 200, "call");
            String order = "{\"to\":\"+15551234567\",\"room\":\"" + id + "\"}";
            fits(api.post("/v1/calls", order), 201, "call");
            api.calls.recorded = Fakes.now(Optional.of(CallEnd.of(EndReason.LIMIT)));
            fits(api.post("/v1/calls", order), 503, "problem");
            fits(api.get("/v1/refusals"), 200, "refusal_list");
            fits(api.get("/v1/server"), 200, "server");
            fits(api.get("/healthz"), 200, "status");
            fits(api.get("/readyz"), 200, "status");
            fits(api.post("/v1/rooms", "{\"x\":1}"), 422, "problem");
            fits(api.get("/v1/nothing"), 404, "problem");
        }
    }

    /** In a mapping on one line a comma ends a value that stands without quotes. */
    @Test
    void noSentenceIsCutAtAComma() {
        List<String> cut = new ArrayList<>();
        collectCut(DOCUMENT, cut);
        assertThat(cut).isEmpty();
    }

    private static void collectCut(JsonNode node, List<String> cut) {
        for (var member : node.properties()) {
            if (member.getKey().equals("examples")) {
                continue;
            }
            if (member.getValue().isNull()) {
                cut.add(member.getKey());
            }
            collectCut(member.getValue(), cut);
        }
        for (JsonNode item : node.values()) {
            if (node.isArray()) {
                collectCut(item, cut);
            }
        }
    }

    @Test
    void everyExampleFitsItsSchema() {
        int examples = 0;
        for (var schema : DOCUMENT.get("components").get("schemas").properties()) {
            for (JsonNode example : schema.getValue().path("examples")) {
                Contract.fits(
                        example.toString(), Contract.reference(schema.getKey()), schema.getKey());
                examples++;
            }
        }
        assertThat(examples).isGreaterThan(15);
    }

    @Test
    void theSchemasCanFail() {
        assertThat(
                        Contract.schema(Contract.reference("code"))
                                .validate(ApiServer.JSON.readTree("{\"code\":1,\"extra\":2}")))
                .hasSizeGreaterThanOrEqualTo(3);
        for (String kind : new String[] {"account", "trunk", "route", "webhook", "key"}) {
            assertThat(
                            Contract.schema(Contract.reference(kind))
                                    .validate(ApiServer.JSON.readTree("{\"extra\":2}"))
                                    .toString())
                    .contains("extra", "id");
        }
    }
}
