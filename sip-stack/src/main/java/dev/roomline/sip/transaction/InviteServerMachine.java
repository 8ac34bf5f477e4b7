package dev.roomline.sip.transaction;

import static dev.roomline.sip.transaction.Action.LINGER_PATIENCE;
import static dev.roomline.sip.transaction.Action.LINGER_T4;
import static dev.roomline.sip.transaction.Action.PATIENCE;
import static dev.roomline.sip.transaction.Action.REPEAT;
import static dev.roomline.sip.transaction.Action.SEND;
import static dev.roomline.sip.transaction.Action.SEND_AGAIN;
import static dev.roomline.sip.transaction.Action.STOP_PATIENCE;
import static dev.roomline.sip.transaction.Action.STOP_REPEATING;
import static dev.roomline.sip.transaction.Action.TELL_TIMEOUT;
import static dev.roomline.sip.transaction.Action.TELL_TRANSPORT_FAILED;
import static dev.roomline.sip.transaction.Action.TO_USER;
import static dev.roomline.sip.transaction.State.ACCEPTED;
import static dev.roomline.sip.transaction.State.COMPLETED;
import static dev.roomline.sip.transaction.State.CONFIRMED;
import static dev.roomline.sip.transaction.State.PROCEEDING;
import static dev.roomline.sip.transaction.State.TERMINATED;
import static dev.roomline.sip.transaction.Step.go;

/**
 * The INVITE server transaction: RFC 6026 §7.1, figure 5 (which replaces RFC 3261 figure 7).
 * Timers: G repeats a 300–699, H waits for its ACK, I and L absorb stragglers.
 */
final class InviteServerMachine {
    private InviteServerMachine() {}

    static Step step(State state, Event event) {
        return switch (state) {
            case PROCEEDING ->
                    switch (event) {
                        case REQUEST_AGAIN -> go(PROCEEDING, SEND_AGAIN);
                        case PROVISIONAL -> go(PROCEEDING, SEND);
                        case SUCCESS -> go(ACCEPTED, SEND, LINGER_PATIENCE);
                        case FAILURE -> go(COMPLETED, SEND, REPEAT, PATIENCE);
                        case TRANSPORT_FAILED -> go(PROCEEDING, TELL_TRANSPORT_FAILED);
                        case ACK, REPEAT_TIMER, GIVE_UP_TIMER, LINGER_TIMER -> go(PROCEEDING);
                    };
            case ACCEPTED ->
                    switch (event) {
                        // the user repeats its 2xx itself until the ACK (§13.3.1.4)
                        case SUCCESS -> go(ACCEPTED, SEND);
                        case ACK -> go(ACCEPTED, TO_USER);
                        case TRANSPORT_FAILED -> go(ACCEPTED, TELL_TRANSPORT_FAILED);
                        case LINGER_TIMER -> go(TERMINATED);
                        case REQUEST_AGAIN, PROVISIONAL, FAILURE, REPEAT_TIMER, GIVE_UP_TIMER ->
                                go(ACCEPTED);
                    };
            case COMPLETED ->
                    switch (event) {
                        case REQUEST_AGAIN -> go(COMPLETED, SEND_AGAIN);
                        case ACK -> go(CONFIRMED, STOP_REPEATING, STOP_PATIENCE, LINGER_T4);
                        case REPEAT_TIMER -> go(COMPLETED, SEND_AGAIN, REPEAT);
                        case GIVE_UP_TIMER -> go(TERMINATED, TELL_TIMEOUT);
                        case TRANSPORT_FAILED -> go(COMPLETED, TELL_TRANSPORT_FAILED);
                        case PROVISIONAL, SUCCESS, FAILURE, LINGER_TIMER -> go(COMPLETED);
                    };
            case CONFIRMED ->
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
                                go(CONFIRMED);
                    };
            case CALLING, TRYING, TERMINATED -> go(state);
        };
    }
}
