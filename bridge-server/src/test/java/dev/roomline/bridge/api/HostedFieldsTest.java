package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.api.HostedDocument.Operation;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Each field that docs/openapi.yaml describes of the hosted dialects, wrong in each way that its
 * schema rules out: refused by the dialect's own 400, whose message begins with the field.
 */
final class HostedFieldsTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static HostedThings things;

    /** One for all: what is refused changes nothing. */
    @BeforeAll
    static void open() {
        things = new HostedThings(folder);
    }

    @AfterAll
    static void close() {
        things.close();
    }

    private static String shown(Object value) {
        String json = JSON.writeValueAsString(value);
        return json.substring(0, Math.min(40, json.length()));
    }

    @Test
    void eachFieldWrongInEachWayIsNamedInTheDialectsOwnError() {
        HostedRefusals refusals = new HostedRefusals();
        for (Operation operation : HostedDocument.withBodies()) {
            for (ObjectNode example : HostedDocument.examples(operation.schema())) {
                ObjectNode good = things.good(operation, example);
                wrong(operation, good, good, "", operation.schema(), refusals);
            }
        }
        System.out.printf(
                "%d wrong fields of %d requests%n",
                refusals.tried(), HostedDocument.withBodies().size());
        assertThat(refusals.astray()).isEmpty();
        assertThat(refusals.tried()).isGreaterThan(1000);
    }

    /**
     * @param at the object of {@code whole} whose fields are made wrong, one after the other
     */
    private void wrong(
            Operation operation,
            ObjectNode whole,
            ObjectNode at,
            String outer,
            JsonNode schema,
            HostedRefusals refusals) {
        for (Map.Entry<String, JsonNode> field : WrongValues.properties(schema).entrySet()) {
            String name = field.getKey();
            JsonNode was = at.get(name);
            for (Object value : WrongValues.of(field.getValue())) {
                at.set(name, JSON.valueToTree(value));
                String what = outer + "." + name + "=" + shown(value);
                HttpResponse<String> answer =
                        things.send(operation, things.path(operation), whole.toString());
                refusals.expect(operation, what, outer, name, answer);
            }
            JsonNode inner = field.getValue();
            if (inner.has("properties") || inner.has("oneOf")) {
                ObjectNode object =
                        was == null ? JSON.createObjectNode() : (ObjectNode) was.deepCopy();
                at.set(name, object);
                String path = outer.isEmpty() ? name : outer + "." + name;
                wrong(operation, whole, object, path, HostedDocument.kind(inner, object), refusals);
            }
            if (was == null) {
                at.remove(name);
            } else {
                at.set(name, was);
            }
        }
    }

    @Test
    void whatIsMissingIsNamed() {
        HostedRefusals refusals = new HostedRefusals();
        for (Operation operation : HostedDocument.withBodies()) {
            for (ObjectNode example : HostedDocument.examples(operation.schema())) {
                ObjectNode good = things.good(operation, example);
                missing(operation, good, good, "", operation.schema(), refusals);
            }
        }
        assertThat(refusals.astray()).isEmpty();
        assertThat(refusals.tried()).isGreaterThan(100);
    }

    private void missing(
            Operation operation,
            ObjectNode whole,
            ObjectNode at,
            String outer,
            JsonNode schema,
            HostedRefusals refusals) {
        for (String name : HostedDocument.required(schema)) {
            JsonNode was = at.get(name);
            assertThat(was).as("%s: %s of the example", operation, name).isNotNull();
            for (String nothing : List.of("absent", "null", "\"\"")) {
                if (nothing.equals("absent")) {
                    at.remove(name);
                } else {
                    at.set(name, JSON.readTree(nothing));
                }
                HttpResponse<String> answer =
                        things.send(operation, things.path(operation), whole.toString());
                refusals.expect(operation, name + " " + nothing, outer, name, answer);
            }
            at.set(name, was);
        }
        for (Map.Entry<String, JsonNode> field : WrongValues.properties(schema).entrySet()) {
            if (at.path(field.getKey()) instanceof ObjectNode object) {
                String path = outer.isEmpty() ? field.getKey() : outer + "." + field.getKey();
                missing(
                        operation,
                        whole,
                        object,
                        path,
                        HostedDocument.kind(field.getValue(), object),
                        refusals);
            }
        }
    }

    @Test
    void whatIsNoJsonObjectIsRefusedInTheDialectsShape() {
        List<String> bodies =
                List.of(
                        "{",
                        "[]",
                        "null",
                        "\"text\"",
                        "{} {}",
                        "{\"a\":1,\"a\":2}",
                        "{\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
                        "{\"a\":" + "9".repeat(5_000) + "}");
        for (Operation operation : HostedDocument.withBodies()) {
            for (String body : bodies) {
                HttpResponse<String> answer = things.send(operation, things.path(operation), body);
                assertThat(HostedRefusals.misshapen(operation, answer, 400))
                        .as("%s %.40s", operation, body)
                        .isEmpty();
            }
            HttpResponse<String> other =
                    things.api.send(
                            operation.verb(),
                            things.path(operation),
                            things.token(operation.words()),
                            "text/plain",
                            "{}");
            assertThat(HostedRefusals.misshapen(operation, other, 415))
                    .as(operation.toString())
                    .isEmpty();
            HttpResponse<String> big =
                    things.send(
                            operation,
                            things.path(operation),
                            "{\"a\":\"" + "x".repeat(70_000) + "\"}");
            assertThat(HostedRefusals.misshapen(operation, big, 413))
                    .as(operation.toString())
                    .isEmpty();
        }
    }
}
