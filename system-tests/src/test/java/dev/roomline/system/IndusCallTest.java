package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Indus Net's API as its clients use it: trunks by preset, a call ordered into a room of its own,
 * sound between who answers and who joins by the token, and the report of its end.
 */
final class IndusCallTest {
    private static final int TWILIO = FreePorts.one();
    private static final int EXOTEL = FreePorts.one();
    private static final int HOOK = FreePorts.one();
    private static final String ENDS = "http://127.0.0.1:" + HOOK + "/ends";
    private static final String TO = "+15551234567";
    private static final double CALLED_HZ = 700;
    private static final double BROWSER_HZ = 1009;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("indus")
                    .section(
                            "webhooks",
                            """
                            webhooks:
                              - { url: "%s", format: indus, allow_private: true }
                            """
                                    .formatted(ENDS));

    private static HttpResponse<String> send(String method, String path, String body) {
        HttpRequest.Builder request = bridge.request(path);
        return bridge.send(
                body.isEmpty()
                        ? request.method(method, BodyPublishers.noBody()).build()
                        : request.header("Content-Type", "application/json")
                                .method(method, BodyPublishers.ofString(body))
                                .build());
    }

    private static JsonNode answered(HttpResponse<String> response, int status, String message) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode body = JsonMapper.shared().readTree(response.body());
        assertThat(body.propertyNames()).containsExactly("success", "message", "data");
        assertThat(body.get("success").asBoolean()).isEqualTo(status < 400);
        assertThat(body.get("message").asString()).isEqualTo(message);
        return body.get("data");
    }

    private static String trunk(String body) {
        return answered(
                        send("POST", "/sip/create-outbound-trunk", body),
                        200,
                        "Outbound trunk created successfully, Store the trunk id securely.")
                .get("trunk_id")
                .asString();
    }

    private static String twilio() {
        return trunk(
                """
                {"trunk_name": "main", "trunk_type": "twilio", "passthrough_mode": true, "passthrough_webhook_url": "%s",
                 "trunk_config": {"address": "127.0.0.1:%d", "numbers": ["+15550100000"], "username": "acme", "password": "zanzibar"}}
                """
                        .formatted(ENDS, TWILIO));
    }

    private static String exotel() {
        return trunk(
                """
                {"trunk_name": "india", "trunk_type": "exotel", "passthrough_mode": true, "passthrough_webhook_url": "%s",
                 "trunk_config": {"exotel_number": "08047100000", "sip_host": "127.0.0.1", "sip_port": %d, "sip_domain": "acme.pstn.exotel.com"}}
                """
                        .formatted(ENDS, EXOTEL));
    }

    private static JsonNode order(String trunk, String to) {
        return answered(
                send(
                        "POST",
                        "/call/outbound_passthrough",
                        "{\"trunk_id\": \"%s\", \"to_number\": \"%s\", \"metadata\": {\"ticket\": 4711}}"
                                .formatted(trunk, to)),
                202,
                "Call queued successfully");
    }

    private static JsonNode queue(JsonNode order) {
        return answered(
                send("GET", "/call/queue/" + order.get("queue_id").asString(), ""),
                200,
                "Queue details fetched successfully");
    }

    private static void awaitStatus(JsonNode order, String status) {
        await(status)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> queue(order).get("status").asString().equals(status));
    }

    @Test
    void whoIsCalledAndWhoJoinsByTheTokenHearEachOther() {
        try (Carrier carrier = Carrier.at(TWILIO);
                CalledPhone called = new CalledPhone(CALLED_HZ);
                HookReceiver hook = HookReceiver.at(HOOK);
                Chromium chromium = Chromium.launch()) {
            JsonNode order = order(twilio(), TO);
            SipTrace.Message invite = carrier.await("INVITE");
            assertThat(invite.firstLine())
                    .isEqualTo("INVITE sip:" + TO + "@127.0.0.1:" + TWILIO + " SIP/2.0");
            assertThat(invite.header("From")).contains("<sip:+15550100000@127.0.0.1>");
            carrier.answer(invite, "180 Ringing");
            awaitStatus(order, "initiated");
            called.answer(carrier, invite);
            carrier.await("ACK");
            awaitStatus(order, "answered");

            RoomPage page =
                    RoomPage.open(
                            chromium.pageWithTone(BROWSER_HZ),
                            bridge.url("/join/not-used").toString());
            page.joinByToken(order.get("room_token").asString(), "Robot");
            AudioMeasure.Tones inBrowser = Ears.whenHeard(page::listen, CALLED_HZ, BROWSER_HZ);
            assertThat(inBrowser.levelDbfs(CALLED_HZ)).as("%s", inBrowser).isGreaterThan(-16);
            assertThat(inBrowser.levelDbfs(BROWSER_HZ)).as("own: %s", inBrowser).isLessThan(-45);
            AudioMeasure.Tones atPhone = Ears.whenHeard(called::listen, BROWSER_HZ, CALLED_HZ);
            assertThat(atPhone.levelDbfs(BROWSER_HZ)).as("%s", atPhone).isGreaterThan(-16);
            assertThat(atPhone.levelDbfs(CALLED_HZ)).as("own: %s", atPhone).isLessThan(-45);
            System.out.printf(
                    "indus sound: in the browser %s, at the phone %s%n", inBrowser, atPhone);

            carrier.hangUp(invite, "callee");
            JsonNode told = hook.await();
            assertThat(told.get("message").asString())
                    .isEqualTo("Call details fetched successfully");
            assertThat(told.at("/data/queue_id")).isEqualTo(order.get("queue_id"));
            assertThat(told.at("/data/room_name")).isEqualTo(order.get("room_name"));
            assertThat(told.at("/data/call_status").asString()).isEqualTo("completed");
            assertThat(told.at("/data/call_end_reason").asString()).isEqualTo("hangup_callee");
            assertThat(told.at("/data/sip_status_code").asInt()).isEqualTo(200);
            assertThat(told.at("/data/metadata/ticket").asInt()).isEqualTo(4711);
            page.page.evaluate(
                    "() => Promise.race([window.ended, new Promise((_, fail) => setTimeout(() =>"
                            + " fail(new Error('the room did not end')), 10000))])");
            assertThat(queue(order).get("status").asString()).isEqualTo("completed");
            assertThat(bridge.get("/v1/rooms").toString())
                    .as("its room goes with it")
                    .doesNotContain(order.get("room_name").asString());
        }
    }

    @Test
    void anExotelTrunkIsCalledOverTcpWithNationalNumbers() {
        try (Carrier carrier = Carrier.overTcp(EXOTEL);
                HookReceiver hook = HookReceiver.at(HOOK)) {
            String trunk = exotel();
            for (String number : List.of("9876543210", "1123456789")) {
                try (CalledPhone called = new CalledPhone(CALLED_HZ)) {
                    JsonNode order = order(trunk, "+91" + number);
                    SipTrace.Message invite = carrier.await("INVITE");
                    assertThat(invite.firstLine())
                            .startsWith("INVITE sip:0" + number + "@127.0.0.1:" + EXOTEL);
                    assertThat(invite.header("From"))
                            .contains("<sip:08047100000@acme.pstn.exotel.com>");
                    assertThat(invite.header("Via")).startsWith("SIP/2.0/TCP ");
                    assertThat(invite.text()).doesNotContain("Authorization", "+91");
                    called.answer(carrier, invite);
                    carrier.await("ACK");
                    awaitStatus(order, "answered");
                    carrier.hangUp(invite, "callee");
                    JsonNode told = hook.await().get("data");
                    assertThat(told.get("queue_id")).isEqualTo(order.get("queue_id"));
                    assertThat(told.get("call_status").asString()).isEqualTo("completed");
                    assertThat(told.get("call_end_reason").asString()).isEqualTo("hangup_callee");
                    assertThat(told.get("to_number").asString()).isEqualTo("+91" + number);
                }
            }
        }
    }

    @Test
    void aRefusedCallIsToldAgainUntilTheApplicationTakesIt() {
        try (Carrier carrier = Carrier.at(TWILIO);
                HookReceiver hook = HookReceiver.at(HOOK)) {
            hook.answerWith(500);
            hook.answerWith(503);
            JsonNode order = order(twilio(), "+15557654321");
            carrier.answer(carrier.await("INVITE"), "486 Busy Here");
            JsonNode first = hook.await();
            assertThat(first.at("/data/call_status").asString()).isEqualTo("busy");
            assertThat(first.at("/data/sip_status_code").asInt()).isEqualTo(486);
            assertThat(hook.await()).isEqualTo(first);
            assertThat(hook.await()).as("the third and last time").isEqualTo(first);
            awaitStatus(order, "busy");
            JsonNode records =
                    answered(
                            send(
                                    "GET",
                                    "/call/records?to_number=%2B15557654321&call_status=busy&page=1&limit=5",
                                    ""),
                            200,
                            "Call records fetched successfully");
            assertThat(records.get("records")).hasSize(1);
            assertThat(records.at("/records/0/queue_id")).isEqualTo(order.get("queue_id"));
            assertThat(records.at("/pagination/total").asInt()).isEqualTo(1);
        }
    }

    @Test
    void aTrunkIsListedAndDeactivatedOnce() {
        String trunk = twilio();
        HttpResponse<String> list = send("GET", "/sip/list", "");
        assertThat(answered(list, 200, "Trunks fetched successfully").toString())
                .contains(trunk)
                .doesNotContain("zanzibar", "trunk_config");
        String off = "/sip/deactivate/" + trunk;
        answered(send("DELETE", off, ""), 200, "Trunk deactivated successfully");
        answered(send("DELETE", off, ""), 400, "Trunk is already deactivated");
        answered(send("DELETE", "/sip/deactivate/ST_nothing", ""), 404, "Trunk not found");
        answered(
                send(
                        "POST",
                        "/call/outbound_passthrough",
                        "{\"trunk_id\": \"%s\", \"to_number\": \"%s\"}".formatted(trunk, TO)),
                400,
                "Trunk is deactivated");
    }

    @Test
    void whoMayNotOrErrsIsToldInTheSameShape() {
        HttpRequest foreign =
                HttpRequest.newBuilder(bridge.url("/sip/list"))
                        .header("Authorization", "Bearer something-else-0123")
                        .build();
        answered(bridge.send(foreign), 401, "The token belongs to no key.");
        answered(
                send("POST", "/sip/create-outbound-trunk", "{\"trunk_name\": \"x\"}"),
                400,
                "trunk_type must be one of twilio, exotel");
        answered(send("POST", "/call/outbound_passthrough", "{}"), 400, "trunk_id is required");
        answered(send("GET", "/call/queue/queue_none", ""), 404, "Queue not found");
        HttpResponse<String> broken = send("POST", "/sip/create-outbound-trunk", "{");
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(broken.body()).contains("\"success\":false", "The body is not JSON");
    }
}
