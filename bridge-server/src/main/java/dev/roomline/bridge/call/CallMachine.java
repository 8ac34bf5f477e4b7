package dev.roomline.bridge.call;

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
 * The steps of a call that we place, up to its answer, are {@link PlacingSteps}'.
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

    /** What is to be done, in order; its particulars are the event's. */
    enum Effect {
        /** Answer with the challenge. */
        CHALLENGE,
        /** Take a seat in the room and make the media. */
        TAKE_SEAT,
        /** 180. */
        RING,
        /** Insert the call's first row. */
        STORE,
        /** Wait for the trunk's turn, and find the carrier. */
        QUEUE,
        /** Make our offer. */
        OFFER,
        /** Send the INVITE. */
        DIAL,
        /** Tell whoever waits that it rings. */
        TELL_RINGING,
        /** Apply an answer that came before the answer: its sound is heard. */
        TAKE_EARLY,
        /** The far end answered: note it, and apply what its 2xx says. */
        CONNECT,
        /** Close the media, which was made for another carrier; the seat is kept. */
        DROP_MEDIA,
        /** Give the INVITE up. */
        CANCEL,
        /** 200 with our description. */
        ANSWER,
        /** Show the participant as joined. */
        JOIN,
        /** Media may be sent to the peer from here on. */
        RELEASE_MEDIA,
        /** Apply the answer that the ACK brought. */
        TAKE_ANSWER,
        /** Prepare the answer to a new offer, or an offer of ours. */
        REOFFER,
        /** 200 to the re-INVITE; what it says holds, or awaits its answer. */
        ANSWER_REINVITE,
        /** Forget what was prepared or offered: all is as it was (RFC 3261 §14.1). */
        ABANDON,
        /** Prepare an offer for a re-INVITE of ours. */
        PREPARE_OFFER,
        /** Send our re-INVITE. */
        PROPOSE,
        /** Refuse the re-INVITE and stay as we were. */
        REFUSE_REINVITE,
        /** The final refusal of the INVITE. */
        REFUSE,
        /** BYE with its reason. */
        BYE,
        /** Close the media and give the seat back. */
        LEAVE,
        /** CDR, metrics, log line: how it ended. */
        RECORD,
        /** Note it among the refusals: it never was a call. */
        NOTE_REFUSAL
    }

    record Step(State next, List<Effect> effects) {
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
            case CONFIRMING -> confirming(event);
            case OFFERED -> offered(event);
            case ANSWERING -> answering(event);
            case CONNECTING -> PlacingSteps.connecting(event);
            case TALKING -> talking(event);
            case REOFFERING -> reoffering(event);
            case REOFFERED -> reoffered(event);
            case PROPOSING -> proposing(event);
            case PROPOSED -> proposed(event);
            case REANSWERING -> reanswering(event);
            case HANGING_UP -> hangingUp(event);
            case ENDED -> stay(State.ENDED);
        };
    }

    private static Step screening(CallEvent event) {
        return switch (event) {
            case Admitted _ -> to(State.SEATING, Effect.TAKE_SEAT);
            case CallEvent.Ordered _ -> to(State.RECORDING, Effect.STORE);
            case Challenged _ -> to(State.ENDED, Effect.CHALLENGE);
            case TurnedAway _ -> to(State.ENDED, Effect.REFUSE, Effect.NOTE_REFUSAL);
            case Refused _ -> to(State.ENDED, Effect.REFUSE, Effect.RECORD);
            case SetupExpired _, HangUp _ -> to(State.ENDED, Effect.REFUSE, Effect.NOTE_REFUSAL);
            case Cancelled _, DialogOver _ -> to(State.ENDED, Effect.NOTE_REFUSAL);
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
                ? to(State.STORING, Effect.STORE)
                : unanswered(State.SEATING, event);
    }

    private static Step storing(CallEvent event) {
        return event instanceof Stored stored
                ? to(
                        stored.weOffer() ? State.OFFERED : State.CONFIRMING,
                        Effect.ANSWER,
                        Effect.JOIN)
                : unanswered(State.STORING, event);
    }

    /** Seated, but no final response has left. */
    private static Step unanswered(State state, CallEvent event) {
        return switch (event) {
            case Slow _ -> to(state, Effect.RING);
            case Refused _, StoreFailed _, SetupExpired _, HangUp _ ->
                    to(State.ENDED, Effect.LEAVE, Effect.REFUSE, Effect.RECORD);
            case Cancelled _, DialogOver _ -> to(State.ENDED, Effect.LEAVE, Effect.RECORD);
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
                ? to(State.TALKING, Effect.RELEASE_MEDIA)
                : answered(State.CONFIRMING, event);
    }

    private static Step offered(CallEvent event) {
        return event instanceof Acked
                ? to(State.ANSWERING, Effect.TAKE_ANSWER)
                : answered(State.OFFERED, event);
    }

    private static Step answering(CallEvent event) {
        return event instanceof AnswerTaken
                ? to(State.TALKING, Effect.RELEASE_MEDIA)
                : answered(State.ANSWERING, event);
    }

    private static Step talking(CallEvent event) {
        if (event instanceof OfferDue) {
            return to(State.PROPOSING, Effect.PREPARE_OFFER);
        }
        return event instanceof Reinvited
                ? to(State.REOFFERING, Effect.REOFFER)
                : answered(State.TALKING, event);
    }

    private static Step reoffering(CallEvent event) {
        return switch (event) {
            case ReofferReady ready ->
                    to(ready.weOffer() ? State.REOFFERED : State.TALKING, Effect.ANSWER_REINVITE);
            case ReofferRefused _ -> to(State.TALKING, Effect.REFUSE_REINVITE);
            // the re-INVITE was cancelled: the core has answered it
            case Cancelled _ -> to(State.TALKING, Effect.ABANDON);
            // §15.1.2: what is pending is answered before the dialog goes
            case HangUp _ ->
                    to(
                            State.HANGING_UP,
                            Effect.REFUSE_REINVITE,
                            Effect.BYE,
                            Effect.LEAVE,
                            Effect.RECORD);
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
                    answered(State.REOFFERING, event);
        };
    }

    private static Step reoffered(CallEvent event) {
        if (event instanceof Acked(byte[] answer)) {
            // an offer that is not answered changes nothing
            return answer == null
                    ? to(State.TALKING, Effect.ABANDON)
                    : to(State.REANSWERING, Effect.TAKE_ANSWER);
        }
        return answered(State.REOFFERED, event);
    }

    private static Step proposing(CallEvent event) {
        if (event instanceof Reinvited) {
            // ours has not left: theirs goes first
            return to(State.REOFFERING, Effect.ABANDON, Effect.REOFFER);
        }
        return event instanceof ProposalReady
                ? to(State.PROPOSED, Effect.PROPOSE)
                : unsettled(State.PROPOSING, event);
    }

    private static Step proposed(CallEvent event) {
        return event instanceof ProposalAnswered
                ? to(State.REANSWERING, Effect.TAKE_ANSWER)
                : unsettled(State.PROPOSED, event);
    }

    private static Step reanswering(CallEvent event) {
        return event instanceof AnswerTaken
                ? to(State.TALKING)
                : unsettled(State.REANSWERING, event);
    }

    /** An offer of ours is not agreed yet: without it the call goes on. */
    private static Step unsettled(State state, CallEvent event) {
        return event instanceof ProposalFailed
                ? to(State.TALKING, Effect.ABANDON)
                : answered(state, event);
    }

    /** A 200 has left: the call ends by BYE. */
    static Step answered(State state, CallEvent event) {
        return switch (event) {
            case HangUp _, AnswerRefused _ ->
                    to(State.HANGING_UP, Effect.BYE, Effect.LEAVE, Effect.RECORD);
            case DialogOver _ -> to(State.ENDED, Effect.LEAVE, Effect.RECORD);
            // one offer at a time (RFC 3264 §4): 491
            case Reinvited _ -> to(state, Effect.REFUSE_REINVITE);
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
            case Reinvited _ -> to(State.HANGING_UP, Effect.REFUSE_REINVITE);
            // the answer was on its way when we gave the call up
            case CallEvent.PickedUp _ -> to(State.HANGING_UP, Effect.BYE);
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

    static Step to(State next, Effect... effects) {
        return new Step(next, List.of(effects));
    }

    static Step stay(State state) {
        return new Step(state, List.of());
    }
}
