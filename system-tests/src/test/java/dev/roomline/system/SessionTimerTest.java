package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.system.PlacedCalls.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions that must be refreshed (RFC 4028), by whoever agreed to do it. */
class SessionTimerTest {
    private static final int REFRESHED = FreePorts.one();
    private static final int OFFERED = FreePorts.one();
    private static final int FORGOTTEN = FreePorts.one();

    /** Where nobody listens: what is heard is not what is tested. */
    private static final int SOUND = FreePorts.one();

    private static final String WAIT = ", \"wait\": \"answered\"";

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("session-timer")
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: refreshed, address: "127.0.0.1:%d", options_ping: 0s, numbers: ["+15550100000"] }
                              - { id: offered, address: "127.0.0.1:%d", options_ping: 0s, numbers: ["+15550100001"] }
                              - { id: forgotten, address: "127.0.0.1:%d", options_ping: 0s, numbers: ["+15550100002"] }
                            """
                                    .formatted(REFRESHED, OFFERED, FORGOTTEN))
                    .set("sip.session_expires=600s")
                    .set("calls.trace=all");

    private final PlacedCalls calls = new PlacedCalls(bridge);

    @Test
    @Tag("RFC4028§9")
    @Tag("RFC3311§5.2")
    void aCallerThatRefreshesByUpdateIsAnsweredAndOneThatAsksForTooLittleIs422() {
        SipTrace trace =
                SipTrace.ofSipp(
                        SippRunner.scenario("session-timer.xml", bridge.sipPort())
                                .dial(BridgeProcess.ROOM_CODE)
                                .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD)
                                .run()
                                .assertPassed()
                                .messages());
        assertThat(trace.responses(422))
                .extracting(refusal -> refusal.header("Min-SE"))
                .containsExactly("90", "90");
        List<SipTrace.Message> ok =
                trace.responses(200).stream()
                        .filter(answer -> !answer.header("CSeq").endsWith("BYE"))
                        .toList();
        assertThat(ok)
                .extracting(answer -> answer.header("Session-Expires"))
                .containsExactly("90;refresher=uac", "90;refresher=uac", "90;refresher=uas");
        assertThat(ok).extracting(answer -> answer.header("Require")).containsOnly("timer");
        assertThat(ok.get(1).body()).as("a refresh and nothing else").isBlank();
        assertThat(ok.get(2).body()).as("a hold by UPDATE").contains("a=recvonly");
    }

    /** Three calls at once: what takes its time takes it once. */
    @Test
    @Tag("RFC4028§7.4")
    @Tag("RFC4028§10")
    void ourRefreshesGoByUpdateOrElseByReinviteAndWhoForgetsHisIsHungUp() {
        try (Carrier refreshed = Carrier.at(REFRESHED);
                Carrier offered = Carrier.at(OFFERED);
                Carrier forgotten = Carrier.at(FORGOTTEN)) {
            refreshed.patience(Duration.ofSeconds(20));
            offered.patience(Duration.ofSeconds(20));
            forgotten.patience(Duration.ofSeconds(20));
            var third = answer(forgotten, "forgotten", "20;refresher=uas");
            var first = answer(refreshed, "refreshed", "20;refresher=uac\r\nAllow: INVITE, UPDATE");
            var second = answer(offered, "offered", "20;refresher=uac\r\nAllow: INVITE");

            SipTrace.Message update = refreshed.await("UPDATE");
            assertThat(update.header("Session-Expires")).isEqualTo("90;refresher=uac");
            assertThat(update.body()).isBlank();
            refreshed.answer(update, "200 OK", "Session-Expires: 20;refresher=uac\r\n", "");

            SipTrace.Message again = offered.await("INVITE");
            assertThat(again.header("Session-Expires")).isEqualTo("90;refresher=uac");
            offered.answer(
                    again,
                    "200 OK",
                    "Session-Expires: 20;refresher=uac\r\n",
                    SipText.offer("127.0.0.1", SOUND));
            SipTrace.Message ack = offered.await("ACK");
            assertThat(ack.header("CSeq")).endsWith("ACK");

            SipTrace.Message bye = forgotten.await("BYE");
            assertThat(bye.header("Reason")).startsWith("Q.850;cause=102");
            forgotten.answer(bye, "200 OK");
            String id = third.join().text("id");
            assertThat(calls.awaitEnd(id)).isEqualTo("session_expired");

            for (var call : List.of(first, second)) {
                assertThat(calls.get(call.join().text("id")).path("state").asString(""))
                        .as("refreshed, so that it lives")
                        .isEqualTo("answered");
                calls.hangUp(call.join().text("id"));
            }
        }
    }

    private CompletableFuture<Answer> answer(Carrier carrier, String trunk, String expires) {
        CompletableFuture<Answer> placing = calls.placing(trunk, "+15551234567", WAIT);
        SipTrace.Message invite = carrier.await("INVITE");
        assertThat(invite.header("Session-Expires")).isEqualTo("600");
        assertThat(invite.header("Supported")).contains("timer");
        carrier.answer(
                invite,
                "200 OK",
                "Require: timer\r\nSession-Expires: " + expires + "\r\n",
                SipText.offer("127.0.0.1", SOUND));
        carrier.await("ACK");
        return placing;
    }
}
