package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.VideoSdkClient.good;
import static dev.roomline.bridge.api.VideoSdkClient.refused;
import static dev.roomline.bridge.api.VideoSdkClient.shaped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.call.Transfer;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.sip.refer.Referral;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Calls as VideoSDK's clients place, look up and end them. */
final class VideoSdkCallsTest {
    @AutoClose private final ApiServer api;
    private final VideoSdkClient client;
    private final String room;
    private final String gateway;

    VideoSdkCallsTest(@TempDir Path folder) {
        api = new ApiServer(folder);
        client = new VideoSdkClient(api);
        room = good(client.post("/v2/rooms", "{}")).get("roomId").asString();
        gateway =
                good(client.post(
                                "/v2/sip-trunk",
                                "{\"auth\":{\"username\":\"acme\",\"password\":\"s3cret-word\"},"
                                        + "\"name\":\"Out\",\"domain\":\"sip.example.com\","
                                        + "\"direction\":\"outbound\",\"numbers\":"
                                        + "[\"+15550100000\",\"+15550100001\"]}"))
                        .get("trunkId")
                        .asString();
    }

    private String first(String more) {
        return "{\"to\":\"+15551234567\",\"meetingId\":\""
                + room
                + "\",\"trunkId\":\""
                + gateway
                + "\",\"displayName\":\"Ada\""
                + more
                + "}";
    }

    private String second(String more) {
        return "{\"gatewayId\":\""
                + gateway
                + "\",\"sipCallTo\":\"+15551234567\",\"destinationRoomId\":\""
                + room
                + "\""
                + more
                + "}";
    }

    @Test
    void theFirstGenerationAnswersOnceTheInviteIsOut() {
        api.calls.answered = new CompletableFuture<>();
        api.calls.ringing = new CompletableFuture<>();
        JsonNode answer =
                good(
                        client.post(
                                "/v2/sip/outbound-call",
                                first(",\"from\":\"+15550100001\",\"participantId\":\"p7\"")));
        assertThat(answer.toString())
                .isEqualTo("{\"statusCode\":200,\"message\":\"Success\",\"participantId\":\"p7\"}");
        CallOrder order = api.calls.orders.getFirst();
        assertThat(order.to()).isEqualTo("+15551234567");
        assertThat(order.from()).isEqualTo("+15550100001");
        assertThat(order.name()).isEqualTo("Ada");
        assertThat(order.userId()).isEqualTo("p7");
        assertThat(Aliases.dashed12(room(order).id())).isEqualTo(room);
        assertThat(Aliases.word21(order.trunk())).isEqualTo(gateway);
        JsonNode own = good(client.post("/v2/sip/outbound-call", first("")));
        assertThat(own.get("participantId").asString()).isEqualTo("part_2");
    }

    @Test
    void whatKeepsTheInviteFromLeavingIsTold() {
        api.calls.sent =
                Fakes.now(Optional.of(CallEnd.unavailable(EndReason.LIMIT, "It is full.")));
        HttpResponse<String> answer = client.post("/v2/sip/outbound-call", first(""));
        refused(answer, 503, "It is full.");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void theSecondGenerationAnswersAtOnceWithTheCall() {
        api.calls.answered = new CompletableFuture<>();
        JsonNode answer =
                good(
                        client.post(
                                "/v2/sip/call",
                                second(
                                        ",\"sipCallFrom\":\"+1 555 010 0001\",\"participant\":{"
                                                + "\"id\":\"p7\",\"name\":\"Grace\"},"
                                                + "\"ringingTimeout\":30,\"maxCallDuration\":600,"
                                                + "\"headers\":{\"X-Ticket\":\"4711\"},"
                                                + "\"dtmf\":\"w12#\","
                                                + "\"metadata\":{\"lead\":{\"id\":9}}")));
        assertThat(answer.get("message").asString()).isEqualTo("Call initiated successfully");
        JsonNode call = answer.get("data");
        assertThat(call.propertyNames())
                .containsExactly(
                        "callId",
                        "status",
                        "roomId",
                        "sipCallTo",
                        "sipCallFrom",
                        "gatewayId",
                        "metadata",
                        "timelog");
        assertThat(call.get("status").asString()).isEqualTo("initiated");
        assertThat(call.get("roomId").asString()).isEqualTo(room);
        assertThat(call.get("gatewayId").asString()).isEqualTo(gateway);
        assertThat(call.at("/metadata/lead/id").asInt()).isEqualTo(9);
        assertThat(call.get("timelog").toString())
                .isEqualTo("[{\"status\":\"initiated\",\"timestamp\":\"2026-11-21T12:00:00Z\"}]");
        CallOrder order = api.calls.orders.getFirst();
        assertThat(order.name()).isEqualTo("Grace");
        assertThat(order.userId()).isEqualTo("p7");
        assertThat(order.ringTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(order.maxDuration()).isEqualTo(Duration.ofMinutes(10));
        assertThat(order.headers()).isEqualTo(Map.of("X-Ticket", "4711"));
        assertThat(order.dtmf()).isEqualTo("w12#");
        good(client.post("/v2/sip/call", second(",\"dtmf\":true,\"participantId\":\"p8\"")));
        assertThat(api.calls.orders.getLast().dtmf()).isEmpty();
        assertThat(api.calls.orders.getLast().userId()).isEqualTo("p8");
    }

    @Test
    void withoutARoomOneIsMade() {
        JsonNode call =
                good(client.post(
                                "/v2/sip/call",
                                "{\"gatewayId\":\""
                                        + gateway
                                        + "\",\"sipCallTo\":\"sip:bob@sip.example.com\"}"))
                        .get("data");
        assertThat(call.get("roomId").asString()).isNotEqualTo(room);
        good(client.get("/v2/rooms/" + call.get("roomId").asString()));
    }

    private record Ending(EndReason reason, int status) {}

    @Test
    void whoWaitsForTheAnswerIsToldHowItEndedInstead() {
        good(client.post("/v2/sip/call", second(",\"waitUntilAnswered\":true")));
        for (Ending row :
                List.of(
                        new Ending(EndReason.BUSY, 409),
                        new Ending(EndReason.DECLINED, 403),
                        new Ending(EndReason.NO_ANSWER, 408),
                        new Ending(EndReason.NOT_FOUND, 404),
                        new Ending(EndReason.CARRIER_UNREACHABLE, 502),
                        new Ending(EndReason.DRAINING, 503))) {
            api.calls.answered = Fakes.now(Optional.of(CallEnd.of(row.reason())));
            refused(
                    client.post("/v2/sip/call", second(",\"waitUntilAnswered\":true")),
                    row.status(),
                    row.reason().sentence());
            // and who does not wait hears nothing of it
            good(client.post("/v2/sip/call", second("")));
        }
    }

    @Test
    void aClientThatGoesAwayWhileItRingsCancelsTheCall() throws Exception {
        api.calls.answered = new CompletableFuture<>();
        String body = second(",\"waitUntilAnswered\":true");
        String request =
                "POST /v2/sip/call HTTP/1.1\r\nHost: a\r\nAuthorization: "
                        + VideoSdkClient.token()
                        + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body;
        try (Socket gone = new Socket(InetAddress.getLoopbackAddress(), api.port)) {
            gone.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            api.calls.ordered.get(5, TimeUnit.SECONDS);
            assertThat(api.calls.givenUp).isNotDone();
        }
        assertThat(api.calls.givenUp.get(5, TimeUnit.SECONDS)).isEqualTo("call_placed1");
    }

    private record Wrong(String path, String find, String put, int status, String message) {}

    @Test
    void eachFieldOfACallThatIsWrongIsNamed() {
        String old = "/v2/sip/outbound-call";
        String now = "/v2/sip/call";
        String to = "+15551234567";
        String all =
                ",\"sipCallFrom\":\"+15550100000\",\"participant\":{\"id\":\"p\",\"name\":\"n\"},"
                        + "\"ringingTimeout\":30,\"maxCallDuration\":60,\"headers\":{\"X-A\":\"b\"},"
                        + "\"dtmf\":\"1\",\"metadata\":{},\"waitUntilAnswered\":false";
        for (Wrong row :
                List.of(
                        new Wrong(old, to, "", 400, "to is required"),
                        new Wrong(old, "\"" + to + "\"", "5", 400, "to must be text"),
                        new Wrong(old, to, "who?", 400, "to must be a number"),
                        new Wrong(old, to, "sip:desk", 400, "to must be a number"),
                        new Wrong(old, to, to + "\\r\\nVia: x", 400, "to must be text"),
                        new Wrong(old, "Ada", "", 400, "displayName is required"),
                        new Wrong(old, room, "", 400, "meetingId is required"),
                        new Wrong(old, room, "nope-nope-nope", 404, "Room not found."),
                        new Wrong(old, gateway, "", 400, "trunkId is required"),
                        new Wrong(old, gateway, "nope", 404, "SIP trunk not found."),
                        new Wrong(now, to, "", 400, "sipCallTo is required"),
                        new Wrong(now, to, "x y", 400, "sipCallTo must be a number"),
                        new Wrong(now, gateway, "", 400, "gatewayId is required"),
                        new Wrong(now, gateway, "nope", 404, "Gateway not found."),
                        new Wrong(now, room, "nope", 404, "Room not found."),
                        new Wrong(
                                now,
                                "+15550100000",
                                "+15559999999",
                                400,
                                "sipCallFrom must be one of the gateway's numbers"),
                        new Wrong(
                                now, "{\"id\":\"p\",\"name\":\"n\"}", "1", 400, "participant must"),
                        new Wrong(now, "\"n\"", "[]", 400, "participant.name must be text"),
                        new Wrong(now, "\"p\"", "{}", 400, "participant.id must be text"),
                        new Wrong(now, ":30", ":0", 400, "ringingTimeout must be a whole number"),
                        new Wrong(now, ":30", ":\"30\"", 400, "ringingTimeout must be a whole"),
                        new Wrong(now, ":60", ":1e9", 400, "maxCallDuration must be a whole"),
                        new Wrong(now, "{\"X-A\":\"b\"}", "[]", 400, "headers must be an object"),
                        new Wrong(now, "X-A", "X A", 400, "headers: X A is no header name"),
                        new Wrong(now, "X-A", "Via", 400, "headers: Via is a header"),
                        new Wrong(now, "X-A", "v", 400, "headers: v is a header"),
                        new Wrong(now, "\"b\"", "\"b\\r\\nVia: x\"", 400, "headers: X-A must have"),
                        new Wrong(now, "\"1\"", "\"x\"", 400, "dtmf must be"),
                        new Wrong(now, "\"1\"", "7", 400, "dtmf must be"),
                        new Wrong(now, "\"metadata\":{}", "\"metadata\":1", 400, "metadata must"),
                        new Wrong(now, ":false", ":\"no\"", 400, "waitUntilAnswered must be"))) {
            String body = (row.path().equals(old) ? first("") : second(all));
            assertThat(body).contains(row.find());
            HttpResponse<String> answer =
                    client.post(row.path(), body.replace(row.find(), row.put()));
            shaped(answer, row.status());
            assertThat(ApiServer.json(answer).get("message").asString())
                    .as(row.toString())
                    .startsWith(row.message());
        }
        good(client.post("/v2/rooms/deactivate", "{\"roomId\":\"" + room + "\"}"));
        refused(client.post(now, second("")), 403, "This room is deactivated.");
        assertThat(api.calls.orders).isEmpty();
    }

    @Test
    void callsAreListedLookedUpAndEnded() {
        String id =
                good(client.post("/v2/sip/call", second(",\"metadata\":{\"a\":1}")))
                        .at("/data/callId")
                        .asString();
        CallRow row = Objects.requireNonNull(api.calls.calls.get(id));
        api.store.calls().put(row);
        api.phone("part_2", Objects.requireNonNull(row.room()));
        JsonNode one = good(client.get("/v2/sip/call/" + id));
        assertThat(one.at("/data/callId").asString()).isEqualTo(id);
        assertThat(one.at("/data/metadata/a").asInt()).isEqualTo(1);
        assertThat(one.at("/data/type").asString()).isEqualTo("outbound");
        JsonNode list = good(client.get("/v2/sip/call?roomId=" + room));
        assertThat(list.at("/pageInfo/total").asInt()).isEqualTo(1);
        assertThat(list.at("/data/0")).isEqualTo(one.get("data"));
        assertThat(list.at("/data/0/sessionId").asString()).matches("[0-9a-f]{24}");
        String other = good(client.post("/v2/rooms", "{}")).get("roomId").asString();
        assertThat(good(client.get("/v2/sip/call?roomId=" + other)).get("data")).isEmpty();
        refused(client.get("/v2/sip/call?roomId=nope"), 404, "Room not found.");
        shaped(client.get("/v2/sip/call?perPage=1000"), 400);
        JsonNode ended = good(client.post("/v2/sip/call/end", "{\"callId\":\"" + id + "\"}"));
        assertThat(ended.get("message").asString()).isEqualTo("Call ended successfully");
        assertThat(ended.at("/data/callId").asString()).isEqualTo(id);
        refused(
                client.post("/v2/sip/call/end", "{\"callId\":\"" + id + "\"}"),
                409,
                "The call is over already.");
        refused(client.post("/v2/sip/call/end", "{\"callId\":\"x\"}"), 404, "Call not found.");
        refused(client.post("/v2/sip/call/end", "{}"), 400, "callId is required");
        refused(client.get("/v2/sip/call/x"), 404, "Call not found.");
    }

    private static Transfer step(Referral.Phase phase, Referral.Cause cause, int status) {
        return new Transfer("+15551234567", phase, cause, status, "Why.", ApiServer.NOON);
    }

    private static LiveCalls.Transferring begun(Transfer taken) {
        return new LiveCalls.Transferring.Begun(
                CompletableFuture.completedStage(taken), new CompletableFuture<>());
    }

    @Test
    void aCallIsTransferredAndTheAnswerSaysWhetherTheFarEndTakesIt() {
        String path = "/v2/sip/call/transfer";
        String body = "{\"callId\":\"call_1\",\"transferTo\":\"+15551234567\"}";
        refused(client.post(path, body), 404, "Call not found.");
        api.calls.calls.put("call_1", ApiServer.call("call_1", "answered"));
        refused(client.post(path, body), 409, "The call is not answered.");
        api.calls.transferring = begun(step(Referral.Phase.ACCEPTED, Referral.Cause.NONE, 0));
        JsonNode answer = good(client.post(path, body));
        assertThat(answer.get("message").asString())
                .isEqualTo("Call transfer initiated successfully");
        assertThat(answer.at("/data/callId").asString()).isEqualTo("call_1");
        api.calls.transferring = begun(step(Referral.Phase.FAILED, Referral.Cause.REFUSED, 405));
        refused(client.post(path, body), 502, "Why.");
        api.calls.transferring =
                new LiveCalls.Transferring.Refused(CallEnd.of(EndReason.NOT_ALLOWED, "Premium."));
        refused(client.post(path, body), 403, "Premium.");
        assertThat(api.calls.transferred).containsOnly("+15551234567").hasSize(5);
        refused(client.post(path, "{\"callId\":\"x\"}"), 400, "transferTo is required");
        refused(
                client.post(path, "{\"callId\":\"x\",\"transferTo\":\"sip:someone\"}"),
                400,
                "transferTo must be a number or a SIP address");
    }

    @Test
    void aCallGoesIntoAnotherRoom() {
        String path = "/v2/sip/call/switch-room";
        String room = good(client.post("/v2/rooms", "{}")).get("roomId").asString();
        String body =
                "{\"callId\":\"call_1\",\"roomId\":\"" + room + "\",\"participantId\":\"bob\"}";
        refused(client.post(path, body), 404, "Call not found.");
        api.calls.calls.put("call_1", ApiServer.call("call_1", "answered"));
        assertThat(good(client.post(path, body)).get("message").asString())
                .isEqualTo("Call room switched successfully");
        assertThat(api.calls.moved.getLast()).startsWith("call_1 room_").endsWith(" bob");
        api.calls.moving = LiveCalls.Moving.FULL;
        refused(client.post(path, body), 409, "The room is full.");
        api.calls.moving = LiveCalls.Moving.NOT_TALKING;
        shaped(client.post(path, body), 409);
        refused(
                client.post(path, "{\"callId\":\"call_1\",\"roomId\":\"nope\"}"),
                404,
                "Room not found.");
        refused(client.post(path, "{\"callId\":\"call_1\"}"), 400, "roomId is required");
    }

    @Test
    void aCallThatEndedHasItsWholeTimelog() {
        CallRow row =
                new CallRow(
                        "call_7",
                        "outbound",
                        "ended",
                        "room_1",
                        "part_1",
                        "carrier",
                        null,
                        "+1",
                        "+2",
                        null,
                        null,
                        "",
                        ApiServer.NOON,
                        ApiServer.NOON.plusSeconds(5),
                        ApiServer.NOON.plusSeconds(9),
                        "hangup_callee",
                        "nobody",
                        0,
                        "",
                        "{\"rang_at\":\"2026-11-21T12:00:02Z\",\"transfers\":["
                                + "{\"state\":\"requested\",\"at\":\"2026-11-21T12:00:07Z\"},"
                                + "{\"state\":\"failed\",\"at\":\"2026-11-21T12:00:08Z\"}],"
                                + "\"moves\":[{\"state\":\"completed\","
                                + "\"at\":\"2026-11-21T12:00:06Z\"}]}");
        api.store.calls().put(row);
        assertThat(good(client.get("/v2/sip/call/call_7")).at("/data/timelog").toString())
                .isEqualTo(
                        "[{\"status\":\"initiated\",\"timestamp\":\"2026-11-21T12:00:00Z\"},"
                                + "{\"status\":\"ringing\",\"timestamp\":\"2026-11-21T12:00:02Z\"},"
                                + "{\"status\":\"answered\",\"timestamp\":\"2026-11-21T12:00:05Z\"},"
                                + "{\"status\":\"switch-room-completed\","
                                + "\"timestamp\":\"2026-11-21T12:00:06Z\"},"
                                + "{\"status\":\"transfer-initiated\","
                                + "\"timestamp\":\"2026-11-21T12:00:07Z\"},"
                                + "{\"status\":\"transfer-failed\","
                                + "\"timestamp\":\"2026-11-21T12:00:08Z\"},"
                                + "{\"status\":\"ended\",\"timestamp\":\"2026-11-21T12:00:09Z\"}]");
    }

    private static RoomRow room(CallOrder order) {
        return Objects.requireNonNull(order.room());
    }
}
