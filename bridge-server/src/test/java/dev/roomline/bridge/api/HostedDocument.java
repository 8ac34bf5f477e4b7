package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What docs/openapi.yaml says of the requests of the hosted dialects. */
final class HostedDocument {
    private HostedDocument() {}

    enum Words {
        HUNDREDMS("hundredms_error"),
        APP("hundredms_error"),
        VIDEOSDK("videosdk_error"),
        INDUS("indus_error");

        final String error;

        Words(String error) {
            this.error = error;
        }

        static Optional<Words> of(String scheme) {
            return Arrays.stream(values())
                    .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(scheme))
                    .findFirst();
        }
    }

    /**
     * @param schema of its body; missing: it takes none
     */
    record Operation(
            String verb, String template, Words words, JsonNode schema, List<JsonNode> queries) {
        @Override
        public String toString() {
            return words + " " + verb + " " + template;
        }
    }

    static List<Operation> operations() {
        List<Operation> found = new ArrayList<>();
        JsonNode paths = Contract.DOCUMENT.get("paths");
        for (String path : paths.propertyNames()) {
            if (!path.matches("/(v2|sip|call)/.*")) {
                continue;
            }
            for (String verb : List.of("get", "post", "put", "patch", "delete")) {
                JsonNode operation = paths.get(path).path(verb);
                for (JsonNode security : operation.path("security")) {
                    for (String scheme : security.propertyNames()) {
                        Words.of(scheme)
                                .ifPresent(
                                        words ->
                                                found.add(operation(path, verb, words, operation)));
                    }
                }
            }
        }
        return found;
    }

    static Operation operation(String path, String verb, Words words, JsonNode operation) {
        JsonNode schema = operation.at("/requestBody/content/application~1json/schema");
        for (JsonNode one : schema.path("anyOf")) {
            if (one.path("$ref").asString("").contains(words.name().toLowerCase(Locale.ROOT))) {
                schema = one;
            }
        }
        List<JsonNode> queries = new ArrayList<>();
        for (JsonNode parameter : operation.path("parameters")) {
            String others = words == Words.VIDEOSDK ? "100ms" : "VideoSDK";
            if (parameter.path("in").asString("").equals("query")
                    && !parameter.path("description").asString("").startsWith(others)) {
                queries.add(parameter);
            }
        }
        return new Operation(verb.toUpperCase(Locale.ROOT), path, words, schema, queries);
    }

    static List<Operation> withBodies() {
        return operations().stream().filter(it -> !it.schema().isMissingNode()).toList();
    }

    /** One for each kind of body that it takes. */
    static List<ObjectNode> examples(JsonNode schema) {
        JsonNode own = schema.path("examples");
        JsonNode all =
                own.isMissingNode() && schema.has("$ref")
                        ? Contract.DOCUMENT
                                .at(schema.get("$ref").asString().substring(1))
                                .path("examples")
                        : own;
        assertThat(all.isEmpty()).as("no example of a body: %s", schema).isFalse();
        return all.valueStream().map(it -> (ObjectNode) it.deepCopy()).toList();
    }

    static List<String> required(JsonNode schema) {
        List<String> names = new ArrayList<>();
        schema.path("required").forEach(name -> names.add(name.asString()));
        if (schema.has("$ref")) {
            names.addAll(
                    required(Contract.DOCUMENT.at(schema.get("$ref").asString().substring(1))));
        }
        return names;
    }

    /** The kind of a nested object that this one is: the one whose fields it has. */
    static JsonNode kind(JsonNode schema, JsonNode value) {
        for (JsonNode one : schema.path("oneOf")) {
            JsonNode kind = WrongValues.resolved(one);
            if (required(kind).stream().allMatch(value::has)) {
                return kind;
            }
        }
        return schema;
    }
}
