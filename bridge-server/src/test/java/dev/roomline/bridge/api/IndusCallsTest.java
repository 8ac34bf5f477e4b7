package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.IndusClient.TWILIO;
import static dev.roomline.bridge.api.IndusClient.good;
import static dev.roomline.bridge.api.IndusClient.refused;
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
import dev.roomline.bridge.webhook.Format;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Indus Net's calls, their queue, records and reports: its clients find what they expect. */
final class IndusCallsTest {
    @AutoClose private final ApiServer api;
    private final IndusClient client;

    IndusCallsTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        client = new IndusClient(api);
    }

    @Test
    void anOrderedCallHasARoomOfItsOwnAndATokenForIt() {
        JsonNode queued = good(client.order(client.trunk(TWILIO), "+15551234567"), 202).get("data");
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
        String id = client.trunk(TWILIO);
        refused(api.post("/call/outbound_passthrough", "{}"), 400, "trunk_id is required");
        refused(
                api.post(
                        "/call/outbound_passthrough",
                        "{\"trunk_id\":\"" + id + "\",\"to_number\":\"\"}"),
                400,
                "to_number is required");
        for (String to :
                List.of("call me", "sip:phone", "sip:a@acme.pstn.twilio.com", "+1555\\r\\nX: y")) {
            assertThat(client.order(id, to).statusCode()).as(to).isEqualTo(400);
        }
        refused(client.order("ST_abcdefghijkm", "+15551234567"), 404, "Trunk not found");
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
        JsonNode queued = good(client.order(client.trunk(TWILIO), "+15551234567"), 202).get("data");
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
