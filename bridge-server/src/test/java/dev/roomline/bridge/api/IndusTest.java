package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.api.indus.EndReport;
import dev.roomline.bridge.auth.JoinTokens;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.event.Event;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.TrunkRow;
import dev.roomline.bridge.store.WebhookRow;
import dev.roomline.bridge.webhook.Format;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Clients of Indus Net, as its documentation shows their requests, find what they expect. */
final class IndusTest {
    private static final String TWILIO =
            """
            {"trunk_name": "main", "trunk_type": "twilio", "trunk_config": {"address": "acme.pstn.twilio.com",
             "numbers": ["+15550100000"], "username": "acme", "password": "s3cret-word"}, "passthrough_mode": true,
             "passthrough_webhook_url": "https://app.example.com/ends", "colour": "red"}
            """;

    @TempDir Path folder;
    private ApiServer api;

    @BeforeEach
    void open() {
        api = new ApiServer(folder);
    }

    @AfterEach
    void close() {
        api.close();
    }

    private static JsonNode good(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode body = ApiServer.json(answer);
        assertThat(body.propertyNames()).containsExactly("success", "message", "data");
        assertThat(body.get("success").asBoolean()).isTrue();
        return body;
    }

    private static void refused(HttpResponse<String> answer, int status, String message) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode body = ApiServer.json(answer);
        assertThat(body.propertyNames()).containsExactly("success", "message", "data");
        assertThat(body.get("success").asBoolean()).isFalse();
        assertThat(body.get("message").asString()).isEqualTo(message);
        assertThat(body.get("data").isObject()).isTrue();
    }

    private String trunk(String body) {
        JsonNode made = good(api.post("/sip/create-outbound-trunk", body), 200);
        assertThat(made.get("message").asString())
                .isEqualTo("Outbound trunk created successfully, Store the trunk id securely.");
        String id = made.at("/data/trunk_id").asString();
        assertThat(id).matches("ST_[A-Za-z0-9]{12}");
        return id;
    }

    private TrunkRow named(String name) {
        return api.store.trunks().all().stream()
                .filter(row -> row.trunk().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void onlyAnOpaqueTokenIsTaken() {
        for (String token : List.of("", "wrong", ApiServer.ADMIN + "x")) {
            HttpResponse<String> answer = api.send("GET", "/sip/list", token, "", "");
            refused(answer, 401, "The token belongs to no key.");
        }
        HttpResponse<String> scope =
                api.send("POST", "/sip/create-outbound-trunk", ApiServer.CALLER, TWILIO);
        refused(scope, 403, "This key lacks the scope admin.");
    }

    @Test
    void aTwilioTrunkIsATrunkOfOurs() {
        String id = trunk(TWILIO);
        Declared.Trunk made = named("main").trunk();
        assertThat(made.name()).isEqualTo("main");
        assertThat(made.address()).isEqualTo("acme.pstn.twilio.com");
        assertThat(made.username()).isEqualTo("acme");
        assertThat(made.password().value()).isEqualTo("s3cret-word");
        assertThat(made.numbers()).containsExactly("+15550100000");
        assertThat(made.direction()).isEqualTo("outbound");
        assertThat(api.trunksInForce).contains(made);
        WebhookRow hook = api.store.webhooks().all().getFirst();
        assertThat(hook.webhook().format()).isEqualTo("indus");
        assertThat(hook.webhook().allowPrivate()).isFalse();
        trunk(TWILIO);
        assertThat(api.store.webhooks().all()).as("told once").hasSize(1);
        HttpResponse<String> list = api.get("/sip/list");
        assertThat(list.body()).doesNotContain("s3cret-word", "trunk_config");
        JsonNode shown = good(list, 200).at("/data/trunks");
        assertThat(shown).hasSize(2);
        assertThat(shown.toString()).contains(id, "\"active\"", "https://app.example.com/ends");
    }

    @Test
    void anExotelTrunkHasItsPresets() {
        trunk(
                "{\"trunk_name\":\"in\",\"trunk_type\":\"exotel\",\"trunk_config\":{\"exotel_number\":\"08047100000\"}}");
        Declared.Trunk made = named("in").trunk();
        assertThat(made.address()).isEqualTo("pstn.in1.exotel.com:5070;transport=tcp");
        assertThat(made.numberFormat()).isEqualTo("national");
        assertThat(made.nationalPrefix() + made.country()).isEqualTo("091");
        trunk(
                "{\"trunk_name\":\"own\",\"trunk_type\":\"exotel\",\"trunk_config\":{\"exotel_number\":\"+918047100000\","
                        + "\"sip_host\":\"sip.example.com\",\"sip_port\":\"5071\",\"sip_domain\":\"acme.pstn.exotel.com\"}}");
        made = named("own").trunk();
        assertThat(made.address()).isEqualTo("sip.example.com:5071;transport=tcp");
        assertThat(made.fromDomain()).isEqualTo("acme.pstn.exotel.com");
        assertThat(made.numberFormat()).isEqualTo("+e164");
    }

    private record Wrong(String body, String message) {}

    @Test
    void whatIsWrongWithATrunkIsNamed() {
        String config =
                "\"trunk_config\":{\"address\":\"a.example.com\",\"numbers\":[\"+15550100000\"],\"username\":\"u\",\"password\":\"p\"}";
        List<Wrong> all =
                List.of(
                        new Wrong("{}", "trunk_name is required, with 1 to 100 characters"),
                        new Wrong(
                                "{\"trunk_name\":\"" + "x".repeat(101) + "\"}",
                                "trunk_name must be text of at most 100 characters without control characters"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"plivo\"," + config + "}",
                                "trunk_type must be one of twilio, exotel"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"twilio\"}",
                                "trunk_config is required"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"twilio\",\"trunk_config\":\"x\"}",
                                "trunk_config must be an object"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"exotel\"," + config + "}",
                                "trunk_config does not fit trunk_type exotel: exotel_number is required"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"twilio\",\"trunk_config\":{\"exotel_number\":\"1\"}}",
                                "trunk_config does not fit trunk_type twilio: address is required"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"twilio\","
                                        + config.replace("+1555", "1555")
                                        + "}",
                                "trunk_config does not fit trunk_type twilio: numbers must be written as +15550100000"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"twilio\","
                                        + config
                                        + ",\"passthrough_mode\":\"yes\"}",
                                "passthrough_mode must be true or false"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"twilio\","
                                        + config
                                        + ",\"passthrough_webhook_url\":\"ftp://x\"}",
                                "passthrough_webhook_url must be an http or https address without a user name"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"exotel\",\"trunk_config\":{\"exotel_number\":"
                                        + "\"+918047100000\",\"sip_port\":70000}}",
                                "trunk_config does not fit trunk_type exotel: sip_port must be a whole number from 1 to 65535"),
                        new Wrong(
                                "{\"trunk_name\":\"n\",\"trunk_type\":\"exotel\",\"trunk_config\":{\"exotel_number\":"
                                        + "\"+918047100000\",\"sip_host\":\"a;b\"}}",
                                "trunk_config does not fit trunk_type exotel: sip_host must be a name or an address"));
        for (Wrong wrong : all) {
            refused(api.post("/sip/create-outbound-trunk", wrong.body()), 400, wrong.message());
        }
        assertThat(
                        api.post(
                                        "/sip/create-outbound-trunk",
                                        "{\"trunk_name\":\"n\",\"trunk_type\":\"twilio\","
                                                + config.replace("a.example.com", "a b")
                                                + "}")
                                .body())
                .contains("trunk_config.address: expected");
        assertThat(api.post("/sip/create-outbound-trunk", "{").statusCode()).isEqualTo(400);
        assertThat(api.store.trunks().all()).isEmpty();
        assertThat(api.store.webhooks().all()).isEmpty();
        refused(api.get("/sip/nothing"), 404, "Nothing is served at this path.");
        refused(api.get("/call/outbound_passthrough"), 405, "This method is not served here.");
    }

    @Test
    void aTrunkIsDeactivatedOnceAndStaysInTheList() {
        String id = trunk(TWILIO);
        assertThat(
                        good(
                                        api.send(
                                                "DELETE",
                                                "/sip/deactivate/" + id,
                                                ApiServer.ADMIN,
                                                "",
                                                ""),
                                        200)
                                .get("message")
                                .asString())
                .isEqualTo("Trunk deactivated successfully");
        assertThat(api.trunksInForce).isEmpty();
        refused(
                api.send("DELETE", "/sip/deactivate/" + id, ApiServer.ADMIN, "", ""),
                400,
                "Trunk is already deactivated");
        refused(
                api.send("DELETE", "/sip/deactivate/ST_abcdefghijkm", ApiServer.ADMIN, "", ""),
                404,
                "Trunk not found");
        assertThat(good(api.get("/sip/list"), 200).at("/data/trunks/0/status").asString())
                .isEqualTo("inactive");
        refused(order(id, "+15551234567"), 400, "Trunk is deactivated");
        assertThat(trunk(TWILIO)).as("never an older one's").isNotEqualTo(id);
    }

    @Test
    void aTrunkOfAnotherApiIsSeenAndServesToo() {
        api.post("/v1/trunks", "{\"id\":\"theirs\",\"address\":\"sip.example.com\"}");
        JsonNode listed = good(api.get("/sip/list"), 200).at("/data/trunks/0");
        assertThat(listed.get("trunk_name").asString()).isEqualTo("theirs");
        good(order(listed.get("trunk_id").asString(), "+15551234567"), 202);
        good(order("theirs", "+15551234567"), 202);
        String hex = Aliases.hex24("theirs");
        good(order(hex, "+15551234567"), 202);
        assertThat(api.calls.orders).extracting(CallOrder::trunk).containsOnly("theirs");
    }

    private HttpResponse<String> order(String trunk, String to) {
        return api.send(
                "POST",
                "/call/outbound_passthrough",
                ApiServer.ADMIN,
                "{\"trunk_id\":\"%s\",\"to_number\":\"%s\",\"metadata\":{\"ticket\":[4711]}}"
                        .formatted(trunk, to));
    }

    @Test
    void anOrderedCallHasARoomOfItsOwnAndATokenForIt() {
        JsonNode queued = good(order(trunk(TWILIO), "+15551234567"), 202).get("data");
        assertThat(queued.get("status").asString()).isEqualTo("queued");
        CallOrder placed = api.calls.orders.getFirst();
        assertThat(placed.ownRoom()).isTrue();
        assertThat(room(placed).name()).isEqualTo(queued.get("room_name").asString());
        assertThat(room(placed).browsers()).isEqualTo("token");
        assertThat(
                        new JoinTokens(api.store.apiKeys(), () -> ApiServer.NOON)
                                .verify(queued.get("room_token").asString()))
                .isEqualTo(new JoinTokens.Verdict.Valid(room(placed).id(), "", "guest"));
        String id = queued.get("queue_id").asString();
        assertThat(queueStatus(id)).as("not recorded yet").isEqualTo("queued");
        api.store.calls().put(row(placed, null));
        assertThat(queueStatus(id)).isEqualTo("initiated");
        JsonNode waits = good(api.get("/call/queue/" + id), 200).get("data");
        assertThat(waits.at("/metadata/ticket/0").asInt()).isEqualTo(4711);
        assertThat(waits.get("to_number").asString()).isEqualTo("+15551234567");
        refused(api.get("/call/queue/queue_nothing"), 404, "Queue not found");
    }

    private String queueStatus(String id) {
        return good(api.get("/call/queue/" + id), 200).at("/data/status").asString();
    }

    @Test
    void whatIsWrongWithAnOrderIsNamed() {
        String id = trunk(TWILIO);
        refused(api.post("/call/outbound_passthrough", "{}"), 400, "trunk_id is required");
        refused(
                api.post(
                        "/call/outbound_passthrough",
                        "{\"trunk_id\":\"" + id + "\",\"to_number\":\"\"}"),
                400,
                "to_number is required");
        for (String to :
                List.of("call me", "sip:phone", "sip:a@acme.pstn.twilio.com", "+1555\\r\\nX: y")) {
            assertThat(order(id, to).statusCode()).as(to).isEqualTo(400);
        }
        refused(order("ST_abcdefghijkm", "+15551234567"), 404, "Trunk not found");
        refused(
                api.post(
                        "/call/outbound_passthrough",
                        "{\"trunk_id\":\"%s\",\"to_number\":\"+15551234567\",\"metadata\":\"%s\"}"
                                .formatted(id, "x".repeat(4096))),
                400,
                "metadata must have at most 4096 octets as JSON");
        refused(
                api.send(
                        "POST",
                        "/call/outbound_passthrough",
                        ApiServer.CALLER,
                        "{\"trunk_id\":\"%s\",\"to_number\":\"+15551234567\"}".formatted(id)),
                409,
                "The API key of this token has no secret to sign a room_token with.");
        assertThat(api.calls.orders).isEmpty();
        assertThat(api.store.rooms().deleteMadeForCalls()).as("rooms left behind").isZero();
    }

    private static CallRow row(CallOrder order, @Nullable String reason) {
        return row("call_" + room(order).id(), room(order).id(), order.to(), reason);
    }

    private static CallRow row(String id, String room, String to, @Nullable String reason) {
        boolean talked = "hangup_callee".equals(reason);
        return new CallRow(
                id,
                "outbound",
                reason == null ? "dialing" : "ended",
                room,
                null,
                "first",
                null,
                "+15550100000",
                to,
                null,
                null,
                "",
                ApiServer.NOON,
                talked ? ApiServer.NOON.plusSeconds(3) : null,
                reason == null ? null : ApiServer.NOON.plusSeconds(10),
                reason,
                "callee",
                talked ? 0 : 486,
                "A sentence.",
                "{}");
    }

    private record Told(String reason, String status) {}

    @Test
    void recordsAreToldByNumberAndByEachWordOfTheTable() {
        List<Told> table =
                List.of(
                        new Told("hangup_callee", "completed"),
                        new Told("removed", "completed"),
                        new Told("busy", "busy"),
                        new Told("declined", "rejected"),
                        new Told("forbidden_by_carrier", "rejected"),
                        new Told("no_answer", "no_answer"),
                        new Told("not_found", "unreachable"),
                        new Told("cancelled", "cancelled"),
                        new Told("carrier_failed", "failed"),
                        new Told("bad_credentials", "failed"),
                        new Told("server_crashed", "failed"),
                        new Told("max_duration", "completed"));
        for (int i = 0; i < table.size(); i++) {
            api.store
                    .calls()
                    .put(
                            row(
                                    "call_" + i,
                                    "room_" + i,
                                    "+1555000000" + i % 10,
                                    table.get(i).reason()));
        }
        api.store.calls().put(ApiServer.call("call_in", "answered"));
        for (int i = 0; i < table.size(); i++) {
            String status = table.get(i).status();
            JsonNode found =
                    good(api.get("/call/records?limit=100&call_status=" + status), 200)
                            .at("/data/records");
            assertThat(found.toString()).as(status).contains("\"call_" + i + "\"");
            assertThat(found)
                    .allSatisfy(r -> assertThat(r.get("call_status").asString()).isEqualTo(status));
        }
        JsonNode page = good(api.get("/call/records?page=2&limit=5"), 200).get("data");
        assertThat(page.get("records")).hasSize(5);
        assertThat(page.get("pagination").toString())
                .isEqualTo("{\"page\":2,\"limit\":5,\"total\":12,\"total_pages\":3}");
        for (String number : List.of("+15550000002", "%2B15550000002", "15550000002")) {
            JsonNode one =
                    good(api.get("/call/records?to_number=" + number), 200).at("/data/records");
            assertThat(one).hasSize(1);
            assertThat(one.at("/0/sip_status_code").asInt()).isEqualTo(486);
        }
        assertThat(good(api.get("/call/records?call_status=timeout"), 200).at("/data/records"))
                .isEmpty();
        refused(
                api.get("/call/records?call_status=gone"),
                400,
                "call_status must be one of initiated, answered, completed, busy, no_answer, rejected, cancelled,"
                        + " unreachable, timeout, failed");
        refused(api.get("/call/records?limit=101"), 400, "limit must be a number from 1 to 100");
        refused(api.get("/call/records?page=0"), 400, "page must be a number from 1 to 100000");
    }

    @Test
    void theEndOfACallIsToldToTheWebhookOfItsTrunkAlone() {
        JsonNode queued = good(order(trunk(TWILIO), "+15551234567"), 202).get("data");
        CallOrder placed = api.calls.orders.getFirst();
        EndReport report = new EndReport(api.store.passthrough());
        Event end = ended(row(placed, "hangup_callee"));
        List<Format.Message> told = report.messages(end, hook("https://app.example.com/ends"));
        assertThat(told).hasSize(1);
        JsonNode body = ApiServer.JSON.readTree(told.getFirst().body());
        assertThat(body.get("success").asBoolean()).isTrue();
        assertThat(body.get("message").asString()).isEqualTo("Call details fetched successfully");
        JsonNode data = body.get("data");
        assertThat(data.get("queue_id")).isEqualTo(queued.get("queue_id"));
        assertThat(data.get("room_name")).isEqualTo(queued.get("room_name"));
        assertThat(data.get("to_number").asString()).isEqualTo("+15551234567");
        assertThat(data.get("call_status").asString()).isEqualTo("completed");
        assertThat(data.get("sip_status_code").asInt()).isEqualTo(200);
        assertThat(data.get("started_at").asString()).isEqualTo("2026-11-21T12:00:00Z");
        assertThat(data.get("answered_at").asString()).isEqualTo("2026-11-21T12:00:03Z");
        assertThat(data.get("ended_at").asString()).isEqualTo("2026-11-21T12:00:10Z");
        assertThat(data.get("call_duration").asInt()).isEqualTo(7);
        assertThat(data.get("call_end_reason").asString()).isEqualTo("hangup_callee");
        assertThat(data.at("/metadata/ticket/0").asInt()).isEqualTo(4711);
        assertThat(report.messages(end, hook("https://other.example.com/"))).isEmpty();
        Event others = ended(row("call_9", "room_of_nobody", "+15551234567", "busy"));
        assertThat(report.messages(others, hook("https://app.example.com/ends"))).isEmpty();
        assertThat(report.retryAfter(1, Duration.ZERO)).isPresent();
        assertThat(report.retryAfter(2, Duration.ZERO)).isPresent();
        assertThat(report.retryAfter(3, Duration.ZERO)).as("three attempts").isEmpty();
    }

    private static Event ended(CallRow row) {
        return new Event(
                1, "evt_1", ApiServer.NOON, new Happening.OfCall(EventType.CALL_ENDED, row));
    }

    private static Declared.Webhook hook(String url) {
        return new Declared.Webhook(
                url, EndReport.NAME, Secret.NONE, List.of("*"), Map.of(), false);
    }

    private static RoomRow room(CallOrder order) {
        return Objects.requireNonNull(order.room());
    }
}
