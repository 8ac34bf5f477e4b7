package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEffect.Common;
import dev.roomline.bridge.call.CallEvent.Acked;
import dev.roomline.bridge.call.CallEvent.Admitted;
import dev.roomline.bridge.call.CallEvent.AnswerRefused;
import dev.roomline.bridge.call.CallEvent.AnswerTaken;
import dev.roomline.bridge.call.CallEvent.Cancelled;
import dev.roomline.bridge.call.CallEvent.Challenged;
import dev.roomline.bridge.call.CallEvent.DialogOver;
import dev.roomline.bridge.call.CallEvent.HangUp;
import dev.roomline.bridge.call.CallEvent.MediaReady;
import dev.roomline.bridge.call.CallEvent.OfferDue;
import dev.roomline.bridge.call.CallEvent.Placing;
import dev.roomline.bridge.call.CallEvent.ProposalAnswered;
import dev.roomline.bridge.call.CallEvent.ProposalFailed;
import dev.roomline.bridge.call.CallEvent.ProposalReady;
import dev.roomline.bridge.call.CallEvent.Refused;
import dev.roomline.bridge.call.CallEvent.Reinvited;
import dev.roomline.bridge.call.CallEvent.ReofferReady;
import dev.roomline.bridge.call.CallEvent.ReofferRefused;
import dev.roomline.bridge.call.CallEvent.SetupExpired;
import dev.roomline.bridge.call.CallEvent.Slow;
import dev.roomline.bridge.call.CallEvent.StoreFailed;
import dev.roomline.bridge.call.CallEvent.Stored;
import dev.roomline.bridge.call.CallEvent.TurnedAway;
import dev.roomline.bridge.call.CallMachine.State;
import dev.roomline.bridge.call.CallMachine.Step;

/**
 * The part of {@link CallMachine} in which a running call changes what was agreed: the peer's
 * re-INVITEs and ours (RFC 3261 §14, RFC 3264 §8). Until an answer holds, nothing has changed.
 * Holds nothing.
 */
final class RenegotiationSteps {
    private RenegotiationSteps() {}

    static Step reoffering(CallEvent event) {
        return switch (event) {
            case ReofferReady ready ->
                    CallMachine.to(
                            ready.weOffer() ? State.REOFFERED : State.TALKING,
                            Common.ANSWER_REINVITE);
            case ReofferRefused _ -> CallMachine.to(State.TALKING, Common.REFUSE_REINVITE);
            // the re-INVITE was cancelled: the core has answered it
            case Cancelled _ -> CallMachine.to(State.TALKING, Common.ABANDON);
            case HangUp _ -> CallMachine.hangUpAmidReinvite();
            case Admitted _,
                    Challenged _,
                    TurnedAway _,
                    Refused _,
                    MediaReady _,
                    Stored _,
                    StoreFailed _,
                    Slow _,
                    SetupExpired _,
                    Acked _,
                    AnswerTaken _,
                    AnswerRefused _,
                    Reinvited _,
                    OfferDue _,
                    ProposalReady _,
                    ProposalAnswered _,
                    ProposalFailed _,
                    Placing _,
                    DialogOver _ ->
                    CallMachine.answered(State.REOFFERING, event);
        };
    }

    static Step reoffered(CallEvent event) {
        if (event instanceof Acked(byte[] answer)) {
            // an offer that is not answered changes nothing
            return answer == null
                    ? CallMachine.to(State.TALKING, Common.ABANDON)
                    : CallMachine.to(State.REANSWERING, Common.TAKE_ANSWER);
        }
        return CallMachine.answered(State.REOFFERED, event);
    }

    static Step proposing(CallEvent event) {
        if (event instanceof Reinvited) {
            // ours has not left: theirs goes first
            return CallMachine.to(State.REOFFERING, Common.ABANDON, Common.REOFFER);
        }
        return event instanceof ProposalReady
                ? CallMachine.to(State.PROPOSED, Common.PROPOSE)
                : unsettled(State.PROPOSING, event);
    }

    static Step proposed(CallEvent event) {
        return event instanceof ProposalAnswered
                ? CallMachine.to(State.REANSWERING, Common.TAKE_ANSWER)
                : unsettled(State.PROPOSED, event);
    }

    static Step reanswering(CallEvent event) {
        if (event instanceof AnswerTaken) {
            return CallMachine.to(State.TALKING);
        }
        return event instanceof ProposalFailed
                ? CallMachine.to(State.TALKING, Common.ABANDON)
                : CallMachine.applying(State.REANSWERING, event);
    }

    /** An offer of ours is not agreed yet: without it the call goes on. */
    private static Step unsettled(State state, CallEvent event) {
        return event instanceof ProposalFailed
                ? CallMachine.to(State.TALKING, Common.ABANDON)
                : CallMachine.answered(state, event);
    }
}
