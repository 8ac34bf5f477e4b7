package dev.roomline.system;

import static dev.roomline.system.PlacedCalls.ANSWERED;
import static dev.roomline.system.PlacedCalls.TO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roomline.system.PlacedCalls.Answer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Calls that the API places, from the order to the end, with SIPp and a scripted carrier. */
class OutboundCallsTest {
    private static final int FIRST = FreePorts.one();
    private static final int OVER_TCP = FreePorts.one();

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("outbound")
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: first, address: "127.0.0.1:%d", options_ping: 0s, numbers: ["+15550100000"] }
                              - { id: exotel, address: "127.0.0.1:%d;transport=tcp", from_domain: acme.pstn.exotel.com, options_ping: 0s,
                                  number_format: national, national_prefix: "0", country: "91", numbers: ["08047100000"] }
                            """
                                    .formatted(FIRST, OVER_TCP))
                    .set("calls.trace=all");

    private final PlacedCalls calls = new PlacedCalls(bridge);

    @Test
    void aCallIsAnsweredAndTheFarEndHangsUp() {
        try (SippRunner.Running carrier =
                SippRunner.scenario("carrier-answers.xml", bridge.sipPort())
                        .localPort(FIRST)
                        .start()) {
            Answer answer =
                    calls.place(
                            "first",
                            TO,
                            ANSWERED
                                    + ", \"name\": \"Grace Hopper\", \"user_id\": \"u7\","
                                    + " \"headers\": {\"X-Ticket\": \"4711\"}");
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
            assertThat(answer.text("state")).isEqualTo("answered");
            assertThat(answer.text("direction")).isEqualTo("outbound");
            assertThat(answer.text("to")).isEqualTo(TO);
            assertThat(answer.text("from")).isEqualTo("+15550100000");
            assertThat(answer.text("name")).isEqualTo("Grace Hopper");
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("hangup_callee");
            String messages = carrier.await().assertPassed().messages();
            assertThat(messages)
                    .contains("INVITE sip:+15551234567@127.0.0.1:" + FIRST)
                    .contains("X-Ticket: 4711")
                    .contains("P-Asserted-Identity: <sip:+15550100000@127.0.0.1>");
        }
    }

    @Test
    @Tag("RFC3261§13.2.2.4")
    void ofTwoPhonesThatAnswerTheFirstIsKeptAndTheOtherHungUp() {
        try (Carrier carrier = Carrier.at(FIRST)) {
            CompletableFuture<Answer> asked = calls.placing("first", TO, ANSWERED);
            SipTrace.Message invite = carrier.await("INVITE");
            String sdp = SipText.offer("127.0.0.1", 9);
            carrier.answerAs("kitchen", invite, "180 Ringing", "", "");
            carrier.answerAs("office", invite, "180 Ringing", "", "");
            carrier.answerAs("office", invite, "200 OK", "", sdp);
            carrier.await("ACK");
            carrier.answerAs("kitchen", invite, "200 OK", "", sdp);
            carrier.await("ACK");
            SipTrace.Message bye = carrier.await("BYE");
            assertThat(bye.header("To")).contains("tag=kitchen");
            carrier.answer(bye, "200 OK");
            Answer answer = asked.join();
            assertThat(answer.status()).isEqualTo(201);
            assertThat(calls.get(answer.text("id")).path("state").asString(""))
                    .isEqualTo("answered");
            carrier.hangUp(invite, "office");
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("hangup_callee");
        }
    }

    @Test
    @Tag("RFC3261§9.1")
    void anAnswerThatCrossesOurCancelIsAcknowledgedAndHungUp() {
        try (Carrier carrier = Carrier.at(FIRST)) {
            Answer answer = calls.place("first", TO, "");
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.text("state")).isIn("dialing", "ringing");
            SipTrace.Message invite = carrier.await("INVITE");
            carrier.answer(invite, "180 Ringing");
            calls.awaitState(answer.text("id"), "ringing");
            assertThat(calls.hangUp(answer.text("id"))).isEqualTo(204);
            SipTrace.Message cancel = carrier.await("CANCEL");
            carrier.answer(invite, "200 OK", "", SipText.offer("127.0.0.1", 9));
            carrier.answer(cancel, "200 OK");
            carrier.await("ACK");
            carrier.answer(carrier.await("BYE"), "200 OK");
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("cancelled");
        }
    }

    @Test
    void aClientThatGoesAwayGivesTheCallUpWithinASecond() throws IOException {
        try (Carrier carrier = Carrier.at(FIRST)) {
            SipTrace.Message invite;
            long gone;
            try (Socket client = calls.asking("first", TO, ANSWERED)) {
                invite = carrier.await("INVITE");
                carrier.answer(invite, "180 Ringing");
                LockSupport.parkNanos(300_000_000L);
                assertThat(client.isConnected()).isTrue();
                gone = System.nanoTime();
            }
            SipTrace.Message cancel = carrier.await("CANCEL");
            assertThat(Duration.ofNanos(System.nanoTime() - gone))
                    .isLessThan(Duration.ofSeconds(1));
            carrier.answer(cancel, "200 OK");
            carrier.answer(invite, "487 Request Terminated");
            carrier.await("ACK");
            await("the call to be listed as cancelled")
                    .atMost(Duration.ofSeconds(5))
                    .until(
                            () -> {
                                JsonNode last =
                                        bridge.get("/v1/calls?limit=1").path("items").get(0);
                                return last.path("end")
                                        .path("reason")
                                        .asString("")
                                        .equals("cancelled");
                            });
        }
    }

    @Test
    @Tag("RFC3261§18.3")
    void aNationalNumberIsCalledOverTcp() {
        try (SippRunner.Running carrier =
                SippRunner.scenario("carrier-answers.xml", bridge.sipPort())
                        .localPort(OVER_TCP)
                        .option("-t", "t1")
                        .start()) {
            FreePorts.awaitListening(OVER_TCP);
            Answer answer = calls.place("exotel", "+919876543210", ANSWERED);
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("hangup_callee");
            assertThat(carrier.await().assertPassed().messages())
                    .contains("INVITE sip:09876543210@127.0.0.1:" + OVER_TCP)
                    .contains("From: <sip:08047100000@acme.pstn.exotel.com>");
        }
    }

    @Test
    void eachFaultOfARequestIsNamed() {
        Answer bad =
                calls.place(
                        "unheard-of",
                        "call me",
                        ", \"headers\": {\"Route\": \"<sip:evil>\", \"X-A\": \"a\\r\\nVia: x\"},"
                                + " \"ring_timeout_s\": 0, \"wait\": \"later\", \"dtmf\": \"12x\","
                                + " \"colour\": 1");
        assertThat(bad.status()).isEqualTo(422);
        assertThat(bad.body().path("errors").findValuesAsString("pointer"))
                .containsExactlyInAnyOrder(
                        "/to",
                        "/trunk",
                        "/headers/Route",
                        "/headers/X-A",
                        "/ring_timeout_s",
                        "/wait",
                        "/dtmf",
                        "/colour");
        assertThat(calls.place("first", "+19005551234", "").status()).isEqualTo(403);
        assertThat(calls.place("first", "112", "").status()).isEqualTo(403);
        assertThat(calls.place("first", TO, ", \"from\": \"+15559999999\"").status())
                .isEqualTo(422);
    }
}
