package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEffect.Answering;
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
import java.util.List;

/**
 * The life of a call: state and event in, next state and effects out. Holds nothing, so that its
 * whole table can be printed and read.
 *
 * <pre>
 *  INVITE ─ SCREENING ─ SEATING ─ STORING ─┬─ CONFIRMING ──────────┬─ TALKING
 *             who, where   media    CDR    └─ OFFERED ─ ANSWERING ─┘
 *                                    200      ACK with an answer
 *
 *  order ── RECORDING ─ QUEUED ─ OFFERING ─ DIALING ── CONNECTING ─ TALKING
 *              CDR      pace,     media     INVITE,     2xx
 *                       address             early sound
 *  DIALING ─ UPDATE ─ EARLY_OFFER ─ DIALING
 *                       prepared
 *
 *  TALKING ─ re-INVITE ─ REOFFERING ─┬─ TALKING
 *                         prepared   └─ REOFFERED ─ REANSWERING ─ TALKING
 *                                 200   without offer: ACK with an answer
 *  TALKING ─ our hold ── PROPOSING ── PROPOSED ── REANSWERING ─ TALKING
 *                         prepared     our re-INVITE, its 2xx
 *
 *  before the 200: refuse, ENDED, or CANCEL, HANGING_UP, ENDED
 *  after it: BYE, HANGING_UP, ENDED
 * </pre>
 *
 * The steps of a call that we place, up to its answer, are {@link PlacingSteps}'; those by which a
 * running call changes what was agreed are {@link RenegotiationSteps}'.
 */
final class CallMachine {
    private CallMachine() {}

    enum State {
        /** Who calls, and which room is meant, is being found out; or by which way to call. */
        SCREENING,
        /** It has a seat in the room; its media is being made. */
        SEATING,
        /** Its first row is being stored. */
        STORING,
        /** We place it: its first row is being stored. */
        RECORDING,
        /** It waits for its trunk's turn, and for the carrier's address. */
        QUEUED,
        /** Our offer is being made. */
        OFFERING,
        /** The INVITE is out. */
        DIALING,
        /** The same, and a new description of the far end's early sound is prepared. */
        EARLY_OFFER,
        /** 200 sent with our answer; the ACK is awaited. */
        CONFIRMING,
        /** 200 sent with our offer; the ACK must bring the answer. */
        OFFERED,
        /** The answer from the ACK is being applied. */
        ANSWERING,
        /** The far end answered; its answer is being applied. */
        CONNECTING,
        /** Confirmed: sound flows. */
        TALKING,
        /** A new description is prepared, the peer's or ours; what was agreed runs on. */
        REOFFERING,
        /** 200 to a re-INVITE sent with our offer; the ACK must bring the answer. */
        REOFFERED,
        /** An offer for a re-INVITE of ours is prepared. */
        PROPOSING,
        /** Our re-INVITE is out. */
        PROPOSED,
        /** The answer to an offer of ours in the running call is being applied. */
        REANSWERING,
        /** BYE or CANCEL sent; the end of the dialog, or of the INVITE, is awaited. */
        HANGING_UP,
        ENDED
    }

    record Step(State next, List<CallEffect> effects) {
        Step {
            effects = List.copyOf(effects);
        }
    }

    static Step step(State state, CallEvent event) {
        return switch (state) {
            case SCREENING -> screening(event);
            case SEATING -> seating(event);
            case STORING -> storing(event);
            case RECORDING -> PlacingSteps.recording(event);
            case QUEUED -> PlacingSteps.queued(event);
            case OFFERING -> PlacingSteps.offering(event);
            case DIALING -> PlacingSteps.dialing(event);
            case EARLY_OFFER -> PlacingSteps.earlyOffer(event);
            case CONFIRMING -> confirming(event);
            case OFFERED -> offered(event);
            case ANSWERING -> answering(event);
            case CONNECTING -> PlacingSteps.connecting(event);
            case TALKING -> talking(event);
            case REOFFERING -> RenegotiationSteps.reoffering(event);
            case REOFFERED -> RenegotiationSteps.reoffered(event);
            case PROPOSING -> RenegotiationSteps.proposing(event);
            case PROPOSED -> RenegotiationSteps.proposed(event);
            case REANSWERING -> RenegotiationSteps.reanswering(event);
            case HANGING_UP -> hangingUp(event);
            case ENDED -> stay(State.ENDED);
        };
    }

    private static Step screening(CallEvent event) {
        return switch (event) {
            case Admitted _ -> to(State.SEATING, Answering.TAKE_SEAT);
            case CallEvent.Ordered _ -> to(State.RECORDING, Common.STORE);
            case Challenged _ -> to(State.ENDED, Answering.CHALLENGE);
            case TurnedAway _ -> to(State.ENDED, Common.REFUSE, Common.NOTE_REFUSAL);
            case Refused _ -> to(State.ENDED, Common.REFUSE, Common.RECORD);
            case SetupExpired _, HangUp _ -> to(State.ENDED, Common.REFUSE, Common.NOTE_REFUSAL);
            case Cancelled _, DialogOver _ -> to(State.ENDED, Common.NOTE_REFUSAL);
            case MediaReady _,
                    Stored _,
                    StoreFailed _,
                    Slow _,
                    Acked _,
                    AnswerTaken _,
                    AnswerRefused _,
                    Reinvited _,
                    OfferDue _,
                    ProposalReady _,
                    ProposalAnswered _,
                    ProposalFailed _,
                    ReofferReady _,
                    ReofferRefused _,
                    Placing _ ->
                    stay(State.SCREENING);
        };
    }

    private static Step seating(CallEvent event) {
        return event instanceof MediaReady
                ? to(State.STORING, Common.STORE)
                : unanswered(State.SEATING, event);
    }

    private static Step storing(CallEvent event) {
        return event instanceof Stored stored
                ? to(
                        stored.weOffer() ? State.OFFERED : State.CONFIRMING,
                        Answering.ANSWER,
                        Common.JOIN)
                : unanswered(State.STORING, event);
    }

    /** Seated, but no final response has left. */
    private static Step unanswered(State state, CallEvent event) {
        return switch (event) {
            case Slow _ -> to(state, Answering.RING);
            case Refused _, StoreFailed _, SetupExpired _, HangUp _ ->
                    to(State.ENDED, Common.LEAVE, Common.REFUSE, Common.RECORD);
            case Cancelled _, DialogOver _ -> to(State.ENDED, Common.LEAVE, Common.RECORD);
            case Admitted _,
                    Challenged _,
                    TurnedAway _,
                    MediaReady _,
                    Stored _,
                    Acked _,
                    AnswerTaken _,
                    AnswerRefused _,
                    Reinvited _,
                    OfferDue _,
                    ProposalReady _,
                    ProposalAnswered _,
                    ProposalFailed _,
                    ReofferReady _,
                    ReofferRefused _,
                    Placing _ ->
                    stay(state);
        };
    }

    private static Step confirming(CallEvent event) {
        return event instanceof Acked
                ? to(State.TALKING, Common.RELEASE_MEDIA)
                : answered(State.CONFIRMING, event);
    }

    private static Step offered(CallEvent event) {
        return event instanceof Acked
                ? to(State.ANSWERING, Common.TAKE_ANSWER)
                : answered(State.OFFERED, event);
    }

    private static Step answering(CallEvent event) {
        return event instanceof AnswerTaken
                ? to(State.TALKING, Common.RELEASE_MEDIA)
                : applying(State.ANSWERING, event);
    }

    private static Step talking(CallEvent event) {
        if (event instanceof OfferDue) {
            return to(State.PROPOSING, Common.PREPARE_OFFER);
        }
        return event instanceof Reinvited
                ? to(State.REOFFERING, Common.REOFFER)
                : answered(State.TALKING, event);
    }

    /**
     * An answer is being applied. To the peer that exchange is over, so that it may offer anew:
     * that waits until the answer holds (491 would say that ours is under way, RFC 3261 §14.2).
     */
    static Step applying(State state, CallEvent event) {
        if (event instanceof Reinvited) {
            return to(state, Common.KEEP_REINVITE);
        }
        // the core has answered it
        if (event instanceof Cancelled) {
            return to(state, Common.DROP_REINVITE);
        }
        return event instanceof HangUp || event instanceof AnswerRefused
                ? hangUpAmidReinvite()
                : answered(state, event);
    }

    /** §15.1.2: what is pending is answered before the dialog goes. */
    static Step hangUpAmidReinvite() {
        return to(
                State.HANGING_UP, Common.REFUSE_REINVITE, Common.BYE, Common.LEAVE, Common.RECORD);
    }

    /** A 200 has left: the call ends by BYE. */
    static Step answered(State state, CallEvent event) {
        return switch (event) {
            case HangUp _, AnswerRefused _ ->
                    to(State.HANGING_UP, Common.BYE, Common.LEAVE, Common.RECORD);
            case DialogOver _ -> to(State.ENDED, Common.LEAVE, Common.RECORD);
            // one offer at a time (RFC 3264 §4): 491
            case Reinvited _ -> to(state, Common.REFUSE_REINVITE);
            case Admitted _,
                    Challenged _,
                    TurnedAway _,
                    Refused _,
                    MediaReady _,
                    Stored _,
                    StoreFailed _,
                    Slow _,
                    SetupExpired _,
                    Cancelled _,
                    Acked _,
                    AnswerTaken _,
                    OfferDue _,
                    ProposalReady _,
                    ProposalAnswered _,
                    ProposalFailed _,
                    ReofferReady _,
                    ReofferRefused _,
                    Placing _ ->
                    stay(state);
        };
    }

    private static Step hangingUp(CallEvent event) {
        return switch (event) {
            case DialogOver _ -> stay(State.ENDED);
            case Reinvited _ -> to(State.HANGING_UP, Common.REFUSE_REINVITE);
            // the answer was on its way when we gave the call up
            case CallEvent.PickedUp _ -> to(State.HANGING_UP, Common.BYE);
            case Admitted _,
                    Challenged _,
                    TurnedAway _,
                    Refused _,
                    MediaReady _,
                    Stored _,
                    StoreFailed _,
                    Slow _,
                    SetupExpired _,
                    Cancelled _,
                    Acked _,
                    AnswerTaken _,
                    AnswerRefused _,
                    OfferDue _,
                    ProposalReady _,
                    ProposalAnswered _,
                    ProposalFailed _,
                    ReofferReady _,
                    ReofferRefused _,
                    Placing _,
                    HangUp _ ->
                    stay(State.HANGING_UP);
        };
    }

    static Step to(State next, CallEffect... effects) {
        return new Step(next, List.of(effects));
    }

    static Step stay(State state) {
        return new Step(state, List.of());
    }
}
