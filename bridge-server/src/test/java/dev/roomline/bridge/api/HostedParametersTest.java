package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.api.HostedDocument.Operation;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Each query and path parameter that docs/openapi.yaml describes of the hosted dialects, wrong in
 * each way that its schema rules out: refused by the dialect's own 400 whose message begins with
 * it, or by its 404.
 */
final class HostedParametersTest {
    private static final List<String> NOWHERE =
            List.of("no-such-thing", "a%0d%0aVia:%20b", "%00", "%F0%9F%98%80", "x".repeat(1000));

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

    @Test
    void eachWrongParameterOfAQueryIsNamed() {
        HostedRefusals refusals = new HostedRefusals();
        for (Operation operation : HostedDocument.operations()) {
            for (JsonNode query : operation.queries()) {
                String name = query.get("name").asString();
                JsonNode schema = WrongValues.resolved(query.get("schema"));
                for (String value : WrongValues.ofQuery(schema)) {
                    String asked =
                            "?" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
                    HttpResponse<String> answer =
                            things.send(operation, things.path(operation) + asked, "");
                    refusals.expect(operation, asked, "", name, answer);
                }
                assertThat(
                                things.send(
                                                operation,
                                                things.path(operation) + "?" + name + "=",
                                                "")
                                        .statusCode())
                        .as("%s: nothing equals absent for %s", operation, name)
                        .isEqualTo(200);
            }
        }
        assertThat(refusals.astray()).isEmpty();
        assertThat(refusals.tried()).isGreaterThan(60);
    }

    @Test
    void whatAPathNamesAndIsNotThereIsNotFoundInTheDialectsShape() {
        List<String> astray = new ArrayList<>();
        for (Operation operation : HostedDocument.operations()) {
            String template = operation.template();
            String body =
                    operation.schema().isMissingNode()
                            ? ""
                            : things.good(
                                            operation,
                                            HostedDocument.examples(operation.schema()).getFirst())
                                    .toString();
            for (int at = template.indexOf('{'); at >= 0; at = template.indexOf('{', at + 1)) {
                String head = template.substring(0, at);
                String tail = template.substring(template.indexOf('}', at) + 1);
                for (String nowhere : NOWHERE) {
                    String asked =
                            things.path(
                                            new Operation(
                                                    "",
                                                    head,
                                                    operation.words(),
                                                    operation.schema(),
                                                    List.of()))
                                    + nowhere
                                    + tail.replace("{role}", "guest").replace("{peer}", "p");
                    HttpResponse<String> answer = things.send(operation, asked, body);
                    HostedRefusals.misshapen(operation, answer, 404)
                            .ifPresent(how -> astray.add(operation + " " + asked + " → " + how));
                }
            }
        }
        assertThat(String.join("\n", astray)).isEmpty();
    }
}
