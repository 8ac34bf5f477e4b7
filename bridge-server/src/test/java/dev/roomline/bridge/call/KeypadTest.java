package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.LiveCalls.Pressing;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By which way keys go to a far end: telephone events, INFO, tones. Virtual time. */
final class KeypadTest {
    private final CallBench call = new CallBench();

    private Pressing press(String digits) {
        var pressed = call.switchboard.live().press(id(), digits, 100, 60).toCompletableFuture();
        call.signal.run();
        return pressed.join();
    }

    private String id() {
        return call.row().id();
    }

    private static String relay(char key) {
        return "INFO Signal=%s\r\nDuration=100\r\n".formatted(key);
    }

    private void invited(String accept) {
        call.raise(
                new SipEvent.InviteReceived(
                        CallBench.INVITE,
                        CallBench.DIALOG,
                        Invites.invite("sip:abc-defg-hij@host.test", "Accept: " + accept),
                        Invites.from("192.0.2.7")));
        call.admit();
        call.ack(null);
        call.sent.clear();
        call.media.asked.clear();
        call.media.takesKeys = false;
    }

    @Test
    void whereNothingElseIsKnownThePhoneMayBeSentTones() {
        call.talking();

        assertThat(press("12")).isEqualTo(Pressing.DONE);
        assertThat(call.media.asked).containsExactly("press 12 100 60");
        assertThat(call.sent).isEmpty();
    }

    @Test
    void telephoneEventsGoBeforeInfo() {
        call.talking();
        call.info("application/dtmf-relay", "Signal=5\r\nDuration=160");
        call.sent.clear();

        assertThat(press("12")).isEqualTo(Pressing.DONE);
        assertThat(call.media.asked).containsExactly("press by events 12 100 60");
        assertThat(call.sent).isEmpty();
    }

    @Test
    void whoAcceptsThemByInfoIsSentOneAfterAnother() {
        invited("application/sdp, Application/DTMF-Relay;level=1");

        assertThat(press("1w#")).isEqualTo(Pressing.DONE);
        assertThat(call.words()).containsExactly(relay('1'));
        // the next leaves when this one is answered, and has had its time
        call.signal.pass(Duration.ofSeconds(2));
        assertThat(call.sent).hasSize(1);
        call.response(200, null);
        call.signal.pass(Duration.ofMillis(499));
        assertThat(call.sent).hasSize(1);
        call.signal.pass(Duration.ofMillis(1));
        assertThat(call.words()).containsExactly(relay('1'), relay('#'));
        call.response(200, null);
        call.signal.pass(Duration.ofSeconds(2));
        assertThat(call.sent).hasSize(2);
    }

    @Test
    void whoAnswersAtOnceIsGivenTheTimeOfToneAndGap() {
        invited("application/sdp, application/dtmf-relay");
        press("12");
        call.response(200, null);
        call.signal.pass(Duration.ofMillis(159));
        assertThat(call.sent).hasSize(1);
        call.signal.pass(Duration.ofMillis(1));
        assertThat(call.sent).hasSize(2);
    }

    @Test
    void whoPressesByInfoIsSentKeysInTheSameWords() {
        call.talking();
        call.media.takesKeys = false;
        call.info("application/dtmf", "7");
        call.sent.clear();

        assertThat(press("*")).isEqualTo(Pressing.DONE);
        assertThat(call.words()).containsExactly("INFO *");
        assertThat(((SipCommand.SendInDialog) call.sent.getFirst()).body())
                .satisfies(body -> assertThat(body.contentType()).isEqualTo("application/dtmf"));
    }

    @Test
    void whoRefusesInfoIsSentTonesFromThatKeyOn() {
        invited("application/sdp, application/dtmf-relay");
        press("123");
        call.response(200, null);
        call.signal.pass(Duration.ofMillis(160));
        call.response(415, null);
        call.signal.pass(Duration.ofSeconds(1));

        assertThat(call.words()).containsExactly(relay('1'), relay('2'));
        assertThat(call.media.asked)
                .containsExactly("press by events 123 100 60", "press 2 100 60", "press 3 100 60");
        assertThat(press("4")).isEqualTo(Pressing.DONE);
        assertThat(call.media.asked).last().isEqualTo("press 4 100 60");
    }

    @Test
    void tooManyAreNotTakenAndNothingIsPressedInACallThatIsOver() {
        invited("application/sdp, application/dtmf-relay");
        for (int i = 0; i < 5; i++) {
            press("1".repeat(50));
        }
        assertThat(press("1".repeat(50))).isEqualTo(Pressing.NOT_TAKEN);
        call.response(200, null);
        call.bye("");
        call.signal.pass(Duration.ofSeconds(5));
        assertThat(call.words()).containsExactly(relay('1'));
    }

    @Test
    void reinvitesAndInfosDoNotTakeEachOthersAnswers() {
        invited("application/sdp, application/dtmf-relay");
        press("1");
        call.raise(new SipEvent.ResponseReceived(CallBench.DIALOG, 1, 500, "", null));
        assertThat(call.switchboard.liveCount()).isEqualTo(1);
        assertThat(List.copyOf(call.media.asked)).containsExactly("press by events 1 100 60");
        call.response(200, null);
        assertThat(call.words()).containsExactly(relay('1'));
    }
}
