package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How the server is emptied and stopped: by API and by signal, with calls and without. */
final class DrainTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final BridgeProcess bridge = BridgeProcess.named("drain");

    @AfterEach
    void stop() {
        bridge.close();
    }

    private void startWithGrace(String grace) {
        bridge.section("shutdown", "shutdown: { grace: " + grace + " }").start();
    }

    @Test
    void aDrainByTheApiRefusesWhatIsNewKeepsWhatLivesAndCanBeUndone() {
        startWithGrace("500ms");
        try (RtpPhone phone = new RtpPhone(bridge)) {
            phone.call(BridgeProcess.ROOM_CODE);
            assertThat(server().get("calls").asInt()).isEqualTo(1);
            assertThat(server().get("draining").asBoolean()).isFalse();

            assertThat(drain("POST")).isEqualTo(204);
            assertThat(server().get("draining").asBoolean()).isTrue();
            assertThat(server().get("calls").asInt()).as("it goes on").isEqualTo(1);
            newCallsAreRefused();

            assertThat(drain("DELETE")).isEqualTo(204);
            assertThat(server().get("draining").asBoolean()).isFalse();
            assertThat(statusOf("/readyz")).isEqualTo(200);
            assertThat(ask("OPTIONS").status()).isEqualTo(200);
            try (RtpPhone another = new RtpPhone(bridge)) {
                another.call(BridgeProcess.ROOM_CODE);
                another.hangUp();
            }
            phone.hangUp();
        }
        assertThat(bridge.stop()).as("nobody was cut").isZero();
    }

    @Test
    void aCallThatEndsByItselfInTheGraceIsNotCut() {
        startWithGrace("20s");
        try (RtpPhone phone = new RtpPhone(bridge)) {
            phone.call(BridgeProcess.ROOM_CODE);
            bridge.terminate();
            await().atMost(LIMIT).until(() -> statusOf("/readyz") == 503);
            newCallsAreRefused();
            assertThat(server().get("draining").asBoolean()).isTrue();
            phone.hangUp();
        }
        assertThat(bridge.awaitExit(LIMIT)).isZero();
    }

    @Test
    void aCallThatOutlivesTheGraceGetsABye() {
        startWithGrace("1s");
        try (RtpPhone phone = new RtpPhone(bridge)) {
            phone.call(BridgeProcess.ROOM_CODE);
            bridge.terminate();
            assertThat(phone.answerBye(LIMIT).header("Reason")).contains("The server was stopped.");
        }
        assertThat(bridge.awaitExit(LIMIT)).as("a call was cut").isEqualTo(3);
        assertThat(bridge.log())
                .containsPattern("event=call_ended .*reason=server_stopped")
                .contains("event=stopped calls_cut=1");
    }

    @Test
    void aSecondSignalStopsAtOnce() {
        startWithGrace("60s");
        try (RtpPhone phone = new RtpPhone(bridge)) {
            phone.call(BridgeProcess.ROOM_CODE);
            bridge.terminate();
            await().atMost(LIMIT).until(() -> statusOf("/readyz") == 503);
            bridge.terminate();
            phone.answerBye(LIMIT);
        }
        assertThat(bridge.awaitExit(LIMIT)).isEqualTo(3);
    }

    private void newCallsAreRefused() {
        SipTrace.Message invite = ask("INVITE");
        assertThat(invite.status()).isEqualTo(503);
        assertThat(invite.header("Retry-After")).matches("\\d+");
        SipTrace.Message options = ask("OPTIONS");
        assertThat(options.status()).isEqualTo(503);
        assertThat(options.header("Retry-After")).matches("\\d+");
        assertThat(statusOf("/readyz")).isEqualTo(503);
        assertThat(statusOf("/healthz")).isEqualTo(200);
    }

    private SipTrace.Message ask(String method) {
        try (SipPeer peer = SipPeer.overUdp(bridge.sipPort())) {
            peer.send(
                    SipText.request(
                            method,
                            BridgeProcess.ROOM_CODE,
                            bridge.sipPort(),
                            "UDP",
                            peer.port(),
                            SipText.unique()));
            return peer.receiveFinal(LIMIT).orElseThrow();
        }
    }

    private JsonNode server() {
        return bridge.get("/v1/server");
    }

    private int statusOf(String path) {
        return bridge.send(bridge.request(path).GET().build()).statusCode();
    }

    private int drain(String method) {
        return bridge.send(
                        bridge.request("/v1/server/drain")
                                .method(method, BodyPublishers.noBody())
                                .build())
                .statusCode();
    }
}
