package dev.roomline.bridge.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a schema of docs/openapi.yaml rules out. */
final class WrongValues {
    private static final String LONG = "x".repeat(20_000);

    private WrongValues() {}

    static JsonNode resolved(JsonNode node) {
        JsonNode reference = node.get("$ref");
        return reference != null && node.size() == 1
                ? Contract.DOCUMENT.at(reference.asString().substring(1))
                : node;
    }

    /** Its own, and those of what it refers to. */
    static Map<String, JsonNode> properties(JsonNode schema) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        JsonNode reference = schema.get("$ref");
        if (reference != null) {
            all.putAll(properties(Contract.DOCUMENT.at(reference.asString().substring(1))));
        }
        schema.path("properties")
                .properties()
                .forEach(p -> all.put(p.getKey(), resolved(p.getValue())));
        return all;
    }

    /** Values that the schema rules out, one for each way. */
    static List<Object> of(JsonNode schema) {
        if (schema.has("anyOf")) {
            // of something or null
            return of(resolved(schema.at("/anyOf/0")));
        }
        List<Object> values = new ArrayList<>();
        String type =
                schema.path("type").isArray()
                        ? schema.at("/type/0").asString()
                        : schema.path("type").asString(schema.has("enum") ? "string" : "");
        switch (type) {
            case "string" -> texts(schema, values);
            case "integer", "number" -> numbers(schema, type, values);
            case "boolean" ->
                    values.addAll(List.of("perhaps", 1, List.of(true), Map.of("a", true)));
            case "array" -> lists(schema, values);
            case "object" -> objects(schema, values);
            default -> values.add(LONG);
        }
        return values;
    }

    private static void texts(JsonNode schema, List<Object> values) {
        values.addAll(
                List.of(5, true, List.of("x"), Map.of("a", "b"), LONG, "a\r\nVia: b", "a\0b"));
        if (schema.has("maxLength")) {
            values.add("7".repeat(schema.get("maxLength").asInt() + 1));
        }
        if (schema.path("minLength").asInt(0) > 1) {
            values.add("7".repeat(schema.get("minLength").asInt() - 1));
        }
        if (schema.has("enum") || schema.has("pattern")) {
            values.add("no such thing, surely");
        }
    }

    private static void numbers(JsonNode schema, String type, List<Object> values) {
        values.addAll(List.of("many", true, List.of(1), Map.of("a", 1), 1e99));
        if (schema.has("minimum")) {
            values.add(schema.get("minimum").asInt() - 1);
        }
        if (schema.has("maximum")) {
            values.add(schema.get("maximum").asInt() + 1);
        }
        if (type.equals("integer")) {
            values.add(1.5);
        }
    }

    private static void lists(JsonNode schema, List<Object> values) {
        values.addAll(List.of(5, Map.of("a", "b"), List.of(List.of()), List.of("a\r\nb")));
        if (schema.has("maxItems")) {
            values.add(Collections.nCopies(schema.get("maxItems").asInt() + 1, "x"));
        }
        if (schema.path("minItems").asInt(0) > 0) {
            values.add(List.of());
        }
        if (schema.at("/items/type").asString("").equals("string")) {
            values.addAll(List.of(List.of(5), List.of(LONG), List.of(true)));
        }
    }

    /** An object without a word on its members is one of whatever its sender likes. */
    private static void objects(JsonNode schema, List<Object> values) {
        values.addAll(List.of(5, "text", List.of("x")));
        if (schema.at("/additionalProperties/type").asString("").equals("string")) {
            values.addAll(
                    List.of(
                            Map.of("X-A", 5),
                            Map.of("X-A", List.of()),
                            Map.of("X-A", "a\r\nVia: b"),
                            Map.of("X-A\r\nVia", "b"),
                            Map.of("X A", "b"),
                            Map.of("X-A", LONG)));
        }
    }

    /** In a query all is text. */
    static List<String> ofQuery(JsonNode schema) {
        List<String> values = new ArrayList<>();
        switch (schema.path("type").asString("")) {
            case "integer" -> {
                values.addAll(List.of("many", "1.5", "-1", "1e3", "99999999999", "+1", "0x1"));
                if (schema.has("minimum")) {
                    values.add(Integer.toString(schema.get("minimum").asInt() - 1));
                }
                if (schema.has("maximum")) {
                    values.add(Integer.toString(schema.get("maximum").asInt() + 1));
                }
            }
            case "boolean" -> values.addAll(List.of("perhaps", "1", "TRUE!"));
            default -> queryTexts(schema, values);
        }
        return values;
    }

    private static void queryTexts(JsonNode schema, List<String> values) {
        boolean time = schema.path("format").asString("").equals("date-time");
        if (schema.has("enum") || schema.has("pattern") || time) {
            values.addAll(List.of("no such thing", "a\r\nb", "\0"));
        }
        if (schema.has("maxLength")) {
            values.addAll(List.of("a\r\nVia: b", "a\0b", "a\u2028b"));
            values.add("7".repeat(schema.get("maxLength").asInt() + 1));
        }
        if (time) {
            values.addAll(
                    List.of(
                            "+999999999-12-31T23:59:59Z",
                            "-0001-01-01T00:00:00Z",
                            "2026-13-01T00:00:00Z",
                            "2026-11-21",
                            "1700000000"));
        }
    }
}
