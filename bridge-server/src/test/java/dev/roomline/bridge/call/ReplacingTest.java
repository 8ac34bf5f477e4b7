package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.room.FakeRooms;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipEvent.Replaced;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A caller takes the place of a call that is in the room (RFC 3891). Virtual time. */
final class ReplacingTest {
    private final CallBench call = new CallBench();

    @BeforeEach
    void talking() {
        call.talking();
    }

    @Test
    @Tag("RFC3891§3")
    void theOtherCallIsHungUpAsSoonAsTheNewOneIsAnswered() {
        call.inviteReplacing(50, new Replaced(CallBench.DIALOG, true, false));
        assertThat(call.words()).containsExactly("200 our sdp", "BYE");
        assertThat(call.ended).containsExactly("hangup_api");
        assertThat(call.stored.getLast().endText())
                .isEqualTo("Another telephone took the call's place (Replaces).");
    }

    @Test
    @Tag("RFC3891§3")
    void whatIsNotThereIsNotReplaced() {
        call.inviteReplacing(50, new Replaced(null, false, false));
        assertThat(call.words()).containsExactly("481");
    }

    @Test
    @Tag("RFC3891§3")
    void anAnsweredCallIsBusyForWhoWantsItBeforeThat() {
        call.inviteReplacing(50, new Replaced(CallBench.DIALOG, true, true));
        assertThat(call.words()).containsExactly("486");
    }

    @Test
    @Tag("RFC3891§3")
    void aCallThatStillComesInIsNotReplaced() {
        call.inviteReplacing(50, new Replaced(CallBench.DIALOG, false, true));
        assertThat(call.words()).containsExactly("481");
    }

    @Test
    void aDialogThatIsNoCallIsNotReplaced() {
        call.inviteReplacing(50, new Replaced(new DialogId(77), true, false));
        assertThat(call.words()).containsExactly("481");
    }

    @Test
    void aCallInAnotherRoomIsNotReplaced() {
        var _ = call.switchboard.live().move(call.row().id(), FakeRooms.room("room_2", 5), "");
        call.signal.run();
        call.sent.clear();
        call.inviteReplacing(50, new Replaced(CallBench.DIALOG, true, false));
        assertThat(call.words()).containsExactly("403");
        assertThat(call.ended).containsExactly("not_allowed");
    }

    @Test
    void aCallThatHasEndedMeanwhileIsNotReplaced() {
        call.bye("SIP;cause=200");
        call.inviteReplacing(50, new Replaced(CallBench.DIALOG, true, false));
        assertThat(call.words()).containsExactly("481");
    }

    @Test
    @Tag("RFC3891§3")
    void aRoomIsNotTooFullForWhoTakesAPlaceInIt() {
        CallBench full = full();
        full.inviteReplacing(50, new Replaced(CallBench.DIALOG, true, false));
        assertThat(full.words()).containsExactly("200 our sdp", "BYE");
        assertThat(full.leavings).as("told at the door").containsExactly("nobody", "alice");
        full.inviteReplacing(51, new Replaced(null, false, false));
        full.invite(Invites.SDP, new RequestId(52), new DialogId(52));
        assertThat(full.words()).endsWith("481", "486");
    }

    @Test
    void aPlaceIsTakenOnce() {
        CallBench full = full();
        CompletableFuture<Void> slow = new CompletableFuture<>();
        full.store = () -> slow;
        full.inviteReplacing(50, new Replaced(CallBench.DIALOG, true, false));
        full.inviteReplacing(51, new Replaced(CallBench.DIALOG, true, false));
        assertThat(full.words()).containsExactly("486");
        slow.complete(null);
        full.signal.run();
        assertThat(full.words()).containsExactly("486", "200 our sdp", "BYE");
        assertThat(full.rooms.participantCount()).isEqualTo(1);
    }

    @Test
    void aPlaceIsKeptByWhoWasToBeReplacedInVain() {
        CallBench full = full();
        full.store = () -> CompletableFuture.failedStage(new IllegalStateException("disk full"));
        full.inviteReplacing(50, new Replaced(CallBench.DIALOG, true, false));
        assertThat(full.words()).containsExactly("503");
        full.invite(Invites.SDP, new RequestId(51), new DialogId(51));
        assertThat(full.words()).containsExactly("503", "486");
        assertThat(full.rooms.participantCount()).isEqualTo(1);
    }

    /** Our caller sits in the room alone, and nobody else has a seat there. */
    private static CallBench full() {
        CallBench full = new CallBench();
        full.maxParticipants = 1;
        return full.talking();
    }
}
