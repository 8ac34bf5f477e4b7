package dev.roomline.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Numbers whose calls an application leads. */
final class RouteWebhookTest {
    private static final String SECRET = "a-secret-of-the-application";
    private static final long PATIENCE_NANOS = 700_000_000L;
    private static final Duration SOON = Duration.ofSeconds(6);
    private static final List<Asked> asked = new CopyOnWriteArrayList<>();
    private static final HttpServer application = application();

    private record Asked(String path, Map<String, List<String>> headers, String body) {}

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("route-webhook")
                    .section("routes", routes())
                    .section(
                            "webhooks",
                            """
                            webhooks:
                              - { url: "%s/events", secret: "%s", events: ["room.ended"], allow_private: true }
                            """
                                    .formatted(origin(), SECRET));

    private static String origin() {
        return "http://127.0.0.1:" + application.getAddress().getPort();
    }

    private static String routes() {
        StringBuilder yaml = new StringBuilder("routes:\n");
        List.of("room", "reject", "patient", "nonsense")
                .forEach(
                        path ->
                                yaml.append("  - { number: \"")
                                        .append(number(path))
                                        .append("\", webhook: \"")
                                        .append(origin())
                                        .append('/')
                                        .append(path)
                                        .append("\" }\n"));
        return yaml.append("  - { number: \"+15550100009\", webhook: \"http://localhost:1/x\" }\n")
                .toString();
    }

    private static String number(String path) {
        return "+155501000" + (10 + path.length());
    }

    private static HttpServer application() {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext(
                    "/",
                    exchange -> {
                        String path = exchange.getRequestURI().getPath();
                        byte[] body = exchange.getRequestBody().readAllBytes();
                        asked.add(
                                new Asked(
                                        path,
                                        Map.copyOf(exchange.getRequestHeaders()),
                                        new String(body, UTF_8)));
                        if (path.equals("/patient")) {
                            LockSupport.parkNanos(PATIENCE_NANOS);
                        }
                        String answer =
                                switch (path) {
                                    case "/room", "/patient" ->
                                            "{\"room\":\"%s\",\"name\":\"Led By App\",\"user_id\":\"u9\"}"
                                                    .formatted(BridgeProcess.ROOM_CODE);
                                    case "/reject" -> "{\"reject\":486}";
                                    default -> "oops";
                                };
                        exchange.sendResponseHeaders(
                                path.equals("/nonsense") ? 500 : 200, answer.length());
                        exchange.getResponseBody().write(answer.getBytes(UTF_8));
                        exchange.close();
                    });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stopApplication() {
        application.stop(0);
    }

    private static Asked askedAt(String path) {
        return asked.stream().filter(a -> a.path().equals(path)).findFirst().orElseThrow();
    }

    @Test
    void theApplicationIsToldOfTheCallAndLeadsItUnderItsName() throws Exception {
        try (RtpPhone phone = new RtpPhone(bridge)) {
            phone.call(number("room"));
            JsonNode participant =
                    bridge.get("/v1/rooms/" + BridgeProcess.ROOM_CODE + "/participants")
                            .get("items")
                            .get(0);
            assertThat(participant.path("name").asString()).isEqualTo("Led By App");
            assertThat(participant.path("user_id").asString()).isEqualTo("u9");
            phone.hangUp();
        }
        Asked request = askedAt("/room");
        JsonNode event = JsonMapper.builder().build().readTree(request.body());
        assertThat(event.path("type").asString()).isEqualTo("call.arriving");
        assertThat(event.path("data").path("to").asString()).isEqualTo(number("room"));
        assertThat(event.path("data").path("account").asString()).isEqualTo(BridgeProcess.USERNAME);
        assertThat(header(request, "Webhook-signature")).isEqualTo(signature(request));
    }

    @Test
    @Tag("RFC3262§3")
    void aCallerThatRequiresItIsToldReliablyThatItRings() {
        SipTrace trace =
                SipTrace.ofSipp(
                        SippRunner.scenario("reliable-ringing.xml", bridge.sipPort())
                                .dial(number("patient"))
                                .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD)
                                .run()
                                .assertPassed()
                                .messages());
        assertThat(trace.responses(180).getFirst().header("Require")).isEqualTo("100rel");
        assertThat(trace.response(481).header("CSeq")).isEqualTo("3 PRACK");
    }

    private static String header(Asked request, String name) {
        return Objects.requireNonNull(request.headers().get(name)).getFirst();
    }

    private static String signature(Asked request) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        String signed =
                header(request, "Webhook-id")
                        + "."
                        + header(request, "Webhook-timestamp")
                        + "."
                        + request.body();
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
    }

    @Test
    void whatTheApplicationRejectsIsRejected() {
        try (SipPeer peer = SipPeer.overUdp(bridge.sipPort())) {
            String first =
                    SipText.withBody(
                            SipText.request(
                                    "INVITE",
                                    number("reject"),
                                    bridge.sipPort(),
                                    "UDP",
                                    peer.port(),
                                    SipText.unique()),
                            SipText.offer("127.0.0.1", 40_000));
            peer.send(first);
            SipTrace.Message challenge = peer.receiveFinal(SOON).orElseThrow();
            peer.send(SipText.ack(first, challenge));
            String again =
                    SipText.answering(
                            first, challenge, BridgeProcess.USERNAME, BridgeProcess.PASSWORD);
            peer.send(again);
            SipTrace.Message refusal = peer.receiveFinal(SOON).orElseThrow();
            peer.send(SipText.ack(again, refusal));
            assertThat(refusal.status()).isEqualTo(486);
            assertThat(refusal.header("Reason")).contains("The application rejected the call");
        }
    }

    @Test
    void whereTheApplicationFailsOrMayNotBeAskedTheCallerIsAsked() {
        for (String dialled : List.of(number("nonsense"), "+15550100009")) {
            try (RtpPhone phone = new RtpPhone(bridge)) {
                phone.call(dialled);
                Recording heard =
                        RtpPhone.sound(RtpPhone.receiveAll(phone.rtp(), Duration.ofMillis(1500)));
                assertThat(AudioMeasure.levelDbfs(heard)).as(dialled).isGreaterThan(-35);
                String call =
                        bridge.get("/v1/calls?state=answered")
                                .get("items")
                                .get(0)
                                .path("id")
                                .asString();
                assertThat(bridge.get("/v1/calls/" + call + "/trace").toString())
                        .contains(
                                dialled.equals("+15550100009")
                                        ? "not asked: localhost is of a loopback"
                                        : "it answered with HTTP status 500")
                        .contains("the caller is asked");
                phone.hangUp();
            }
        }
    }
}
