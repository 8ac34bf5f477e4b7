package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each row of the table of endings that an inbound call can reach: what the record, the trace and
 * the log say of it. The last tests end the server itself.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CallEndingsTest {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String PROOF = "X-Account: AC1";

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("endings")
                    .set("media.silence_timeout=3s")
                    .set("limits.max_call_duration=6s")
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: main, direction: inbound, allow: ["127.0.0.1"], require_headers: { X-Account: AC1 } }
                            """)
                    .section("calls", "calls: { trace: all }")
                    .expectExit(3);

    @Test
    @Order(1)
    void theCallerHangsUp() {
        try (TrunkCaller phone = talking()) {
            phone.hangUp();
            isExplained(phone, "hangup_caller", "nobody", "BYE sip:");
        }
    }

    @Test
    @Order(1)
    @Tag("RFC3326§2")
    void anApplicationHangsUp() {
        try (TrunkCaller phone = talking()) {
            assertThat(delete("/v1/calls/" + id(phone)).statusCode()).isEqualTo(204);
            assertThat(phone.awaitBye().header("Reason")).startsWith("Q.850;cause=16");
            isExplained(phone, "hangup_api", "nobody", "BYE sip:");
            assertThat(delete("/v1/calls/" + id(phone)).statusCode()).isEqualTo(409);
        }
    }

    @Test
    @Order(1)
    void theParticipantIsMutedThenRemoved() {
        try (TrunkCaller phone = talking()) {
            String path =
                    "/v1/rooms/"
                            + BridgeProcess.ROOM_CODE
                            + "/participants/"
                            + call(phone).get("participant").asString();
            HttpResponse<String> muted =
                    bridge.send(
                            bridge.request(path)
                                    .header("Content-Type", "application/json")
                                    .method("PATCH", BodyPublishers.ofString("{\"muted\":true}"))
                                    .build());
            assertThat(muted.statusCode()).isEqualTo(200);
            assertThat(delete(path).statusCode()).isEqualTo(204);
            phone.awaitBye();
            isExplained(phone, "removed", "nobody", "BYE sip:");
            assertThat(trace(phone).get("decisions"))
                    .extracting(d -> d.get("about").asString() + ": " + d.get("text").asString())
                    .contains("api: the API set muted: true");
        }
    }

    /** Among the calls where it was known who calls, among the refusals where it was not yet. */
    @Test
    @Order(1)
    void theCallerGivesUpBeforeTheAnswer() {
        for (int i = 0; i < 60; i++) {
            try (TrunkCaller phone = new TrunkCaller(bridge, BridgeProcess.ROOM_CODE, PROOF)) {
                if (!phone.cancelAfter(Duration.ofNanos(i * 300_000L))) {
                    continue; // answered sooner
                }
                if (listsCancelled()) {
                    return;
                }
                if (recorded(phone).isPresent()) {
                    isExplained(phone, "cancelled", "caller", "SIP/2.0 487");
                    return;
                }
            }
        }
        throw new AssertionError("of 60 calls none was cancelled before its answer");
    }

    private static boolean listsCancelled() {
        return bridge.get("/v1/refusals")
                .get("items")
                .valueStream()
                .anyMatch(each -> each.get("reason").asString().equals("cancelled"));
    }

    @Test
    @Order(2)
    void aPhoneThatSendsNothingIsEndedByItsSilence() {
        try (TrunkCaller phone = talking()) {
            assertThat(phone.awaitBye().header("Reason")).startsWith("Q.850;cause=102");
            isExplained(phone, "media_timeout", "unknown", "BYE sip:");
        }
    }

    @Test
    @Order(2)
    void aCallThatSpeaksIsEndedAtItsLongest() throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        try (RtpPhone phone = new RtpPhone(bridge)) {
            phone.call(BridgeProcess.ROOM_CODE);
            Thread speaking =
                    Thread.startVirtualThread(
                            () -> {
                                for (int i = 0; !over.get(); i++) {
                                    RtpPhone.send(
                                            phone.rtp(),
                                            RtpPhone.frame(7, i, 440),
                                            phone.mediaPort());
                                    LockSupport.parkNanos(20_000_000);
                                }
                            });
            await().atMost(LIMIT)
                    .until(
                            () ->
                                    bridge.get("/v1/calls?limit=1")
                                            .at("/items/0/end/reason")
                                            .asString("")
                                            .equals("max_duration"));
            over.set(true);
            speaking.join();
        }
        String id = bridge.get("/v1/calls?limit=1").at("/items/0/id").asString();
        JsonNode trace =
                await().atMost(LIMIT)
                        .until(
                                () -> bridge.get("/v1/calls/" + id + "/trace"),
                                t -> t.at("/media/black_box").isObject());
        assertThat(trace.at("/media/black_box/packets").asInt()).isGreaterThan(50);
        assertThat(trace.at("/media/black_box/data").asString()).isNotEmpty();
        assertThat(trace.get("decisions"))
                .extracting(d -> d.get("text").asString())
                .anySatisfy(text -> assertThat(text).startsWith("RTP is taken from "));
    }

    @Test
    @Order(3)
    void theRoomIsEnded() {
        HttpResponse<String> made =
                bridge.send(
                        bridge.request("/v1/rooms")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{}"))
                                .build());
        JsonNode room = JsonMapper.shared().readTree(made.body());
        try (TrunkCaller phone =
                new TrunkCaller(bridge, room.at("/codes/0/code").asString(), PROOF)) {
            assertThat(phone.call().status()).isEqualTo(200);
            assertThat(delete("/v1/rooms/" + room.get("id").asString()).statusCode())
                    .isEqualTo(204);
            assertThat(phone.awaitBye().header("Reason")).contains("The room was ended.");
            isExplained(phone, "room_ended", "nobody", "BYE sip:");
        }
    }

    @Test
    @Order(8)
    void whatACrashCutIsToldAfterTheRestart() {
        try (TrunkCaller phone = talking()) {
            String id = id(phone);
            bridge.crashAndRestart();
            JsonNode call = bridge.get("/v1/calls/" + id);
            assertThat(call.at("/end/reason").asString()).isEqualTo("server_crashed");
            assertThat(call.at("/end/culprit").asString()).isEqualTo("us");
            JsonNode trace = bridge.get("/v1/calls/" + id + "/trace");
            assertThat(trace.get("kept").asString()).isEqualTo("decisions");
            assertThat(trace.get("decisions"))
                    .extracting(d -> d.get("text").asString())
                    .anySatisfy(text -> assertThat(text).contains("required headers match"))
                    .anySatisfy(text -> assertThat(text).startsWith("chosen PCMU/8000"));
        }
    }

    @Test
    @Order(9)
    void whatAStopCutIsToldToThePhoneAndRecorded() {
        try (TrunkCaller phone = talking()) {
            assertThat(bridge.stop()).isEqualTo(3);
            assertThat(phone.awaitBye().header("Reason")).contains("The server was stopped.");
            assertThat(bridge.log())
                    .containsPattern(
                            " INFO +call event=call_ended reason=server_stopped culprit=us .*call=call_");
        }
    }

    private static TrunkCaller talking() {
        TrunkCaller phone = new TrunkCaller(bridge, BridgeProcess.ROOM_CODE, PROOF);
        assertThat(phone.call().status()).isEqualTo(200);
        return phone;
    }

    /** The record, the trace with the message that ended it, and the log say the same. */
    private static void isExplained(
            TrunkCaller phone, String reason, String culprit, String message) {
        JsonNode call = await().atMost(LIMIT).until(() -> call(phone), c -> !c.get("end").isNull());
        assertThat(call.at("/end/reason").asString()).isEqualTo(reason);
        assertThat(call.at("/end/culprit").asString()).isEqualTo(culprit);
        assertThat(trace(phone).get("decisions"))
                .extracting(d -> d.get("text").asString())
                .anySatisfy(text -> assertThat(text).startsWith(reason + " (culprit: " + culprit));
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(trace(phone).get("messages"))
                                        .extracting(m -> m.get("start_line").asString())
                                        .anySatisfy(l -> assertThat(l).startsWith(message)));
        assertThat(bridge.log())
                .containsPattern(
                        " INFO +call event=call_\\w+ reason="
                                + reason
                                + " culprit="
                                + culprit
                                + " .*call="
                                + call.get("id").asString());
    }

    private static JsonNode trace(TrunkCaller phone) {
        return bridge.get("/v1/calls/" + id(phone) + "/trace");
    }

    private static String id(TrunkCaller phone) {
        return call(phone).get("id").asString();
    }

    private static JsonNode call(TrunkCaller phone) {
        return await().atMost(LIMIT)
                .until(() -> recorded(phone), Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<JsonNode> recorded(TrunkCaller phone) {
        return bridge.get("/v1/calls?limit=5")
                .get("items")
                .valueStream()
                .filter(
                        each ->
                                bridge.get("/v1/calls/" + each.get("id").asString() + "/trace")
                                        .at("/call/sip_call_id")
                                        .asString()
                                        .equals(phone.callId()))
                .findFirst();
    }

    private static HttpResponse<String> delete(String path) {
        return bridge.send(bridge.request(path).DELETE().build());
    }
}
