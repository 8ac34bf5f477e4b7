package dev.roomline.bridge.call;

import dev.roomline.bridge.store.RoomRow;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.message.SipRequest;
import dev.roomline.sip.refer.Referral;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What an application, or the phone itself, asks of a call while it is answered: keys, another far
 * end, another room, somebody else in the room. Owner: the signalling loop.
 */
final class Talk {
    final Keypad keypad;

    private final Call call;
    private final CallPorts ports;
    private final Transfers transfers;
    private final Moves moves;
    private final PhoneRefers refers;

    Talk(Call call) {
        this.call = call;
        ports = call.ports;
        keypad = new Keypad(ports.sip(), call.signal, text -> call.decided("dtmf", text));
        transfers =
                new Transfers(
                        ports.sip(),
                        call.signal,
                        step -> ports.watch().guarded(call, step),
                        this::transferred);
        moves = new Moves(call.signal, call::arrivedIn, this::moved);
        refers =
                new PhoneRefers(
                        new ReferLine(call), ports.sip(), call.signal, ports.limits().ring());
    }

    private static boolean isOn(Call one) {
        return one.answeredAt() != null && one.endedAt() == null;
    }

    /** Presses keys on the far end. */
    CompletionStage<LiveCalls.Pressing> press(String digits, int toneMillis, int gapMillis) {
        CallMedia sound = call.seated();
        DialogId in = call.dialog();
        if (sound == null || in == null || !isOn(call)) {
            return CompletableFuture.completedStage(LiveCalls.Pressing.NOT_TALKING);
        }
        return keypad.press(in, sound, digits, toneMillis, gapMillis)
                .thenApply(taken -> taken ? LiveCalls.Pressing.DONE : LiveCalls.Pressing.NOT_TAKEN);
    }

    /** A key came by INFO. */
    void informed(InfoDigit key, String contentType) {
        keypad.peerPressed(contentType);
        CallMedia sound = call.seated();
        if (sound != null) {
            sound.dtmf(key.digit(), key.durationMillis());
        }
    }

    /** Sends the far end to somebody else. */
    LiveCalls.Transferring transfer(String to) {
        DialogId in = call.dialog();
        Caller who = call.caller();
        if (in == null || who == null || !isOn(call)) {
            return new LiveCalls.Transferring.NotTalking();
        }
        if (transfers.isUnderWay()) {
            return new LiveCalls.Transferring.UnderWay();
        }
        return switch (ports.transfers().target(to, who)) {
            case TransferPlan.Target.Refused(CallEnd why) -> {
                call.decided("transfer", "an application's order was refused: " + why.text());
                yield new LiveCalls.Transferring.Refused(why);
            }
            case TransferPlan.Target.Named(String uri) ->
                    transfers.begin(in, to, uri, call.ourUri());
        };
    }

    /** Has its far end take our place in another call of ours. */
    LiveCalls.Transferring connect(Call other) {
        DialogId in = call.dialog();
        DialogId there = other.dialog();
        if (in == null || !isOn(call)) {
            return new LiveCalls.Transferring.NotTalking();
        }
        if (transfers.isUnderWay()) {
            return new LiveCalls.Transferring.UnderWay();
        }
        return there == null || !isOn(other) || other == call
                ? new LiveCalls.Transferring.Refused(
                        CallEnd.of(
                                EndReason.NOT_FOUND,
                                "The other call is not there, or not answered."))
                : transfers.connect(in, other.id, there, call.ourUri());
    }

    /** What happened of all its transfers, in order. */
    List<Transfer> transfers() {
        return transfers.steps();
    }

    /** A NOTIFY came. */
    void notified(RequestId request, SipRequest notify) {
        transfers.notified(request, notify);
    }

    private void transferred(Transfer step) {
        call.decided("transfer", step.text());
        ports.watch().transferred(call, step);
        if (step.phase() == Referral.Phase.TRANSFERRED) {
            call.on(
                    new CallEvent.HangUp(
                            CallEnd.of(
                                    EndReason.HANGUP_API,
                                    "The call was transferred: its new party answered.")));
        } else if (step.phase().isOver()) {
            record();
        }
    }

    /** Its phone asks by REFER that somebody be called. */
    void referred(RequestId request, SipRequest refer) {
        DialogId in = call.dialog();
        if (in == null || call.endedAt() != null) {
            ports.sip().command(new SipCommand.Respond(request, 481, null, List.of(), null));
        } else {
            refers.asked(request, in, refer);
        }
    }

    /** Brings it into another room. */
    CompletionStage<LiveCalls.Moving> move(RoomRow to, String userId) {
        CallMedia sound = call.seated();
        return sound == null || !isOn(call)
                ? CompletableFuture.completedStage(LiveCalls.Moving.NOT_TALKING)
                : moves.begin(sound, to, userId);
    }

    /** What happened of all its moves, in order. */
    List<Move> moves() {
        return moves.steps();
    }

    private void moved(Move step) {
        call.decided("room", step.text());
        ports.watch().moved(call, step);
        if (step.step() != Move.Step.INITIATED) {
            record();
        }
    }

    private void record() {
        if (call.endedAt() == null) {
            var _ =
                    call.records.put(
                            CallRecord.living(call, CallRows.state(call), call.answeredAt()));
        }
    }

    /**
     * The outcome of a request of ours in the dialog.
     *
     * @return false if that is none of these
     */
    boolean responded(SipEvent.ResponseReceived response) {
        return transfers.responded(response)
                || refers.responded(response)
                || keypad.responded(response);
    }

    /** The call has ended. */
    void end() {
        keypad.end();
        transfers.end();
        refers.end();
    }
}
