package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roomline.system.PlacedCalls.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * Kamailio in front: whatever is said in a call goes the way that its two Record-Routes say, over
 * UDP to the phones and over TCP to the server.
 */
final class ProxiedCallsTest {
    private static final int PROXY = FreePorts.one();
    private static final String RINGING = "+15550100003";
    private static final String OTHER_CODE = "oth-other-oth";
    private static final Duration SOON = Duration.ofSeconds(8);
    private static final PatientApplication application = new PatientApplication();

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("proxied")
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: proxy, address: "127.0.0.1:%d;transport=tcp", options_ping: 0s, numbers: ["+15550100000"],
                                  allow: ["127.0.0.1"], shared_addresses: false }
                            """
                                    .formatted(PROXY))
                    .section(
                            "rooms",
                            """
                            rooms:
                              - { name: support, codes: [ { code: %s } ] }
                              - { name: other, codes: [ { code: %s } ] }
                            """
                                    .formatted(BridgeProcess.ROOM_CODE, OTHER_CODE))
                    .section("routes", application.routes("proxy", RINGING))
                    .section("webhooks", application.webhooks())
                    .set("calls.trace=all");

    private static @Nullable Kamailio proxy;

    private final PlacedCalls calls = new PlacedCalls(bridge);

    @BeforeAll
    static void startProxy() {
        proxy = Kamailio.inFrontOf(bridge.sipPort(), PROXY);
    }

    @AfterAll
    static void stopProxy() {
        Objects.requireNonNull(proxy).close();
        application.close();
    }

    @Test
    @Tag("RFC3261§12.2.1.1")
    @Tag("RFC3262§3")
    void aCallerIsAnsweredHeldTransferredAndHungUpThroughTheProxy() {
        SippRunner caller = SippRunner.scenario("proxied-caller.xml", PROXY).dial(RINGING);
        try (SippRunner.Running call = caller.start()) {
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> hasAnswer(call.messages(), "UPDATE"));
            hold(bridge.get("/v1/rooms/" + BridgeProcess.ROOM_CODE + "/participants"));
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> !requests(call.messages(), "ACK").isEmpty());
            HttpResponse<String> sent = transfer(answered(), "sip:desk@127.0.0.1:9");
            String messages = call.await().assertPassed().messages();
            assertThat(sent.statusCode()).as(sent.body()).isEqualTo(202);
            for (String method : List.of("INVITE", "ACK", "REFER", "BYE")) {
                assertCameByBoth(requests(messages, method));
            }
            assertThat(requests(messages, "REFER").getFirst().header("Refer-To"))
                    .isEqualTo("<sip:desk@127.0.0.1:9>");
            assertThat(requests(messages, "INVITE").getFirst().body()).contains("a=inactive");
        }
        assertNothingLeft();
    }

    /** Its refreshes come by the route as well, ten seconds after the answer. */
    @Test
    @Tag("RFC3262§4")
    @Tag("RFC4028§10")
    void whomWeCallThroughTheProxyRingsReliablyHoldsIsRefreshedAndHangsUp() {
        int answering = FreePorts.one();
        int ringing = FreePorts.one();
        try (SippRunner.Running callee = phone("proxied-callee.xml", answering);
                SippRunner.Running busy = phone("carrier-cancelled.xml", ringing)) {
            Answer answer =
                    calls.place("proxy", Kamailio.numberOf(answering), ", \"wait\": \"answered\"");
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);

            String given = calls.place("proxy", Kamailio.numberOf(ringing), "").text("id");
            calls.awaitState(given, "ringing");
            assertThat(calls.hangUp(given)).isEqualTo(204);
            busy.await().assertPassed();

            String messages = callee.await().assertPassed().messages();
            for (String method : List.of("INVITE", "PRACK", "ACK", "UPDATE")) {
                assertCameByBoth(requests(messages, method));
            }
            assertThat(requests(messages, "UPDATE").getFirst().header("Session-Expires"))
                    .endsWith(";refresher=uac");
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("hangup_callee");
        }
        assertNothingLeft();
    }

    @Test
    @Tag("RFC3261§12.2.1.1")
    void baresipHoldsResumesAndHangsUpThroughTheProxy() {
        try (Baresip baresip = baresip()) {
            baresip.call(behindProxy(BridgeProcess.ROOM_CODE));
            baresip.hold(true);
            awaitPhones(BridgeProcess.ROOM_CODE, "held");
            baresip.hold(false);
            awaitPhones(BridgeProcess.ROOM_CODE, "joined");
            baresip.hangUp();
        }
        assertNothingLeft();
    }

    @Test
    @Tag("RFC3515§2.4.2")
    void baresipIsSentFromRoomToRoomThroughTheProxy() {
        try (Baresip baresip = baresip()) {
            baresip.call(behindProxy(BridgeProcess.ROOM_CODE));
            HttpResponse<String> sent = transfer(answered(), behindProxy(OTHER_CODE));
            assertThat(sent.statusCode()).as(sent.body()).isEqualTo(202);
            awaitPhones(BridgeProcess.ROOM_CODE);
            awaitPhones(OTHER_CODE, "joined");
            assertThat(calls.hangUp(answered())).isEqualTo(204);
        }
        assertNothingLeft();
    }

    private static Baresip baresip() {
        return Baresip.start(
                new Baresip.Phone(
                        Codec.PCMU,
                        440,
                        "Ada Lovelace",
                        BridgeProcess.USERNAME,
                        BridgeProcess.PASSWORD,
                        PROXY,
                        ""));
    }

    private static String behindProxy(String code) {
        return "sip:" + code + "@127.0.0.1:" + PROXY;
    }

    private static void awaitPhones(String code, String... states) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(states(code)).containsExactly(states));
    }

    private static List<String> states(String code) {
        return bridge.get("/v1/rooms/" + code + "/participants")
                .get("items")
                .valueStream()
                .map(phone -> phone.path("state").asString(""))
                .toList();
    }

    private static SippRunner.Running phone(String scenario, int port) {
        return SippRunner.scenario(scenario, PROXY).localPort(port).start();
    }

    private static String answered() {
        return bridge.get("/v1/calls?state=answered").get("items").get(0).get("id").asString();
    }

    private static void hold(JsonNode participants) {
        String id = participants.get("items").get(0).get("id").asString();
        HttpResponse<String> held =
                bridge.send(
                        bridge.request(
                                        "/v1/rooms/"
                                                + BridgeProcess.ROOM_CODE
                                                + "/participants/"
                                                + id)
                                .header("Content-Type", "application/json")
                                .method("PATCH", BodyPublishers.ofString("{\"held\":true}"))
                                .build());
        assertThat(held.statusCode()).as(held.body()).isEqualTo(200);
    }

    private static HttpResponse<String> transfer(String call, String to) {
        return bridge.send(
                bridge.request("/v1/calls/" + call + "/transfer")
                        .header("Content-Type", "application/json")
                        .POST(
                                BodyPublishers.ofString(
                                        "{\"to\":\"" + to + "\",\"wait\":\"answered\"}"))
                        .build());
    }

    private static boolean hasAnswer(String messages, String method) {
        return SipTrace.ofSipp(messages).responses(200).stream()
                .anyMatch(answer -> answer.header("CSeq").endsWith(method));
    }

    private static List<SipTrace.Message> requests(String messages, String method) {
        return SipTrace.ofSipp(messages).requests(method);
    }

    /** From the server to the proxy over TCP, from there over UDP, with no route left. */
    private static void assertCameByBoth(List<SipTrace.Message> requests) {
        assertThat(requests).isNotEmpty();
        for (SipTrace.Message request : requests) {
            assertThat(request.headers("Via"))
                    .satisfiesExactly(
                            near -> assertThat(near).startsWith("SIP/2.0/UDP 127.0.0.1:" + PROXY),
                            far ->
                                    assertThat(far)
                                            .matches(
                                                    "SIP/2\\.0/TCP 127\\.0\\.0\\.1:"
                                                            + bridge.sipPort()
                                                            + ".*"));
            assertThat(request.headers("Route")).as(request.text()).isEmpty();
        }
    }

    private static void assertNothingLeft() {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(
                        () -> {
                            assertThat(bridge.metric("roomline_sip_dialogs")).isZero();
                            assertThat(bridge.get("/v1/calls?state=answered").get("items"))
                                    .isEmpty();
                        });
    }
}
