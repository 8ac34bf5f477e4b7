package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpResponse;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What docs/openapi.yaml promises of an answer. Every answer that a test of this module or of the
 * whole server gets is held against it: path, status, content type, and the schema of the body.
 */
public final class Contract {
    static final JsonNode DOCUMENT = YAMLMapper.builder().build().readTree(OpenApi.text());
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern PAGES =
            Pattern.compile("/|/(join|assets)/.*|/docs|/roomline\\.(js|d\\.ts)|/v1/session");
    private static final Map<JsonNode, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private Contract() {}

    /**
     * Fails where the answer is not one that the document describes.
     *
     * @param path as it was asked for, with its query
     */
    public static void check(String method, String path, HttpResponse<String> answer) {
        String what = method + " " + path + " → " + answer.statusCode() + " " + answer.body();
        if (method.equals("OPTIONS")) {
            // a browser's preflight (Fetch §4.8) is about a path and not of it
            assertThat(answer.body()).as(what).isEmpty();
            return;
        }
        Optional<JsonNode> operation = operation(method, path);
        if (operation.isEmpty()) {
            nothingIsServed(path, answer, what);
            return;
        }
        JsonNode responses = operation.get().get("responses");
        JsonNode response = responses.path(Integer.toString(answer.statusCode()));
        if (response.isMissingNode()) {
            assertThat(answer.statusCode())
                    .as("docs/openapi.yaml does not describe this status: %s", what)
                    .isGreaterThanOrEqualTo(400);
            response = responses.path("default");
            assertThat(response.isMissingNode())
                    .as("docs/openapi.yaml describes no refusal here: %s", what)
                    .isFalse();
        }
        body(resolved(response), answer, what);
    }

    /**
     * Pages are not of this API. Elsewhere a refusal has the shape that its path's clients know.
     */
    private static void nothingIsServed(String path, HttpResponse<String> answer, String what) {
        if (PAGES.matcher(path).matches()) {
            return;
        }
        assertThat(answer.statusCode())
                .as("docs/openapi.yaml does not describe this path: %s", what)
                .isGreaterThanOrEqualTo(400);
        if (!answer.body().isEmpty()) {
            body(DOCUMENT.at("/components/responses/" + refusal(path)), answer, what);
        }
    }

    private static String refusal(String path) {
        if (path.startsWith("/v2/")) {
            return "shared_error";
        }
        return path.startsWith("/sip/") || path.startsWith("/call/") ? "indus_error" : "problem";
    }

    private static void body(JsonNode response, HttpResponse<String> answer, String what) {
        JsonNode content = response.path("content");
        String type = answer.headers().firstValue("content-type").orElse("").split(";")[0];
        if (answer.request().method().equals("HEAD")) {
            return;
        }
        if (content.isEmpty()) {
            assertThat(answer.body())
                    .as("docs/openapi.yaml describes no body here: %s", what)
                    .isEmpty();
            return;
        }
        assertThat(content.has(type))
                .as("docs/openapi.yaml does not describe the content type %s: %s", type, what)
                .isTrue();
        if (type.endsWith("json")) {
            fits(answer.body(), (ObjectNode) content.get(type).get("schema"), what);
        }
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? DOCUMENT.at(node.get("$ref").asString().substring(1)) : node;
    }

    static ObjectNode reference(String schema) {
        return JSON.createObjectNode().put("$ref", "#/components/schemas/" + schema);
    }

    /** Fails where the JSON does not fit the schema. */
    static void fits(String json, ObjectNode schema, String what) {
        assertThat(schema(schema).validate(JSON.readTree(json))).as(what).isEmpty();
    }

    static Schema schema(ObjectNode schema) {
        return SCHEMAS.computeIfAbsent(
                schema,
                key -> {
                    ObjectNode root = ((ObjectNode) key).deepCopy();
                    root.set("components", DOCUMENT.get("components"));
                    return REGISTRY.getSchema(root);
                });
    }

    /** Of a path as it was asked for; the path with the fewest parameters fits best. */
    private static Optional<JsonNode> operation(String method, String path) {
        String asked = path.replaceFirst("\\?.*$", "");
        String verb = method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT);
        return DOCUMENT.get("paths").properties().stream()
                .filter(e -> asked.matches(e.getKey().replaceAll("\\{[a-z]+}", "[^/]+")))
                .min(Comparator.comparingInt(e -> e.getKey().split("\\{", -1).length))
                .map(e -> e.getValue().get(verb));
    }
}
