package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.bridge.room.LiveRooms.ParticipantPatch;
import dev.roomline.bridge.room.ParticipantView;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.message.Body;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What re-INVITEs change and when, in virtual time: theirs and ours. */
final class RenegotiationTest {
    private final CallBench call = new CallBench().talking();

    private static CompletableFuture<Outcome> held() {
        return CompletableFuture.completedFuture(
                new Outcome.Accepted("our hold".getBytes(StandardCharsets.UTF_8), true));
    }

    private ParticipantView participant() {
        var asked = call.api.participants(CallBench.ROOM).toCompletableFuture();
        call.signal.run();
        return asked.join().getFirst();
    }

    private void hold(boolean on) {
        var patch =
                new ParticipantPatch(
                        Optional.empty(),
                        OptionalDouble.empty(),
                        Optional.of(on),
                        Optional.empty());
        var _ = call.api.update(CallBench.ROOM, participant().id(), patch);
        call.signal.run();
    }

    // ---- the phone's

    @Test
    void anAnswerHoldsWhenIts200HasLeft() {
        CompletableFuture<Outcome> preparing = new CompletableFuture<>();
        call.media.outcome = () -> preparing;
        call.reinvite(2, "v=0 hold");
        assertThat(call.media.asked).containsExactly("reoffer");
        assertThat(participant().state()).isEqualTo("joined");

        preparing.complete(held().join());
        call.signal.run();

        assertThat(call.words()).containsExactly("200 our hold");
        assertThat(call.media.asked).containsExactly("reoffer", "commit");
        assertThat(participant().state()).isEqualTo("held");
    }

    @Test
    void aCancelledReinviteChangesNothing() {
        CompletableFuture<Outcome> preparing = new CompletableFuture<>();
        call.media.outcome = () -> preparing;
        call.reinvite(2, "v=0 hold");
        call.cancel(2);
        preparing.complete(held().join());
        call.signal.run();

        assertThat(call.words()).isEmpty();
        assertThat(call.media.asked).containsExactly("reoffer", "abandon");
        assertThat(participant().state()).isEqualTo("joined");

        call.media.outcome = RenegotiationTest::held;
        call.reinvite(3, "v=0 hold");
        assertThat(call.words()).as("the next one is served").containsExactly("200 our hold");
        assertThat(participant().state()).isEqualTo("held");
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
        assertThat(participant().state()).isEqualTo("joined");
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

        call.media.outcome = RenegotiationTest::held;
        call.ack("v=0 sendonly");
        assertThat(call.media.asked).endsWith("answer");
        assertThat(participant().state()).as("hold by a late offer").isEqualTo("held");
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

    // ---- the phone's, while what was agreed before it is being applied

    /** To the phone that exchange is over: 491 would say that an offer of ours is out. */
    @Test
    @Tag("RFC3261§14.2")
    void aReinviteRightBehindAnAnswerWaitsUntilTheAnswerHolds() {
        CompletableFuture<Outcome> applying = answerOnItsWay();
        call.reinvite(3, "v=0 hold");
        assertThat(call.words()).containsExactly("200 our sdp");
        assertThat(call.media.asked).endsWith("answer");

        call.media.outcome = RenegotiationTest::held;
        applied(applying);
        assertThat(call.words()).containsExactly("200 our sdp", "200 our hold");
        assertThat(call.media.asked).endsWith("answer", "reoffer", "commit");
        assertThat(participant().state()).isEqualTo("held");
    }

    @Test
    @Tag("RFC3261§14.2")
    void aReinviteThatWaitedIsServedWhereTheAnswerBeforeItDoesNotSuit() {
        CompletableFuture<Outcome> applying = answerOnItsWay();
        call.reinvite(3, "v=0 hold");
        call.media.outcome = RenegotiationTest::held;
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

    // ---- ours

    @Test
    void aParticipantHeldByTheApiIsHeldAtOnceAndThePhoneIsTold() {
        call.media.outcome = () -> FakeMedia.accepted("our hold");
        hold(true);
        assertThat(call.media.asked).containsExactly("held true", "propose", "commit");
        assertThat(call.words()).containsExactly("INVITE our hold");
        assertThat(participant().state()).isEqualTo("held");

        call.response(200, "v=0 inactive");
        assertThat(call.media.asked).endsWith("answer");

        call.media.outcome = () -> FakeMedia.accepted("our resume");
        hold(false);
        assertThat(call.words()).containsExactly("INVITE our hold", "INVITE our resume");
        call.response(200, "v=0 sendrecv");
        assertThat(participant().state()).isEqualTo("joined");
    }

    @Test
    void aPhoneThatRefusesToBeHeldIsHeldAllTheSame() {
        hold(true);
        call.response(488, null);
        assertThat(call.media.asked).endsWith("abandon");
        assertThat(participant().state()).isEqualTo("held");
        call.signal.pass(Duration.ofSeconds(10));
        assertThat(call.words()).as("asked once").containsExactly("INVITE our sdp");
        assertThat(call.ended).isEmpty();
    }

    @Test
    void onGlareOursIsSentAgainWithinTwoSeconds() {
        hold(true);
        call.response(491, null);
        call.reinvite(2, "v=0 theirs");
        call.signal.pass(Duration.ofSeconds(2));
        assertThat(call.words()).containsExactly("INVITE our sdp", "200 our sdp", "INVITE our sdp");
        call.response(200, "v=0 inactive");
        call.signal.pass(Duration.ofSeconds(10));
        assertThat(call.words()).hasSize(3);
    }

    @Test
    void glareIsNotForEver() {
        hold(true);
        for (int i = 0; i < 10; i++) {
            if (call.words().size() == i + 1) {
                call.response(491, null);
                call.signal.pass(Duration.ofSeconds(2));
            }
        }
        assertThat(call.words()).hasSize(5);
    }

    @Test
    void anAnswerThatDoesNotSuitIsNotAskedForAgainAndAgain() {
        hold(true);
        call.media.outcome = () -> FakeMedia.refused(Refusal.NO_COMMON_CODEC);
        call.response(200, "v=0 nonsense");
        call.signal.pass(Duration.ofSeconds(10));
        assertThat(call.words()).hasSize(1);
        assertThat(call.media.asked).endsWith("answer", "abandon");
    }

    @Test
    void aChangeOfMindMeanwhileIsToldAfterwards() {
        hold(true);
        hold(false);
        assertThat(call.words()).hasSize(1);
        call.response(200, "v=0 inactive");
        assertThat(call.words()).hasSize(2);
        call.response(200, "v=0 sendrecv");
        assertThat(call.words()).hasSize(2);
    }

    @Test
    void theirReinviteGoesBeforeOursThatHasNotLeft() {
        CompletableFuture<Outcome> slow = new CompletableFuture<>();
        call.media.outcome = () -> slow;
        hold(true);
        call.media.outcome = () -> FakeMedia.accepted("answer");
        call.reinvite(2, "v=0 theirs");
        slow.complete(held().join());
        call.signal.run();
        assertThat(call.words()).containsExactly("200 answer", "INVITE answer");
    }

    // ---- UPDATE and the session timer

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
        call.media.outcome = RenegotiationTest::held;
        update(2, "v=0 hold");
        assertThat(call.words()).containsExactly("200 our hold");
        assertThat(call.media.asked).containsExactly("reoffer", "commit");
        assertThat(participant().state()).isEqualTo("held");
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

    @Test
    void aSessionThatIsDueIsOfferedAgainAsItIs() {
        call.raise(new SipEvent.RefreshDue(CallBench.DIALOG));
        assertThat(call.words()).containsExactly("INVITE our sdp");
        call.response(200, "v=0 sendrecv");
        assertThat(call.media.asked).containsExactly("propose", "commit", "answer");
        call.signal.pass(Duration.ofHours(1));
        assertThat(call.words()).as("once").hasSize(1);
        call.raise(new SipEvent.RefreshDue(CallBench.DIALOG));
        assertThat(call.words()).hasSize(2);
    }

    @Test
    void aRefreshThatIsDueWhileTheyReinviteFollowsTheirs() {
        CompletableFuture<Outcome> preparing = new CompletableFuture<>();
        call.media.outcome = () -> preparing;
        call.reinvite(2, "v=0 theirs");
        call.raise(new SipEvent.RefreshDue(CallBench.DIALOG));
        assertThat(call.words()).isEmpty();
        call.media.outcome = () -> FakeMedia.accepted("our sdp");
        preparing.complete(held().join());
        call.signal.run();
        assertThat(call.words()).containsExactly("200 our hold", "INVITE our sdp");
    }

    @Test
    void aRefreshThatMeetsAGlareIsLeftToTheSessionTimer() {
        call.raise(new SipEvent.RefreshDue(CallBench.DIALOG));
        call.response(491, null);
        call.signal.pass(Duration.ofSeconds(10));
        assertThat(call.words()).as("the core tells when it is due again").hasSize(1);
        assertThat(call.ended).isEmpty();
    }

    @Test
    void aSessionThatNobodyRefreshedEndsWithItsReason() {
        call.raise(new SipEvent.SessionExpired(CallBench.DIALOG));
        assertThat(call.words()).containsExactly("BYE");
        assertThat(((SipCommand.Bye) call.sent.getFirst()).headers().getFirst().value())
                .startsWith("Q.850;cause=102;");
        call.dialogOver(SipEvent.Cause.BYE_SENT);
        assertThat(call.ended).containsExactly("session_expired");
    }

    @Test
    void aHoldBeforeTheAckIsToldAfterIt() {
        CallBench early = new CallBench();
        early.invite(Invites.SDP);
        early.admit();
        var views = early.api.participants(CallBench.ROOM).toCompletableFuture();
        early.signal.run();
        var patch =
                new ParticipantPatch(
                        Optional.empty(),
                        OptionalDouble.empty(),
                        Optional.of(true),
                        Optional.empty());
        var _ = early.api.update(CallBench.ROOM, views.join().getFirst().id(), patch);
        early.signal.run();
        assertThat(early.words()).containsExactly("200 our sdp");
        early.ack(null);
        assertThat(early.words()).containsExactly("200 our sdp", "INVITE our sdp");
        assertThat(List.copyOf(early.ended)).isEmpty();
    }
}
