package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Holds and moves in every form, by sound: tones before, silence during, tones after. */
final class HoldTest {
    private static final double PHONE = 437;
    private static final double FRIEND = 1009;
    private static final double HEARD_DBFS = -16;
    private static final double SILENT_DBFS = -50;
    private static final Duration WINDOW = Duration.ofMillis(250);

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("hold");

    private final RtpPhone phone = new RtpPhone(bridge);
    private final RtpPhone friend = new RtpPhone(bridge);
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
    private volatile DatagramSocket mouth = phone.rtp();
    private volatile boolean speaks = true;
    private int version = 1;
    private int sequence;

    @BeforeEach
    void bothTalk() {
        friend.call(BridgeProcess.ROOM_CODE);
        phone.call(BridgeProcess.ROOM_CODE);
        var _ = pace.scheduleAtFixedRate(this::speak, 0, 20, TimeUnit.MILLISECONDS);
        eachHearsTheOther();
    }

    @AfterEach
    void hangUp() {
        phone.hangUp();
        friend.hangUp();
        pace.shutdownNow();
        phone.close();
        friend.close();
    }

    private void speak() {
        sequence++;
        if (speaks) {
            RtpPhone.send(mouth, RtpPhone.frame(1, sequence, PHONE), phone.mediaPort());
        }
        RtpPhone.send(friend.rtp(), RtpPhone.frame(2, sequence, FRIEND), friend.mediaPort());
    }

    @Test
    @Tag("RFC3264§8.4")
    void everyFormOfHoldSilencesBothAndEveryResumeBringsThemBack() {
        holdAndResume("a=sendonly", "recvonly");
        holdAndResume("a=inactive", "inactive");
        holdAndResume("c=IN IP4 0.0.0.0\r\na=sendrecv", "recvonly");
    }

    private void holdAndResume(String lines, String answered) {
        SipTrace.Message hold = phone.reinvite(offer(mouth, lines));
        assertThat(hold.status()).as(lines).isEqualTo(200);
        assertThat(direction(hold.body())).as(lines).isEqualTo(answered);
        nobodyHears(lines);
        assertThat(states()).containsExactlyInAnyOrder("held", "joined");

        SipTrace.Message resume = phone.reinvite(offer(mouth, "a=sendrecv"));
        assertThat(direction(resume.body())).isEqualTo("sendrecv");
        assertThat(originVersion(resume.body())).isEqualTo(originVersion(hold.body()) + 1);
        eachHearsTheOther();
        assertThat(states()).containsExactly("joined", "joined");
    }

    @Test
    void aHoldForTheWholeSessionOrByPortZeroIsAHold() {
        String whole = offer(mouth, "").replace("t=0 0\r\n", "t=0 0\r\na=inactive\r\n");
        assertThat(direction(phone.reinvite(whole).body())).isEqualTo("inactive");
        nobodyHears("session-wide inactive");

        String off = offer(mouth, "").replaceFirst("m=audio \\d+", "m=audio 0");
        SipTrace.Message switchedOff = phone.reinvite(off);
        assertThat(switchedOff.status()).isEqualTo(200);
        assertThat(switchedOff.body()).contains("m=audio 0 ");
        nobodyHears("port 0");
        assertThat(states()).containsExactlyInAnyOrder("held", "joined");

        phone.reinvite(offer(mouth, ""));
        eachHearsTheOther();
    }

    @Test
    @Tag("RFC3261§14.2")
    void aHoldAndAResumeWithoutOfferAreAgreedInTheAck() {
        SipTrace.Message ours = phone.reinviteWithoutOffer(offer(mouth, "a=inactive"));
        assertThat(direction(ours.body())).isEqualTo("sendrecv");
        nobodyHears("late inactive");

        SipTrace.Message again = phone.reinviteWithoutOffer(offer(mouth, "a=sendrecv"));
        assertThat(direction(again.body())).as("we offer to resume").isEqualTo("sendrecv");
        eachHearsTheOther();
    }

    @Test
    void theSameOfferAgainChangesNothing() {
        String offer = offer(mouth, "");
        SipTrace.Message first = phone.reinvite(offer);
        SipTrace.Message second = phone.reinvite(offer);
        assertThat(second.body()).isEqualTo(first.body());
        eachHearsTheOther();
    }

    @Test
    void theApisHoldIsSeenByThePhoneAndOutlastsItsOwn() {
        patchHeld(true);
        assertThat(direction(phone.answerReinvite(offer(mouth, "a=inactive"))))
                .isEqualTo("inactive");
        nobodyHears("held by the API");
        assertThat(states()).containsExactlyInAnyOrder("held", "joined");

        // the phone holds too, and ends its hold: ours still holds
        phone.reinvite(offer(mouth, "a=sendonly"));
        SipTrace.Message theirs = phone.reinvite(offer(mouth, "a=sendrecv"));
        assertThat(direction(theirs.body())).isEqualTo("inactive");
        nobodyHears("still held by the API");

        patchHeld(false);
        assertThat(direction(phone.answerReinvite(offer(mouth, "a=sendrecv"))))
                .isEqualTo("sendrecv");
        eachHearsTheOther();
    }

    @Test
    @Tag("RFC3264§8.3.1")
    void aPhoneThatMovesToAnotherPortIsHeardThereAndNowhereElse() {
        try (DatagramSocket next = RtpPhone.socket()) {
            DatagramSocket old = mouth;
            assertThat(phone.reinvite(offer(next, "")).status()).isEqualTo(200);
            mouth = next;
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(
                            () -> {
                                assertThat(level(next, FRIEND)).isGreaterThan(HEARD_DBFS);
                                assertThat(level(friend.rtp(), PHONE)).isGreaterThan(HEARD_DBFS);
                            });
            RtpPhone.receiveAll(old, Duration.ofMillis(1));
            assertThat(RtpPhone.receiveAll(old, WINDOW)).as("the old port").isEmpty();
            mouth = old;
            assertThat(phone.reinvite(offer(old, "")).status()).isEqualTo(200);
            eachHearsTheOther();
        }
    }

    @Test
    void aPhoneThatWasSilentOnHoldIsHeardAfterIt() {
        phone.reinvite(offer(mouth, "a=sendonly"));
        speaks = false;
        nobodyHears("silent hold");
        speaks = true;
        phone.reinvite(offer(mouth, "a=sendrecv"));
        eachHearsTheOther();
    }

    @Test
    void aMuteOutlastsAHoldAndAHoldAMute() {
        patch("muted", true);
        onlyTheFriendIsHeard("muted");
        phone.reinvite(offer(mouth, "a=sendonly"));
        nobodyHears("held while muted");
        phone.reinvite(offer(mouth, "a=sendrecv"));
        onlyTheFriendIsHeard("muted still");

        phone.reinvite(offer(mouth, "a=sendonly"));
        patch("muted", false);
        nobodyHears("unmuted on hold");
        phone.reinvite(offer(mouth, "a=sendrecv"));
        eachHearsTheOther();
    }

    private void onlyTheFriendIsHeard(String why) {
        await(why)
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(
                        () -> {
                            assertThat(level(friend.rtp(), PHONE)).isLessThan(SILENT_DBFS);
                            assertThat(level(mouth, FRIEND)).isGreaterThan(HEARD_DBFS);
                        });
    }

    /** In PCMU, at these lines of the audio section. */
    private String offer(DatagramSocket socket, String lines) {
        return SipText.offer("127.0.0.1", socket.getLocalPort())
                        .replace("tester 1 1 ", "tester 1 " + ++version + " ")
                + (lines.isEmpty() ? "" : lines + "\r\n");
    }

    private void eachHearsTheOther() {
        await("both to be heard")
                .atMost(Duration.ofSeconds(8))
                .untilAsserted(
                        () -> {
                            assertThat(level(friend.rtp(), PHONE)).isGreaterThan(HEARD_DBFS);
                            assertThat(level(mouth, FRIEND)).isGreaterThan(HEARD_DBFS);
                        });
    }

    private void nobodyHears(String why) {
        await(why)
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(
                        () -> {
                            assertThat(level(friend.rtp(), PHONE)).isLessThan(SILENT_DBFS);
                            assertThat(level(mouth, FRIEND)).isLessThan(SILENT_DBFS);
                        });
    }

    /** Of what comes from now on; of nothing at all it is silent. */
    private static double level(DatagramSocket at, double hertz) {
        flush(at);
        Recording heard = RtpPhone.sound(RtpPhone.receiveAll(at, WINDOW));
        return heard.samples().length == 0 ? -150 : AudioMeasure.levelDbfs(heard, hertz);
    }

    private static void flush(DatagramSocket socket) {
        try {
            socket.setSoTimeout(1);
            while (true) {
                socket.receive(new DatagramPacket(new byte[2048], 2048));
            }
        } catch (IOException empty) {
            // all that had come before is gone
        }
    }

    private void patchHeld(boolean held) {
        patch("held", held);
    }

    /** The one who came second. */
    private static void patch(String field, boolean value) {
        String participants = "/v1/rooms/" + BridgeProcess.ROOM_CODE + "/participants";
        // the friend came first
        JsonNode second = bridge.get(participants).get("items").get(1);
        String path = participants + "/" + second.get("id").asString();
        int status =
                bridge.send(
                                bridge.request(path)
                                        .header("Content-Type", "application/json")
                                        .method(
                                                "PATCH",
                                                BodyPublishers.ofString(
                                                        "{\"" + field + "\": " + value + "}"))
                                        .build())
                        .statusCode();
        assertThat(status).isEqualTo(200);
    }

    private static List<String> states() {
        return bridge.get("/v1/rooms/" + BridgeProcess.ROOM_CODE + "/participants")
                .get("items")
                .valueStream()
                .map(participant -> participant.get("state").asString())
                .toList();
    }

    private static String direction(String sdp) {
        Matcher line =
                Pattern.compile("^a=(sendrecv|sendonly|recvonly|inactive)", Pattern.MULTILINE)
                        .matcher(sdp);
        return line.find() ? line.group(1) : "sendrecv";
    }

    private static long originVersion(String sdp) {
        Matcher line = Pattern.compile("(?m)^o=\\S+ \\d+ (\\d+) ").matcher(sdp);
        assertThat(line.find()).as(sdp).isTrue();
        return Long.parseLong(line.group(1));
    }
}
