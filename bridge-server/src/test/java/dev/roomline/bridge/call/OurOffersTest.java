package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What our re-INVITEs change and when, in virtual time: the API's and the session timer's. */
final class OurOffersTest {
    private final CallBench call = new CallBench().talking();

    @Test
    void aParticipantHeldByTheApiIsHeldAtOnceAndThePhoneIsTold() {
        call.media.outcome = () -> FakeMedia.accepted("our hold");
        call.hold(true);
        assertThat(call.media.asked).containsExactly("held true", "propose", "commit");
        assertThat(call.words()).containsExactly("INVITE our hold");
        assertThat(call.participants().getFirst().state()).isEqualTo("held");

        call.response(200, "v=0 inactive");
        assertThat(call.media.asked).endsWith("answer");

        call.media.outcome = () -> FakeMedia.accepted("our resume");
        call.hold(false);
        assertThat(call.words()).containsExactly("INVITE our hold", "INVITE our resume");
        call.response(200, "v=0 sendrecv");
        assertThat(call.participants().getFirst().state()).isEqualTo("joined");
    }

    @Test
    void aPhoneThatRefusesToBeHeldIsHeldAllTheSame() {
        call.hold(true);
        call.response(488, null);
        assertThat(call.media.asked).endsWith("abandon");
        assertThat(call.participants().getFirst().state()).isEqualTo("held");
        call.signal.pass(Duration.ofSeconds(10));
        assertThat(call.words()).as("asked once").containsExactly("INVITE our sdp");
        assertThat(call.ended).isEmpty();
    }

    @Test
    void onGlareOursIsSentAgainWithinTwoSeconds() {
        call.hold(true);
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
        call.hold(true);
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
        call.hold(true);
        call.media.outcome = () -> FakeMedia.refused(Refusal.NO_COMMON_CODEC);
        call.response(200, "v=0 nonsense");
        call.signal.pass(Duration.ofSeconds(10));
        assertThat(call.words()).hasSize(1);
        assertThat(call.media.asked).endsWith("answer", "abandon");
    }

    @Test
    void aChangeOfMindMeanwhileIsToldAfterwards() {
        call.hold(true);
        call.hold(false);
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
        call.hold(true);
        call.media.outcome = () -> FakeMedia.accepted("answer");
        call.reinvite(2, "v=0 theirs");
        slow.complete(FakeMedia.held("our hold").join());
        call.signal.run();
        assertThat(call.words()).containsExactly("200 answer", "INVITE answer");
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
        preparing.complete(FakeMedia.held("our hold").join());
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
        early.hold(true);
        assertThat(early.words()).containsExactly("200 our sdp");
        early.ack(null);
        assertThat(early.words()).containsExactly("200 our sdp", "INVITE our sdp");
        assertThat(List.copyOf(early.ended)).isEmpty();
    }
}
