package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Calls as carriers and phones make them, from the first INVITE to the BYE. SIPp is the peer. */
final class InboundCallTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("inbound");

    @Test
    @Tag("RFC3261§15.1.2")
    @Tag("RFC3261§13.3.1.4")
    void aTwilioCallIsNamedByItsHeadersAndEndsByItsBye() {
        try (SippRunner.Running running = authenticated("twilio.xml").start()) {
            JsonNode participant = awaitParticipant("John Döe");

            assertThat(participant.get("user_id").asString()).isEqualTo("user-4711");
            assertThat(participant.get("kind").asString()).isEqualTo("phone");
            assertThat(participant.get("attributes").get("sip.h.x-twilio-accountsid").asString())
                    .isEqualTo("AC00000000000000000000000000000001");
            SipTrace trace = SipTrace.ofSipp(running.await().assertPassed().messages());

            SipTrace.Message answer = trace.responses(200).getFirst();
            assertThat(answer.headers("Record-Route"))
                    .as("both, in their order (RFC 3261 §12.1.1)")
                    .hasSize(2)
                    .satisfiesExactly(
                            first -> assertThat(first).startsWith("<sip:127.0.0.1:").contains("lr"),
                            second -> assertThat(second).contains("172.25.10.1"));
            assertThat(answer.headers("Via")).hasSize(2);
            assertThat(answer.body()).contains("RTP/AVP 0 101");
            awaitEnd(trace, "hangup_caller");
        }
    }

    @Test
    @Tag("RFC3261§12.2.1.1")
    void ourByeToATwilioCallFollowsTheRouteSet() {
        try (SippRunner.Running running = authenticated("twilio-hung-up-by-us.xml").start()) {
            awaitParticipant("John Döe");
            hangUp(awaitAnswered());
            SipTrace trace = SipTrace.ofSipp(running.await().assertPassed().messages());

            SipTrace.Message bye = trace.requests("BYE").getFirst();
            assertThat(bye.firstLine())
                    .startsWith("BYE sip:+15551234567@172.25.40.7:5060")
                    .endsWith(" SIP/2.0");
            assertThat(String.join(",", bye.headers("Route")))
                    .matches("<sip:127\\.0\\.0\\.1:\\d+;lr[^>]*>,\\s*<sip:172\\.25\\.10\\.1.*>");
            awaitEnd(trace, "hangup_api");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void aCallIsHungUpByUs(String transport) {
        SippRunner sipp = authenticated("call-hung-up-by-us.xml");
        try (SippRunner.Running running =
                (transport.equals("tcp") ? sipp.overTcp() : sipp).start()) {
            hangUp(awaitAnswered());
            SipTrace trace = SipTrace.ofSipp(running.await().assertPassed().messages());
            assertThat(trace.requests("BYE")).hasSize(1);
            awaitEnd(trace, "hangup_api");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    @Tag("RFC3264§8.4")
    void holdAndResumeAreAnsweredInTheirDirections(String transport) {
        SippRunner sipp = authenticated("hold.xml");
        SipTrace trace =
                SipTrace.ofSipp(
                        (transport.equals("tcp") ? sipp.overTcp() : sipp)
                                .run()
                                .assertPassed()
                                .messages());
        List<String> answers =
                trace.responses(200).stream()
                        .filter(m -> m.header("CSeq").endsWith("INVITE"))
                        .map(SipTrace.Message::body)
                        .toList();
        assertThat(answers).hasSize(4);
        // what we hold is the mirror of what was offered (RFC 3264 §6.1)
        assertThat(answers)
                .extracting(InboundCallTest::direction)
                .containsExactly("sendrecv", "recvonly", "inactive", "sendrecv");
        assertThat(answers)
                .extracting(body -> origin(body, 1))
                .containsOnly(origin(answers.getFirst(), 1));
        List<Long> versions = answers.stream().map(body -> Long.valueOf(origin(body, 2))).toList();
        // each answer that differs has the next version (RFC 3264 §8)
        for (int i = 1; i < versions.size(); i++) {
            assertThat(versions.get(i)).isEqualTo(versions.get(i - 1) + 1);
        }
    }

    @Test
    @Tag("RFC3261§13.3.1.4")
    @Tag("RFC3264§5.1")
    void aLateOfferIsMadeInOur200AndAnsweredInTheAck() {
        SipTrace trace =
                SipTrace.ofSipp(authenticated("late-offer.xml").run().assertPassed().messages());
        SipTrace.Message answer = trace.responses(200).getFirst();
        assertThat(answer.header("Content-Type")).isEqualTo("application/sdp");
        assertThat(answer.body()).contains("m=audio ", "PCMU/8000", "PCMA/8000", "telephone-event");
        awaitEnd(trace, "hangup_caller");
    }

    @Test
    void withoutACodecInCommonItIs488WithTheReason() {
        SipTrace trace =
                SipTrace.ofSipp(authenticated("refused-488.xml").run().assertPassed().messages());
        assertThat(trace.response(488).header("Warning")).startsWith("305 ");
        awaitEnd(trace, "no_common_codec");
    }

    @Test
    @Tag("RFC3261§11.2")
    void optionsIsAnsweredWithoutAChallengeAndShowsNoRoom() {
        SipTrace trace =
                SipTrace.ofSipp(
                        SippRunner.scenario("options.xml", bridge.sipPort())
                                .run()
                                .assertPassed()
                                .messages());
        SipTrace.Message answer = trace.response(200);
        assertThat(answer.header("Allow").split(",\\s*"))
                .contains("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS");
        assertThat(answer.text()).doesNotContain(BridgeProcess.ROOM_CODE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MESSAGE", "SUBSCRIBE", "NOTIFY", "PUBLISH", "REFER"})
    @Tag("RFC3261§8.2.1")
    void aMethodThatIsNotServedIs405WithWhatIs(String method) {
        SipTrace.Message answer = ask(method);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).contains("INVITE").doesNotContain(method);
    }

    @Test
    @Tag("RFC3311§5.2")
    void anUpdateOfNoCallIs481() {
        assertThat(ask("UPDATE").status()).isEqualTo(481);
    }

    @Test
    @Tag("RFC3261§8.2.1")
    void anUnknownMethodIs501() {
        assertThat(ask("FROBNICATE").status()).isEqualTo(501);
    }

    @Test
    @Tag("RFC3261§9.2")
    void aCancelledCallIs487AndLeavesNothing() {
        int cancelled = 0;
        for (int i = 0; i < 20; i++) {
            cancelled += cancelAtOnce() ? 1 : 0;
        }
        assertThat(cancelled).as("of 20 calls cancelled at once").isPositive();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(participants()).isEmpty());
    }

    /** Whether the CANCEL came before our 200. */
    private static boolean cancelAtOnce() {
        try (SipPeer peer = SipPeer.overUdp(bridge.sipPort())) {
            String first =
                    SipText.withBody(
                            SipText.request(
                                    "INVITE",
                                    BridgeProcess.ROOM_CODE,
                                    bridge.sipPort(),
                                    "UDP",
                                    peer.port(),
                                    SipText.unique()),
                            SipText.offer("127.0.0.1", 9));
            peer.send(first);
            SipTrace.Message challenge = peer.receiveFinal(LIMIT).orElseThrow();
            peer.send(SipText.ack(first, challenge));
            String invite =
                    SipText.answering(
                            first, challenge, BridgeProcess.USERNAME, BridgeProcess.PASSWORD);
            peer.send(invite);
            peer.send(SipText.cancel(invite));
            SipTrace.Message one = peer.receiveFinal(LIMIT).orElseThrow();
            SipTrace.Message two = peer.receiveFinal(LIMIT).orElseThrow();
            boolean cancelFirst = one.header("CSeq").endsWith("CANCEL");
            SipTrace.Message toCancel = cancelFirst ? one : two;
            SipTrace.Message toInvite = cancelFirst ? two : one;
            assertThat(toCancel.status()).isEqualTo(200);
            assertThat(toInvite.status()).isIn(200, 487);
            if (toInvite.status() == 487) {
                peer.send(SipText.ack(invite, toInvite));
                return true;
            }
            peer.send(SipText.inDialog("ACK", 2, invite, toInvite));
            peer.send(SipText.inDialog("BYE", 3, invite, toInvite));
            assertThat(peer.receiveFinal(LIMIT).orElseThrow().status()).isEqualTo(200);
            return false;
        }
    }

    private static SipTrace.Message ask(String method) {
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

    @ParameterizedTest
    @CsvSource({"udp,20", "tcp,5"})
    void callsOneAfterTheOtherLeaveNoParticipantBehind(String transport, int calls) {
        SippRunner sipp = authenticated("call.xml").calls(calls).option("-r", "5");
        (transport.equals("tcp") ? sipp.overTcp() : sipp).run().assertPassed();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(participants()).isEmpty());
    }

    private static SippRunner authenticated(String scenario) {
        return SippRunner.scenario(scenario, bridge.sipPort())
                .dial(BridgeProcess.ROOM_CODE)
                .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD);
    }

    private static List<JsonNode> participants() {
        return bridge.get("/v1/rooms/" + BridgeProcess.ROOM_CODE + "/participants")
                .get("items")
                .valueStream()
                .toList();
    }

    private static JsonNode awaitParticipant(String name) {
        return await("participant " + name)
                .atMost(LIMIT)
                .until(
                        () ->
                                participants().stream()
                                        .filter(each -> each.get("name").asString().equals(name))
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static String awaitAnswered() {
        return await("one answered call")
                .atMost(LIMIT)
                .until(
                        () ->
                                bridge.get("/v1/calls?state=answered")
                                        .get("items")
                                        .valueStream()
                                        .toList(),
                        answered -> answered.size() == 1)
                .getFirst()
                .get("id")
                .asString();
    }

    private static void hangUp(String call) {
        HttpResponse<String> response =
                bridge.send(bridge.request("/v1/calls/" + call).DELETE().build());
        assertThat(response.statusCode()).isEqualTo(204);
    }

    /** The newest call's end is told by its reason. */
    private static void awaitEnd(SipTrace trace, String reason) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> {
                            JsonNode newest = bridge.get("/v1/calls?limit=1").get("items").get(0);
                            assertThat(newest.get("end").get("reason").asString())
                                    .as("%s of %s", newest, trace.messages().size())
                                    .isEqualTo(reason);
                        });
    }

    private static String direction(String sdp) {
        Matcher line =
                Pattern.compile("^a=(sendrecv|sendonly|recvonly|inactive)", Pattern.MULTILINE)
                        .matcher(sdp);
        return line.find() ? line.group(1) : "sendrecv";
    }

    private static String origin(String sdp, int field) {
        Matcher line = Pattern.compile("^o=(.*)$", Pattern.MULTILINE).matcher(sdp);
        assertThat(line.find()).isTrue();
        return line.group(1).split(" ")[field];
    }
}
