package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.DialPlan.Plan;
import dev.roomline.bridge.call.LiveCalls.Placing;
import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.bridge.signal.Signal.Later;
import dev.roomline.bridge.store.StoreException;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A call that we place, between a carrier, a store and a media loop that do what a test says. */
final class PlacedCallTest {
    private final CarrierBench carrier = new CarrierBench();

    // ---- the ordinary call

    @Test
    void aCallIsRecordedBeforeItsInviteLeaves() {
        List<CompletableFuture<Void>> commits = new ArrayList<>();
        carrier.bench.store =
                () -> {
                    CompletableFuture<Void> commit = new CompletableFuture<>();
                    commits.add(commit);
                    return commit;
                };
        Placing placing = carrier.place();
        assertThat(carrier.bench.words()).isEmpty();
        assertThat(placing.recorded().toCompletableFuture()).isNotDone();
        commits.getFirst().complete(null);
        carrier.bench.signal.run();
        assertThat(carrier.bench.words()).containsExactly("Invite");
        assertThat(placing.recorded().toCompletableFuture().join()).isEmpty();
        assertThat(carrier.bench.stored.getFirst().state()).isEqualTo("dialing");
        assertThat(carrier.bench.stored.getFirst().direction()).isEqualTo("outbound");
    }

    @Test
    void whoIsCalledRingsInTheRoomBeforeJoining() {
        Placing placing = carrier.place();
        DialogId dialog = carrier.named();
        assertThat(carrier.bench.media.asked)
                .contains("addPhone without offer")
                .doesNotContain("join");
        assertThat(placing.ringing().toCompletableFuture()).isNotDone();
        carrier.rings();
        assertThat(placing.ringing().toCompletableFuture().join()).isEmpty();
        assertThat(placing.answered().toCompletableFuture()).isNotDone();
        carrier.answers(dialog, "a", "v=0 answer");
        assertThat(placing.answered().toCompletableFuture().join()).isEmpty();
        assertThat(carrier.bench.media.asked)
                .containsSubsequence("called answer v=0 answer", "release", "join");
        assertThat(carrier.lastRow().state()).isEqualTo("answered");
        assertThat(carrier.lastRow().trunk()).isEqualTo("one");
        assertThat(carrier.lastRow().from()).isEqualTo("+15550100000");
        assertThat(carrier.lastRow().name()).isEqualTo("Grace");
    }

    @Test
    void theFarEndHangsUp() {
        DialogId dialog = carrier.talking();
        carrier.bench.raise(new SipEvent.DialogEnded(dialog, SipEvent.Cause.BYE_RECEIVED, null));
        assertThat(carrier.bench.ended).containsExactly("hangup_callee");
        assertThat(carrier.bench.media.open).isEmpty();
    }

    @Test
    void anApplicationHangsUpByBye() {
        DialogId dialog = carrier.talking();
        String id = carrier.lastRow().id();
        carrier.bench.switchboard.live().hangUp(id);
        carrier.bench.signal.run();
        assertThat(carrier.bench.words()).endsWith("BYE");
        carrier.bench.raise(new SipEvent.DialogEnded(dialog, SipEvent.Cause.BYE_SENT, null));
        assertThat(carrier.bench.ended).containsExactly("hangup_api");
        assertThat(carrier.bench.switchboard.liveCount()).isZero();
    }

    // ---- early media and forks

    @Test
    void earlyMediaIsHeardAndTheAnswerThatSaysNothingNewIsTaken() {
        carrier.place();
        DialogId dialog = carrier.named();
        carrier.bench.raise(carrier.progress(183, "a", "v=0 early"));
        assertThat(carrier.bench.media.asked)
                .containsSubsequence("early answer v=0 early", "release", "join");
        carrier.answers(dialog, "a", "");
        assertThat(carrier.bench.media.asked).contains("called answer v=0 early");
        assertThat(carrier.bench.words()).containsExactly("Invite");
    }

    @Test
    void theForkThatAnswersCountsAndNotTheOneThatSoundedFirst() {
        carrier.place();
        DialogId dialog = carrier.named();
        carrier.bench.raise(carrier.progress(183, "a", "v=0 first"));
        carrier.bench.raise(carrier.progress(183, "b", "v=0 second"));
        assertThat(carrier.bench.media.asked).doesNotContain("early answer v=0 second");
        carrier.answers(dialog, "b", "");
        assertThat(carrier.bench.media.asked).contains("called answer v=0 second");
    }

    @Test
    void anAnswerWithoutAnyDescriptionIsHungUp() {
        carrier.place();
        DialogId dialog = carrier.named();
        carrier.answers(dialog, "a", "");
        assertThat(carrier.bench.words()).containsExactly("Invite", "BYE");
        assertThat(carrier.bench.ended).containsExactly("carrier_nonsense");
    }

    @Test
    void anAnswerThatSharesNoCodecIsHungUp() {
        carrier.place();
        DialogId dialog = carrier.named();
        carrier.bench.media.outcome = () -> FakeMedia.refused(Refusal.NO_COMMON_CODEC);
        carrier.answers(dialog, "a", "v=0 answer");
        assertThat(carrier.bench.words()).containsExactly("Invite", "BYE");
        assertThat(carrier.bench.ended).containsExactly("no_common_codec");
        carrier.bench.raise(new SipEvent.DialogEnded(dialog, SipEvent.Cause.BYE_SENT, null));
        assertThat(carrier.lastRow().endCulprit()).isEqualTo("callee");
    }

    // ---- how it ends unanswered

    private record Row(int status, String phrase, String reason, String culprit) {}

    @Test
    void eachRefusalIsItsRowOfTheTable() {
        List<Row> rows =
                List.of(
                        new Row(486, "Busy Here", "busy", "callee"),
                        new Row(600, "Busy Everywhere", "busy", "callee"),
                        new Row(603, "Decline", "declined", "callee"),
                        new Row(480, "Temporarily Unavailable", "no_answer", "callee"),
                        new Row(408, "Request Timeout", "no_answer", "callee"),
                        new Row(404, "Not Found", "not_found", "callee"),
                        new Row(410, "Gone", "not_found", "callee"),
                        new Row(484, "Address Incomplete", "not_found", "callee"),
                        new Row(604, "Does Not Exist", "not_found", "callee"),
                        new Row(403, "Forbidden", "forbidden_by_carrier", "carrier"),
                        new Row(402, "Payment Required", "forbidden_by_carrier", "carrier"),
                        new Row(488, "Not Acceptable Here", "no_common_codec", "callee"),
                        new Row(500, "Server Error", "carrier_failed", "carrier"),
                        new Row(503, "Unavailable", "carrier_failed", "carrier"),
                        new Row(683, "What", "carrier_failed", "carrier"),
                        new Row(400, "Bad Request", "carrier_failed", "carrier"));
        for (Row row : rows) {
            CarrierBench one = new CarrierBench();
            Placing placing = one.place();
            one.named();
            one.refuses(row.status(), row.phrase());
            CallEnd end = placing.answered().toCompletableFuture().join().orElseThrow();
            assertThat(end.reason().label()).as(row.phrase()).isEqualTo(row.reason());
            assertThat(end.culprit().label()).as(row.phrase()).isEqualTo(row.culprit());
            assertThat(end.sipStatus()).isEqualTo(row.status());
            assertThat(one.lastRow().endReason()).isEqualTo(row.reason());
            assertThat(one.lastRow().state()).isEqualTo("ended");
            assertThat(one.bench.media.open).isEmpty();
            assertThat(one.bench.switchboard.liveCount()).isZero();
        }
    }

    @Test
    void aForeignRealmIsTheCarriersFaultAndWrongCredentialsAreOurs() {
        for (ClientEvent.ChallengeFailure why : ClientEvent.ChallengeFailure.values()) {
            CarrierBench one = new CarrierBench();
            Placing placing = one.place();
            one.named();
            one.bench.raise(
                    new ClientEvent.NotAuthorized(
                            one.dialled(),
                            CarrierBench.response(407, "Who", "a", ""),
                            why,
                            "evil.example"));
            String reason =
                    placing.answered().toCompletableFuture().join().orElseThrow().reason().label();
            assertThat(reason)
                    .isEqualTo(
                            switch (why) {
                                case NO_IDENTITY, WRONG_CREDENTIALS -> "bad_credentials";
                                case FOREIGN_REALM, UNSUPPORTED -> "carrier_nonsense";
                            });
        }
    }

    @Test
    void nobodyAnswersInTimeAndTheCallIsCancelled() {
        Placing placing = carrier.place();
        carrier.named();
        carrier.rings();
        carrier.bench.signal.pass(CarrierBench.RING.minusMillis(1));
        assertThat(carrier.bench.words()).containsExactly("Invite");
        carrier.bench.signal.pass(Duration.ofMillis(1));
        assertThat(carrier.bench.words()).containsExactly("Invite", "Cancel");
        assertThat(carrier.bench.ended).containsExactly("no_answer");
        assertThat(placing.answered().toCompletableFuture().join()).isPresent();
        carrier.bench.raise(
                new ClientEvent.Cancelled(carrier.dialled(), ClientEvent.CancelEnd.CONFIRMED));
        assertThat(carrier.bench.ended).containsExactly("no_answer");
        assertThat(carrier.bench.switchboard.liveCount()).isZero();
    }

    @Test
    void whyNobodyIsReachedIsLookedUpAndTheCallEndsByIt() {
        CompletableFuture<CallEnd> why = new CompletableFuture<>();
        carrier.plan = _ -> new Plan.Unreached(why);
        Placing placing = carrier.place();
        assertThat(carrier.bench.ended).isEmpty();
        why.complete(CallEnd.of(EndReason.NOT_FOUND));
        carrier.bench.signal.run();
        assertThat(placing.answered().toCompletableFuture().join().orElseThrow().reason())
                .isEqualTo(EndReason.NOT_FOUND);
        assertThat(carrier.bench.words()).isEmpty();
        assertThat(carrier.bench.switchboard.liveCount()).isZero();
    }

    @Test
    void whyNobodyIsReachedIsNotFoundOutWhereTheStoreIsAway() {
        carrier.plan =
                _ ->
                        new Plan.Unreached(
                                CompletableFuture.failedStage(
                                        new StoreException("away", new IOException())));
        assertThat(carrier.place().answered().toCompletableFuture().join().orElseThrow().reason())
                .isEqualTo(EndReason.OVERLOADED);
    }

    @Test
    void aServerThatStopsWhileItIsLookedUpEndsTheCallOnce() {
        CompletableFuture<CallEnd> why = new CompletableFuture<>();
        carrier.plan = _ -> new Plan.Unreached(why);
        Placing placing = carrier.place();
        carrier.bench.switchboard.hangUpAll();
        carrier.bench.signal.run();
        why.complete(CallEnd.of(EndReason.NOT_FOUND));
        carrier.bench.signal.run();
        assertThat(placing.answered().toCompletableFuture().join().orElseThrow().reason())
                .isEqualTo(EndReason.SERVER_STOPPED);
        assertThat(carrier.bench.switchboard.liveCount()).isZero();
    }

    @Test
    void aStoreThatDoesNotAnswerIsNoFaultOfTheCallee() {
        carrier.plan = _ -> new Plan.Unreached(new CompletableFuture<>());
        Placing placing = carrier.place();
        carrier.bench.signal.pass(CarrierBench.RING);
        assertThat(carrier.bench.ended).containsExactly("overloaded");
        assertThat(placing.answered().toCompletableFuture()).isDone();
    }

    @Test
    void aCarrierThatSaidNothingAtAllIsUnreachableAndTheCalleeIsNotBlamed() {
        carrier.place();
        carrier.named();
        carrier.bench.signal.pass(CarrierBench.RING);
        assertThat(carrier.bench.words()).containsExactly("Invite", "Cancel");
        assertThat(carrier.bench.ended).containsExactly("carrier_unreachable");
    }

    @Test
    void aNameThatIsLookedUpForTooLongIsNoLimitOfOurs() {
        carrier.roads = (_, _) -> {};
        carrier.place();
        carrier.bench.signal.pass(CarrierBench.RING);
        assertThat(carrier.bench.words()).isEmpty();
        assertThat(carrier.bench.ended).containsExactly("carrier_unreachable");
    }

    @Test
    void aTurnThatDoesNotComeIsALimitOfOurs() {
        carrier.turnstile = _ -> () -> {};
        carrier.place();
        carrier.bench.signal.pass(CarrierBench.RING);
        assertThat(carrier.bench.ended).containsExactly("limit");
    }

    @Test
    void anApplicationGivesTheCallUp() {
        carrier.place();
        carrier.named();
        carrier.rings();
        carrier.bench.switchboard.live().hangUp(carrier.lastRow().id());
        carrier.bench.signal.run();
        assertThat(carrier.bench.words()).containsExactly("Invite", "Cancel");
        assertThat(carrier.bench.ended).containsExactly("cancelled");
    }

    @Test
    void anAnswerThatWasOnItsWayWhenWeGaveUpIsHungUp() {
        carrier.place();
        DialogId dialog = carrier.named();
        carrier.bench.switchboard.live().hangUp(carrier.lastRow().id());
        carrier.bench.signal.run();
        carrier.answers(dialog, "a", "v=0 answer");
        assertThat(carrier.bench.words()).containsExactly("Invite", "Cancel", "BYE");
        carrier.bench.raise(new SipEvent.DialogEnded(dialog, SipEvent.Cause.BYE_SENT, null));
        assertThat(carrier.bench.ended).containsExactly("cancelled");
        assertThat(carrier.bench.switchboard.liveCount()).isZero();
    }

    @Test
    void aRoomThatIsFullIsToldAtOnce() {
        for (int i = 0; i < 10; i++) {
            carrier.place();
        }
        Placing eleventh = carrier.place();
        assertThat(eleventh.recorded().toCompletableFuture().join().orElseThrow().reason())
                .isEqualTo(EndReason.ROOM_FULL);
        assertThat(carrier.lastRow().state()).isEqualTo("refused");
        assertThat(carrier.bench.words()).hasSize(10);
    }

    @Test
    void whatCannotBeRecordedIsNotPlaced() {
        carrier.bench.store =
                () -> CompletableFuture.failedStage(new IllegalStateException("disk"));
        Placing placing = carrier.place();
        assertThat(carrier.bench.words()).isEmpty();
        assertThat(placing.recorded().toCompletableFuture().join().orElseThrow().reason())
                .isEqualTo(EndReason.OVERLOADED);
        assertThat(carrier.bench.media.open).isEmpty();
    }

    // ---- waiting for a turn

    @Test
    void aCallWhoseTurnDoesNotComeEndsAsALimitAndGivesItsPlaceUp() {
        List<String> told = new ArrayList<>();
        carrier.turnstile =
                _ -> {
                    Later place = () -> told.add("given up");
                    return place;
                };
        carrier.place();
        carrier.bench.signal.pass(CarrierBench.RING);
        assertThat(carrier.bench.words()).isEmpty();
        assertThat(carrier.bench.ended).containsExactly("limit");
        assertThat(told).containsExactly("given up");
    }

    @Test
    void aCallThatWasGivenUpWhileItsOfferWasMadeIsNeverDialled() {
        CompletableFuture<Outcome> slow = new CompletableFuture<>();
        carrier.bench.media.outcome = () -> slow;
        carrier.place();
        carrier.bench.switchboard.live().hangUp(carrier.lastRow().id());
        carrier.bench.signal.run();
        CompletionStage<Outcome> late = FakeMedia.accepted("our sdp");
        slow.complete(late.toCompletableFuture().join());
        carrier.bench.signal.run();
        assertThat(carrier.bench.words()).isEmpty();
        assertThat(carrier.bench.ended).containsExactly("cancelled");
        assertThat(carrier.bench.media.open).isEmpty();
    }

    @Test
    void whoIsRemovedFromTheRoomWhileItRingsIsCancelled() {
        carrier.place();
        carrier.named();
        carrier.rings();
        assertThat(stateOfRoom()).isEqualTo("ringing");
        String participant = carrier.lastRow().participant();
        carrier.bench.api.remove(CallBench.ROOM, String.valueOf(participant));
        carrier.bench.signal.run();
        assertThat(carrier.bench.words()).containsExactly("Invite", "Cancel");
        assertThat(carrier.bench.ended).containsExactly("removed");
    }

    private String stateOfRoom() {
        return carrier.bench.participants().getFirst().state();
    }

    @Test
    void aSecondAnswerToACommandThatIsNotOursIsLeftAlone() {
        carrier.talking();
        carrier.bench.raise(new ClientEvent.ForkEnded(carrier.dialled(), "c"));
        assertThat(carrier.bench.words()).containsExactly("Invite");
        assertThat(carrier.bench.sent).noneMatch(SipCommand.Bye.class::isInstance);
        assertThat(carrier.bench.faults).isZero();
    }
}
