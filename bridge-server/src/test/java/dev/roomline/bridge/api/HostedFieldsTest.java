package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.api.HostedDocument.Operation;
import dev.roomline.bridge.api.HostedDocument.Words;
import dev.roomline.bridge.auth.TokenMint;
import dev.roomline.bridge.config.Arguments.TokenRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Each field, query and path parameter that docs/openapi.yaml describes of the hosted dialects,
 * wrong in each way that its schema rules out: refused by the dialect's own 400, whose message
 * begins with the field.
 */
final class HostedFieldsTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What 100ms itself says of these two fields. */
    private static final Map<String, String> DOCUMENTED =
            Map.of("headers", "invalid header", "digits", "invalid digit");

    private static final List<String> NOWHERE =
            List.of("no-such-thing", "a%0d%0aVia:%20b", "%00", "%F0%9F%98%80", "x".repeat(1000));

    @TempDir Path folder;
    private ApiServer api;
    private String room = "";

    /** Of path parameters, by the path up to them, and of fields, by their names. */
    private final Map<String, String> there = new LinkedHashMap<>();

    private final Map<Words, String> tokens = new EnumMap<>(Words.class);

    @BeforeEach
    void open() {
        api = new ApiServer(fresh());
        room = made("/v1/rooms", "{\"codes\":[{\"code\":\"made-here\",\"role\":\"guest\"}]}", "id");
        String trunk =
                made(
                        "/v1/trunks",
                        "{\"id\":\"t\",\"address\":\"sip.example.com\",\"numbers\":[\"+15550100000\"]}",
                        "id");
        there.put("/v2/sip/outbound/trunks/", trunk);
        there.put("/v2/sip-trunk/", trunk);
        there.put("/v2/sip/outbound-gateways/", trunk);
        there.put("/sip/deactivate/", trunk);
        there.put(
                "/v2/sip/inbound-gateways/",
                madeAs(
                        "/v2/sip/inbound-gateways",
                        "{\"name\":\"into\",\"numbers\":[\"+15550100001\"],\"auth\":{\"username\":\"acme-in\",\"password\":\"zanzibar\"}}",
                        "id"));
        String rule =
                madeAs(
                        "/v2/sip/routing-rule",
                        "{\"name\":\"r\",\"type\":\"inbound\",\"phoneNumbers\":[\"+15550100009\"],\"room\":{\"type\":\"dynamic\"}}",
                        "id");
        there.put("/v2/sip/routing-rule/", rule);
        there.put("/v2/sip/routing-rules/", rule);
        there.put(
                "/v2/sip/webhooks/",
                madeAs(
                        "/v2/sip/webhooks",
                        "{\"url\":\"https://app.test/\",\"events\":[\"call-started\"]}",
                        "id"));
        for (String code : List.of("room_code", "code")) {
            there.put(code, "made-here");
        }
        for (String id : List.of("roomId", "meetingId", "destinationRoomId")) {
            there.put(id, room);
        }
        for (String id : List.of("trunk_id", "trunkId", "gatewayId")) {
            there.put(id, trunk);
        }
        api.store.calls().put(ApiServer.call("call_1", "ended"));
        there.put("callId", "call_1");
        there.put("participantId", "p");
    }

    private Path fresh() {
        try {
            return Files.createTempDirectory(folder, "run");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String made(String path, String body, String field) {
        HttpResponse<String> answer = api.post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body()).get(field).asString();
    }

    private String madeAs(String path, String body, String field) {
        HttpResponse<String> answer = api.send("POST", path, token(Words.VIDEOSDK), body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return JSON.readTree(answer.body()).get(field).asString();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private String token(Words words) {
        return tokens.computeIfAbsent(
                words,
                _ ->
                        switch (words) {
                            case HUNDREDMS -> minted("management", "");
                            case APP -> minted("app", room);
                            case VIDEOSDK -> VideoSdkClient.token();
                            case INDUS -> ApiServer.ADMIN;
                        });
    }

    private String minted(String type, String inRoom) {
        var minted =
                new TokenMint(api.store.apiKeys(), () -> ApiServer.NOON)
                        .mint(
                                new TokenRequest(
                                        Optional.of("boss"),
                                        type,
                                        inRoom,
                                        "u7",
                                        "host",
                                        Duration.ofMinutes(10)));
        return ((TokenMint.Minted.Token) minted).jwt();
    }

    // ---- what is sent

    private ObjectNode good(Operation operation, ObjectNode example) {
        for (String name : example.propertyNames()) {
            if (there.containsKey(name)) {
                example.put(name, there.get(name));
            }
        }
        if (example.path("room").path("type").asString("").equals("static")) {
            ((ObjectNode) example.get("room")).put("id", room);
        }
        if (operation.template().equals("/v2/sip/inbound-gateways/{id}")) {
            // whose it is stays as it was
            ((ObjectNode) example.get("auth")).put("username", "acme-in");
        }
        return example;
    }

    private String path(Operation operation) {
        String path = operation.template();
        for (Map.Entry<String, String> one : there.entrySet()) {
            path =
                    path.replaceFirst(
                            "^" + one.getKey() + "\\{[a-z]+}", one.getKey() + one.getValue());
        }
        return path.replace("{room}", room)
                .replace("{session}", room)
                .replace("{peer}", "p")
                .replace("{role}", "guest")
                .replace("{call}", "call_1");
    }

    /** As if nothing had been asked before: somebody is in the room, its codes lead there. */
    private HttpResponse<String> send(Operation operation, String path, String body) {
        api.phone("p", room);
        api.calls.calls.put("call_1", ApiServer.call("call_1", "answered"));
        HttpResponse<String> answer =
                api.send(operation.verb(), path, token(operation.words()), body);
        if (answer.statusCode() < 400 && !operation.verb().equals("GET")) {
            var _ = api.store.rooms().enableCode(room, "made-here", true);
        }
        return answer;
    }

    // ---- what is answered

    private static String message(HttpResponse<String> answer) {
        return JSON.readTree(answer.body()).path("message").asString("");
    }

    /** Empty: in the dialect's shape, with this status. */
    private static Optional<String> misshapen(
            Operation operation, HttpResponse<String> answer, int status) {
        boolean fits =
                Contract.schema(Contract.reference(operation.words().error))
                        .validate(JSON.readTree(answer.body()))
                        .isEmpty();
        return answer.statusCode() == status && fits
                ? Optional.empty()
                : Optional.of(answer.statusCode() + " " + answer.body());
    }

    /**
     * The message begins with the field; where that is inside of another, it may begin with the
     * outer one.
     */
    private static boolean names(String message, String outer, String field) {
        String begins = Pattern.quote(outer) + "\\b(?!\\.).*";
        return outer.isEmpty()
                ? message.matches(Pattern.quote(field) + "\\b.*")
                        || message.equals(DOCUMENTED.get(field))
                : message.matches(Pattern.quote(outer + "." + field) + "\\b.*")
                        || (message.matches(begins)
                                && message.matches(".*\\b" + Pattern.quote(field) + "\\b.*"));
    }

    private static String shown(Object value) {
        String json = JSON.writeValueAsString(value);
        return json.substring(0, Math.min(40, json.length()));
    }

    private void refused(
            Operation operation,
            String what,
            String outer,
            String field,
            HttpResponse<String> answer,
            List<String> astray) {
        if (misshapen(operation, answer, 400).isPresent()
                || !names(message(answer), outer, field)) {
            astray.add(operation + " " + what + " → " + answer.statusCode() + " " + answer.body());
        }
    }

    // ----

    @Test
    void whatTheDocumentShowsIsTaken() {
        for (Operation operation : HostedDocument.withBodies()) {
            for (ObjectNode example : HostedDocument.examples(operation.schema())) {
                HttpResponse<String> answer =
                        send(operation, path(operation), good(operation, example).toString());
                assertThat(answer.statusCode())
                        .as("%s %s: %s", operation, example, answer.body())
                        .isBetween(200, 202);
                api.close();
                there.clear();
                tokens.clear();
                open();
            }
        }
    }

    @Test
    void eachFieldWrongInEachWayIsNamedInTheDialectsOwnError() {
        List<String> astray = new ArrayList<>();
        int tried = 0;
        for (Operation operation : HostedDocument.withBodies()) {
            for (ObjectNode example : HostedDocument.examples(operation.schema())) {
                ObjectNode good = good(operation, example);
                tried += wrong(operation, good, good, "", operation.schema(), astray);
            }
        }
        System.out.printf(
                "%d wrong fields of %d requests%n", tried, HostedDocument.withBodies().size());
        assertThat(String.join("\n", astray)).isEmpty();
        assertThat(tried).isGreaterThan(1000);
    }

    /**
     * @param at the object of {@code whole} whose fields are made wrong, one after the other
     */
    private int wrong(
            Operation operation,
            ObjectNode whole,
            ObjectNode at,
            String outer,
            JsonNode schema,
            List<String> astray) {
        int tried = 0;
        for (Map.Entry<String, JsonNode> field : WrongValues.properties(schema).entrySet()) {
            String name = field.getKey();
            JsonNode was = at.get(name);
            for (Object value : WrongValues.of(field.getValue())) {
                at.set(name, JSON.valueToTree(value));
                String what = outer + "." + name + "=" + shown(value);
                HttpResponse<String> answer = send(operation, path(operation), whole.toString());
                refused(operation, what, outer, name, answer, astray);
                tried++;
            }
            JsonNode inner = field.getValue();
            if (inner.has("properties") || inner.has("oneOf")) {
                ObjectNode object =
                        was == null ? JSON.createObjectNode() : (ObjectNode) was.deepCopy();
                at.set(name, object);
                String path = outer.isEmpty() ? name : outer + "." + name;
                tried +=
                        wrong(
                                operation,
                                whole,
                                object,
                                path,
                                HostedDocument.kind(inner, object),
                                astray);
            }
            if (was == null) {
                at.remove(name);
            } else {
                at.set(name, was);
            }
        }
        return tried;
    }

    @Test
    void whatIsMissingIsNamed() {
        List<String> astray = new ArrayList<>();
        int tried = 0;
        for (Operation operation : HostedDocument.withBodies()) {
            for (ObjectNode example : HostedDocument.examples(operation.schema())) {
                ObjectNode good = good(operation, example);
                tried += missing(operation, good, good, "", operation.schema(), astray);
            }
        }
        assertThat(String.join("\n", astray)).isEmpty();
        assertThat(tried).isGreaterThan(100);
    }

    private int missing(
            Operation operation,
            ObjectNode whole,
            ObjectNode at,
            String outer,
            JsonNode schema,
            List<String> astray) {
        int tried = 0;
        for (String name : HostedDocument.required(schema)) {
            JsonNode was = at.get(name);
            assertThat(was).as("%s: %s of the example", operation, name).isNotNull();
            for (String nothing : List.of("absent", "null", "\"\"")) {
                if (nothing.equals("absent")) {
                    at.remove(name);
                } else {
                    at.set(name, JSON.readTree(nothing));
                }
                HttpResponse<String> answer = send(operation, path(operation), whole.toString());
                refused(operation, name + " " + nothing, outer, name, answer, astray);
                tried++;
            }
            at.set(name, was);
        }
        for (Map.Entry<String, JsonNode> field : WrongValues.properties(schema).entrySet()) {
            if (at.path(field.getKey()) instanceof ObjectNode object) {
                String path = outer.isEmpty() ? field.getKey() : outer + "." + field.getKey();
                tried +=
                        missing(
                                operation,
                                whole,
                                object,
                                path,
                                HostedDocument.kind(field.getValue(), object),
                                astray);
            }
        }
        return tried;
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
                HttpResponse<String> answer = send(operation, path(operation), body);
                assertThat(misshapen(operation, answer, 400))
                        .as("%s %.40s", operation, body)
                        .isEmpty();
            }
            HttpResponse<String> other =
                    api.send(
                            operation.verb(),
                            path(operation),
                            token(operation.words()),
                            "text/plain",
                            "{}");
            assertThat(misshapen(operation, other, 415)).as(operation.toString()).isEmpty();
            HttpResponse<String> big =
                    send(operation, path(operation), "{\"a\":\"" + "x".repeat(70_000) + "\"}");
            assertThat(misshapen(operation, big, 413)).as(operation.toString()).isEmpty();
        }
    }

    @Test
    void eachWrongParameterOfAQueryIsNamed() {
        List<String> astray = new ArrayList<>();
        int tried = 0;
        for (Operation operation : HostedDocument.operations()) {
            for (JsonNode query : operation.queries()) {
                String name = query.get("name").asString();
                JsonNode schema = WrongValues.resolved(query.get("schema"));
                for (String value : WrongValues.ofQuery(schema)) {
                    String asked =
                            "?" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
                    HttpResponse<String> answer = send(operation, path(operation) + asked, "");
                    refused(operation, asked, "", name, answer, astray);
                    tried++;
                }
                assertThat(send(operation, path(operation) + "?" + name + "=", "").statusCode())
                        .as("%s: nothing equals absent for %s", operation, name)
                        .isEqualTo(200);
            }
        }
        assertThat(String.join("\n", astray)).isEmpty();
        assertThat(tried).isGreaterThan(60);
    }

    @Test
    void whatAPathNamesAndIsNotThereIsNotFoundInTheDialectsShape() {
        List<String> astray = new ArrayList<>();
        for (Operation operation : HostedDocument.operations()) {
            String template = operation.template();
            String body =
                    operation.schema().isMissingNode()
                            ? ""
                            : good(
                                            operation,
                                            HostedDocument.examples(operation.schema()).getFirst())
                                    .toString();
            for (int at = template.indexOf('{'); at >= 0; at = template.indexOf('{', at + 1)) {
                String head = template.substring(0, at);
                String tail = template.substring(template.indexOf('}', at) + 1);
                for (String nowhere : NOWHERE) {
                    String asked =
                            path(
                                            new Operation(
                                                    "",
                                                    head,
                                                    operation.words(),
                                                    operation.schema(),
                                                    List.of()))
                                    + nowhere
                                    + tail.replace("{role}", "guest").replace("{peer}", "p");
                    HttpResponse<String> answer = send(operation, asked, body);
                    misshapen(operation, answer, 404)
                            .ifPresent(how -> astray.add(operation + " " + asked + " → " + how));
                }
            }
        }
        assertThat(String.join("\n", astray)).isEmpty();
    }
}
