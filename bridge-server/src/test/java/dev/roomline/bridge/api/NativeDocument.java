package dev.roomline.bridge.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What docs/openapi.yaml says of the requests of {@code /v1}, of WHIP and of WHEP. */
final class NativeDocument {
    private NativeDocument() {}

    /**
     * @param schema of its JSON body; missing: it takes none
     * @param queries its parameters of the query
     * @param types of body that it takes
     */
    record Operation(
            String verb,
            String template,
            JsonNode schema,
            List<JsonNode> queries,
            List<String> types) {

        ObjectNode example() {
            return (ObjectNode) schema.at("/examples/0");
        }

        @Override
        public String toString() {
            return verb + " " + template;
        }
    }

    static List<Operation> operations() {
        List<Operation> found = new ArrayList<>();
        JsonNode paths = Contract.DOCUMENT.get("paths");
        for (String path : paths.propertyNames()) {
            if (!path.matches("/(v1|whip|whep)/.*")) {
                continue;
            }
            for (String verb : paths.get(path).propertyNames()) {
                if (!verb.equals("parameters") && !verb.equals("options")) {
                    found.add(operation(path, verb, paths.get(path)));
                }
            }
        }
        return found;
    }

    private static Operation operation(String path, String verb, JsonNode item) {
        JsonNode bodies = item.get(verb).at("/requestBody/content");
        List<JsonNode> queries = new ArrayList<>();
        for (JsonNode of : List.of(item, item.get(verb))) {
            for (JsonNode one : of.path("parameters")) {
                JsonNode parameter = WrongValues.resolved(one);
                if (parameter.path("in").asString("").equals("query")) {
                    queries.add(parameter);
                }
            }
        }
        return new Operation(
                verb.toUpperCase(Locale.ROOT),
                path,
                WrongValues.resolved(bodies.at("/application~1json/schema")),
                queries,
                List.copyOf(bodies.propertyNames()));
    }
}
