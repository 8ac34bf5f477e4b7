package dev.roomline.system;

import static dev.roomline.system.PlacedCalls.ANSWERED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Phones that register. Real ones, and some that are none. */
final class RegisterTest {
    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("register");

    private static final Duration SOON = Duration.ofSeconds(5);

    private final PlacedCalls calls = new PlacedCalls(bridge);

    @AfterEach
    void nobodyIsLeft() {
        awaitRegistered(0);
    }

    private static void awaitRegistered(int phones) {
        await("%d registered phones".formatted(phones))
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> bridge.metric("roomline_sip_registrations") == phones);
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void baresipRegistersStaysAndIsForgottenWhenItGoes(String transport) {
        Baresip.Phone phone = Baresip.Phone.of(bridge, Codec.PCMU, 440).registered(transport);
        try (Baresip baresip = Baresip.start(phone)) {
            awaitRegistered(1);
            assertThat(bridge.log())
                    .containsPattern(
                            "event=phone_registered account=alice source=127.0.0.1:\\d+"
                                    + " transport="
                                    + transport.toUpperCase(Locale.ROOT)
                                    + " expires_s=60 user_agent=\"baresip");
            // a registered phone calls as any other
            baresip.call(bridge.sipUri(BridgeProcess.ROOM_CODE)).hangUp();
            baresip.quit();
        }
        awaitRegistered(0);
        assertThat(bridge.log()).contains("event=phone_unregistered account=alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    @Tag("RFC3261§10.3")
    void aPhoneAsksRefreshesAndTakesItsRegistrationBack(String transport) {
        SippRunner sipp = sipp("register.xml");
        (transport.equals("tcp") ? sipp.overTcp() : sipp).run().assertPassed();
        assertThat(bridge.metric("roomline_sip_registers_total{outcome=\"queried\"}")).isPositive();
    }

    /** Its answer goes back by the road on which it registered, whatever its Contact says. */
    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void aRegisteredPhoneIsCalledByItsAccountWithSoundBothWays(String transport) {
        Baresip.Phone phone = Baresip.Phone.of(bridge, Codec.PCMU, 900).registered(transport);
        try (Baresip desk = Baresip.answering(phone, FreePorts.one());
                Baresip inside =
                        Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, 500))
                                .call(bridge.sipUri(BridgeProcess.ROOM_CODE))) {
            awaitRegistered(1);
            JsonNode account = account();
            assertThat(account.path("registered").asBoolean()).isTrue();
            assertThat(account.at("/phones/0/transport").asString()).isEqualTo(transport);
            assertThat(account.at("/phones/0/user_agent").asString()).startsWith("baresip");

            PlacedCalls.Answer answer = calls.place("", "sip:" + BridgeProcess.USERNAME, ANSWERED);
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
            assertThat(answer.text("account")).isEqualTo(BridgeProcess.USERNAME);
            assertThat(answer.text("to")).isEqualTo("sip:" + BridgeProcess.USERNAME);
            assertThat(Ears.whenHeard(inside::listen, 900).levelDbfs(900))
                    .isGreaterThan(Baresip.TONE_DBFS - 3);
            assertThat(Ears.whenHeard(desk::listen, 500).levelDbfs(500))
                    .isGreaterThan(Baresip.TONE_DBFS - 3);
            assertThat(calls.hangUp(answer.text("id"))).isEqualTo(204);
            desk.awaitClosed();
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("hangup_api");
            inside.hangUp();
            desk.quit();
        }
        awaitRegistered(0);
        assertThat(account().path("registered").asBoolean()).isFalse();
        assertThat(account().path("phones")).isEmpty();
    }

    @Test
    void anAccountWithoutAPhoneIsNotReachedAndNobodyElseIsCalledForIt() {
        PlacedCalls.Answer answer = calls.place("", "sip:" + BridgeProcess.USERNAME, ANSWERED);
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.text("detail")).contains("No phone is registered");
        calls.assertListed(answer, "no_answer", "callee");
    }

    @Test
    void anAccountThatDoesNotExistIsNotFound() {
        PlacedCalls.Answer answer = calls.place("", "sip:nobody", ANSWERED);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("detail")).contains("There is no account of this name.");
        calls.assertListed(answer, "not_found", "callee");
    }

    private static JsonNode account() {
        return bridge.get("/v1/accounts").path("items").get(0);
    }

    @Test
    void aConnectionThatEndsTakesItsPhoneWithIt() {
        try (SipPeer peer = SipPeer.overTcp(bridge.sipPort())) {
            assertThat(register(peer, "TCP", "Expires: 300", BridgeProcess.PASSWORD).status())
                    .isEqualTo(200);
            awaitRegistered(1);
        }
        awaitRegistered(0);
        assertThat(bridge.log()).contains("reason=flow_ended");
    }

    @Test
    @Tag("RFC3261§21.4.18")
    void tooShortATimeIsToldWhatIsLongEnough() {
        sipp("register-too-brief.xml").run().assertPassed();
    }

    @Test
    void aWrongPasswordRegistersNobodyAndIsListed() {
        try (SipPeer peer = SipPeer.overUdp(bridge.sipPort())) {
            SipTrace.Message answer = register(peer, "UDP", "Expires: 300", "guess");
            assertThat(answer.status()).isEqualTo(401);
        }
        assertThat(bridge.metric("roomline_sip_registrations")).isZero();
        assertThat(
                        bridge.get("/v1/refusals")
                                .get("items")
                                .valueStream()
                                .filter(item -> item.path("method").asString().equals("REGISTER"))
                                .map(item -> item.path("reason").asString()))
                .containsExactly("unauthenticated");
    }

    @Test
    void nobodyElseTakesARegistrationBackNotEvenByWhatHeOverheard() {
        try (SipPeer phone = SipPeer.overUdp(bridge.sipPort());
                SipPeer forger = SipPeer.overUdp(bridge.sipPort())) {
            String first = text(phone, "UDP", "Expires: 300");
            phone.send(first);
            SipTrace.Message challenge = phone.receiveFinal(SOON).orElseThrow();
            String proven =
                    SipText.answering(
                            first, challenge, BridgeProcess.USERNAME, BridgeProcess.PASSWORD);
            phone.send(proven);
            assertThat(phone.receiveFinal(SOON).orElseThrow().status()).isEqualTo(200);
            awaitRegistered(1);

            for (String forged :
                    new String[] {
                        text(forger, "UDP", "Expires: 0"),
                        proven.replace("Expires: 300", "Expires: 0")
                                .replaceFirst("branch=z9hG4bK[^;]*", "branch=z9hG4bK-other")
                                .replace("CSeq: 2 ", "CSeq: 3 ")
                    }) {
                forger.send(forged);
                assertThat(forger.receiveFinal(SOON).orElseThrow().status()).isEqualTo(401);
            }
            assertThat(bridge.metric("roomline_sip_registrations")).isEqualTo(1);
            assertThat(register(phone, "UDP", "Expires: 0", BridgeProcess.PASSWORD).status())
                    .isEqualTo(200);
        }
    }

    private static SippRunner sipp(String scenario) {
        return SippRunner.scenario(scenario, bridge.sipPort())
                .dial(BridgeProcess.USERNAME)
                .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD);
    }

    private static String text(SipPeer peer, String transport, String expires) {
        return SipText.request(
                        "REGISTER",
                        BridgeProcess.USERNAME,
                        bridge.sipPort(),
                        transport,
                        peer.port(),
                        SipText.unique())
                .replace("Content-Length: 0", expires + "\r\nContent-Length: 0");
    }

    /** Registers; the answer to the credentials. */
    private static SipTrace.Message register(
            SipPeer peer, String transport, String expires, String password) {
        String first = text(peer, transport, expires);
        peer.send(first);
        SipTrace.Message challenge = peer.receiveFinal(SOON).orElseThrow();
        assertThat(challenge.status()).isEqualTo(401);
        peer.send(SipText.answering(first, challenge, BridgeProcess.USERNAME, password));
        return peer.receiveFinal(SOON).orElseThrow();
    }
}
