package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roomline.system.PlacedCalls.Answer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Calls that the API places, with SIPp, baresip and a scripted peer as carriers. */
class OutboundCallsTest {
    private static final int FIRST = FreePorts.one();
    private static final int SECOND = FreePorts.one();
    private static final int OVER_TCP = FreePorts.one();
    private static final int NOBODY = FreePorts.one();
    private static final String TO = "+15551234567";
    private static final String ANSWERED = ", \"wait\": \"answered\"";
    private static final String BOTH = ", \"from\": \"+15550100077\"";

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("outbound")
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: first, name: First, address: "127.0.0.1:%1$d", options_ping: 0s, username: bob, password: zanzibar,
                                  numbers: ["+15550100000", "+15550100077"] }
                              - { id: second, address: "127.0.0.1:%2$d", options_ping: 0s, numbers: ["+15550100077"] }
                              - { id: exotel, address: "127.0.0.1:%3$d;transport=tcp", from_domain: acme.pstn.exotel.com, options_ping: 0s,
                                  number_format: national, national_prefix: "0", country: "91", numbers: ["08047100000"] }
                              - { id: nobody, address: "127.0.0.1:%4$d;transport=tcp", options_ping: 0s, numbers: ["+15550100001"] }
                              - { id: nameless, address: "carrier.invalid", options_ping: 0s, numbers: ["+15550100002"] }
                            """
                                    .formatted(FIRST, SECOND, OVER_TCP, NOBODY))
                    .set("calls.trace=all");

    private final PlacedCalls calls = new PlacedCalls(bridge);

    private static SippRunner.Running sipp(String scenario, int port, String... options) {
        return SippRunner.scenario(scenario, bridge.sipPort())
                .localPort(port)
                .option(options)
                .start();
    }

    private record Row(String status, int http, String reason, String culprit) {}

    @Test
    void eachRefusalOfACarrierIsItsRowInAnswerAndList() {
        for (Row row :
                List.of(
                        new Row("486 Busy Here", 409, "busy", "callee"),
                        new Row("603 Decline", 403, "declined", "callee"),
                        new Row("480 Away", 408, "no_answer", "callee"),
                        new Row("404 Not Found", 404, "not_found", "callee"),
                        new Row("403 Forbidden", 502, "forbidden_by_carrier", "carrier"),
                        new Row("488 Not Acceptable", 502, "no_common_codec", "callee"),
                        new Row("500 Broken", 502, "carrier_failed", "carrier"))) {
            try (SippRunner.Running carrier =
                    SippRunner.scenario("carrier-refuses.xml", bridge.sipPort())
                            .with("@status@", row.status())
                            .localPort(FIRST)
                            .start()) {
                Answer answer = calls.place("first", TO, ANSWERED);
                carrier.await().assertPassed();
                assertThat(answer.status()).as(answer.body().toString()).isEqualTo(row.http());
                assertThat(answer.body().path("sip_status").asInt())
                        .isEqualTo(Integer.parseInt(row.status().substring(0, 3)));
                calls.assertListed(answer, row.reason(), row.culprit());
            }
        }
    }

    @Test
    void aCallIsAnsweredAndTheFarEndHangsUp() {
        try (SippRunner.Running carrier = sipp("carrier-answers.xml", FIRST)) {
            Answer answer =
                    calls.place(
                            "first",
                            TO,
                            ANSWERED
                                    + ", \"name\": \"Grace Hopper\", \"user_id\": \"u7\","
                                    + " \"headers\": {\"X-Ticket\": \"4711\"}");
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
            assertThat(answer.text("state")).isEqualTo("answered");
            assertThat(answer.text("direction")).isEqualTo("outbound");
            assertThat(answer.text("to")).isEqualTo(TO);
            assertThat(answer.text("from")).isEqualTo("+15550100000");
            assertThat(answer.text("name")).isEqualTo("Grace Hopper");
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("hangup_callee");
            String messages = carrier.await().assertPassed().messages();
            assertThat(messages)
                    .contains("INVITE sip:+15551234567@127.0.0.1:" + FIRST)
                    .contains("X-Ticket: 4711")
                    .contains("P-Asserted-Identity: <sip:+15550100000@127.0.0.1>");
        }
    }

    @Test
    void nobodyAnswersWithinTheRingTimeout() {
        try (SippRunner.Running carrier = sipp("carrier-cancelled.xml", FIRST)) {
            Answer answer = calls.place("first", TO, ANSWERED + ", \"ring_timeout_s\": 1");
            carrier.await().assertPassed();
            assertThat(answer.status()).isEqualTo(408);
            calls.assertListed(answer, "no_answer", "callee");
        }
    }

    @Test
    @Tag("RFC3261§22.3")
    @Tag("RFC3262§4")
    void aChallengeByMd5IsAnsweredAndReliableRingingAcknowledged() {
        try (SippRunner.Running carrier = sipp("carrier-challenge-prack.xml", FIRST)) {
            Answer answer = calls.place("first", TO, ANSWERED);
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
            assertThat(calls.hangUp(answer.text("id"))).isEqualTo(204);
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("hangup_api");
            carrier.await().assertPassed();
        }
    }

    @Test
    @Tag("RFC7616§3.4")
    @Tag("RFC8760§2.4")
    void aChallengeBySha256IsAnswered() {
        try (Carrier carrier = Carrier.at(FIRST)) {
            CompletableFuture<Answer> asked = calls.placing("first", TO, ANSWERED);
            SipTrace.Message invite = carrier.await("INVITE");
            carrier.answer(
                    invite,
                    "401 Unauthorized",
                    "WWW-Authenticate: Digest realm=\"carrier\", nonce=\"n1\", qop=\"auth\","
                            + " algorithm=SHA-256\r\n",
                    "");
            carrier.await("ACK");
            SipTrace.Message again = carrier.await("INVITE");
            assertThat(digest(again.header("Authorization"), "INVITE")).isTrue();
            carrier.answer(again, "486 Busy Here");
            assertThat(asked.join().status()).isEqualTo(409);
        }
    }

    /** RFC 7616 §3.4.1, computed here anew. */
    private static boolean digest(String header, String method) {
        String ha1 = sha256("bob:carrier:zanzibar");
        String ha2 = sha256(method + ":" + parameter(header, "uri"));
        String expected =
                sha256(
                        String.join(
                                ":",
                                ha1,
                                "n1",
                                parameter(header, "nc"),
                                parameter(header, "cnonce"),
                                "auth",
                                ha2));
        return expected.equals(parameter(header, "response"));
    }

    private static String parameter(String header, String name) {
        var found =
                java.util.regex.Pattern.compile("\\b" + name + "=\"?([^\",]+)\"?").matcher(header);
        assertThat(found.find()).as(name + " in " + header).isTrue();
        return found.group(1);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aForeignRealmGetsNoAnswer() {
        try (Carrier carrier = Carrier.at(FIRST)) {
            CompletableFuture<Answer> asked = calls.placing("first", TO, ANSWERED);
            SipTrace.Message invite = carrier.await("INVITE");
            // a second realm: the first one that this trunk showed is its own from then on
            carrier.answer(invite, "407 Who", challenge("carrier"), "");
            carrier.await("ACK");
            SipTrace.Message again = carrier.await("INVITE");
            assertThat(again.header("Proxy-Authorization")).contains("realm=\"carrier\"");
            carrier.answer(again, "407 Who", challenge("bank.example"), "");
            carrier.await("ACK");
            Answer answer = asked.join();
            assertThat(answer.status()).isEqualTo(502);
            calls.assertListed(answer, "carrier_nonsense", "carrier");
            assertThat(carrier.hearsNothing(Duration.ofMillis(300))).isTrue();
        }
    }

    private static String challenge(String realm) {
        return "Proxy-Authenticate: Digest realm=\"" + realm + "\", nonce=\"n\", qop=\"auth\"\r\n";
    }

    @Test
    void wrongCredentialsAreOursAndATrunkWithoutAnyHasNone() {
        try (Carrier carrier = Carrier.at(FIRST)) {
            CompletableFuture<Answer> asked = calls.placing("first", TO, ANSWERED);
            for (int i = 0; i < 3; i++) {
                carrier.answer(carrier.await("INVITE"), "407 Who", challenge("carrier"), "");
                carrier.await("ACK");
            }
            Answer answer = asked.join();
            assertThat(answer.status()).isEqualTo(502);
            calls.assertListed(answer, "bad_credentials", "us");
        }
        try (Carrier carrier = Carrier.at(SECOND)) {
            CompletableFuture<Answer> asked = calls.placing("second", TO, ANSWERED);
            carrier.answer(carrier.await("INVITE"), "407 Who", challenge("carrier"), "");
            calls.assertListed(asked.join(), "bad_credentials", "us");
        }
    }

    @Test
    void whatComesBeforeTheAnswerIsHeardInTheRoom() {
        try (Carrier carrier = Carrier.at(FIRST);
                DatagramSocket sound = RtpPhone.socket();
                RtpPhone listener = new RtpPhone(bridge)) {
            listener.call(BridgeProcess.ROOM_CODE);
            CompletableFuture<Answer> asked = calls.placing("first", TO, ANSWERED);
            SipTrace.Message invite = carrier.await("INVITE");
            String sdp = SipText.offer("127.0.0.1", sound.getLocalPort());
            carrier.answer(invite, "183 Session Progress", "", sdp);
            int port = mediaPort(invite.body());
            Recording early = heard(listener, sound, port, 700);
            assertThat(AudioMeasure.fit(early, 700).levelDbfs(700)).isGreaterThan(-20);
            assertThat(asked).isNotDone();
            carrier.answer(invite, "200 OK", "", "");
            carrier.await("ACK");
            Answer answer = asked.join();
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
            Recording after = heard(listener, sound, port, 900);
            assertThat(AudioMeasure.fit(after, 900).levelDbfs(900)).isGreaterThan(-20);
            assertThat(calls.hangUp(answer.text("id"))).isEqualTo(204);
            carrier.answer(carrier.await("BYE"), "200 OK");
            listener.hangUp();
        }
    }

    /** Which of several branches is heard before the answer, and that the answer decides. */
    @Test
    @Tag("RFC3960§3.1")
    void ofTwoBranchesThatSoundTheFirstIsHeardUntilTheOtherAnswers() {
        try (Carrier carrier = Carrier.at(FIRST);
                DatagramSocket kitchen = RtpPhone.socket();
                DatagramSocket office = RtpPhone.socket();
                RtpPhone listener = new RtpPhone(bridge)) {
            listener.call(BridgeProcess.ROOM_CODE);
            CompletableFuture<Answer> asked = calls.placing("first", TO, ANSWERED);
            SipTrace.Message invite = carrier.await("INVITE");
            int port = mediaPort(invite.body());
            String early = "183 Session Progress";
            carrier.answerAs("kitchen", invite, early, "", offer(kitchen));
            carrier.answerAs("office", invite, early, "", offer(office));
            assertHeard(both(listener, kitchen, office, port), 700, 900);
            carrier.answerAs("office", invite, "200 OK", "", offer(office));
            carrier.await("ACK");
            Answer answer = asked.join();
            assertHeard(both(listener, kitchen, office, port), 900, 700);
            assertThat(calls.hangUp(answer.text("id"))).isEqualTo(204);
            SipTrace.Message bye = carrier.await("BYE");
            assertThat(bye.header("To")).contains("tag=office");
            carrier.answer(bye, "200 OK");
            listener.hangUp();
        }
    }

    /** A carrier whose announcement comes from another machine before anybody answers. */
    @Test
    @Tag("RFC3262§4")
    @Tag("RFC3311§5.2")
    void whatACarrierMovesBeforeItAnswersComesFromThereAndTheRoomIsHeardThere() {
        try (DatagramSocket first = RtpPhone.socket();
                DatagramSocket second = RtpPhone.socket();
                RtpPhone listener = new RtpPhone(bridge);
                SippRunner.Running carrier =
                        SippRunner.scenario("carrier-moves-early.xml", bridge.sipPort())
                                .with("@first@", Integer.toString(first.getLocalPort()))
                                .with("@second@", Integer.toString(second.getLocalPort()))
                                .localPort(FIRST)
                                .start()) {
            listener.call(BridgeProcess.ROOM_CODE);
            CompletableFuture<Answer> asked = calls.placing("first", TO, ANSWERED);
            SipTrace.Message invite = carrier.awaitMessage(message -> message.is("INVITE"));
            int port = mediaPort(invite.body());
            carrier.awaitMessage(message -> message.is("PRACK"));
            assertHeard(both(listener, first, second, port), 700, 900);

            carrier.goOn(invite.header("Call-ID"));
            SipTrace.Message taken =
                    carrier.awaitMessage(
                            message ->
                                    message.received()
                                            && message.header("CSeq").equals("1 UPDATE"));
            assertThat(taken.status()).as(taken.text()).isEqualTo(200);
            assertHeard(both(listener, first, second, port), 900, 700);
            RtpPhone.receiveAll(first, Duration.ofMillis(1));
            RtpPhone.receiveAll(second, Duration.ofMillis(1));
            Recording told = heard(second, listener.rtp(), listener.mediaPort(), 500);
            assertThat(AudioMeasure.fit(told, 500).levelDbfs(500)).isGreaterThan(-20);
            assertThat(RtpPhone.receiveAll(first, Duration.ofMillis(1))).isEmpty();
            assertThat(asked).isNotDone();

            carrier.goOn(invite.header("Call-ID"));
            Answer answer = asked.join();
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
            assertHeard(both(listener, first, second, port), 900, 700);
            assertThat(calls.hangUp(answer.text("id"))).isEqualTo(204);
            carrier.await().assertPassed();
            listener.hangUp();
        }
    }

    private static String offer(DatagramSocket sound) {
        return SipText.offer("127.0.0.1", sound.getLocalPort());
    }

    /** What is heard while one of them says 700 Hz and the other 900 Hz. */
    private static Recording both(
            RtpPhone listener, DatagramSocket kitchen, DatagramSocket office, int port) {
        Thread.ofPlatform().daemon().start(() -> speak(office, port, 900));
        return heard(listener, kitchen, port, 700);
    }

    private static void assertHeard(Recording heard, double hertz, double not) {
        AudioMeasure.Tones tones = AudioMeasure.fit(heard, hertz, not);
        assertThat(tones.levelDbfs(hertz)).isGreaterThan(-20);
        assertThat(tones.levelDbfs(not)).isLessThan(-50);
    }

    private static int mediaPort(String sdp) {
        var media = java.util.regex.Pattern.compile("m=audio (\\d+) ").matcher(sdp);
        assertThat(media.find()).isTrue();
        return Integer.parseInt(media.group(1));
    }

    /** The last second of what the listener hears while a tone is sent for two. */
    private static Recording heard(RtpPhone listener, DatagramSocket sound, int port, double hz) {
        return heard(listener.rtp(), sound, port, hz);
    }

    private static Recording heard(
            DatagramSocket listener, DatagramSocket sound, int port, double hz) {
        Thread talker = Thread.ofPlatform().daemon().start(() -> speak(sound, port, hz));
        RtpPhone.receiveAll(listener, Duration.ofSeconds(1));
        Recording heard = RtpPhone.sound(RtpPhone.receiveAll(listener, Duration.ofSeconds(1)));
        try {
            talker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return heard;
    }

    private static void speak(DatagramSocket sound, int port, double hz) {
        long due = System.nanoTime();
        int first = (int) (due / 20_000_000L) & 0x7fff;
        for (int i = 0; i < 110; i++) {
            RtpPhone.send(sound, RtpPhone.frame((int) hz, first + i, hz), port);
            due += 20_000_000L;
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    @Test
    void aRedirectionWithinTheHouseIsFollowedAndNoOther() {
        try (Carrier carrier = Carrier.at(FIRST);
                Carrier other = Carrier.at(FreePorts.one())) {
            CompletableFuture<Answer> asked = calls.placing("first", TO, ANSWERED);
            carrier.contact("sip:+15557654321@127.0.0.1:" + other.port());
            carrier.answer(carrier.await("INVITE"), "302 Moved");
            SipTrace.Message invite = other.await("INVITE");
            assertThat(invite.firstLine()).startsWith("INVITE sip:+15557654321@127.0.0.1:");
            other.answer(invite, "486 Busy Here");
            assertThat(asked.join().status()).isEqualTo(409);

            CompletableFuture<Answer> elsewhere = calls.placing("first", TO, ANSWERED);
            carrier.contact("sip:+15557654321@evil.example");
            carrier.answer(carrier.await("INVITE"), "302 Moved");
            Answer answer = elsewhere.join();
            assertThat(answer.status()).isEqualTo(502);
            calls.assertListed(answer, "carrier_failed", "carrier");
        }
    }

    @Test
    @Tag("RFC3261§13.2.2.4")
    void ofTwoPhonesThatAnswerTheFirstIsKeptAndTheOtherHungUp() {
        try (Carrier carrier = Carrier.at(FIRST)) {
            CompletableFuture<Answer> asked = calls.placing("first", TO, ANSWERED);
            SipTrace.Message invite = carrier.await("INVITE");
            String sdp = SipText.offer("127.0.0.1", 9);
            carrier.answerAs("kitchen", invite, "180 Ringing", "", "");
            carrier.answerAs("office", invite, "180 Ringing", "", "");
            carrier.answerAs("office", invite, "200 OK", "", sdp);
            carrier.await("ACK");
            carrier.answerAs("kitchen", invite, "200 OK", "", sdp);
            carrier.await("ACK");
            SipTrace.Message bye = carrier.await("BYE");
            assertThat(bye.header("To")).contains("tag=kitchen");
            carrier.answer(bye, "200 OK");
            Answer answer = asked.join();
            assertThat(answer.status()).isEqualTo(201);
            assertThat(calls.get(answer.text("id")).path("state").asString(""))
                    .isEqualTo("answered");
            carrier.hangUp(invite, "office");
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("hangup_callee");
        }
    }

    @Test
    @Tag("RFC3261§9.1")
    void anAnswerThatCrossesOurCancelIsAcknowledgedAndHungUp() {
        try (Carrier carrier = Carrier.at(FIRST)) {
            Answer answer = calls.place("first", TO, "");
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.text("state")).isIn("dialing", "ringing");
            SipTrace.Message invite = carrier.await("INVITE");
            carrier.answer(invite, "180 Ringing");
            calls.awaitState(answer.text("id"), "ringing");
            assertThat(calls.hangUp(answer.text("id"))).isEqualTo(204);
            SipTrace.Message cancel = carrier.await("CANCEL");
            carrier.answer(invite, "200 OK", "", SipText.offer("127.0.0.1", 9));
            carrier.answer(cancel, "200 OK");
            carrier.await("ACK");
            carrier.answer(carrier.await("BYE"), "200 OK");
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("cancelled");
        }
    }

    @Test
    void theSecondTrunkIsCalledWhenTheFirstIsUnavailable() {
        try (Carrier first = Carrier.at(FIRST);
                Carrier second = Carrier.at(SECOND)) {
            CompletableFuture<Answer> asked = calls.placing("", TO, ANSWERED + BOTH);
            first.answer(first.await("INVITE"), "503 Service Unavailable");
            SipTrace.Message invite = second.await("INVITE");
            second.answer(invite, "200 OK", "", SipText.offer("127.0.0.1", 9));
            second.await("ACK");
            Answer answer = asked.join();
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.text("trunk")).isEqualTo("second");
            assertThat(bridge.metric("roomline_trunks_failovers_total{reason=\"carrier_failed\"}"))
                    .isEqualTo(1);
            second.hangUp(invite, "callee");
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("hangup_callee");
        }
    }

    @Test
    void aCarrierThatCannotBeReachedAndANameWithoutAddressAreSaidSo() {
        Answer refused = calls.place("nobody", TO, ANSWERED);
        assertThat(refused.status()).as(refused.body().toString()).isEqualTo(502);
        calls.assertListed(refused, "carrier_unreachable", "carrier");
        Answer nameless = calls.place("nameless", TO, ANSWERED);
        assertThat(nameless.status()).isEqualTo(502);
        calls.assertListed(nameless, "carrier_unreachable", "carrier");
    }

    @Test
    void anAnswerWithoutSoundIsNonsense() {
        try (Carrier carrier = Carrier.at(FIRST)) {
            CompletableFuture<Answer> asked = calls.placing("first", TO, "");
            SipTrace.Message invite = carrier.await("INVITE");
            carrier.answer(invite, "200 OK", "", "");
            carrier.await("ACK");
            carrier.answer(carrier.await("BYE"), "200 OK");
            assertThat(calls.awaitEnd(asked.join().text("id"))).isEqualTo("carrier_nonsense");
        }
    }

    @Test
    void aClientThatGoesAwayGivesTheCallUpWithinASecond() throws IOException {
        try (Carrier carrier = Carrier.at(FIRST)) {
            SipTrace.Message invite;
            long gone;
            try (Socket client = calls.asking("first", TO, ANSWERED)) {
                invite = carrier.await("INVITE");
                carrier.answer(invite, "180 Ringing");
                LockSupport.parkNanos(300_000_000L);
                assertThat(client.isConnected()).isTrue();
                gone = System.nanoTime();
            }
            SipTrace.Message cancel = carrier.await("CANCEL");
            assertThat(Duration.ofNanos(System.nanoTime() - gone))
                    .isLessThan(Duration.ofSeconds(1));
            carrier.answer(cancel, "200 OK");
            carrier.answer(invite, "487 Request Terminated");
            carrier.await("ACK");
            await("the call to be listed as cancelled")
                    .atMost(Duration.ofSeconds(5))
                    .until(
                            () -> {
                                JsonNode last =
                                        bridge.get("/v1/calls?limit=1").path("items").get(0);
                                return last.path("end")
                                        .path("reason")
                                        .asString("")
                                        .equals("cancelled");
                            });
        }
    }

    @Test
    @Tag("RFC3261§18.3")
    void aNationalNumberIsCalledOverTcp() {
        try (SippRunner.Running carrier = sipp("carrier-answers.xml", OVER_TCP, "-t", "t1")) {
            FreePorts.awaitListening(OVER_TCP);
            Answer answer = calls.place("exotel", "+919876543210", ANSWERED);
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("hangup_callee");
            assertThat(carrier.await().assertPassed().messages())
                    .contains("INVITE sip:09876543210@127.0.0.1:" + OVER_TCP)
                    .contains("From: <sip:08047100000@acme.pstn.exotel.com>");
        }
    }

    @Test
    void eachFaultOfARequestIsNamed() {
        Answer bad =
                calls.place(
                        "unheard-of",
                        "call me",
                        ", \"headers\": {\"Route\": \"<sip:evil>\", \"X-A\": \"a\\r\\nVia: x\"},"
                                + " \"ring_timeout_s\": 0, \"wait\": \"later\", \"dtmf\": \"12x\","
                                + " \"colour\": 1");
        assertThat(bad.status()).isEqualTo(422);
        assertThat(bad.body().path("errors").findValuesAsString("pointer"))
                .containsExactlyInAnyOrder(
                        "/to",
                        "/trunk",
                        "/headers/Route",
                        "/headers/X-A",
                        "/ring_timeout_s",
                        "/wait",
                        "/dtmf",
                        "/colour");
        assertThat(calls.place("first", "+19005551234", "").status()).isEqualTo(403);
        assertThat(calls.place("first", "112", "").status()).isEqualTo(403);
        assertThat(calls.place("first", TO, ", \"from\": \"+15559999999\"").status())
                .isEqualTo(422);
    }
}
