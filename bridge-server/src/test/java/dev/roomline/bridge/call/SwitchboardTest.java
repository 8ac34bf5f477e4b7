package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.config.RoomlineConfig.Trace;
import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.media.loop.LegId;
import dev.roomline.media.loop.MediaListener.Loss;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.message.HeaderField;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How SIP's events find their call, and what others see of calls, in virtual time. */
final class SwitchboardTest {
    private static final String ANSWERED = "200 our sdp";

    private final CallBench call = new CallBench(Trace.FAILED);

    @Test
    void whoeverIsLetInCountsBeforeTheDoorDecidesTheNext() {
        CallBench bench = new CallBench();
        bench.invite(Invites.SDP);
        bench.letIn();
        assertThat(bench.switchboard.liveCount()).isEqualTo(1);
    }

    @Test
    void aRecordIsSettledThoughTheLoopTakesNothingFromStrangersMeanwhile() {
        CallBench bench = new CallBench().talking();
        CompletableFuture<Void> written = new CompletableFuture<>();
        bench.store = () -> written;
        bench.dialogOver(SipEvent.Cause.BYE_RECEIVED);
        assertThat(bench.switchboard.unsettledCount()).isEqualTo(1);
        bench.signal.full = true;
        written.complete(null);
        bench.signal.full = false;
        bench.signal.run();
        assertThat(bench.switchboard.unsettledCount()).isZero();
    }

    @Test
    void aTraceCanBeReadWhileTheStoreIsAwayAndUntilItHasIt() {
        CallBench bench = new CallBench(Trace.ALL).talking();
        String id = bench.stored.getFirst().id();
        bench.store = () -> CompletableFuture.failedFuture(new IllegalStateException("away"));
        bench.dialogOver(SipEvent.Cause.BYE_RECEIVED);
        bench.signal.pass(Duration.ofSeconds(20));
        assertThat(isTraced(bench, id)).isTrue();
        bench.store = () -> CompletableFuture.completedStage(null);
        bench.signal.pass(Duration.ofSeconds(60));
        assertThat(isTraced(bench, id)).isFalse();
    }

    @Test
    void whoComesFromATrunksAddressesAndIsChallengedIsListedWithWhatTheTrunkLacked() {
        call.invite(Invites.SDP);
        String lacking = "trunk Carrier: source in 192.0.2.0/24, but header X-A is absent";
        call.door.complete(new Screening.Challenged(407, List.of(), "", lacking));
        call.signal.run();
        assertThat(call.refusals.list()).hasSize(1);
        assertThat(call.refusals.list().getFirst().reason()).isEqualTo("trunk_mismatch");
        assertThat(call.refusals.list().getFirst().detail()).isEqualTo(lacking);
    }

    @Test
    void wrongCredentialsAreListedThoughTheyAreChallengedAgain() {
        call.invite(Invites.SDP);
        call.door.complete(new Screening.Challenged(407, List.of(), "unknown account", ""));
        call.signal.run();
        assertThat(call.refusals.list()).hasSize(1);
        assertThat(call.refusals.list().getFirst().reason()).isEqualTo("unauthenticated");
        assertThat(call.refusals.list().getFirst().detail()).isEqualTo("unknown account");
    }

    @Test
    void aReinviteIsAnsweredAndASecondOneAtTheSameTimeIsNot() {
        call.talk();
        CompletableFuture<Outcome> slow = new CompletableFuture<>();
        call.media.outcome = () -> slow;
        call.reinvite(2, "v=0 hold");
        call.reinvite(3, "v=0 other");
        assertThat(call.told()).containsExactly(ANSWERED, "491");
        slow.complete(FakeMedia.accepted("our hold").toCompletableFuture().join());
        call.signal.run();
        assertThat(call.told()).containsExactly(ANSWERED, "491", "200 our hold");
    }

    @Test
    void aReinviteFromAnotherNetworkTellsTheMediaWhereThePhoneIsNow() {
        call.talk();
        call.from = "203.0.113.9";
        call.reinvite(2, "v=0 moved");
        assertThat(call.media.reofferedFrom).hasToString("/203.0.113.9:5060");
    }

    @Test
    void aReinviteWithoutOfferGetsOurs() {
        call.talk();
        call.reinvite(2, null);
        assertThat(call.told()).containsExactly(ANSWERED, ANSWERED);
        assertThat(call.media.asked).endsWith("reoffer without offer", "commit");
        call.ack("v=0 answer");
        assertThat(call.media.asked).contains("answer");
    }

    @Test
    void aReinviteThatCannotBeServedLeavesTheCallAsItWas() {
        call.talk();
        call.media.outcome = () -> FakeMedia.refused(Refusal.NO_COMMON_CODEC);
        call.reinvite(2, "v=0 video only");
        assertThat(call.told()).containsExactly(ANSWERED, "488 Reason 305");
        assertThat(call.switchboard.liveCount()).isEqualTo(1);
    }

    @Test
    void theApiHangsUpAndTheByeSaysWhy() {
        call.talk();
        String id = call.row().id();
        CompletionStage<Boolean> done = call.switchboard.live().hangUp(id);
        call.signal.run();
        assertThat(done.toCompletableFuture()).isCompletedWithValue(true);
        assertThat(call.told()).containsExactly(ANSWERED, "BYE Reason");
        assertThat(call.row().endReason()).isEqualTo("hangup_api");
        call.raise(new SipEvent.DialogEnded(CallBench.DIALOG, SipEvent.Cause.BYE_SENT, null));
        assertThat(call.switchboard.liveCount()).isZero();
        assertThat(call.row().endReason()).isEqualTo("hangup_api");
    }

    @Test
    void aStopHangsUpEverybodyAndCountsThem() {
        call.talk();
        assertThat(call.switchboard.hangUpAll()).isEqualTo(1);
        call.signal.run();
        assertThat(call.told()).endsWith("BYE Reason");
        assertThat(call.row().endReason()).isEqualTo("server_stopped");
        assertThat(call.row().endCulprit()).isEqualTo("us");
    }

    @Test
    void aChallengeIsNoCall() {
        call.invite(Invites.SDP);
        call.door.complete(
                new Screening.Challenged(
                        407, List.of(new HeaderField("Proxy-Authenticate", "Digest")), "", ""));
        call.signal.run();
        assertThat(call.told()).containsExactly("407 Proxy-Authenticate");
        assertThat(call.stored).isEmpty();
        assertThat(call.refusals.list()).isEmpty();
    }

    @Test
    void whoIsTurnedAwayStandsAmongTheRefusals() {
        call.invite(Invites.SDP);
        call.door.complete(new Screening.TurnedAway(CallEnd.of(EndReason.UNAUTHENTICATED)));
        call.signal.run();
        assertThat(call.told()).containsExactly("403 Reason");
        assertThat(call.stored).isEmpty();
        assertThat(call.refusals.list()).hasSize(1);
        assertThat(call.refusals.list().getFirst().reason()).isEqualTo("unauthenticated");
    }

    @Test
    void aFullSignallingQueueNeverThrowsIntoTheMediaLoop() {
        call.talk();
        call.signal.full = true;
        call.media.listener().onTalking(new LegId(1), true);
        call.media.listener().onDtmf(new LegId(1), '1', 100);
        call.media.listener().onConnected(new LegId(1));
        call.media.listener().onSlots(new LegId(1), Map.of());
        call.media.listener().onLost(new LegId(1), Loss.FAULT, "a fault");
        call.signal.full = false;
        assertThat(call.switchboard.liveCount()).isEqualTo(1);
    }

    @Test
    void aFailedCallKeepsItsLadderWithItsLastMessagesAndNoSecrets() {
        call.seen(
                true,
                "CallBench.INVITE sip:x SIP/2.0\r\nAuthorization: Digest response=\"5ecret\"\r\n\r\n");
        call.talk();
        call.media.listener().onLost(new LegId(1), Loss.PORT_CLOSED, "the port is closed");
        call.signal.run();
        call.raise(new SipEvent.DialogEnded(CallBench.DIALOG, SipEvent.Cause.BYE_SENT, null));
        call.seen(true, "SIP/2.0 200 OK to our BYE");
        call.signal.pass(Duration.ofSeconds(3));
        assertThat(call.traces().get(call.row().id()))
                .contains("CallBench.INVITE sip:x", "200 OK to our BYE")
                .doesNotContain("5ecret");
        assertThat(call.row().detail()).contains("media_timeout (culprit: unknown)");
    }

    @Test
    void aCallThatWentWellKeepsItsDecisionsAndNoLadder() {
        call.seen(true, "CallBench.INVITE sip:x SIP/2.0");
        call.talk();
        call.bye("Q.850;cause=16");
        call.signal.pass(Duration.ofSeconds(3));
        assertThat(call.row().detail()).contains("decisions", "hangup_caller (culprit: nobody)");
        assertThat(call.traces()).isEmpty();
    }

    @Test
    void aDigitByInfoReachesTheRoomAndRubbishIsRefused() {
        call.talk();
        call.info("application/dtmf-relay", "Signal=5\r\nDuration=160");
        call.info("application/dtmf-relay", "nonsense");
        call.info("text/plain", "hello");
        assertThat(call.told()).containsExactly(ANSWERED, "200", "400", "415 Accept");
    }

    @Test
    void optionsTellsWhetherCallsAreTaken() {
        call.options();
        call.draining = true;
        call.options();
        assertThat(call.told()).containsExactly("200 Accept", "503 Retry-After");
    }

    private static boolean isTraced(CallBench bench, String id) {
        var asked = bench.switchboard.live().trace(id).toCompletableFuture();
        bench.signal.run();
        return asked.join().isPresent();
    }
}
