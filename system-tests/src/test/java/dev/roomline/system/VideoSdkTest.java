package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.DatagramSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * A client of VideoSDK that knows nothing but its documentation: its requests as they stand there,
 * the token bare in the header, calls to a scripted carrier, sound measured both ways.
 */
final class VideoSdkTest {
    private static final String TO = "+15551234567";
    private static final String OWN = "+15550100000";
    private static final String ELSEWHERE = "+15550100009";
    private static final String RULED = "+15550100033";
    private static final double CALLEE_HZ = 700;
    private static final double ROOM_HZ = 1100;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("videosdk")
                    .section(
                            "routes",
                            """
                            routes:
                              - { number: "%s", room: %s }
                              - { number: "%s", room: new }
                            """
                                    .formatted(OWN, BridgeProcess.ROOM_CODE, ELSEWHERE));

    private static final VideoSdkApi api = new VideoSdkApi(bridge);

    private static String room() {
        return api.post("/rooms", "{}").good().get("roomId").asString();
    }

    private static String gateway(int port) {
        return api.post(
                        "/sip/outbound-gateways",
                        """
                        {"name":"Carrier","numbers":["+15550100077","+15550100078"],"address":"127.0.0.1:%d",
                         "transport":"udp","auth":{"username":"bob","password":"zanzibar"},"mediaEncryption":"disable",
                         "metadata":{"team":"a"},"tags":["x"]}
                        """
                                .formatted(port))
                .good()
                .get("id")
                .asString();
    }

    /** Each hears the other, and not itself. */
    private static void assertHeardBothWays(CalledPhone inRoom, CalledPhone other, String what) {
        CompletableFuture<AudioMeasure.Tones> far =
                CompletableFuture.supplyAsync(
                        () -> Ears.whenHeard(other::listen, ROOM_HZ, CALLEE_HZ));
        AudioMeasure.Tones here = Ears.whenHeard(inRoom::listen, CALLEE_HZ, ROOM_HZ);
        AudioMeasure.Tones there = far.join();
        System.out.printf("videosdk %s: in the room %s, at the far end %s%n", what, here, there);
        assertThat(there.levelDbfs(ROOM_HZ)).as("%s", there).isGreaterThan(-16);
        assertThat(there.levelDbfs(CALLEE_HZ)).as("own: %s", there).isLessThan(-45);
        assertThat(here.levelDbfs(CALLEE_HZ)).as("%s", here).isGreaterThan(-16);
        assertThat(here.levelDbfs(ROOM_HZ)).as("own: %s", here).isLessThan(-45);
    }

    /** Somebody who talks, once the call is answered. */
    private static void dial(RtpPhone phone, String to, CalledPhone sound) {
        phone.callUpToAnswer(to, SipText.offer("127.0.0.1", sound.port()));
        phone.acknowledge();
        sound.talk(phone.mediaPort());
    }

    // ---- calls

    @Test
    void theFirstGenerationCallsANumberIntoARoomAndBothHearEachOther() {
        try (Carrier carrier = Carrier.at(FreePorts.one());
                CalledPhone called = new CalledPhone(CALLEE_HZ);
                CalledPhone talker = new CalledPhone(ROOM_HZ);
                RtpPhone inRoom = new RtpPhone(bridge)) {
            String room = room();
            dial(inRoom, room, talker);
            JsonNode trunk =
                    api.post(
                                    "/sip-trunk",
                                    """
                                    {"auth":{"username":"bob","password":"zanzibar"},"name":"My trunk",
                                     "domain":"127.0.0.1:%d","direction":"outbound","numbers":["+15550100077"]}
                                    """
                                            .formatted(carrier.port()))
                            .good();
            CompletableFuture<VideoSdkApi.Answer> asked =
                    api.posting(
                            "/sip/outbound-call",
                            """
                            {"to":"%s","from":"+15550100077","displayName":"Grace","meetingId":"%s","trunkId":"%s",
                             "participantId":"p7"}
                            """
                                    .formatted(TO, room, trunk.get("trunkId").asString()));
            SipTrace.Message invite = carrier.await("INVITE");
            assertThat(invite.firstLine()).startsWith("INVITE sip:" + TO + "@127.0.0.1:");
            // nobody has answered yet, and nothing rings
            assertThat(asked.join().good().toString())
                    .isEqualTo(
                            "{\"statusCode\":200,\"message\":\"Success\",\"participantId\":\"p7\"}");
            carrier.answer(invite, "180 Ringing");
            called.answer(carrier, invite);
            carrier.await("ACK");
            assertHeardBothWays(talker, called, "outbound-call");
            JsonNode left =
                    api.post(
                                    "/sessions/participants/remove",
                                    "{\"participantId\":\"p7\",\"roomId\":\"" + room + "\"}")
                            .good();
            assertThat(left.get("status").asString()).isEqualTo("ongoing");
            carrier.answer(carrier.await("BYE"), "200 OK");
            assertThat(
                            api.post("/sessions/end", "{\"roomId\":\"" + room + "\"}")
                                    .good()
                                    .get("status"))
                    .hasToString("\"ended\"");
            inRoom.answerBye(LIMIT);
            api.send("DELETE", "/sip-trunk/" + trunk.get("trunkId").asString(), "").good();
        }
    }

    @Test
    void theSecondGenerationsCallIsSeenFromItsStartToItsEnd() {
        try (Carrier carrier = Carrier.at(FreePorts.one());
                CalledPhone called = new CalledPhone(CALLEE_HZ);
                CalledPhone talker = new CalledPhone(ROOM_HZ);
                RtpPhone inRoom = new RtpPhone(bridge)) {
            String room = room();
            dial(inRoom, room, talker);
            VideoSdkApi.Answer placed =
                    api.post(
                            "/sip/call",
                            """
                            {"gatewayId":"%s","sipCallTo":"%s","sipCallFrom":"+15550100078","destinationRoomId":"%s",
                             "participant":{"id":"p8","name":"Hedy"},"ringingTimeout":30,"maxCallDuration":600,
                             "headers":{"X-Ticket":"4711"},"dtmf":true,"metadata":{"lead":9},"waitUntilAnswered":false}
                            """
                                    .formatted(gateway(carrier.port()), TO, room));
            placed.good();
            assertThat(placed.text("/message")).isEqualTo("Call initiated successfully");
            assertThat(placed.text("/data/status")).isEqualTo("initiated");
            assertThat(placed.text("/data/sipCallFrom")).isEqualTo("+15550100078");
            String call = placed.text("/data/callId");
            SipTrace.Message invite = carrier.await("INVITE");
            assertThat(invite.header("X-Ticket")).isEqualTo("4711");
            carrier.answer(invite, "180 Ringing");
            awaitStatus(call, "ringing");
            called.answer(carrier, invite);
            carrier.await("ACK");
            awaitStatus(call, "answered");
            assertHeardBothWays(talker, called, "call");
            api.post("/sip/call/end", "{\"callId\":\"" + call + "\"}").good();
            carrier.answer(carrier.await("BYE"), "200 OK");
            awaitStatus(call, "ended");
            JsonNode listed = api.get("/sip/call?roomId=" + room).good().at("/data/0");
            assertThat(listed.get("timelog").findValuesAsString("status"))
                    .containsExactly("initiated", "ringing", "answered", "ended");
            assertThat(listed.at("/metadata/lead").asInt()).isEqualTo(9);
            assertThat(listed.get("participantId").asString()).isEqualTo("p8");
            inRoom.hangUp();
        }
    }

    private static void awaitStatus(String call, String status) {
        await(call + " to be " + status)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(30))
                .until(() -> api.get("/sip/call/" + call).text("/data/status").equals(status));
    }

    @Test
    void whoWaitsForTheAnswerLearnsThatTheCalleeIsBusyAndTheListSaysRejected() {
        try (Carrier carrier = Carrier.at(FreePorts.one())) {
            String gateway = gateway(carrier.port());
            CompletableFuture<VideoSdkApi.Answer> asked =
                    api.posting(
                            "/sip/call",
                            """
                            {"gatewayId":"%s","sipCallTo":"%s","waitUntilAnswered":true}
                            """
                                    .formatted(gateway, TO));
            carrier.answer(carrier.await("INVITE"), "486 Busy Here");
            VideoSdkApi.Answer busy = asked.join();
            assertThat(busy.status()).isEqualTo(409);
            assertThat(busy.body().propertyNames()).containsExactly("statusCode", "message");
            JsonNode listed = api.get("/sip/call?perPage=1").good().at("/data/0");
            assertThat(listed.get("status").asString()).isEqualTo("rejected");
            assertThat(listed.get("gatewayId").asString()).isEqualTo(gateway);
            assertThat(api.post("/sip/call/transfer", "{}").status()).isEqualTo(400);
            assertThat(api.post("/sip/call/switch-room", "{}").status()).isEqualTo(400);
        }
    }

    @Test
    void anInboundTrunkCallsItsOwnNumberAndNoOther() {
        api.post(
                        "/sip-trunk",
                        """
                        {"auth":{"username":"carrier","password":"s3cret-word"},"name":"Inbound","domain":"sip.example.com",
                         "direction":"inbound","numbers":["%s"]}
                        """
                                .formatted(OWN))
                .good();
        for (Map.Entry<String, Integer> row :
                Map.of(OWN, 200, ELSEWHERE, 403, BridgeProcess.ROOM_CODE, 403).entrySet()) {
            assertThat(dialled(row.getKey(), "carrier", "s3cret-word"))
                    .as(row.getKey())
                    .isEqualTo(row.getValue());
        }
    }

    /** A rule is dialled: what it says of the room holds from the moment that it is said. */
    @Test
    void whoDialsTheNumberOfARoutingRuleComesWhereItLeads() {
        try (CalledPhone caller = new CalledPhone(CALLEE_HZ);
                CalledPhone talker = new CalledPhone(ROOM_HZ);
                RtpPhone inRoom = new RtpPhone(bridge);
                RtpPhone dialling = new RtpPhone(bridge);
                RtpPhone alone = new RtpPhone(bridge)) {
            String room = room();
            dial(inRoom, room, talker);
            assertThat(dialled(RULED, BridgeProcess.USERNAME, BridgeProcess.PASSWORD))
                    .isEqualTo(404);
            VideoSdkApi.Answer made =
                    api.post(
                            "/sip/routing-rule",
                            """
                            {"name":"Support","type":"inbound","phoneNumbers":["%s"],"room":{"type":"static","id":"%s"}}
                            """
                                    .formatted(RULED, room));
            assertThat(made.status()).as("%s", made.body()).isEqualTo(201);
            dial(dialling, RULED, caller);
            assertHeardBothWays(talker, caller, "routing rule");
            JsonNode call = api.get("/sip/call?roomId=" + room).good().at("/data/0");
            assertThat(call.get("sipCallTo").asString()).isEqualTo(RULED);
            assertThat(call.get("type").asString()).isEqualTo("inbound");
            dialling.hangUp();
            String one = "/sip/routing-rule/" + made.text("/id");
            api.send("PATCH", one, "{\"room\":{\"type\":\"dynamic\"}}").good();
            alone.call(RULED);
            JsonNode own = api.get("/sip/call?perPage=1").good().at("/data/0");
            assertThat(own.get("status").asString()).isEqualTo("answered");
            assertThat(own.get("roomId").asString()).isNotEqualTo(room);
            alone.hangUp();
            api.send("DELETE", one, "").good();
            assertThat(dialled(RULED, BridgeProcess.USERNAME, BridgeProcess.PASSWORD))
                    .isEqualTo(404);
            inRoom.hangUp();
        }
    }

    /** The final status of a call with these credentials, which is ended where answered. */
    private static int dialled(String number, String username, String password) {
        try (SipPeer sip = SipPeer.overUdp(bridge.sipPort());
                DatagramSocket sound = RtpPhone.socket()) {
            String invite =
                    SipText.withBody(
                            SipText.request(
                                    "INVITE",
                                    number,
                                    bridge.sipPort(),
                                    "UDP",
                                    sip.port(),
                                    SipText.unique()),
                            SipText.offer("127.0.0.1", sound.getLocalPort()));
            sip.send(invite);
            SipTrace.Message challenge = sip.receiveFinal(LIMIT).orElseThrow();
            assertThat(challenge.status()).isEqualTo(407);
            sip.send(SipText.ack(invite, challenge));
            String again = SipText.answering(invite, challenge, username, password);
            sip.send(again);
            SipTrace.Message end = sip.receiveFinal(LIMIT).orElseThrow();
            while (end.header("CSeq").equals(challenge.header("CSeq"))) {
                end = sip.receiveFinal(LIMIT).orElseThrow();
            }
            if (end.status() == 200) {
                sip.send(SipText.inDialog("ACK", 2, again, end));
                sip.send(SipText.inDialog("BYE", 3, again, end));
                assertThat(sip.receiveFinal(LIMIT).orElseThrow().status()).isEqualTo(200);
            } else {
                sip.send(SipText.ack(again, end));
            }
            return end.status();
        }
    }

    // ---- everything else

    @Test
    void everyOtherRequestOfTheDocumentationIsAnsweredInItsShape() {
        JsonNode room =
                api.post("/rooms", "{\"customRoomId\":\"aaa-bbb-ccc\",\"region\":\"in002\"}")
                        .good();
        String id = room.get("roomId").asString();
        assertThat(id).matches("[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}");
        assertThat(api.get("/rooms/" + id).good()).isEqualTo(room);
        assertThat(api.get("/rooms/validate/" + id).good()).isEqualTo(room);
        assertThat(api.get("/rooms?page=1&perPage=20").good().at("/pageInfo/currentPage").asInt())
                .isEqualTo(1);
        assertThat(
                        api.post("/rooms/deactivate", "{\"roomId\":\"" + id + "\"}")
                                .good()
                                .get("disabled"))
                .hasToString("true");
        String gateway = gateway(FreePorts.one());
        String one = "/sip/outbound-gateways/" + gateway;
        assertThat(api.send("PATCH", one, "{\"name\":\"Renamed\"}").good().get("name"))
                .hasToString("\"Renamed\"");
        assertThat(api.send("PUT", one, "{\"tags\":[]}").good().get("tags")).isEmpty();
        assertThat(api.get("/sip/outbound-gateways").good().at("/data/0/id").isString()).isTrue();
        assertThat(api.get(one).good().get("gatewayId").asString()).isEqualTo(gateway);
        assertThat(api.get("/sip-trunk").good().isArray()).isTrue();
        assertThat(api.get("/sip-trunk/" + gateway).good().get("trunkId").asString())
                .isEqualTo(gateway);
        assertThat(api.send("DELETE", one, "").good().get("message").isString()).isTrue();
        JsonNode inbound =
                api.post(
                                "/sip/inbound-gateways",
                                "{\"name\":\"My Inbound Gateway\",\"numbers\":[\"+15550100055\"],"
                                        + "\"allowedAddresses\":[\"198.51.100.7\"]}")
                        .good();
        assertThat(api.get("/sip/inbound-gateways").good().get("data").toString())
                .contains(inbound.get("id").asString());
        assertThat(bridge.get("/v1/trunks").toString()).contains("My Inbound Gateway");
        VideoSdkApi.Answer unknown = api.get("/rooms/nope-nope-nope");
        assertThat(unknown.body().toString())
                .isEqualTo("{\"statusCode\":404,\"message\":\"Room not found.\"}");
    }

    @Test
    void theTokenDecidesWhoseWordsAreSpoken() {
        for (String good : List.of(VideoSdkApi.moderator(), "Bearer " + VideoSdkApi.moderator())) {
            assertThat(api.send("GET", "/rooms", good, "").good().has("pageInfo")).isTrue();
        }
        Map<String, Object> inARoom = new LinkedHashMap<>(VideoSdkApi.MODERATOR);
        inARoom.put("roles", List.of("rtc"));
        String nothing = VideoSdkApi.token(Map.of("permissions", List.of()));
        for (String bad :
                List.of(VideoSdkApi.token(inARoom), VideoSdkApi.moderator() + "x", nothing)) {
            VideoSdkApi.Answer refused = api.send("GET", "/rooms", bad, "");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.body().get("statusCode").asInt()).isEqualTo(401);
        }
        VideoSdkApi.Answer nobody = api.send("GET", "/rooms", "", "");
        assertThat(nobody.status()).isEqualTo(401);
        assertThat(nobody.body().get("code").asInt()).isEqualTo(401);
    }
}
