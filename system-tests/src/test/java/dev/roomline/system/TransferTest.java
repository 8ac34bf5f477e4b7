package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls that are sent elsewhere by REFER: by the API, and by telephones in a room. */
final class TransferTest {
    private static final String HOST_CODE = "hst-hosts-hst";
    private static final int CARRIER = FreePorts.one();
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("transfer")
                    .section(
                            "rooms",
                            """
                            rooms:
                              - { name: support, codes: [ { code: %s, role: guest }, { code: %s, role: host } ] }
                            """
                                    .formatted(BridgeProcess.ROOM_CODE, HOST_CODE))
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: carrier, address: "127.0.0.1:%d", options_ping: 0s, numbers: ["+15550100000"] }
                            """
                                    .formatted(CARRIER))
                    .set("calls.trace=all");

    private static String answeredCall() {
        return bridge.get("/v1/calls?state=answered").get("items").get(0).get("id").asString();
    }

    private static HttpResponse<String> transfer(String call, String body) {
        return bridge.send(
                bridge.request("/v1/calls/" + call + "/transfer")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static JsonNode ended(String call) {
        return Awaitility.await()
                .atMost(LIMIT)
                .until(() -> bridge.get("/v1/calls/" + call), row -> !row.get("end").isNull());
    }

    private static SipTrace.Message notify(RtpPhone phone, String state, String frag) {
        return phone.request(
                "NOTIFY",
                "Event: refer\r\nSubscription-State: "
                        + state
                        + "\r\nContact: <sip:tester@127.0.0.1>\r\n"
                        + "Content-Type: message/sipfrag;version=2.0\r\n",
                frag + "\r\n");
    }

    @Test
    void baresipIsSentToSomebodyElseAndItsCallEndsWhenThatOneAnswers() {
        try (Carrier desk = Carrier.at(FreePorts.one());
                DatagramSocket sound = RtpPhone.socket();
                EventFeed events = EventFeed.of(bridge);
                Baresip baresip = Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, 440))) {
            baresip.call(bridge.sipUri(BridgeProcess.ROOM_CODE));
            String call = answeredCall();
            String to = "sip:desk@127.0.0.1:" + desk.port();
            HttpResponse<String> taken = transfer(call, "{\"to\":\"" + to + "\"}");
            assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
            SipTrace.Message invite = desk.await("INVITE");
            assertThat(invite.firstLine()).startsWith("INVITE " + to);
            desk.answer(invite, "180 Ringing");
            desk.answer(invite, "200 OK", "", SipText.offer("127.0.0.1", sound.getLocalPort()));
            desk.await("ACK");
            JsonNode row = ended(call);
            assertThat(row.at("/transfer/state").asString()).isEqualTo("transferred");
            assertThat(row.at("/transfer/sip_status").asInt()).isEqualTo(200);
            assertThat(row.at("/end/reason").asString()).isEqualTo("hangup_api");
            assertThat(events.await("call.transfer").at("/data/transfer/state").asString())
                    .isEqualTo("requested");
            assertThat(bridge.metric("roomline_calls_transferred_total{outcome=\"transferred\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aTransferThatFailsKeepsTheCallAndSaysWhy() {
        try (RtpPhone phone = new RtpPhone(bridge)) {
            phone.call(BridgeProcess.ROOM_CODE);
            String call = answeredCall();
            CompletableFuture<HttpResponse<String>> asked =
                    CompletableFuture.supplyAsync(
                            () ->
                                    transfer(
                                            call,
                                            "{\"to\":\"tel:+1 555 123 4567\","
                                                    + "\"wait\":\"answered\"}"));
            SipTrace.Message refer = phone.answerRequest("REFER", "202 Accepted");
            assertThat(refer.header("Refer-To")).isEqualTo("<tel:+15551234567>");
            assertThat(refer.header("Referred-By")).contains("sip:" + BridgeProcess.ROOM_CODE);
            assertThat(refer.header("Contact")).contains("sip:");
            assertThat(notify(phone, "active;expires=60", "SIP/2.0 100 Trying").status())
                    .isEqualTo(200);
            assertThat(transfer(call, "{\"to\":\"+15551234567\"}").statusCode())
                    .as("one at a time")
                    .isEqualTo(409);
            notify(phone, "terminated;reason=noresource", "SIP/2.0 486 Busy Here");
            HttpResponse<String> busy = asked.join();
            assertThat(busy.statusCode()).as(busy.body()).isEqualTo(409);
            assertThat(json(busy).get("reason").asString()).isEqualTo("busy");
            JsonNode row = bridge.get("/v1/calls/" + call);
            assertThat(row.get("state").asString()).isEqualTo("answered");
            assertThat(row.at("/transfer/text").asString())
                    .startsWith("The new party did not answer: 486 Busy Here.");
            assertThat(bridge.get("/v1/calls/" + call + "/trace").get("decisions").toString())
                    .contains("The new party did not answer: 486 Busy Here.");
            assertThat(notify(phone, "active", "SIP/2.0 200 OK").status())
                    .as("it is over")
                    .isIn(200, 481);
            phone.hangUp();
        }
    }

    @Test
    void aTelephoneTakesThePlaceOfAnotherOnesCall() {
        try (RtpPhone first = new RtpPhone(bridge);
                RtpPhone second = new RtpPhone(bridge)) {
            first.call(BridgeProcess.ROOM_CODE);
            String call = answeredCall();
            second.replacing(first);
            second.call(BridgeProcess.ROOM_CODE);
            assertThat(first.answerBye(LIMIT).header("Reason")).contains("Another telephone");
            assertThat(ended(call).at("/end/text").asString()).contains("(Replaces)");
            second.hangUp();
        }
    }

    @Test
    void aTelephoneWhoseRoleMayNotDialMakesNobodyCallAnybody() {
        try (Carrier carrier = Carrier.at(CARRIER);
                RtpPhone guest = new RtpPhone(bridge)) {
            guest.call(BridgeProcess.ROOM_CODE);
            assertThat(refer(guest, "<sip:+15551234567@127.0.0.1>").status()).isEqualTo(403);
            assertThat(refer(guest, "<tel:+15551234567>").status()).isEqualTo(403);
            assertThat(carrier.hearsNothing(Duration.ofMillis(300))).isTrue();
            guest.hangUp();
        }
    }

    private static SipTrace.Message refer(RtpPhone phone, String to) {
        return phone.request(
                "REFER", "Refer-To: " + to + "\r\nContact: <sip:tester@127.0.0.1>\r\n", "");
    }

    private static String told(RtpPhone phone) {
        SipTrace.Message notify = phone.answerRequest("NOTIFY", "200 OK");
        assertThat(notify.header("Event")).startsWith("refer");
        assertThat(notify.header("Content-Type")).startsWith("message/sipfrag");
        return notify.body().strip() + " " + notify.header("Subscription-State").split(";")[0];
    }

    @Test
    void aHostsTelephoneHasSomebodyCalledIntoItsRoomAndIsToldHowFarThatCame() {
        try (Carrier carrier = Carrier.at(CARRIER);
                DatagramSocket sound = RtpPhone.socket();
                RtpPhone host = new RtpPhone(bridge)) {
            host.call(HOST_CODE);
            assertThat(
                            refer(
                                            host,
                                            "<sip:+15551234567@127.0.0.1;user=phone"
                                                    + "?Replaces=abc%40desk%3Bto-tag%3Dt1%3B"
                                                    + "from-tag%3Df1>")
                                    .status())
                    .isEqualTo(202);
            assertThat(told(host)).isEqualTo("SIP/2.0 100 Trying active");
            SipTrace.Message invite = carrier.await("INVITE");
            assertThat(invite.firstLine()).startsWith("INVITE sip:+15551234567@");
            assertThat(invite.header("Replaces")).isEqualTo("abc@desk;to-tag=t1;from-tag=f1");
            carrier.answer(invite, "180 Ringing");
            assertThat(told(host)).isEqualTo("SIP/2.0 180 Ringing active");
            carrier.answer(invite, "200 OK", "", SipText.offer("127.0.0.1", sound.getLocalPort()));
            carrier.await("ACK");
            assertThat(told(host)).isEqualTo("SIP/2.0 200 OK terminated");
            host.hangUp();
            String call = answeredCall();
            assertThat(bridge.get("/v1/calls/" + call).get("direction").asString())
                    .as("whoever was called stays")
                    .isEqualTo("outbound");
            carrier.hangUp(invite, "callee");
            ended(call);
        }
    }

    private static void hears(Baresip phone, double hertz) {
        Awaitility.await("%.0f Hz".formatted(hertz))
                .atMost(LIMIT)
                .until(() -> AudioMeasure.fit(phone.listen(0.5), hertz).levelDbfs(hertz) > -20);
    }

    @Test
    void aTransferOfBaresipThatFailsKeepsItsCallAndItsSound() {
        try (Carrier desk = Carrier.at(FreePorts.one());
                Baresip other = Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, 1000));
                Baresip baresip = Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, 440))) {
            baresip.call(bridge.sipUri(BridgeProcess.ROOM_CODE));
            String call = answeredCall();
            other.call(bridge.sipUri(BridgeProcess.ROOM_CODE));
            hears(other, 440);
            transfer(call, "{\"to\":\"sip:desk@127.0.0.1:" + desk.port() + "\"}");
            desk.answer(desk.await("INVITE"), "486 Busy Here");
            JsonNode row =
                    Awaitility.await()
                            .atMost(LIMIT)
                            .until(
                                    () -> bridge.get("/v1/calls/" + call),
                                    each -> each.at("/transfer/sip_status").asInt() == 486);
            assertThat(row.at("/transfer/state").asString()).isEqualTo("failed");
            assertThat(row.get("state").asString()).isEqualTo("answered");
            hears(other, 440);
            hears(baresip, 1000);
            other.hangUp();
        }
    }

    @Test
    void whatIsNotCalledIsNotCalledForATelephoneEither() {
        try (Carrier carrier = Carrier.at(CARRIER);
                RtpPhone host = new RtpPhone(bridge)) {
            host.call(HOST_CODE);
            for (String to : List.of("<tel:+19005551234>", "<sip:x@203.0.113.9>", "<tel:112>")) {
                assertThat(refer(host, to).status()).as(to).isEqualTo(202);
                assertThat(told(host)).isEqualTo("SIP/2.0 100 Trying active");
                assertThat(told(host)).as(to).isEqualTo("SIP/2.0 403 Forbidden terminated");
            }
            assertThat(refer(host, "<sip:x@127.0.0.1;method=BYE>").status()).isEqualTo(501);
            assertThat(refer(host, "nobody").status()).isEqualTo(400);
            assertThat(carrier.hearsNothing(Duration.ofMillis(300))).isTrue();
            host.hangUp();
        }
    }
}
