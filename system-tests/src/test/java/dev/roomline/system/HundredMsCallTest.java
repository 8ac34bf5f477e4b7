package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * 100ms' server-side API as its clients use it, from the room to the end of a call: each request by
 * plain HTTP with tokens that the test signs itself, the far end behind a scripted carrier.
 */
final class HundredMsCallTest {
    private static final int CARRIER = FreePorts.one();
    private static final String SECRET = "test-secret-0123456789abcdef0123456789abcdef";
    private static final String TO = "+15551234567";
    private static final double CALLED_HZ = 700;
    private static final double PHONE_HZ = 1100;
    private static final int EVENTS = 101;

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("hundred-ms");

    private static String room = "";
    private static String code = "";
    private static String trunk = "";

    @BeforeAll
    static void makeRoomAndTrunk() {
        room =
                good(post("/v2/rooms", "{\"name\": \"standup\", \"description\": \"daily\"}"))
                        .get("id")
                        .asString();
        code = good(post("/v2/room-codes/room/" + room + "/role/guest", "")).get("code").asString();
        trunk =
                good(post(
                                "/v2/sip/outbound/trunks",
                                "{\"username\": \"acme\", \"password\": \"zanzibar\", \"address\":"
                                        + " \"sip:127.0.0.1:%d;transport=udp\", \"from\": \"+15550100000\"}"
                                                .formatted(CARRIER)))
                        .get("id")
                        .asString();
        assertThat(List.of(room, trunk)).allMatch(id -> id.matches("[0-9a-f]{24}"));
        assertThat(code).matches("[a-z]{3}-[a-z]{4}-[a-z]{3}");
    }

    private static String management() {
        return SignedToken.of(Map.of("access_key", "test-key", "type", "management"), SECRET);
    }

    private static String app() {
        return SignedToken.of(
                Map.of(
                        "access_key", "test-key",
                        "type", "app",
                        "room_id", room,
                        "user_id", "u7",
                        "role", "host"),
                SECRET);
    }

    private static HttpResponse<String> post(String path, String body) {
        return send("POST", path, management(), body);
    }

    private static HttpResponse<String> send(
            String method, String path, String token, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(bridge.url(path))
                        .timeout(Duration.ofSeconds(30))
                        .header("Authorization", "Bearer " + token);
        return bridge.send(
                body.isEmpty()
                        ? request.method(method, BodyPublishers.noBody()).build()
                        : request.header("Content-Type", "application/json")
                                .method(method, BodyPublishers.ofString(body))
                                .build());
    }

    private static JsonNode good(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }

    private static void refused(HttpResponse<String> answer, int status, String message) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = JsonMapper.shared().readTree(answer.body());
        assertThat(error.propertyNames()).containsExactly("code", "message", "details");
        assertThat(error.get("code").asInt()).isEqualTo(status);
        assertThat(error.get("message").asString()).isEqualTo(message);
    }

    private static String order(String more) {
        return "{\"to\": \"%s\", \"room_code\": \"%s\", \"trunk_id\": \"%s\"%s}"
                .formatted(TO, code, trunk, more);
    }

    private static CompletableFuture<HttpResponse<String>> calling(String more) {
        return CompletableFuture.supplyAsync(() -> post("/v2/sip/outbound/call", order(more)));
    }

    private static JsonNode sipPeer() {
        JsonNode peers =
                good(send("GET", "/v2/active-rooms/" + room + "/peers", management(), ""))
                        .get("peers");
        for (JsonNode peer : peers) {
            if (peer.get("user_id").asString().equals("u42")) {
                return peer;
            }
        }
        throw new AssertionError("no such peer in " + peers);
    }

    @Test
    void aCallBlocksUntilItIsAnsweredIsHeardTakesKeysAndIsPutOut() {
        try (Carrier carrier = Carrier.at(CARRIER);
                CalledPhone called = new CalledPhone(CALLED_HZ);
                CalledPhone talker = new CalledPhone(PHONE_HZ);
                RtpPhone phone = new RtpPhone(bridge)) {
            phone.callUpToAnswer(code, SipText.offer("127.0.0.1", talker.port()));
            phone.acknowledge();
            talker.talk(phone.mediaPort());
            CompletableFuture<HttpResponse<String>> asked =
                    calling(
                            ", \"name\": \"Grace Hopper\", \"user_id\": \"u42\", \"video\": true,"
                                    + " \"headers\": {\"X-Ticket\": \"4711\", \"Route\": \"<sip:evil>\"}");
            SipTrace.Message invite = carrier.await("INVITE");
            assertThat(invite.header("X-Ticket")).isEqualTo("4711");
            assertThat(invite.text()).doesNotContain("sip:evil");
            assertThat(invite.header("From")).contains("<sip:+15550100000@127.0.0.1>");
            carrier.answer(invite, "180 Ringing");
            await("the peer to ring")
                    .atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreExceptions()
                    .until(() -> sipPeer().get("type").asString().equals("sip"));
            assertThat(asked).isNotDone();
            called.answer(carrier, invite);
            carrier.await("ACK");
            String id = good(asked.join()).get("id").asString();
            assertThat(bridge.get("/v1/calls/" + id).get("state").asString()).isEqualTo("answered");

            AudioMeasure.Tones atCarrier = Ears.whenHeard(called::listen, PHONE_HZ, CALLED_HZ);
            assertThat(atCarrier.levelDbfs(PHONE_HZ)).as("%s", atCarrier).isGreaterThan(-16);
            assertThat(atCarrier.levelDbfs(CALLED_HZ)).as("own: %s", atCarrier).isLessThan(-45);
            AudioMeasure.Tones inRoom = Ears.whenHeard(talker::listen, CALLED_HZ, PHONE_HZ);
            assertThat(inRoom.levelDbfs(CALLED_HZ)).as("%s", inRoom).isGreaterThan(-16);
            System.out.printf(
                    "100ms sound: in the room %s, at the carrier %s%n", inRoom, atCarrier);

            pressed(called);
            JsonNode peer = sipPeer();
            assertThat(peer.get("name").asString()).isEqualTo("Grace Hopper");
            String out = "/v2/active-rooms/" + room + "/remove-peers";
            assertThat(
                            good(post(out, "{\"peer_id\": \"" + peer.get("id").asString() + "\"}"))
                                    .get("message")
                                    .asString())
                    .isEqualTo("peer remove request submitted");
            carrier.answer(carrier.await("BYE"), "200 OK");
            String end = "/v2/active-rooms/" + room + "/end-room";
            assertThat(good(post(end, "{\"reason\": \"over\"}")).get("message").asString())
                    .isEqualTo("session is ending");
            phone.answerBye(Duration.ofSeconds(5));
        }
    }

    /** {@code 1} and {@code #}, in that order, as RFC 4733 events at the far end. */
    private static void pressed(CalledPhone called) {
        called.packets(Duration.ofMillis(1));
        refused(send("POST", "/v2/sip/dtmf", app(), "{\"digits\": [\"x\"]}"), 400, "invalid digit");
        refused(send("POST", "/v2/sip/dtmf", app(), "{}"), 400, "digits are mandatory");
        assertThat(post("/v2/sip/dtmf", "{\"digits\": [\"1\"]}").statusCode()).isEqualTo(401);
        assertThat(good(send("POST", "/v2/sip/dtmf", app(), "{\"digits\": [\"1\", \"#\"]}")))
                .isEmpty();
        List<Integer> keys = new ArrayList<>();
        await("both keys")
                .atMost(Duration.ofSeconds(5))
                .pollInSameThread()
                .until(
                        () -> {
                            for (byte[] packet : called.packets(Duration.ofMillis(200))) {
                                int key = packet[12];
                                boolean event = (packet[1] & 0x7f) == EVENTS;
                                if (event && (keys.isEmpty() || keys.getLast() != key)) {
                                    keys.add(key);
                                }
                            }
                            return keys.size() >= 2;
                        });
        assertThat(keys).containsExactly(1, 11);
    }

    private record Row(String answer, int status, String message) {}

    @Test
    void whatTheFarEndSaysIsToldByItsRow() {
        for (Row row :
                List.of(
                        new Row("486 Busy Here", 409, "busy"),
                        new Row("603 Decline", 403, "call declined"),
                        new Row("480 Away", 408, "timed out"))) {
            try (Carrier carrier = Carrier.at(CARRIER)) {
                CompletableFuture<HttpResponse<String>> asked = calling("");
                carrier.answer(carrier.await("INVITE"), row.answer());
                carrier.await("ACK");
                refused(asked.join(), row.status(), row.message());
                assertThat(asked.join().body())
                        .contains("sip_status: " + row.answer().substring(0, 3));
            }
        }
    }

    @Test
    void whatIsWrongWithARequestIsNamedAsDocumented() {
        String path = "/v2/sip/outbound/call";
        refused(post(path, "{}"), 400, "to is mandatory");
        refused(post(path, "{\"to\": \"" + TO + "\"}"), 400, "room_code is mandatory");
        refused(
                post(path, "{\"to\": \"%s\", \"room_code\": \"%s\"}".formatted(TO, code)),
                400,
                "trunk_id is mandatory");
        refused(post(path, order("").replace(code, "zzz-zzzz-zzz")), 404, "room code not found");
        refused(post(path, order("").replace(trunk, "0".repeat(24))), 404, "trunk not found");
        refused(
                post(path, order(", \"headers\": {\"X-A\": \"a\\r\\nVia: x\"}")),
                400,
                "invalid header");
        String expired = management();
        assertThat(send("POST", path, expired + "x", order("")).statusCode()).isEqualTo(401);
        assertThat(send("POST", path, BridgeProcess.API_TOKEN, order("")).statusCode())
                .isEqualTo(401);
        JsonNode listed = good(send("GET", "/v2/sip/outbound/trunks", management(), ""));
        assertThat(listed.toString()).contains(trunk).doesNotContain("zanzibar");
    }

    @Test
    @SuppressWarnings("try") // closing it early is what is tested
    void aClientThatGoesAwayCancelsTheCall() throws IOException {
        try (Carrier carrier = Carrier.at(CARRIER);
                Socket client = new Socket(InetAddress.getLoopbackAddress(), bridge.httpPort())) {
            String body = order("");
            client.getOutputStream()
                    .write(
                            ("POST /v2/sip/outbound/call HTTP/1.1\r\nHost: localhost\r\n"
                                            + "Authorization: Bearer "
                                            + management()
                                            + "\r\nContent-Type: application/json\r\nContent-Length: "
                                            + body.length()
                                            + "\r\n\r\n"
                                            + body)
                                    .getBytes(StandardCharsets.US_ASCII));
            SipTrace.Message invite = carrier.await("INVITE");
            carrier.answer(invite, "180 Ringing");
            client.close();
            long goneNanos = System.nanoTime();
            carrier.answer(carrier.await("CANCEL"), "200 OK");
            assertThat(Duration.ofNanos(System.nanoTime() - goneNanos))
                    .isLessThan(Duration.ofSeconds(1));
            carrier.answer(invite, "487 Request Terminated");
            carrier.await("ACK");
        }
    }
}
