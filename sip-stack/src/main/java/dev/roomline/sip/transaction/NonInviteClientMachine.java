package dev.roomline.sip.transaction;

import static dev.roomline.sip.transaction.Action.LINGER_T4;
import static dev.roomline.sip.transaction.Action.REPEAT;
import static dev.roomline.sip.transaction.Action.REPEAT_AT_T2;
import static dev.roomline.sip.transaction.Action.SEND_AGAIN;
import static dev.roomline.sip.transaction.Action.STOP_PATIENCE;
import static dev.roomline.sip.transaction.Action.STOP_REPEATING;
import static dev.roomline.sip.transaction.Action.TELL_TIMEOUT;
import static dev.roomline.sip.transaction.Action.TELL_TRANSPORT_FAILED;
import static dev.roomline.sip.transaction.Action.TO_USER;
import static dev.roomline.sip.transaction.State.COMPLETED;
import static dev.roomline.sip.transaction.State.PROCEEDING;
import static dev.roomline.sip.transaction.State.TERMINATED;
import static dev.roomline.sip.transaction.State.TRYING;
import static dev.roomline.sip.transaction.Step.go;

/**
 * The non-INVITE client transaction: RFC 3261 §17.1.2, figure 6. Timers: E repeats, F gives up, K
 * absorbs repeated answers.
 */
final class NonInviteClientMachine {
    private NonInviteClientMachine() {}

    static Step step(State state, Event event) {
        return switch (state) {
            case TRYING, PROCEEDING ->
                    switch (event) {
                        case PROVISIONAL -> go(PROCEEDING, TO_USER);
                        case SUCCESS, FAILURE ->
                                go(COMPLETED, STOP_REPEATING, STOP_PATIENCE, LINGER_T4, TO_USER);
                        case TRANSPORT_FAILED -> go(TERMINATED, TELL_TRANSPORT_FAILED);
                        case REPEAT_TIMER ->
                                go(state, SEND_AGAIN, state == TRYING ? REPEAT : REPEAT_AT_T2);
                        case GIVE_UP_TIMER -> go(TERMINATED, TELL_TIMEOUT);
                        case REQUEST_AGAIN, ACK, LINGER_TIMER -> go(state);
                    };
            case COMPLETED ->
                    switch (event) {
                        case LINGER_TIMER -> go(TERMINATED);
                        case REQUEST_AGAIN,
                                ACK,
                                PROVISIONAL,
                                SUCCESS,
                                FAILURE,
                                TRANSPORT_FAILED,
                                REPEAT_TIMER,
                                GIVE_UP_TIMER ->
                                go(COMPLETED);
                    };
            case CALLING, ACCEPTED, CONFIRMED, TERMINATED -> go(state);
        };
    }
}
