package dev.roomline.bridge.call;

import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a SIP core and the phone behind it may do with the one call of a {@link CallBench}: it
 * raises only what the real core could raise, and keeps count of what may happen once.
 */
final class CoreModel {
    private static final Duration BYE_ROUND_TRIP = Duration.ofMillis(50);
    private static final Duration ACK_PATIENCE = Duration.ofSeconds(32);

    final CallBench call;
    final List<Integer> finals = new ArrayList<>();
    final Set<Long> unanswered = new HashSet<>();
    final List<String> broken = new ArrayList<>();
    boolean cancelled;
    boolean over;
    int byes;
    private boolean invited;
    private boolean confirmed;
    private boolean ackDue;
    private boolean byeWaits;
    private @Nullable Long reinvite;
    private @Nullable Long ours;
    private long lastReinvite = 100;

    CoreModel(CallBench call) {
        this.call = call;
        call.core =
                command -> {
                    took(command);
                    return null;
                };
    }

    private void took(SipCommand command) {
        switch (command) {
            case SipCommand.Respond respond -> responded(respond);
            case SipCommand.Bye _ -> bye();
            case SipCommand.SendInDialog send -> sent(send);
            case SipCommand.Identify _, SipCommand.NamePeer _, SipCommand.KeepAlive _ -> {}
            case ClientCommand _ -> {}
        }
    }

    private void responded(SipCommand.Respond respond) {
        int status = respond.status();
        if (status < 200) {
            return;
        }
        boolean first = respond.request().equals(CallBench.INVITE);
        if (first && cancelled) {
            // the core has answered 487: what comes later is ignored
            return;
        }
        if (first) {
            finals.add(status);
            invited = false;
            over |= status >= 300;
        } else {
            unanswered.remove(respond.request().value());
            if (reinvite != null && reinvite == respond.request().value()) {
                reinvite = null;
            }
        }
        if (status < 300 && (first || !over)) {
            confirmed = true;
            ackDue = true;
            call.signal.after(ACK_PATIENCE, this::ackMissing);
        }
    }

    private void ackMissing() {
        if (ackDue && !over) {
            end(SipEvent.Cause.ACK_TIMEOUT);
        }
    }

    private void bye() {
        byes++;
        if (!confirmed) {
            broken.add("BYE without a 200");
        }
        if (ackDue) {
            byeWaits = true;
        } else {
            call.signal.after(BYE_ROUND_TRIP, () -> end(SipEvent.Cause.BYE_SENT));
        }
    }

    private void sent(SipCommand.SendInDialog send) {
        if (over) {
            broken.add("a re-INVITE in a dialog that is over");
        } else if (reinvite != null || ackDue || ours != null) {
            raise(new SipEvent.ResponseReceived(CallBench.DIALOG, send.tag(), 491, "", null));
        } else {
            ours = send.tag();
        }
    }

    private void raise(SipEvent event) {
        call.signal.execute(() -> call.switchboard.raised(event));
    }

    void end(SipEvent.Cause cause) {
        if (over) {
            return;
        }
        over = true;
        unanswered.clear();
        raise(new SipEvent.DialogEnded(CallBench.DIALOG, cause, null));
    }

    // ---- what may happen next; without effect where it cannot

    void invite(String sdp) {
        invited = true;
        call.invite(sdp);
    }

    void cancel() {
        if (invited && finals.isEmpty()) {
            invited = false;
            cancelled = true;
            over = true;
            raise(
                    new SipEvent.InviteCancelled(
                            CallBench.INVITE, CallBench.DIALOG, CallBench.request("CANCEL")));
        }
    }

    void ack(@Nullable String answer) {
        if (ackDue && !over) {
            ackDue = false;
            raise(
                    new SipEvent.AckReceived(
                            CallBench.DIALOG, answer == null ? null : CallBench.sdp(answer)));
            if (byeWaits) {
                call.signal.after(BYE_ROUND_TRIP, () -> end(SipEvent.Cause.BYE_SENT));
            }
        }
    }

    void peerBye() {
        if (confirmed) {
            end(SipEvent.Cause.BYE_RECEIVED);
        }
    }

    void reinvite(@Nullable String offer) {
        if (confirmed && !over && byes == 0 && !ackDue && reinvite == null && ours == null) {
            long id = ++lastReinvite;
            reinvite = id;
            unanswered.add(id);
            raise(
                    new SipEvent.ReinviteReceived(
                            new RequestId(id),
                            CallBench.DIALOG,
                            Invites.request(
                                    "INVITE",
                                    "sip:192.0.2.1",
                                    "<sip:alice@pbx.test>",
                                    offer == null ? "" : offer),
                            Invites.from("192.0.2.7")));
        }
    }

    void cancelReinvite() {
        Long pending = reinvite;
        if (pending != null && !over) {
            reinvite = null;
            unanswered.remove(pending);
            raise(
                    new SipEvent.InviteCancelled(
                            new RequestId(pending), CallBench.DIALOG, CallBench.request("CANCEL")));
        }
    }

    void respond(int status, @Nullable String answer) {
        Long tag = ours;
        if (tag != null && !over) {
            ours = null;
            raise(
                    new SipEvent.ResponseReceived(
                            CallBench.DIALOG,
                            tag,
                            status,
                            "",
                            answer == null ? null : CallBench.sdp(answer)));
        }
    }

    /** Whether what became of the call is what must become of every call; what is wrong. */
    List<String> faults() {
        List<String> wrong = new ArrayList<>(broken);
        expect(wrong, call.faults == 0, "a fault of the server");
        expect(wrong, call.switchboard.liveCount() == 0, "a call that lives");
        expect(wrong, call.switchboard.unsettledCount() == 0, "a record under way");
        expect(wrong, call.media.open.isEmpty(), "a leg whose ports are open");
        expect(wrong, call.media.openRooms == 0, "a room that holds its loop");
        expect(wrong, call.rooms.participantCount() == 0, "a seat that is taken");
        expect(wrong, call.rooms.roomCount() == 0, "a room that lives");
        expect(wrong, finals.size() == (cancelled ? 0 : 1), "final answers: " + finals);
        expect(wrong, byes <= 1, byes + " BYEs");
        expect(wrong, unanswered.isEmpty(), "re-INVITEs without an answer: " + unanswered);
        boolean seated = !call.media.asked.isEmpty();
        expect(wrong, call.ended.size() <= 1, "ended " + call.ended);
        expect(wrong, !seated || call.ended.size() == 1, "a seat and " + call.ended);
        if (!call.stored.isEmpty()) {
            expect(wrong, call.stored.getLast().endReason() != null, "a row without an end");
            expect(wrong, call.stored.getLast().endedAt() != null, "a row without its end's time");
        }
        boolean answered = !finals.isEmpty() && finals.getFirst() == 200;
        expect(wrong, !answered || !call.stored.isEmpty(), "answered without a row");
        return wrong;
    }

    private static void expect(List<String> wrong, boolean holds, String otherwise) {
        if (!holds) {
            wrong.add(otherwise);
        }
    }
}
