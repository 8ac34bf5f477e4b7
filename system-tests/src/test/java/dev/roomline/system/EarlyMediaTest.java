package dev.roomline.system;

import static dev.roomline.system.PlacedCalls.ANSWERED;
import static dev.roomline.system.PlacedCalls.TO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.system.PlacedCalls.Answer;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is heard of a call that the API places before anybody has answered it. */
class EarlyMediaTest {
    private static final int FIRST = FreePorts.one();

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("early-media")
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: first, address: "127.0.0.1:%d", options_ping: 0s, numbers: ["+15550100000"] }
                            """
                                    .formatted(FIRST))
                    .set("calls.trace=all");

    private final PlacedCalls calls = new PlacedCalls(bridge);

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
            int port = SipText.mediaPort(invite.body());
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
            int port = SipText.mediaPort(invite.body());
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
            int port = SipText.mediaPort(invite.body());
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
            // long enough to read all that waits there
            RtpPhone.receiveAll(first, Duration.ofMillis(200));
            RtpPhone.receiveAll(second, Duration.ofMillis(200));
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
}
