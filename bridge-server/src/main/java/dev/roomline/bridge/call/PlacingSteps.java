package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEffect.Common;
import dev.roomline.bridge.call.CallEffect.Placing;
import dev.roomline.bridge.call.CallEvent.DialogOver;
import dev.roomline.bridge.call.CallEvent.EarlyAnswer;
import dev.roomline.bridge.call.CallEvent.Ending;
import dev.roomline.bridge.call.CallEvent.MediaReady;
import dev.roomline.bridge.call.CallEvent.Moved;
import dev.roomline.bridge.call.CallEvent.NextWay;
import dev.roomline.bridge.call.CallEvent.PickedUp;
import dev.roomline.bridge.call.CallEvent.Rang;
import dev.roomline.bridge.call.CallEvent.Reinvited;
import dev.roomline.bridge.call.CallEvent.ReofferReady;
import dev.roomline.bridge.call.CallEvent.ReofferRefused;
import dev.roomline.bridge.call.CallEvent.Stored;
import dev.roomline.bridge.call.CallEvent.Turn;
import dev.roomline.bridge.call.CallMachine.State;
import dev.roomline.bridge.call.CallMachine.Step;

/**
 * The part of {@link CallMachine} in which a call that we place has not been answered. Whatever
 * else comes here says nothing yet: an event of another state of life is left alone.
 */
final class PlacingSteps {
    private PlacingSteps() {}

    static Step recording(CallEvent event) {
        return event instanceof Stored
                ? CallMachine.to(State.QUEUED, Placing.QUEUE)
                : unsent(State.RECORDING, event);
    }

    static Step queued(CallEvent event) {
        if (event instanceof Turn) {
            return CallMachine.to(State.OFFERING, Placing.OFFER);
        }
        return event instanceof NextWay
                ? CallMachine.to(State.QUEUED, Placing.QUEUE)
                : unsent(State.QUEUED, event);
    }

    static Step offering(CallEvent event) {
        return event instanceof MediaReady
                ? CallMachine.to(State.DIALING, Placing.DIAL)
                : unsent(State.OFFERING, event);
    }

    /** No INVITE has left: there is nothing to cancel. */
    private static Step unsent(State state, CallEvent event) {
        return event instanceof Ending
                ? CallMachine.to(State.ENDED, Common.LEAVE, Common.RECORD)
                : CallMachine.stay(state);
    }

    static Step dialing(CallEvent event) {
        if (event instanceof Rang) {
            return CallMachine.to(State.DIALING, Placing.TELL_RINGING);
        }
        if (event instanceof EarlyAnswer) {
            return CallMachine.to(State.DIALING, Placing.TAKE_EARLY);
        }
        if (event instanceof Reinvited) {
            return CallMachine.to(State.EARLY_OFFER, Common.REOFFER);
        }
        if (event instanceof PickedUp) {
            return CallMachine.to(State.CONNECTING, Placing.CONNECT);
        }
        if (event instanceof Turn) {
            return CallMachine.to(State.OFFERING, Placing.DROP_MEDIA, Placing.OFFER);
        }
        if (event instanceof Moved) {
            return CallMachine.to(State.QUEUED, Placing.DROP_MEDIA, Placing.SEEK);
        }
        if (event instanceof NextWay) {
            return CallMachine.to(State.QUEUED, Placing.DROP_MEDIA, Placing.QUEUE);
        }
        if (event instanceof DialogOver) {
            return CallMachine.to(State.ENDED, Common.LEAVE, Common.RECORD);
        }
        return event instanceof Ending
                ? CallMachine.to(State.HANGING_UP, Placing.CANCEL, Common.LEAVE, Common.RECORD)
                : CallMachine.stay(State.DIALING);
    }

    /** RFC 3311 §5.2: an UPDATE with an offer is being answered, before the INVITE is. */
    static Step earlyOffer(CallEvent event) {
        if (event instanceof ReofferReady) {
            return CallMachine.to(
                    State.DIALING, Common.ANSWER_REINVITE, Placing.HEAR_EARLY, Placing.GO_ON);
        }
        if (event instanceof ReofferRefused) {
            return CallMachine.to(State.DIALING, Common.REFUSE_REINVITE, Placing.GO_ON);
        }
        if (event instanceof PickedUp) {
            return CallMachine.to(State.EARLY_OFFER, Placing.KEEP_ANSWER);
        }
        if (event instanceof Rang) {
            return CallMachine.to(State.EARLY_OFFER, Placing.TELL_RINGING);
        }
        if (event instanceof Reinvited) {
            return CallMachine.to(State.EARLY_OFFER, Common.REFUSE_REINVITE);
        }
        if (event instanceof Moved) {
            return CallMachine.to(
                    State.QUEUED,
                    Common.REFUSE_REINVITE,
                    Common.ABANDON,
                    Placing.DROP_MEDIA,
                    Placing.SEEK);
        }
        // RFC 3261 §15.1.2: what is pending is answered before its dialog goes
        if (event instanceof DialogOver) {
            return CallMachine.to(State.ENDED, Common.REFUSE_REINVITE, Common.LEAVE, Common.RECORD);
        }
        return event instanceof Ending
                ? CallMachine.to(
                        State.HANGING_UP,
                        Common.REFUSE_REINVITE,
                        Placing.CANCEL,
                        Common.LEAVE,
                        Common.RECORD,
                        Placing.GO_ON)
                : CallMachine.stay(State.EARLY_OFFER);
    }

    static Step connecting(CallEvent event) {
        return event instanceof CallEvent.AnswerTaken
                ? CallMachine.to(State.TALKING, Common.RELEASE_MEDIA, Common.JOIN)
                : CallMachine.applying(State.CONNECTING, event);
    }
}
