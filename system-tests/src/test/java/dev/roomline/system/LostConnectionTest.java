package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * A call over TCP whose connection breaks: it is heard all the while, and can be ended by either
 * side afterwards.
 */
final class LostConnectionTest {
    private static final double PHONE = 437;
    private static final double FRIEND = 1009;
    private static final double HEARD_DBFS = -16;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Long enough for a server that would take the connection for the call. */
    private static final Duration AWAY = Duration.ofSeconds(2);

    private static final int FRAME = 160;
    private static final int RATE_HZ = 8_000;

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("lost-connection");

    private final RtpPhone phone = RtpPhone.overTcp(bridge);
    private final RtpPhone friend = new RtpPhone(bridge);
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
    private int sequence;

    @BeforeEach
    void friendIsThere() {
        friend.call(BridgeProcess.ROOM_CODE);
    }

    @AfterEach
    void friendLeaves() {
        pace.shutdownNow();
        friend.hangUp();
        friend.close();
        phone.close();
    }

    private void talk() {
        phone.call(BridgeProcess.ROOM_CODE);
        var _ = pace.scheduleAtFixedRate(this::speak, 0, 20, TimeUnit.MILLISECONDS);
        await("both to be heard")
                .atMost(LIMIT)
                .untilAsserted(
                        () -> {
                            assertThat(level(friend, PHONE)).isGreaterThan(HEARD_DBFS);
                            assertThat(level(phone, FRIEND)).isGreaterThan(HEARD_DBFS);
                        });
    }

    private void speak() {
        sequence++;
        RtpPhone.send(phone.rtp(), RtpPhone.frame(1, sequence, PHONE), phone.mediaPort());
        RtpPhone.send(friend.rtp(), RtpPhone.frame(2, sequence, FRIEND), friend.mediaPort());
    }

    private static double level(RtpPhone at, double hertz) {
        RtpPhone.receiveAll(at.rtp(), Duration.ofMillis(30));
        Recording heard = RtpPhone.sound(RtpPhone.receiveAll(at.rtp(), Duration.ofMillis(250)));
        return heard.samples().length == 0 ? -150 : AudioMeasure.levelDbfs(heard, hertz);
    }

    @Test
    void aPhoneThatComesBackHangsUpOnItsNewConnection() {
        talk();
        phone.loseConnection();
        bothAreHeardAllTheWhile();
        assertThat(callState()).isEqualTo("answered");

        phone.reconnect();
        phone.hangUp();

        onlyTheFriendIsLeft("hangup_caller");
    }

    @Test
    void aPhoneThatComesBackIsHungUpDownItsNewConnection() {
        talk();
        phone.loseConnection();
        bothAreHeardAllTheWhile();

        phone.reconnect();
        String offer = SipText.offer("127.0.0.1", phone.rtp().getLocalPort());
        assertThat(phone.reinvite(offer).status()).isEqualTo(200);
        bothAreHeardAllTheWhile();
        hangUpByApi();
        assertThat(phone.answerBye(LIMIT).firstLine()).startsWith("BYE sip:tester@127.0.0.1:");

        onlyTheFriendIsLeft("hangup_api");
    }

    @Test
    void aPhoneThatDoesNotComeBackIsHungUpAtItsContact() throws IOException {
        try (ServerSocket contact = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            phone.reachableAt(contact.getLocalPort());
            talk();
            phone.loseConnection();
            bothAreHeardAllTheWhile();

            hangUpByApi();
            phone.takeConnection(contact);
            assertThat(phone.answerBye(LIMIT).firstLine())
                    .startsWith("BYE sip:tester@127.0.0.1:" + contact.getLocalPort());

            onlyTheFriendIsLeft("hangup_api");
        }
    }

    /** Both tones at their level, without a packet missing or a hole between two. */
    private void bothAreHeardAllTheWhile() {
        flush(phone);
        flush(friend);
        check(RtpPhone.receiveAll(friend.rtp(), AWAY), PHONE);
        check(RtpPhone.receiveAll(phone.rtp(), Duration.ofMillis(80)), FRIEND);
    }

    private static void check(List<byte[]> packets, double hertz) {
        Recording heard = RtpPhone.sound(packets);
        AudioMeasure.Tones tones = AudioMeasure.fit(heard, hertz);
        System.out.printf("%.2f s heard, %s%n", heard.seconds(), tones);
        double expected = AWAY.toMillis() / 1_000.0;
        assertThat(heard.seconds()).isGreaterThan(expected - 5.0 * FRAME / RATE_HZ);
        assertThat(tones.levelDbfs(hertz)).isGreaterThan(HEARD_DBFS);
        assertThat(tones.brokenShare()).isZero();
    }

    private static void flush(RtpPhone at) {
        RtpPhone.receiveAll(at.rtp(), Duration.ofMillis(5));
    }

    /** The call of the phone: the newest. */
    private static JsonNode call() {
        return bridge.get("/v1/calls").get("items").get(0);
    }

    private static String callState() {
        return call().get("state").asString();
    }

    private static void hangUpByApi() {
        String path = "/v1/calls/" + call().get("id").asString();
        int status = bridge.send(bridge.request(path).DELETE().build()).statusCode();
        assertThat(status).isBetween(200, 299);
    }

    private static void onlyTheFriendIsLeft(String reason) {
        await("the call to end")
                .atMost(LIMIT)
                .untilAsserted(
                        () -> {
                            assertThat(callState()).isEqualTo("ended");
                            assertThat(call().get("end").get("reason").asString())
                                    .isEqualTo(reason);
                        });
        String participants = "/v1/rooms/" + BridgeProcess.ROOM_CODE + "/participants";
        assertThat(bridge.get(participants).get("items")).hasSize(1);
    }
}
