package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.room.FakeRooms;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.SipEvent.Replaced;
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
        call.inviteReplacing(new Replaced(CallBench.DIALOG, true, false));
        assertThat(call.words()).containsExactly("200 our sdp", "BYE");
        assertThat(call.ended).containsExactly("hangup_api");
        assertThat(call.stored.getLast().endText())
                .isEqualTo("Another telephone took the call's place (Replaces).");
    }

    @Test
    @Tag("RFC3891§3")
    void whatIsNotThereIsNotReplaced() {
        call.inviteReplacing(new Replaced(null, false, false));
        assertThat(call.words()).containsExactly("481");
    }

    @Test
    @Tag("RFC3891§3")
    void anAnsweredCallIsBusyForWhoWantsItBeforeThat() {
        call.inviteReplacing(new Replaced(CallBench.DIALOG, true, true));
        assertThat(call.words()).containsExactly("486");
    }

    @Test
    @Tag("RFC3891§3")
    void aCallThatStillComesInIsNotReplaced() {
        call.inviteReplacing(new Replaced(CallBench.DIALOG, false, true));
        assertThat(call.words()).containsExactly("481");
    }

    @Test
    void aDialogThatIsNoCallIsNotReplaced() {
        call.inviteReplacing(new Replaced(new DialogId(77), true, false));
        assertThat(call.words()).containsExactly("481");
    }

    @Test
    void aCallInAnotherRoomIsNotReplaced() {
        var _ = call.switchboard.live().move(call.row().id(), FakeRooms.room("room_2", 5), "");
        call.signal.run();
        call.sent.clear();
        call.inviteReplacing(new Replaced(CallBench.DIALOG, true, false));
        assertThat(call.words()).containsExactly("403");
        assertThat(call.ended).containsExactly("not_allowed");
    }

    @Test
    void aCallThatHasEndedMeanwhileIsNotReplaced() {
        call.bye("SIP;cause=200");
        call.inviteReplacing(new Replaced(CallBench.DIALOG, true, false));
        assertThat(call.words()).containsExactly("481");
    }
}
