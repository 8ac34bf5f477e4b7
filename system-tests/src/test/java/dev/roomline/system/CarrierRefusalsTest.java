package dev.roomline.system;

import static dev.roomline.system.PlacedCalls.ANSWERED;
import static dev.roomline.system.PlacedCalls.TO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.system.PlacedCalls.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls that the API places and that a carrier refuses, leads on or leaves to another trunk. */
class CarrierRefusalsTest {
    private static final int FIRST = FreePorts.one();
    private static final int SECOND = FreePorts.one();
    private static final int NOBODY = FreePorts.one();
    private static final String BOTH = ", \"from\": \"+15550100077\"";

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("carrier-refusals")
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: first, address: "127.0.0.1:%d", options_ping: 0s, numbers: ["+15550100000", "+15550100077"] }
                              - { id: second, address: "127.0.0.1:%d", options_ping: 0s, numbers: ["+15550100077"] }
                              - { id: nobody, address: "127.0.0.1:%d;transport=tcp", options_ping: 0s, numbers: ["+15550100001"] }
                              - { id: nameless, address: "carrier.invalid", options_ping: 0s, numbers: ["+15550100002"] }
                            """
                                    .formatted(FIRST, SECOND, NOBODY))
                    .set("calls.trace=all");

    private final PlacedCalls calls = new PlacedCalls(bridge);

    private record Row(String status, int http, String reason, String culprit) {}

    @Test
    void eachRefusalOfACarrierIsItsRowInAnswerAndList() {
        for (Row row :
                List.of(
                        new Row("486 Busy Here", 409, "busy", "callee"),
                        new Row("603 Decline", 403, "declined", "callee"),
                        new Row("480 Away", 408, "no_answer", "callee"),
                        new Row("404 Not Found", 404, "not_found", "callee"),
                        new Row("403 Forbidden", 502, "forbidden_by_carrier", "carrier"),
                        new Row("488 Not Acceptable", 502, "no_common_codec", "callee"),
                        new Row("500 Broken", 502, "carrier_failed", "carrier"))) {
            try (SippRunner.Running carrier =
                    SippRunner.scenario("carrier-refuses.xml", bridge.sipPort())
                            .with("@status@", row.status())
                            .localPort(FIRST)
                            .start()) {
                Answer answer = calls.place("first", TO, ANSWERED);
                carrier.await().assertPassed();
                assertThat(answer.status()).as(answer.body().toString()).isEqualTo(row.http());
                assertThat(answer.body().path("sip_status").asInt())
                        .isEqualTo(Integer.parseInt(row.status().substring(0, 3)));
                calls.assertListed(answer, row.reason(), row.culprit());
            }
        }
    }

    @Test
    void nobodyAnswersWithinTheRingTimeout() {
        try (SippRunner.Running carrier =
                SippRunner.scenario("carrier-cancelled.xml", bridge.sipPort())
                        .localPort(FIRST)
                        .start()) {
            Answer answer = calls.place("first", TO, ANSWERED + ", \"ring_timeout_s\": 1");
            carrier.await().assertPassed();
            assertThat(answer.status()).isEqualTo(408);
            calls.assertListed(answer, "no_answer", "callee");
        }
    }

    @Test
    void aRedirectionWithinTheHouseIsFollowedAndNoOther() {
        try (Carrier carrier = Carrier.at(FIRST);
                Carrier other = Carrier.at(FreePorts.one())) {
            CompletableFuture<Answer> asked = calls.placing("first", TO, ANSWERED);
            carrier.contact("sip:+15557654321@127.0.0.1:" + other.port());
            carrier.answer(carrier.await("INVITE"), "302 Moved");
            SipTrace.Message invite = other.await("INVITE");
            assertThat(invite.firstLine()).startsWith("INVITE sip:+15557654321@127.0.0.1:");
            other.answer(invite, "486 Busy Here");
            assertThat(asked.join().status()).isEqualTo(409);

            CompletableFuture<Answer> elsewhere = calls.placing("first", TO, ANSWERED);
            carrier.contact("sip:+15557654321@evil.example");
            carrier.answer(carrier.await("INVITE"), "302 Moved");
            Answer answer = elsewhere.join();
            assertThat(answer.status()).isEqualTo(502);
            calls.assertListed(answer, "carrier_failed", "carrier");
        }
    }

    @Test
    void theSecondTrunkIsCalledWhenTheFirstIsUnavailable() {
        try (Carrier first = Carrier.at(FIRST);
                Carrier second = Carrier.at(SECOND)) {
            CompletableFuture<Answer> asked = calls.placing("", TO, ANSWERED + BOTH);
            first.answer(first.await("INVITE"), "503 Service Unavailable");
            SipTrace.Message invite = second.await("INVITE");
            second.answer(invite, "200 OK", "", SipText.offer("127.0.0.1", 9));
            second.await("ACK");
            Answer answer = asked.join();
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.text("trunk")).isEqualTo("second");
            assertThat(bridge.metric("roomline_trunks_failovers_total{reason=\"carrier_failed\"}"))
                    .isEqualTo(1);
            second.hangUp(invite, "callee");
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("hangup_callee");
        }
    }

    @Test
    void aCarrierThatCannotBeReachedAndANameWithoutAddressAreSaidSo() {
        Answer refused = calls.place("nobody", TO, ANSWERED);
        assertThat(refused.status()).as(refused.body().toString()).isEqualTo(502);
        calls.assertListed(refused, "carrier_unreachable", "carrier");
        Answer nameless = calls.place("nameless", TO, ANSWERED);
        assertThat(nameless.status()).isEqualTo(502);
        calls.assertListed(nameless, "carrier_unreachable", "carrier");
    }

    @Test
    void anAnswerWithoutSoundIsNonsense() {
        try (Carrier carrier = Carrier.at(FIRST)) {
            CompletableFuture<Answer> asked = calls.placing("first", TO, "");
            SipTrace.Message invite = carrier.await("INVITE");
            carrier.answer(invite, "200 OK", "", "");
            carrier.await("ACK");
            carrier.answer(carrier.await("BYE"), "200 OK");
            assertThat(calls.awaitEnd(asked.join().text("id"))).isEqualTo("carrier_nonsense");
        }
    }
}
