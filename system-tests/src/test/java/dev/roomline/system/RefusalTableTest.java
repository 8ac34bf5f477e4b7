package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * Each row of the table of refusals: what the caller is answered, and where an operator reads why:
 * the call or the list of refusals, the trace, the metric, the log. SIPp is the carrier; what it
 * cannot say comes from a socket.
 */
final class RefusalTableTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String SMALL = "X-Small: 1";

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("refusals")
                    .section("limits", "limits: { max_calls: 3 }")
                    .section(
                            "rooms",
                            """
                            rooms:
                              - { name: support, codes: [ { code: abc-defg-hij }, { code: web-only-code, entry: browser } ] }
                              - { name: others, codes: [ { code: others-code } ] }
                              - { name: tiny, max_participants: 1, codes: [ { code: tiny-room-one } ] }
                            """)
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: main, name: Main, direction: inbound, allow: ["127.0.0.1"], require_headers: { X-Account: "%s" }, rooms: [support, tiny-room-one], codecs: [pcmu], answer_headers: { X-Answered-By: roomline } }
                              - { id: small, name: Small, direction: inbound, allow: ["127.0.0.0/8"], require_headers: { X-Small: "1" }, max_calls: 1 }
                            routes:
                              - { number: "+15550100001", room: abc-defg-hij }
                              - { number: "+15550100002", trunk: main, room: new }
                            """
                                    .formatted(RefusalRow.SECRET));

    private static final Operator operator = new Operator(bridge);

    @TestFactory
    List<DynamicTest> eachRefusalIsAnsweredAndExplained() {
        return RefusalRow.all().stream()
                .map(row -> DynamicTest.dynamicTest(row.what(), () -> isRefused(row)))
                .toList();
    }

    private static void isRefused(RefusalRow row) {
        double before = metric(row);
        SipTrace sipp = sipp(row);
        SipTrace.Message refusal =
                sipp.messages().stream()
                        .filter(m -> m.received() && m.status() >= 300)
                        .findFirst()
                        .orElseThrow();
        assertThat(refusal.status()).as(refusal.text()).isEqualTo(row.status());
        assertThat(refusal.reasonPhrase()).matches(row.phrase());
        row.headers().forEach((name, value) -> assertThat(refusal.header(name)).matches(value));
        if (row.reason().isEmpty()) {
            return; // a challenge is no refusal
        }
        if (row.decided().isEmpty()) {
            JsonNode listed = operator.awaitRefusal("INVITE", row.reason());
            assertThat(listed.get("source").asString()).isEqualTo("127.0.0.1");
        } else {
            isExplained(operator.awaitCall(refusal.header("Call-ID")), row);
        }
        await().atMost(LIMIT).until(() -> metric(row) == before + 1);
    }

    /** The call, its trace and its line in the log say the same. */
    private static void isExplained(JsonNode call, RefusalRow row) {
        assertThat(call.get("state").asString()).isEqualTo("refused");
        assertThat(call.at("/end/reason").asString()).isEqualTo(row.reason());
        assertThat(call.at("/end/culprit").asString()).isEqualTo(row.culprit());
        assertThat(call.at("/end/sip_status").asInt()).isEqualTo(row.status());
        assertThat(call.at("/trunk").asString()).isEqualTo("main");
        JsonNode trace = operator.trace(call.get("id").asString());
        assertThat(trace.get("decisions"))
                .extracting(d -> d.get("text").asString())
                .anySatisfy(text -> assertThat(text).contains("Main", "required headers match"))
                .anySatisfy(text -> assertThat(text).contains(row.decided()))
                .anySatisfy(text -> assertThat(text).startsWith(row.reason() + " (culprit: "));
        assertThat(trace.get("messages"))
                .extracting(m -> m.get("start_line").asString())
                .anySatisfy(line -> assertThat(line).startsWith("INVITE "))
                .anySatisfy(line -> assertThat(line).startsWith("SIP/2.0 " + row.status()));
        assertThat(trace.toString()).doesNotContain(RefusalRow.SECRET);
        assertThat(bridge.log().lines())
                .anySatisfy(
                        line ->
                                assertThat(line)
                                        .contains(" INFO ")
                                        .contains("event=call_refused reason=" + row.reason())
                                        .contains("culprit=" + row.culprit())
                                        .contains("sip_status=" + row.status())
                                        .contains(call.get("id").asString()));
    }

    @Test
    void aDisabledCodeAndADeletedRoomAreAsUnknownAsAnyOther() {
        JsonNode room = operator.post("/v1/rooms", "{\"name\":\"support\"}");
        String id = room.get("id").asString();
        String code = room.at("/codes/0/code").asString();
        int status =
                bridge.send(
                                bridge.request("/v1/rooms/" + id + "/codes/" + code)
                                        .header("Content-Type", "application/json")
                                        .method(
                                                "PATCH",
                                                BodyPublishers.ofString("{\"enabled\":false}"))
                                        .build())
                        .statusCode();
        assertThat(status).isEqualTo(200);
        isRefused(
                RefusalRow.call(
                        "disabled", code, 404, "unknown_room", "caller", "code is disabled"));
        bridge.send(bridge.request("/v1/rooms/" + id).DELETE().build());
        isRefused(
                RefusalRow.call(
                        "deleted", code, 404, "unknown_room", "caller", "no room has the code"));
    }

    @Test
    void aFullRoomIs486() {
        try (TrunkCaller first = new TrunkCaller(bridge, "tiny-room-one", RefusalRow.PROOF)) {
            SipTrace.Message answer = first.call();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("X-Answered-By")).isEqualTo("roomline");
            isRefused(
                    RefusalRow.call(
                            "full", "tiny-room-one", 486, "room_full", "caller", "may enter"));
            first.hangUp();
        }
    }

    @Test
    void aTrunksLimitAndTheServersAre503WithRetryAfter() {
        List<TrunkCaller> held = new ArrayList<>();
        try {
            held.add(new TrunkCaller(bridge, BridgeProcess.ROOM_CODE, SMALL));
            assertThat(held.getFirst().call().status()).isEqualTo(200);
            try (TrunkCaller second = new TrunkCaller(bridge, BridgeProcess.ROOM_CODE, SMALL)) {
                SipTrace.Message refusal = second.call();
                assertThat(refusal.status()).isEqualTo(503);
                assertThat(refusal.header("Retry-After")).matches("\\d+");
                JsonNode call = operator.awaitCall(second.callId());
                assertThat(call.at("/end/reason").asString()).isEqualTo("limit");
                assertThat(call.at("/end/culprit").asString()).isEqualTo("us");
                assertThat(operator.trace(call.get("id").asString()).toString())
                        .contains("max_calls of trunk Small is reached");
            }
            for (int i = 0; i < 2; i++) {
                held.add(new TrunkCaller(bridge, BridgeProcess.ROOM_CODE, RefusalRow.PROOF));
                assertThat(held.getLast().call().status()).isEqualTo(200);
            }
            try (TrunkCaller fourth =
                    new TrunkCaller(bridge, BridgeProcess.ROOM_CODE, RefusalRow.PROOF)) {
                SipTrace.Message refusal = fourth.call();
                assertThat(refusal.status()).isEqualTo(503);
                assertThat(refusal.header("Retry-After")).matches("\\d+");
                operator.awaitRefusal("INVITE", "limit");
            }
        } finally {
            held.forEach(TrunkCaller::hangUp);
            held.forEach(TrunkCaller::close);
        }
    }

    @Test
    void whileDrainingNewCallsAre503AndOldOnesGoOn() {
        try (TrunkCaller living =
                        new TrunkCaller(bridge, BridgeProcess.ROOM_CODE, RefusalRow.PROOF);
                TrunkCaller late =
                        new TrunkCaller(bridge, BridgeProcess.ROOM_CODE, RefusalRow.PROOF)) {
            assertThat(living.call().status()).isEqualTo(200);
            operator.post("/v1/server/drain", "");
            SipTrace.Message refusal = late.call();
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.header("Retry-After")).matches("\\d+");
            operator.awaitRefusal("INVITE", "draining");
            bridge.send(bridge.request("/v1/server/drain").DELETE().build());
            living.hangUp();
        }
    }

    private record Odd(String what, String find, String replacement, int status, String reason) {}

    @TestFactory
    List<DynamicTest> whatNeverBecomesACallIsAnsweredAndListed() {
        return List.of(
                        new Odd(
                                "a method not served",
                                "OPTIONS",
                                "PUBLISH",
                                405,
                                "method_not_allowed"),
                        new Odd(
                                "an unknown method",
                                "OPTIONS",
                                "FROBNICATE",
                                501,
                                "unknown_method"),
                        new Odd(
                                "a scheme not served",
                                "^OPTIONS sip:\\S+",
                                "OPTIONS mailto:x@y",
                                416,
                                "unsupported_scheme"),
                        new Odd("no such dialog", "OPTIONS", "BYE", 481, "no_dialog"),
                        new Odd("no such transaction", "OPTIONS", "CANCEL", 481, "no_transaction"),
                        new Odd("no Call-ID", "(?m)^Call-ID: .*\r\n", "", 400, "malformed"))
                .stream()
                .map(row -> DynamicTest.dynamicTest(row.what(), () -> isAnsweredAndListed(row)))
                .toList();
    }

    private static void isAnsweredAndListed(Odd row) {
        double before = operator.refusals(row.reason());
        try (SipPeer peer = SipPeer.overUdp(bridge.sipPort())) {
            String good =
                    SipText.request(
                            "OPTIONS", "x", bridge.sipPort(), "UDP", peer.port(), SipText.unique());
            boolean word = row.find().equals("OPTIONS");
            String sent =
                    word
                            ? good.replace(row.find(), row.replacement())
                            : good.replaceFirst(row.find(), row.replacement());
            peer.send(sent);
            SipTrace.Message answer = peer.receiveFinal(LIMIT).orElseThrow();
            assertThat(answer.status()).as(answer.text()).isEqualTo(row.status());
            assertThat(answer.reasonPhrase()).isNotBlank();
            if (row.status() == 405) {
                assertThat(answer.header("Allow").split(",\\s*"))
                        .contains("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS")
                        .doesNotContain("PUBLISH");
            }
        }
        operator.awaitRefusal(row.what().startsWith("no Call-ID") ? "OPTIONS" : "", row.reason());
        await().atMost(LIMIT).until(() -> operator.refusals(row.reason()) > before);
    }

    @Test
    @Tag("RFC3261§8.2.2.2")
    void aMergedRequestIs482() {
        try (SipPeer peer = SipPeer.overUdp(bridge.sipPort())) {
            String first =
                    SipText.request(
                            "INVITE", "x", bridge.sipPort(), "UDP", peer.port(), SipText.unique());
            String trunks = first.replace("Max-Forwards", RefusalRow.PROOF + "\r\nMax-Forwards");
            peer.send(trunks);
            peer.send(trunks.replaceFirst("branch=z9hG4bK", "branch=z9hG4bKother"));
            List<Integer> answers =
                    List.of(
                            peer.receiveFinal(LIMIT).orElseThrow().status(),
                            peer.receiveFinal(LIMIT).orElseThrow().status());
            assertThat(answers).contains(482);
            operator.awaitRefusal("INVITE", "merged");
        }
    }

    @Test
    void wrongPasswordsAreListedPerSourceWhateverTheirAccount() {
        double before = operator.refusals("unauthenticated");
        for (String user : List.of(BridgeProcess.USERNAME, "mallory")) {
            try (SipPeer peer = SipPeer.overUdp(bridge.sipPort())) {
                String first =
                        SipText.request(
                                "INVITE",
                                BridgeProcess.ROOM_CODE,
                                bridge.sipPort(),
                                "UDP",
                                peer.port(),
                                SipText.unique());
                peer.send(first);
                SipTrace.Message challenge = peer.receiveFinal(LIMIT).orElseThrow();
                peer.send(SipText.ack(first, challenge));
                String again = SipText.answering(first, challenge, user, "guess");
                peer.send(again);
                SipTrace.Message second = peer.receiveFinal(LIMIT).orElseThrow();
                assertThat(second.status()).isEqualTo(407);
                peer.send(SipText.ack(again, second));
            }
        }
        JsonNode listed = operator.awaitRefusal("INVITE", "unauthenticated");
        assertThat(listed.get("count").asLong()).isGreaterThanOrEqualTo(2);
        assertThat(listed.get("detail").asString()).contains("challenged anew");
        await().atMost(LIMIT).until(() -> operator.refusals("unauthenticated") >= before + 2);
    }

    @Test
    void aNumberWithARoomOfItsOwnIsJoinedByItsCodeAndEndsWithItsCaller() {
        try (TrunkCaller caller = new TrunkCaller(bridge, "+1-555-010-0002", RefusalRow.PROOF)) {
            assertThat(caller.call().status()).isEqualTo(200);
            JsonNode call = operator.awaitCall(caller.callId());
            JsonNode room = bridge.get("/v1/rooms/" + call.get("room").asString());
            assertThat(room.get("name").asString()).startsWith("Call from ");
            assertThat(bridge.get("/v1/rooms?live=true").get("items"))
                    .extracting(each -> each.get("id").asString())
                    .contains(room.get("id").asString());
            String code = room.at("/codes/0/code").asString();
            try (TrunkCaller friend = new TrunkCaller(bridge, code, SMALL)) {
                assertThat(friend.call().status()).isEqualTo(200);
                caller.hangUp();
                assertThat(friend.awaitBye().header("Reason")).contains("The room was ended.");
                assertThat(operator.awaitEnded(friend.callId()).at("/end/reason").asString())
                        .isEqualTo("room_ended");
            }
            await().atMost(LIMIT)
                    .until(
                            () ->
                                    bridge.send(bridge.request("/v1/rooms/" + code).GET().build())
                                                    .statusCode()
                                            == 404);
        }
    }

    private static SipTrace sipp(RefusalRow row) {
        String target = "sip:" + row.target() + "@127.0.0.1:" + bridge.sipPort();
        return SipTrace.ofSipp(
                SippRunner.scenario("refused-call.xml", bridge.sipPort())
                        .key("target", target)
                        .key("proof", row.proof())
                        .key("extra", row.extra())
                        .key("media", row.media())
                        .run()
                        .assertPassed()
                        .messages());
    }

    private static double metric(RefusalRow row) {
        if (row.reason().isEmpty()) {
            return 0;
        }
        return row.decided().isEmpty()
                ? operator.refusals(row.reason())
                : operator.ended(row.reason(), row.culprit());
    }
}
