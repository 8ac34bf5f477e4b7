package dev.roomline.system;

import static dev.roomline.system.PlacedCalls.ANSWERED;
import static dev.roomline.system.PlacedCalls.TO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roomline.system.PlacedCalls.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Carriers as they really are: behind names, with registrars, with real phones behind them. */
class TrunkHealthTest {
    private static final int NAMED = FreePorts.one();
    private static final int REGISTRAR = FreePorts.one();
    private static final int PINGED = FreePorts.one();
    private static final int PHONE = FreePorts.one();
    private static final int DNS = FreePorts.one();

    private static final NameServer NAMES =
            new NameServer(
                    DNS, Map.of("example.pstn.carrier.test.", List.of("127.0.0.1", "127.0.0.2")));

    /** From before the server starts, since it registers at once. */
    private static final CompletableFuture<Void> REGISTERED =
            CompletableFuture.runAsync(TrunkHealthTest::register);

    private static void register() {
        try (Carrier registrar = Carrier.at(REGISTRAR)) {
            registrar.patience(Duration.ofSeconds(60));
            bind(registrar, "first-nonce");
        }
        try (Carrier restarted = Carrier.at(REGISTRAR)) {
            // it knows nothing of the nonce that it gave before
            bind(restarted, "second-nonce");
            SipTrace.Message refresh = restarted.await("REGISTER");
            assertThat(refresh.header("Authorization")).contains("nonce=\"second-nonce\"");
            bound(restarted, refresh);
        }
    }

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("trunks")
                    .javaOption("-Ddns.server=127.0.0.1:" + DNS)
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: elastic, address: "example.pstn.carrier.test:%1$d", options_ping: 0s, username: bob, password: zanzibar, numbers: ["+15550100000"] }
                              - { id: reg, address: "127.0.0.1:%2$d", options_ping: 0s, register: true, username: bob, password: zanzibar, numbers: ["+15550100001"] }
                              - { id: pinged, address: "127.0.0.1:%3$d", options_ping: 1s, numbers: ["+15550100077"] }
                              - { id: phone, address: "127.0.0.1:%4$d", options_ping: 0s, codecs: [pcmu], numbers: ["+15550100077"] }
                            """
                                    .formatted(NAMED, REGISTRAR, PINGED, PHONE))
                    .set("calls.trace=all");

    private final PlacedCalls calls = new PlacedCalls(bridge);

    private static void awaitLog(String text, int times) {
        await(times + " × " + text)
                .atMost(Duration.ofSeconds(12))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> bridge.log().split(text, -1).length - 1 >= times);
    }

    @AfterAll
    static void forgetNames() {
        NAMES.close();
    }

    @Test
    @Tag("RFC3263§4.3")
    void aCarrierThatIsSilentAtOneAddressIsCalledAtTheNext() {
        try (Carrier one = Carrier.at("127.0.0.1", NAMED);
                Carrier two = Carrier.at("127.0.0.2", NAMED)) {
            CompletableFuture<Answer> asked = calls.placing("elastic", TO, ANSWERED);
            // which is asked first may depend on what was asked before
            Carrier silent = firstToHear(one, two);
            Carrier other = silent == one ? two : one;
            SipTrace.Message unheard = silent.await("INVITE");
            long began = System.nanoTime();
            SipTrace.Message invite = other.await("INVITE");
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(6));
            assertThat(invite.firstLine()).isEqualTo(unheard.firstLine());
            assertThat(invite.firstLine())
                    .isEqualTo(
                            "INVITE sip:+15551234567@example.pstn.carrier.test:"
                                    + NAMED
                                    + " SIP/2.0");
            other.answer(invite, "486 Busy Here");
            assertThat(asked.join().status()).isEqualTo(409);
            assertThat(silent.hearsNothing(Duration.ofMillis(300))).isTrue();
        }
    }

    private static Carrier firstToHear(Carrier one, Carrier two) {
        for (int i = 0; i < 200; i++) {
            if (!one.hearsNothing(Duration.ofMillis(20))) {
                return one;
            }
            if (!two.hearsNothing(Duration.ofMillis(20))) {
                return two;
            }
        }
        throw new AssertionError("neither was asked");
    }

    /** Challenge by 407 of a realm above the domain, record routes, a private Contact. */
    @Test
    @Tag("RFC3261§12.2.1.1")
    void aCarrierWithProxiesAndAPrivateContactIsAnsweredByItsRoute() {
        try (Carrier carrier = Carrier.at("127.0.0.2", NAMED).contact("sip:them@172.25.10.1:5060");
                Carrier silent = Carrier.at("127.0.0.1", NAMED)) {
            CompletableFuture<Answer> asked = calls.placing("elastic", TO, ANSWERED);
            // whichever address is asked first: the other is silent or gone
            SipTrace.Message invite = carrier.await("INVITE");
            carrier.answer(
                    invite,
                    "407 Proxy Authentication Required",
                    "Proxy-Authenticate: Digest realm=\"sip.carrier.test\", nonce=\"n\","
                            + " qop=\"auth\"\r\n",
                    "");
            carrier.await("ACK");
            SipTrace.Message again = carrier.await("INVITE");
            assertThat(again.header("Proxy-Authorization")).contains("realm=\"sip.carrier.test\"");
            assertThat(again.header("From"))
                    .startsWith("<sip:+15550100000@example.pstn.carrier.test>");
            String route = "Record-Route: <sip:127.0.0.2:" + NAMED + ";lr>\r\n";
            carrier.answer(again, "100 Trying");
            carrier.answer(again, "180 Ringing", route, "");
            carrier.answer(again, "200 OK", route, SipText.offer("127.0.0.1", 9));
            SipTrace.Message ack = carrier.await("ACK");
            assertThat(ack.firstLine()).startsWith("ACK sip:them@172.25.10.1:5060");
            assertThat(ack.header("Route")).contains("127.0.0.2:" + NAMED);
            Answer answer = asked.join();
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
            assertThat(calls.hangUp(answer.text("id"))).isEqualTo(204);
            SipTrace.Message bye = carrier.await("BYE");
            assertThat(bye.header("Route")).contains("127.0.0.2:" + NAMED);
            carrier.answer(bye, "200 OK");
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("hangup_api");
            assertThat(silent.port()).isEqualTo(NAMED);
        }
    }

    @Test
    void aBindingOutlivesTheRestartOfItsRegistrar() {
        REGISTERED.join();
        awaitLog("event=trunk_registered trunk=reg", 1);
        assertThat(bridge.metric("roomline_trunks_registrations_total{outcome=\"bound\"}"))
                .isEqualTo(1);
    }

    /**
     * Challenges until the challenge is answered: what the one before it had not answered yet may
     * come again.
     */
    private static void bind(Carrier registrar, String nonce) {
        SipTrace.Message register = registrar.await("REGISTER");
        String answered = "nonce=\"" + nonce + "\"";
        for (int i = 0; i < 4 && !says(register, answered); i++) {
            registrar.answer(
                    register,
                    "401 Unauthorized",
                    "WWW-Authenticate: Digest realm=\"reg\", "
                            + answered
                            + ", qop=\"auth\", stale=true\r\n",
                    "");
            register = registrar.await("REGISTER");
        }
        assertThat(register.header("Authorization")).contains(answered);
        bound(registrar, register);
    }

    private static boolean says(SipTrace.Message register, String answered) {
        return register.headers("Authorization").stream()
                .anyMatch(value -> value.contains(answered));
    }

    private static void bound(Carrier registrar, SipTrace.Message register) {
        registrar.contact(register.header("Contact").replaceAll("[<>]", ""));
        registrar.answer(register, "200 OK", "Expires: 10\r\n", "");
    }

    @Test
    void aTrunkThatIsDownIsLeftOutUntilItIsUpAgain() {
        try (Carrier pinged = Carrier.at(PINGED);
                Carrier phone = Carrier.at(PHONE)) {
            pinged.health("503 Maintenance");
            CompletableFuture<Void> answering =
                    CompletableFuture.runAsync(() -> pinged.hearsNothing(Duration.ofSeconds(4)));
            awaitLog("event=trunk_down trunk=pinged", 1);
            String both = ANSWERED + ", \"from\": \"+15550100077\"";
            CompletableFuture<Answer> asked = calls.placing("", TO, both);
            phone.answer(phone.await("INVITE"), "486 Busy Here");
            assertThat(asked.join().text("reason")).isEqualTo("busy");
            answering.join();
            assertThat(bridge.metric("roomline_trunks{state=\"down\"}")).isGreaterThanOrEqualTo(1);
            pinged.health("200 OK");
            CompletableFuture<Void> again =
                    CompletableFuture.runAsync(() -> pinged.hearsNothing(Duration.ofSeconds(3)));
            awaitLog("event=trunk_up trunk=pinged", 1);
            again.join();
        }
    }

    @Test
    void twoPhonesTalkOneOfThemCalledByUs() {
        try (Baresip inside =
                        Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, 500))
                                .call(bridge.sipUri(BridgeProcess.ROOM_CODE));
                Baresip called =
                        Baresip.answering(Baresip.Phone.of(bridge, Codec.PCMU, 900), PHONE)) {
            Answer answer =
                    calls.place(
                            "phone",
                            "sip:alice@127.0.0.1",
                            ANSWERED + ", \"dtmf\": \"1w2\", \"name\": \"Grace\"");
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
            String id = answer.text("id");
            assertThat(Ears.whenHeard(inside::listen, 900).levelDbfs(900))
                    .isGreaterThan(Baresip.TONE_DBFS - 3);
            assertThat(Ears.whenHeard(called::listen, 500).levelDbfs(500))
                    .isGreaterThan(Baresip.TONE_DBFS - 3);
            assertThat(
                            bridge.send(
                                            bridge.request("/v1/calls/" + id + "/dtmf")
                                                    .header("Content-Type", "application/json")
                                                    .POST(
                                                            java.net.http.HttpRequest.BodyPublishers
                                                                    .ofString(
                                                                            "{\"digits\": \"#\"}"))
                                                    .build())
                                    .statusCode())
                    .isEqualTo(204);
            await("the keys at the phone")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> called.keys().equals("12#"));
            called.hangUp();
            assertThat(calls.awaitEnd(id)).isEqualTo("hangup_callee");
            inside.hangUp();
        }
    }
}
