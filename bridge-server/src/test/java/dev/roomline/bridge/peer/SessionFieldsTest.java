package dev.roomline.bridge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Each field of each request of the session, wrong in each way, is named in what is said of it. */
final class SessionFieldsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SDP = "\"sdp\":\"v=0\\r\\n\"";

    /**
     * @param good with every field that it takes
     * @param needed of them
     */
    record Request(String good, List<String> needed) {}

    private static final List<Request> REQUESTS =
            List.of(
                    new Request("{\"type\":\"ping\",\"id\":1}", List.of()),
                    new Request(
                            "{\"type\":\"join\",\"id\":\"a\",\"room_code\":\"abc\",\"token\":\"t\",\"name\":\"Ann\",\"user_id\":\"u\","
                                    + SDP
                                    + "}",
                            List.of("sdp")),
                    new Request("{\"type\":\"resume\",\"resume\":\"s\"}", List.of("resume")),
                    new Request("{\"type\":\"offer\"," + SDP + "}", List.of("sdp")),
                    new Request("{\"type\":\"mute\",\"muted\":true}", List.of("muted")),
                    new Request("{\"type\":\"dtmf\",\"digits\":\"1\"}", List.of("digits")),
                    new Request("{\"type\":\"dial\",\"to\":\"1\",\"name\":\"n\"}", List.of("to")),
                    new Request(
                            "{\"type\":\"hangup\",\"participant\":\"p\"}", List.of("participant")),
                    new Request(
                            "{\"type\":\"remove\",\"participant\":\"p\"}", List.of("participant")),
                    new Request(
                            "{\"type\":\"mute_other\",\"participant\":\"p\",\"muted\":true}",
                            List.of("participant")),
                    new Request("{\"type\":\"leave\"}", List.of()));

    private static List<Object> wrong(String field, JsonNode good) {
        List<Object> values =
                new ArrayList<>(List.of(1.5, List.of("x"), List.of(), JSON.createObjectNode()));
        values.add(good.isBoolean() ? "true" : true);
        values.add(good.isBoolean() ? 1 : "x".repeat(70_000));
        if (good.isString() && !field.equals("sdp")) {
            values.addAll(List.of("a\r\nVia: b", "a\0b", "\ud800"));
        }
        return values;
    }

    @Test
    void eachFieldWrongInEachWayIsNamed() {
        int tried = 0;
        for (Request request : REQUESTS) {
            ObjectNode good = (ObjectNode) JSON.readTree(request.good());
            assertThat(SessionFields.fault(good)).as(request.good()).isEmpty();
            for (String field : good.propertyNames()) {
                for (Object value : wrong(field, good.get(field))) {
                    ObjectNode bad = good.deepCopy();
                    bad.set(field, JSON.valueToTree(value));
                    assertThat(SessionFields.fault(bad))
                            .as("%s of %s: %.60s", field, request.good(), value)
                            .hasValueSatisfying(
                                    said -> assertThat(said).startsWith("'" + field + "' must be"));
                    tried++;
                }
            }
        }
        assertThat(tried).isGreaterThan(150);
    }

    @Test
    void whatIsNeededAndNotThereIsNamed() {
        for (Request request : REQUESTS) {
            for (String field : request.needed()) {
                for (String nothing : List.of("null", "\"\"")) {
                    ObjectNode bad = (ObjectNode) JSON.readTree(request.good());
                    bad.set(field, JSON.readTree(nothing));
                    assertThat(SessionFields.fault(bad)).contains("'" + field + "' is needed.");
                }
                ObjectNode bad = (ObjectNode) JSON.readTree(request.good());
                bad.remove(field);
                assertThat(SessionFields.fault(bad)).contains("'" + field + "' is needed.");
            }
        }
    }

    @Test
    void whatIsNoFieldOfARequestIsNamedAndAnUnknownTypeToo() {
        for (Request request : REQUESTS) {
            ObjectNode bad = (ObjectNode) JSON.readTree(request.good());
            String type = bad.get("type").asString();
            bad.put("colour", 1);
            assertThat(SessionFields.fault(bad)).contains("'colour' is no field of " + type + ".");
        }
        for (String type : List.of("\"fly\"", "5", "null", "[\"join\"]", "\"\"")) {
            assertThat(SessionFields.fault(JSON.readTree("{\"type\":" + type + "}")))
                    .hasValueSatisfying(
                            said ->
                                    assertThat(said)
                                            .startsWith("'type' must be one of dial, dtmf,"));
        }
        assertThat(SessionFields.fault(JSON.readTree("{}"))).isPresent();
    }
}
