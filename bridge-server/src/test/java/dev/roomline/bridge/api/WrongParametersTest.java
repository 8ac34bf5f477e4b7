package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.ApiServer.pointers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.api.NativeDocument.Operation;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Each parameter that docs/openapi.yaml describes of a request of {@code /v1}, WHIP or WHEP: one of
 * the query, wrong in each way that its schema rules out, is refused by 422 that names it and no
 * other; one of the path that leads nowhere by 404 that says what is not there.
 */
final class WrongParametersTest {
    private static final List<String> NOWHERE =
            List.of(
                    "no-such-thing",
                    "a%0d%0aVia:%20b",
                    "%00",
                    "a%00b",
                    "%F0%9F%98%80",
                    "%E2%80%A8",
                    "' or 1=1 --".replace(" ", "%20"),
                    "x".repeat(256),
                    "x".repeat(3000));

    @AutoClose private final ApiServer api;
    private final NativeThings things;

    WrongParametersTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        things = new NativeThings(api);
    }

    private HttpResponse<String> send(Operation operation, String path) {
        if (operation.types().isEmpty()) {
            return api.send(operation.verb(), path, ApiServer.ADMIN, "", "");
        }
        String type = operation.types().getFirst();
        String body = type.endsWith("json") ? operation.example().toString() : "v=0\r\n";
        // a join's code is its credential
        String token = type.endsWith("json") ? ApiServer.ADMIN : "";
        return api.send(operation.verb(), path, token, type, body);
    }

    private HttpResponse<String> ask(Operation operation, String name, String value) {
        String query = name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        return send(operation, things.path(operation.template()) + "?" + query);
    }

    @Test
    void eachWrongParameterOfAQueryIsNamedAndNoOtherIs() {
        List<String> astray = new ArrayList<>();
        int tried = 0;
        for (Operation operation : NativeDocument.operations()) {
            for (JsonNode parameter : operation.queries()) {
                String name = parameter.get("name").asString();
                List<String> wrong =
                        WrongValues.ofQuery(WrongValues.resolved(parameter.get("schema")));
                assertThat(wrong).as("%s: %s is limited by nothing", operation, name).isNotEmpty();
                for (String value : wrong) {
                    HttpResponse<String> answer = ask(operation, name, value);
                    tried++;
                    if (answer.statusCode() != 422
                            || !pointers(answer).equals(List.of("?" + name))) {
                        astray.add(operation + " " + name + "=" + value + " → " + answer.body());
                    }
                }
            }
        }
        System.out.printf("%d wrong parameters of queries%n", tried);
        assertThat(String.join("\n", astray)).isEmpty();
        assertThat(tried).isGreaterThan(150);
    }

    @Test
    void aParameterThatNobodyKnowsIsNamed() {
        int tried = 0;
        for (Operation operation : NativeDocument.operations()) {
            if (!operation.queries().isEmpty()) {
                assertThat(pointers(ask(operation, "colour", "red")))
                        .as(operation.toString())
                        .containsExactly("?colour");
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(8);
    }

    @Test
    void aParameterOfNothingIsAsIfItWereNotThere() {
        for (Operation operation : NativeDocument.operations()) {
            for (JsonNode parameter : operation.queries()) {
                if (operation.verb().equals("GET") && !operation.template().equals("/v1/events")) {
                    assertThat(ask(operation, parameter.get("name").asString(), "").statusCode())
                            .as("%s %s", operation, parameter)
                            .isEqualTo(200);
                }
            }
        }
    }

    @Test
    void whatAPathNamesAndIsNotThereIsSaidToBeMissing() {
        List<String> astray = new ArrayList<>();
        int tried = 0;
        for (Operation operation : NativeDocument.operations()) {
            String template = operation.template();
            for (int at = template.indexOf('{'); at >= 0; at = template.indexOf('{', at + 1)) {
                int end = template.indexOf('}', at);
                String noun = noun(template, at, template.substring(at + 1, end));
                for (String nowhere : NOWHERE) {
                    String path =
                            things.path(template.substring(0, at))
                                    + nowhere
                                    + things.path(template.substring(end + 1));
                    things.live();
                    HttpResponse<String> answer = send(operation, path);
                    tried++;
                    String detail = ApiServer.json(answer).path("detail").asString("");
                    // who has no secret is not told by what it misses which rooms there are
                    boolean named =
                            detail.contains(noun)
                                    || (template.endsWith("{secret}")
                                            && detail.matches(".*(participant|session).*"));
                    if (answer.statusCode() != 404 || !named) {
                        astray.add(
                                operation
                                        + " "
                                        + path
                                        + " → "
                                        + answer.statusCode()
                                        + " "
                                        + detail);
                    }
                }
            }
        }
        System.out.printf("%d paths that lead nowhere%n", tried);
        assertThat(String.join("\n", astray)).isEmpty();
        assertThat(tried).isGreaterThan(300);
    }

    /** What a parameter of a path names. */
    private static String noun(String template, int at, String parameter) {
        return switch (parameter) {
            case "id" -> {
                String before = template.substring(0, at - 1);
                String kind = before.substring(before.lastIndexOf('/') + 1);
                yield kind.substring(0, kind.length() - 1);
            }
            case "secret" -> "participant";
            default -> parameter;
        };
    }
}
