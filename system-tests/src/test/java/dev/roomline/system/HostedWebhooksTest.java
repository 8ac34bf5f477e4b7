package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Webhooks in the formats of hosted products, of a browser's and two telephones' time in a room, to
 * a receiver that fails until the server was killed and is there again.
 */
final class HostedWebhooksTest {
    private static final Duration LIMIT = Duration.ofSeconds(25);
    private static final long[] WAIT_MILLIS = {1_000, 3_000, 10_000};

    private record Received(long atNanos, int status, String header, String body) {
        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }
    }

    private final List<Received> ofHundredMs = new CopyOnWriteArrayList<>();
    private final List<Received> ofVideoSdk = new CopyOnWriteArrayList<>();
    private volatile int status = 503;
    private final BridgeProcess bridge = BridgeProcess.named("hosted-webhooks");
    private HttpServer receiver;

    @BeforeEach
    void receive() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/100ms", it -> take(it, "x-key", status, ofHundredMs));
        receiver.createContext("/videosdk", it -> take(it, "videosdk-signature", 200, ofVideoSdk));
        receiver.start();
        String base = "http://127.0.0.1:" + receiver.getAddress().getPort();
        bridge.section(
                        "webhooks",
                        """
                        webhooks:
                          - { url: "%1$s/100ms", format: 100ms, headers: { X-Key: open-sesame }, allow_private: true }
                          - { url: "%1$s/videosdk", format: videosdk, allow_private: true }
                        """
                                .formatted(base))
                .start();
    }

    private static void take(HttpExchange exchange, String header, int answer, List<Received> to)
            throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String told = exchange.getRequestHeaders().getFirst(header);
        to.add(new Received(System.nanoTime(), answer, told == null ? "" : told, body));
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    @AfterEach
    void stop() {
        bridge.close();
        receiver.stop(0);
    }

    @Test
    void everythingIsToldInOrderSignedAndAfterARestart() throws GeneralSecurityException {
        String key = publicKey();
        try (Chromium chromium = Chromium.launch();
                RoomPage grace = RoomPage.open(chromium, bridge, 440).join("Grace");
                RtpPhone first = new RtpPhone(bridge);
                RtpPhone second = new RtpPhone(bridge)) {
            first.call(BridgeProcess.ROOM_CODE);
            await().atMost(LIMIT).until(() -> calls().size() == 2);
            first.hangUp();
            await().atMost(LIMIT).until(() -> calls().size() == 3);
            grace.leave();
            await().atMost(LIMIT).until(() -> bridge.get("/v1/server").get("rooms").asInt() == 0);
            second.call(BridgeProcess.ROOM_CODE);
            await().atMost(LIMIT).until(() -> calls().size() == 5 && ofHundredMs.size() >= 2);
            // taken from the next process on
            status = 204;
            bridge.crashAndRestart();
        }
        await().atMost(LIMIT)
                .until(() -> accepted(ofHundredMs).size() == 10 && calls().size() == 6);
        peersAndSessions();
        triedAgainInTime();
        callsAreSigned(key);
        assertThat(publicKey()).as("the key after the restart").isEqualTo(key);
    }

    /** Without a token. */
    private String publicKey() {
        String body =
                bridge.send(HttpRequest.newBuilder(bridge.url("/v2/public/rsa-public-key")).build())
                        .body();
        return JsonMapper.shared().readTree(body).get("publicKey").asString();
    }

    /** What was taken, each once. */
    private static List<JsonNode> accepted(List<Received> all) {
        Map<String, JsonNode> byId = new LinkedHashMap<>();
        all.stream()
                .filter(one -> one.status() / 100 == 2)
                .map(Received::json)
                .forEach(it -> byId.putIfAbsent(it.get("id").asString(), it));
        return List.copyOf(byId.values());
    }

    /**
     * What VideoSDK's webhook was told, each once: what was taken when the kill came is sent again.
     */
    private List<Received> calls() {
        Map<String, Received> byBody = new LinkedHashMap<>();
        ofVideoSdk.forEach(it -> byBody.putIfAbsent(it.body(), it));
        return List.copyOf(byBody.values());
    }

    private void peersAndSessions() {
        List<JsonNode> all = accepted(ofHundredMs);
        assertThat(all.stream().map(HostedWebhooksTest::typeAndKind))
                .containsExactly(
                        "session.open.success",
                        "peer.join.success regular",
                        "peer.join.success sip",
                        "peer.leave.success sip",
                        "peer.leave.success regular",
                        "session.close.success",
                        "session.open.success",
                        "peer.join.success sip",
                        "peer.leave.success sip",
                        "session.close.success");
        assertThat(ofHundredMs).extracting(Received::header).containsOnly("open-sesame");
        for (JsonNode each : all) {
            assertThat(each.get("version").asString()).isEqualTo("2.0");
            assertThat(each.get("account_id").asString()).matches("[0-9a-f]{24}");
            assertThat(each.at("/data/room_id").asString()).matches("[0-9a-f]{24}");
            assertThat(each.at("/data/room_name").asString()).isEqualTo("support");
        }
        List<String> sessions =
                all.stream().map(it -> it.at("/data/session_id").asString()).toList();
        assertThat(sessions.subList(0, 6)).containsOnly(sessions.getFirst());
        assertThat(sessions.subList(6, 10)).containsOnly(sessions.getLast());
        assertThat(sessions.getLast()).isNotEqualTo(sessions.getFirst());
        JsonNode left = all.get(3).get("data");
        assertThat(left.get("peer_id")).isEqualTo(all.get(2).at("/data/peer_id"));
        assertThat(left.get("reason").asString()).isEqualTo("client request");
        assertThat(left.get("message").asString()).isEqualTo("hangup_caller");
        assertThat(left.get("duration").isIntegralNumber()).isTrue();
        // told by the process that came after the kill
        JsonNode cut = all.get(8).get("data");
        assertThat(cut.get("peer_id")).isEqualTo(all.get(7).at("/data/peer_id"));
        assertThat(cut.get("reason").asString()).isEqualTo("server removed peer");
        assertThat(cut.get("message").asString()).isEqualTo("server_crashed");
        assertThat(all.get(1).at("/data/user_name").asString()).isEqualTo("Grace");
    }

    private static String typeAndKind(JsonNode message) {
        String kind = message.at("/data/type").asString("");
        return (message.get("type").asString() + " " + kind).strip();
    }

    /** The first message alone was tried until it was taken: what follows in its room waited. */
    private void triedAgainInTime() {
        String first = ofHundredMs.getFirst().json().get("id").asString();
        List<Long> times = new ArrayList<>();
        for (Received one : ofHundredMs) {
            if (!one.json().get("id").asString().equals(first)) {
                break;
            }
            times.add(one.atNanos());
        }
        assertThat(ofHundredMs.stream().filter(one -> one.status() == 503))
                .allMatch(one -> one.json().get("id").asString().equals(first));
        assertThat(times.size()).isBetween(3, 4);
        for (int i = 1; i < times.size(); i++) {
            long gapMillis = (times.get(i) - times.get(i - 1)) / 1_000_000;
            assertThat(gapMillis).as("wait %s", i).isGreaterThanOrEqualTo(WAIT_MILLIS[i - 1]);
        }
        assertThat((times.get(1) - times.getFirst()) / 1_000_000).isLessThan(WAIT_MILLIS[1]);
    }

    private void callsAreSigned(String pem) throws GeneralSecurityException {
        String body = String.join("", pem.lines().filter(line -> !line.startsWith("-")).toList());
        byte[] pkcs1 = Base64.getDecoder().decode(body);
        // what Java reads has the algorithm before it (RFC 5280 §4.1.2.7)
        byte[] head = HexFormat.of().parseHex("30820122300d06092a864886f70d01010105000382010f00");
        byte[] spki = Arrays.copyOf(head, head.length + pkcs1.length);
        System.arraycopy(pkcs1, 0, spki, head.length, pkcs1.length);
        var key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(spki));
        Map<String, List<String>> events = new LinkedHashMap<>();
        for (Received one : calls()) {
            Signature check = Signature.getInstance("SHA256withRSA");
            check.initVerify(key);
            check.update(one.body().getBytes(StandardCharsets.UTF_8));
            assertThat(check.verify(Base64.getDecoder().decode(one.header())))
                    .as(one.body())
                    .isTrue();
            JsonNode told = one.json();
            assertThat(told.get("webhookType")).isEqualTo(told.get("event"));
            assertThat(told.at("/data/roomId").asString()).matches("(\\w{4}-){2}\\w{4}");
            events.computeIfAbsent(told.at("/data/callId").asString(), _ -> new ArrayList<>())
                    .add(told.get("event").asString() + " " + told.at("/data/status").asString());
        }
        List<String> whole =
                List.of("call-started incoming", "call-answered answered", "call-hangup ended");
        assertThat(events.values()).containsExactly(whole, whole);
    }
}
