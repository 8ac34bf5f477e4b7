package dev.roomline.sip.transaction;

import static dev.roomline.sip.transaction.Action.LINGER_UNRELIABLE;
import static dev.roomline.sip.transaction.Action.SEND;
import static dev.roomline.sip.transaction.Action.SEND_AGAIN;
import static dev.roomline.sip.transaction.Action.TELL_TRANSPORT_FAILED;
import static dev.roomline.sip.transaction.State.COMPLETED;
import static dev.roomline.sip.transaction.State.PROCEEDING;
import static dev.roomline.sip.transaction.State.TERMINATED;
import static dev.roomline.sip.transaction.State.TRYING;
import static dev.roomline.sip.transaction.Step.go;

/**
 * The non-INVITE server transaction: RFC 3261 §17.2.2, figure 8. Timer J answers repetitions for
 * 64·T1.
 */
final class NonInviteServerMachine {
    private NonInviteServerMachine() {}

    static Step step(State state, Event event) {
        return switch (state) {
            case TRYING ->
                    switch (event) {
                        case PROVISIONAL -> go(PROCEEDING, SEND);
                        case SUCCESS, FAILURE -> go(COMPLETED, SEND, LINGER_UNRELIABLE);
                        case REQUEST_AGAIN,
                                ACK,
                                TRANSPORT_FAILED,
                                REPEAT_TIMER,
                                GIVE_UP_TIMER,
                                LINGER_TIMER ->
                                go(TRYING);
                    };
            case PROCEEDING ->
                    switch (event) {
                        case REQUEST_AGAIN -> go(PROCEEDING, SEND_AGAIN);
                        case PROVISIONAL -> go(PROCEEDING, SEND);
                        case SUCCESS, FAILURE -> go(COMPLETED, SEND, LINGER_UNRELIABLE);
                        case TRANSPORT_FAILED -> go(TERMINATED, TELL_TRANSPORT_FAILED);
                        case ACK, REPEAT_TIMER, GIVE_UP_TIMER, LINGER_TIMER -> go(PROCEEDING);
                    };
            case COMPLETED ->
                    switch (event) {
                        case REQUEST_AGAIN -> go(COMPLETED, SEND_AGAIN);
                        case TRANSPORT_FAILED -> go(TERMINATED, TELL_TRANSPORT_FAILED);
                        case LINGER_TIMER -> go(TERMINATED);
                        case ACK, PROVISIONAL, SUCCESS, FAILURE, REPEAT_TIMER, GIVE_UP_TIMER ->
                                go(COMPLETED);
                    };
            case CALLING, ACCEPTED, CONFIRMED, TERMINATED -> go(state);
        };
    }
}
