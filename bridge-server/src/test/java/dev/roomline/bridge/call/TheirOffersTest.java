package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.message.Body;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a phone's re-INVITEs and UPDATEs change and when, in virtual time. */
final class TheirOffersTest {
    private final CallBench call = new CallBench().talking();

    @Test
    void anAnswerHoldsWhenIts200HasLeft() {
        CompletableFuture<Outcome> preparing = new CompletableFuture<>();
        call.media.outcome = () -> preparing;
        call.reinvite(2, "v=0 hold");
        assertThat(call.media.asked).containsExactly("reoffer");
        assertThat(call.participants().getFirst().state()).isEqualTo("joined");

        preparing.complete(FakeMedia.held("our hold").join());
        call.signal.run();

        assertThat(call.words()).containsExactly("200 our hold");
        assertThat(call.media.asked).containsExactly("reoffer", "commit");
        assertThat(call.participants().getFirst().state()).isEqualTo("held");
    }

    @Test
    void aCancelledReinviteChangesNothing() {
        CompletableFuture<Outcome> preparing = new CompletableFuture<>();
        call.media.outcome = () -> preparing;
        call.reinvite(2, "v=0 hold");
        call.cancel(2);
        preparing.complete(FakeMedia.held("our hold").join());
        call.signal.run();

        assertThat(call.words()).isEmpty();
        assertThat(call.media.asked).containsExactly("reoffer", "abandon");
        assertThat(call.participants().getFirst().state()).isEqualTo("joined");

        call.media.outcome = () -> FakeMedia.held("our hold");
        call.reinvite(3, "v=0 hold");
        assertThat(call.words()).as("the next one is served").containsExactly("200 our hold");
        assertThat(call.participants().getFirst().state()).isEqualTo("held");
    }

    @Test
    void aCallWhoseReinviteWasCancelledLivesOnAndEndsForItsOwnReason() {
        call.media.outcome = CompletableFuture::new;
        call.reinvite(2, "v=0 hold");
        call.cancel(2);
        call.signal.pass(Duration.ofHours(1));
        var living = call.switchboard.live().list().toCompletableFuture();
        call.signal.run();
        assertThat(living.join().getFirst().state()).isEqualTo("answered");
        assertThat(living.join().getFirst().endReason()).isNull();

        call.dialogOver(SipEvent.Cause.BYE_RECEIVED);
        assertThat(call.ended).containsExactly("hangup_caller");
    }

    @Test
    void aRefusedReinviteChangesNothing() {
        call.media.outcome = () -> FakeMedia.refused(Refusal.NO_COMMON_CODEC);
        call.reinvite(2, "v=0 video alone");
        assertThat(call.words()).containsExactly("488");
        assertThat(call.media.asked).containsExactly("reoffer");
        assertThat(call.participants().getFirst().state()).isEqualTo("joined");
    }

    @Test
    void aDialogThatEndsWhileAReinviteIsPreparedEndsTheMediaAsItIs() {
        call.media.outcome = CompletableFuture::new;
        call.reinvite(2, "v=0 hold");
        call.dialogOver(SipEvent.Cause.BYE_RECEIVED);
        assertThat(call.media.asked).containsExactly("reoffer", "remove", "close");
        assertThat(call.ended).containsExactly("hangup_caller");
    }

    @Test
    void aLateOfferHoldsWithTheAnswerInTheAck() {
        call.reinvite(2, null);
        assertThat(call.words()).containsExactly("200 our sdp");
        assertThat(call.media.asked).containsExactly("reoffer without offer", "commit");

        call.media.outcome = () -> FakeMedia.held("our hold");
        call.ack("v=0 sendonly");
        assertThat(call.media.asked).endsWith("answer");
        assertThat(call.participants().getFirst().state())
                .as("hold by a late offer")
                .isEqualTo("held");
    }

    @Test
    void anAnswerMayStandAmongOtherPartsOfTheAck() {
        String parts =
                "--b1\r\nContent-Type: application/isup\r\n\r\nx\r\n"
                        + "--b1\r\nContent-Type: application/sdp\r\n\r\nv=0 part\r\n--b1--\r\n";
        call.reinvite(2, null);
        call.raise(
                new SipEvent.AckReceived(
                        CallBench.DIALOG,
                        new Body("multipart/mixed", parts.getBytes(StandardCharsets.UTF_8))));
        assertThat(call.media.asked).endsWith("answer");
    }

    @Test
    void aReinviteThatCannotBeReadIsRefusedWithItsFaultInThePhrase() {
        call.media.outcome = () -> FakeMedia.refused(Refusal.MALFORMED_SDP);
        call.reinvite(2, "v=1");
        SipCommand.Respond refusal = (SipCommand.Respond) call.sent.getFirst();
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.reasonPhrase()).isEqualTo("what was wrong");
    }

    @Test
    void aLateOfferThatIsNotAnsweredChangesNothingAndTheCallGoesOn() {
        call.reinvite(2, null);
        call.ack(null);
        assertThat(call.media.asked).endsWith("commit", "abandon");
        call.reinvite(3, "v=0 again");
        assertThat(call.words()).containsExactly("200 our sdp", "200 our sdp");
        assertThat(call.ended).isEmpty();
    }

    @Test
    void anAnswerThatDoesNotSuitOurLateOfferChangesNothing() {
        call.reinvite(2, null);
        call.media.outcome = () -> FakeMedia.refused(Refusal.NO_COMMON_CODEC);
        call.ack("v=0 other codecs");
        assertThat(call.media.asked).endsWith("answer", "abandon");
        assertThat(call.words()).containsExactly("200 our sdp");
        assertThat(call.ended).isEmpty();
    }

    /** To the phone that exchange is over: 491 would say that an offer of ours is out. */
    @Test
    @Tag("RFC3261§14.2")
    void aReinviteRightBehindAnAnswerWaitsUntilTheAnswerHolds() {
        CompletableFuture<Outcome> applying = answerOnItsWay();
        call.reinvite(3, "v=0 hold");
        assertThat(call.words()).containsExactly("200 our sdp");
        assertThat(call.media.asked).endsWith("answer");

        call.media.outcome = () -> FakeMedia.held("our hold");
        applied(applying);
        assertThat(call.words()).containsExactly("200 our sdp", "200 our hold");
        assertThat(call.media.asked).endsWith("answer", "reoffer", "commit");
        assertThat(call.participants().getFirst().state()).isEqualTo("held");
    }

    @Test
    @Tag("RFC3261§14.2")
    void aReinviteThatWaitedIsServedWhereTheAnswerBeforeItDoesNotSuit() {
        CompletableFuture<Outcome> applying = answerOnItsWay();
        call.reinvite(3, "v=0 hold");
        call.media.outcome = () -> FakeMedia.held("our hold");
        applying.complete(FakeMedia.refused(Refusal.NO_COMMON_CODEC).toCompletableFuture().join());
        call.signal.run();
        assertThat(call.words()).containsExactly("200 our sdp", "200 our hold");
        assertThat(call.media.asked).endsWith("answer", "abandon", "reoffer", "commit");
    }

    @Test
    void aReinviteThatIsCancelledWhileItWaitsChangesNothing() {
        CompletableFuture<Outcome> applying = answerOnItsWay();
        call.reinvite(3, "v=0 hold");
        call.cancel(3);
        call.media.outcome = () -> FakeMedia.accepted("our sdp");
        applied(applying);
        assertThat(call.words()).containsExactly("200 our sdp");
        assertThat(call.media.asked).endsWith("answer");
        assertThat(call.ended).isEmpty();
        call.reinvite(4, "v=0 again");
        assertThat(call.words()).as("the next one is served").hasSize(2).endsWith("200 our sdp");
    }

    @Test
    @Tag("RFC3261§15.1.2")
    void aReinviteThatWaitsIsAnsweredBeforeOurBye() {
        var _ = answerOnItsWay();
        call.reinvite(3, "v=0 hold");
        call.switchboard.live().hangUp(call.row().id());
        call.signal.run();
        assertThat(call.words()).containsExactly("200 our sdp", "487", "BYE");
    }

    /** Our late offer is out, and the answer in the ACK is not applied before the test says so. */
    private CompletableFuture<Outcome> answerOnItsWay() {
        call.reinvite(2, null);
        CompletableFuture<Outcome> applying = new CompletableFuture<>();
        call.media.outcome = () -> applying;
        call.ack("v=0 answer");
        return applying;
    }

    private void applied(CompletableFuture<Outcome> applying) {
        applying.complete(FakeMedia.accepted("").toCompletableFuture().join());
        call.signal.run();
    }

    private void update(long id, String offer) {
        call.raise(
                new SipEvent.ReinviteReceived(
                        new RequestId(id),
                        CallBench.DIALOG,
                        Invites.request("UPDATE", "sip:192.0.2.1", "<sip:alice@pbx.test>", offer),
                        Invites.from("192.0.2.7")));
    }

    @Test
    void anUpdateWithAnOfferIsServedAsAReinviteIs() {
        call.media.outcome = () -> FakeMedia.held("our hold");
        update(2, "v=0 hold");
        assertThat(call.words()).containsExactly("200 our hold");
        assertThat(call.media.asked).containsExactly("reoffer", "commit");
        assertThat(call.participants().getFirst().state()).isEqualTo("held");
    }

    @Test
    void anUpdateWithoutOneIsAnsweredAndChangesNothing() {
        call.raise(
                new SipEvent.RequestReceived(
                        new RequestId(9),
                        CallBench.DIALOG,
                        CallBench.request("UPDATE"),
                        Invites.from("192.0.2.7")));
        assertThat(call.words()).containsExactly("200");
        assertThat(call.media.asked).isEmpty();
    }
}
