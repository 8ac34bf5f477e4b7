package dev.roomline.system;

import static dev.roomline.system.PlacedCalls.ANSWERED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roomline.system.PlacedCalls.Answer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What a carrier takes at once, and how fast: calls wait their turn, and none is too many. */
final class TrunkLimitsTest {
    private static final int PACED = FreePorts.one();
    private static final int FIRST = FreePorts.one();
    private static final int SMALL = FreePorts.one();

    private static final String BOTH = ANSWERED + ", \"from\": \"+15550100077\"";

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("limits")
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: paced, address: "127.0.0.1:%d", options_ping: 0s, calls_per_second: 1, numbers: ["+15550100000"] }
                              - { id: first, address: "127.0.0.1:%d", options_ping: 0s, numbers: ["+15550100077"] }
                              - { id: small, address: "127.0.0.1:%d", options_ping: 0s, max_calls: 1, numbers: ["+15550100077"] }
                            """
                                    .formatted(PACED, FIRST, SMALL))
                    .set("calls.trace=all");

    private final PlacedCalls calls = new PlacedCalls(bridge);

    private static String number(int last) {
        return "+1555123456" + last;
    }

    @Test
    void callsBeyondThePaceLeaveLaterInTheirOrderAndNoneIsLost() {
        try (Carrier carrier = Carrier.at(PACED)) {
            List<Answer> placed = new ArrayList<>();
            long began = System.nanoTime();
            for (int i = 0; i < 4; i++) {
                placed.add(calls.place("paced", number(i), ""));
            }
            // one that is given up while it waits takes nobody's turn
            assertThat(calls.hangUp(placed.get(1).text("id"))).isEqualTo(204);
            assertThat(calls.awaitEnd(placed.get(1).text("id"))).isEqualTo("cancelled");
            for (int i : new int[] {0, 2, 3}) {
                SipTrace.Message invite = carrier.await("INVITE");
                Duration after = Duration.ofNanos(System.nanoTime() - began);
                // the second and third to leave: one second and two after the first
                assertThat(after).isGreaterThan(Duration.ofMillis(i == 0 ? 0 : (i - 1) * 1000L));
                assertThat(invite.firstLine()).startsWith("INVITE sip:" + number(i) + "@");
                carrier.answer(invite, "486 Busy Here");
                carrier.await("ACK");
                assertThat(calls.awaitEnd(placed.get(i).text("id"))).isEqualTo("busy");
            }
            assertThat(carrier.hearsNothing(Duration.ofMillis(1200))).isTrue();
        }
    }

    @Test
    void aCallWhoseTurnComesTooLateEndsByTheLimitAndNotByTheCallee() {
        try (Carrier carrier = Carrier.at(PACED)) {
            for (int i = 0; i < 3; i++) {
                assertThat(calls.place("paced", number(i), "").status()).isEqualTo(201);
            }
            Answer late = calls.place("paced", number(9), ANSWERED + ", \"ring_timeout_s\": 1");
            assertThat(late.status()).isEqualTo(503);
            assertThat(late.text("detail")).contains("calls_per_second");
            calls.assertListed(late, "limit", "us");
            for (int i = 0; i < 3; i++) {
                carrier.answer(carrier.await("INVITE"), "486 Busy Here");
                carrier.await("ACK");
            }
            assertThat(carrier.hearsNothing(Duration.ofMillis(1200))).isTrue();
        }
    }

    @Test
    void aClientThatGoesAwayWhileItsCallWaitsForItsTurnHasNobodyCalled() throws IOException {
        try (Carrier carrier = Carrier.at(PACED)) {
            String first = calls.place("paced", number(1), "").text("id");
            carrier.answer(carrier.await("INVITE"), "486 Busy Here");
            carrier.await("ACK");
            assertThat(calls.awaitEnd(first)).isEqualTo("busy");
            for (int i = 2; i < 5; i++) {
                assertThat(calls.place("paced", number(i), "").status()).isEqualTo(201);
            }
            try (Socket client = calls.asking("paced", number(8), ANSWERED)) {
                await("the call to be placed")
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> newest().path("to").asString("").equals(number(8)));
                assertThat(client.isConnected()).isTrue();
            }
            JsonNode waiting = newest();
            assertThat(calls.awaitEnd(waiting.path("id").asString(""))).isEqualTo("cancelled");
            for (int i = 2; i < 5; i++) {
                SipTrace.Message invite = carrier.await("INVITE");
                assertThat(invite.firstLine()).startsWith("INVITE sip:" + number(i) + "@");
                carrier.answer(invite, "486 Busy Here");
                carrier.await("ACK");
            }
            assertThat(carrier.hearsNothing(Duration.ofMillis(1500))).isTrue();
        }
    }

    private static JsonNode newest() {
        return bridge.get("/v1/calls?limit=1").path("items").path(0);
    }

    @Test
    void aTrunkThatIsFullIsSaidSoAndIsNotFilledByACallThatFailsOverEither() {
        try (Carrier first = Carrier.at(FIRST);
                Carrier small = Carrier.at(SMALL)) {
            // both are planned while there is room on the second trunk
            CompletableFuture<Answer> one = calls.placing("", number(1), BOTH);
            SipTrace.Message oneInvite = first.await("INVITE");
            CompletableFuture<Answer> two = calls.placing("", number(2), BOTH);
            SipTrace.Message twoInvite = first.await("INVITE");

            first.answer(oneInvite, "503 Service Unavailable");
            SipTrace.Message invite = small.await("INVITE");
            assertThat(invite.firstLine()).startsWith("INVITE sip:" + number(1) + "@");
            small.answer(invite, "200 OK", "", SipText.offer("127.0.0.1", 9));
            small.await("ACK");
            assertThat(one.join().status()).isEqualTo(201);
            assertThat(one.join().text("trunk")).isEqualTo("small");

            first.answer(twoInvite, "503 Service Unavailable");
            assertThat(two.join().status()).isEqualTo(502);
            calls.assertListed(two.join(), "carrier_failed", "carrier");
            assertThat(bridge.get("/v1/calls/" + two.join().text("call") + "/trace").toString())
                    .contains("trunk small does not take it now")
                    .contains("max_calls of the trunk is reached");
            assertThat(small.hearsNothing(Duration.ofMillis(300))).isTrue();

            Answer third = calls.place("small", number(3), ANSWERED);
            assertThat(third.status()).isEqualTo(503);
            assertThat(third.text("reason")).isEqualTo("limit");
            small.hangUp(invite, "callee");
            assertThat(calls.awaitEnd(one.join().text("id"))).isEqualTo("hangup_callee");
            CompletableFuture<Answer> fourth = calls.placing("small", number(4), ANSWERED);
            small.answer(small.await("INVITE"), "486 Busy Here");
            assertThat(fourth.join().text("reason")).isEqualTo("busy");
        }
    }
}
