package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.bridge.room.LiveRooms.ParticipantPatch;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.SipEvent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whom we call offers anew by UPDATE before it answers (RFC 3311 §5.2): what is heard then, and
 * what holds when it has answered.
 */
@Tag("RFC3311§5.2")
final class EarlyOfferTest {
    private final CarrierBench carrier = new CarrierBench();
    private final CallBench bench = carrier.bench;

    /** The branch {@code f} sounds before the answer. */
    private DialogId sounding() {
        carrier.place();
        DialogId dialog = carrier.named();
        bench.raise(carrier.progress(183, "f", "v=0 early"));
        bench.media.asked.clear();
        return dialog;
    }

    /** The next description of ours is made when the test says so. */
    private CompletableFuture<Outcome> preparing() {
        CompletableFuture<Outcome> preparing = new CompletableFuture<>();
        bench.media.outcome = () -> preparing;
        return preparing;
    }

    private void prepared(CompletableFuture<Outcome> preparing) {
        bench.media.outcome = () -> FakeMedia.accepted("our sdp");
        preparing.complete(FakeMedia.accepted("our sdp").toCompletableFuture().join());
        bench.signal.run();
    }

    @Test
    void theSoundGoesWhereTheUpdateSaysAndTheAnswerKeepsItThere() {
        DialogId dialog = sounding();
        carrier.updates(2, dialog, "v=0 moved");
        assertThat(bench.words()).containsExactly("Invite", "200 our sdp");
        assertThat(bench.media.asked).containsExactly("reoffer", "commit", "release", "join");
        assertThat(bench.media.reofferedFrom).isEqualTo(Invites.from("192.0.2.20").remote());
        carrier.answers(dialog, "f", "");
        assertThat(bench.media.asked).contains("called answer as agreed");
        assertThat(carrier.lastRow().state()).isEqualTo("answered");
        carrier.updates(3, dialog, "v=0 in the call");
        assertThat(bench.words()).containsExactly("Invite", "200 our sdp", "200 our sdp");
    }

    @Test
    @Tag("RFC3261§13.2.1")
    void whatTheAnswerDescribesIsNotReadOnceTheSessionHasChanged() {
        DialogId dialog = sounding();
        carrier.updates(2, dialog, "v=0 moved");
        carrier.answers(dialog, "f", "v=0 early");
        assertThat(bench.media.asked)
                .contains("called answer as agreed")
                .doesNotContain("called answer v=0 early");
    }

    @Test
    void aSecondUpdateIsServedAfterTheFirst() {
        DialogId dialog = sounding();
        carrier.updates(2, dialog, "v=0 moved");
        carrier.updates(3, dialog, "v=0 moved again");
        assertThat(bench.words()).containsExactly("Invite", "200 our sdp", "200 our sdp");
    }

    @Test
    @Tag("RFC3960§3.1")
    void aBranchThatIsNotHeardMovesNothing() {
        carrier.place();
        DialogId dialog = carrier.named();
        bench.raise(carrier.progress(183, "heard", "v=0 heard"));
        bench.raise(carrier.progress(183, "f", "v=0 other"));
        bench.media.asked.clear();
        carrier.updates(2, dialog, "v=0 moved");
        assertThat(bench.words()).containsExactly("Invite", "488");
        assertThat(bench.media.asked).isEmpty();
        carrier.answers(dialog, "heard", "");
        assertThat(bench.media.asked).contains("called answer v=0 heard");
    }

    @Test
    void anotherBranchMayAnswerAfterTheSoundOfTheFirstHasMoved() {
        DialogId dialog = sounding();
        bench.raise(carrier.progress(183, "b", "v=0 other"));
        carrier.updates(2, dialog, "v=0 moved");
        carrier.answers(dialog, "b", "");
        assertThat(bench.media.asked).contains("called answer v=0 other");
    }

    @Test
    void whatCannotBeServedIsRefusedAndTheEarlySoundGoesOn() {
        DialogId dialog = sounding();
        bench.media.outcome = () -> FakeMedia.refused(Refusal.NO_COMMON_CODEC);
        carrier.updates(2, dialog, "v=0 video alone");
        assertThat(bench.words()).containsExactly("Invite", "488");
        bench.media.outcome = () -> FakeMedia.accepted("our sdp");
        carrier.answers(dialog, "f", "");
        assertThat(bench.media.asked).containsSubsequence("reoffer", "called answer v=0 early");
        assertThat(bench.media.asked).doesNotContain("commit");
    }

    // ---- what crosses it

    @Test
    void anAnswerThatComesMeanwhileWaitsForOursToTheUpdate() {
        DialogId dialog = sounding();
        CompletableFuture<Outcome> preparing = preparing();
        carrier.updates(2, dialog, "v=0 moved");
        carrier.answers(dialog, "f", "v=0 early");
        assertThat(bench.media.asked).containsExactly("reoffer");
        prepared(preparing);
        assertThat(bench.words()).containsExactly("Invite", "200 our sdp");
        assertThat(bench.media.asked).containsSubsequence("commit", "called answer as agreed");
        assertThat(carrier.lastRow().state()).isEqualTo("answered");
    }

    @Test
    void anAnswerThatWaitsIsHungUpWhenTheCallIsGivenUp() {
        DialogId dialog = sounding();
        bench.media.outcome = CompletableFuture::new;
        carrier.updates(2, dialog, "v=0 moved");
        carrier.answers(dialog, "f", "v=0 early");
        bench.switchboard.live().hangUp(carrier.lastRow().id());
        bench.signal.run();
        assertThat(bench.words()).containsExactly("Invite", "487", "Cancel", "BYE");
        bench.raise(new SipEvent.DialogEnded(dialog, SipEvent.Cause.BYE_SENT, null));
        assertThat(bench.ended).containsExactly("cancelled");
        assertThat(bench.switchboard.liveCount()).isZero();
    }

    @Test
    void aCallThatEndsMeanwhileAnswersTheUpdateFirst() {
        DialogId dialog = sounding();
        CompletableFuture<Outcome> preparing = preparing();
        carrier.updates(2, dialog, "v=0 moved");
        carrier.refuses(486, "Busy Here");
        assertThat(bench.words()).containsExactly("Invite", "487");
        assertThat(bench.ended).containsExactly("busy");
        prepared(preparing);
        assertThat(bench.words()).containsExactly("Invite", "487");
        assertThat(bench.faults).isZero();
    }

    @Test
    @Tag("RFC3261§8.1.3.4")
    void aCallThatIsSentElsewhereMeanwhileAnswersTheUpdateAndGoesThere() {
        carrier.followsRedirections();
        DialogId dialog = sounding();
        CompletableFuture<Outcome> preparing = preparing();
        carrier.updates(2, dialog, "v=0 moved");
        carrier.redirects("sip:other@carrier.test");
        assertThat(bench.words()).containsExactly("Invite", "487");
        prepared(preparing);
        assertThat(bench.words()).containsExactly("Invite", "487", "Invite");
        assertThat(bench.media.asked).doesNotContain("commit");
        carrier.answers(carrier.named(), "g", "v=0 there");
        assertThat(bench.media.asked).contains("called answer v=0 there");
        assertThat(carrier.lastRow().state()).isEqualTo("answered");
    }

    /** Right behind our ACK, while what the 2xx says is still being applied. */
    @Test
    @Tag("RFC3261§14.2")
    void anOfferRightBehindTheAckWaitsUntilTheAnswerHolds() {
        DialogId dialog = sounding();
        CompletableFuture<Outcome> applying = preparing();
        carrier.answers(dialog, "f", "v=0 answer");
        carrier.updates(2, dialog, "v=0 hold");
        assertThat(bench.words()).containsExactly("Invite");
        prepared(applying);
        assertThat(bench.words()).containsExactly("Invite", "200 our sdp");
        assertThat(bench.media.asked)
                .containsSubsequence("called answer v=0 answer", "reoffer", "commit");
    }

    @Test
    void anOfferBehindAnAnswerThatDoesNotSuitIsAnsweredBeforeTheBye() {
        DialogId dialog = sounding();
        CompletableFuture<Outcome> applying = preparing();
        carrier.answers(dialog, "f", "v=0 answer");
        carrier.updates(2, dialog, "v=0 hold");
        applying.complete(FakeMedia.refused(Refusal.NO_COMMON_CODEC).toCompletableFuture().join());
        bench.signal.run();
        assertThat(bench.words()).containsExactly("Invite", "487", "BYE");
    }

    @Test
    void aHoldFromBeforeTheAnswerIsToldAfterIt() {
        DialogId dialog = sounding();
        ParticipantPatch hold =
                new ParticipantPatch(
                        Optional.empty(),
                        OptionalDouble.empty(),
                        Optional.of(true),
                        Optional.empty());
        var _ =
                bench.api.update(
                        CallBench.ROOM, String.valueOf(carrier.lastRow().participant()), hold);
        bench.signal.run();
        assertThat(bench.words()).containsExactly("Invite");
        carrier.answers(dialog, "f", "v=0 early");
        assertThat(bench.words()).isEqualTo(List.of("Invite", "INVITE our sdp"));
    }
}
