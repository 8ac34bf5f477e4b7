package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.ApiServer.pointers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.api.NativeDocument.Operation;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Each field that docs/openapi.yaml describes of a {@code /v1} request, wrong in each way that its
 * schema rules out: refused by 422 that names this field, once, and no other.
 */
final class WrongFieldsTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @AutoClose private final ApiServer api;
    private final NativeThings things;

    WrongFieldsTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        things = new NativeThings(api);
    }

    private static List<Operation> operations() {
        return NativeDocument.operations().stream().filter(it -> it.schema().isObject()).toList();
    }

    private String path(String template) {
        return things.path(template);
    }

    private HttpResponse<String> send(Operation operation, String body) {
        return api.send(operation.verb(), path(operation.template()), ApiServer.ADMIN, body);
    }

    @Test
    void eachFieldWrongInEachWayIsNamedOnceAndNoOtherIs() {
        List<String> astray = new ArrayList<>();
        int tried = 0;
        for (Operation operation : operations()) {
            ObjectNode good = operation.example();
            for (Map.Entry<String, JsonNode> field :
                    WrongValues.properties(operation.schema()).entrySet()) {
                for (Object value : WrongValues.of(field.getValue())) {
                    ObjectNode body = good.deepCopy();
                    body.set(field.getKey(), JSON.valueToTree(value));
                    HttpResponse<String> answer = send(operation, body.toString());
                    tried++;
                    Set<String> named = new TreeSet<>(pointers(answer));
                    String mine = "/" + field.getKey();
                    boolean right =
                            answer.statusCode() == 422
                                    && !named.isEmpty()
                                    && named.size() == pointers(answer).size()
                                    && named.stream()
                                            .allMatch(
                                                    p ->
                                                            p.equals(mine)
                                                                    || p.startsWith(mine + "/"));
                    if (!right) {
                        String shown = JSON.writeValueAsString(value);
                        astray.add(
                                operation
                                        + " "
                                        + field.getKey()
                                        + "="
                                        + shown.substring(0, Math.min(40, shown.length()))
                                        + " → "
                                        + answer.statusCode()
                                        + " "
                                        + answer.body());
                    }
                }
            }
        }
        System.out.printf("%d wrong fields of %d requests%n", tried, operations().size());
        assertThat(String.join("\n", astray)).isEmpty();
        assertThat(tried).isGreaterThan(400);
    }

    @Test
    void whatIsNotThereOrNobodyKnowsIsNamed() {
        for (Operation operation : operations()) {
            ObjectNode good = operation.example();
            ObjectNode unknown = good.deepCopy().put("colour/~", 1);
            assertThat(pointers(send(operation, unknown.toString())))
                    .as(operation.toString())
                    .containsExactly("/colour~1~0");
            for (JsonNode needed : operation.schema().path("required")) {
                for (Object nothing : Arrays.asList(null, "")) {
                    ObjectNode body = good.deepCopy();
                    body.set(needed.asString(), JSON.valueToTree(nothing));
                    HttpResponse<String> answer = send(operation, body.toString());
                    assertThat(answer.statusCode())
                            .as("%s without %s: %s", operation, needed, answer.body())
                            .isEqualTo(422);
                    assertThat(pointers(answer)).containsExactly("/" + needed.asString());
                }
            }
        }
    }

    @Test
    void whatIsNoJsonObjectIsRefusedWhole() {
        Map<String, Integer> bodies =
                Map.of(
                        "{",
                        400,
                        "[]",
                        400,
                        "null",
                        400,
                        "\"text\"",
                        400,
                        "{} {}",
                        400,
                        "{\"a\":1,\"a\":2}",
                        400,
                        "{\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
                        400,
                        "{\"a\":" + "9".repeat(5_000) + "}",
                        400);
        for (Operation operation : operations()) {
            bodies.forEach(
                    (body, status) ->
                            assertThat(send(operation, body).statusCode())
                                    .as("%s %.40s", operation, body)
                                    .isEqualTo(status));
            assertThat(
                            api.send(
                                            operation.verb(),
                                            path(operation.template()),
                                            ApiServer.ADMIN,
                                            "text/plain",
                                            "{}")
                                    .statusCode())
                    .as(operation.toString())
                    .isEqualTo(415);
        }
    }
}
