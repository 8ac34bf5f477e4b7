package dev.roomline.sip.transaction;

import static dev.roomline.sip.transaction.Action.LINGER_PATIENCE;
import static dev.roomline.sip.transaction.Action.LINGER_UNRELIABLE;
import static dev.roomline.sip.transaction.Action.REPEAT;
import static dev.roomline.sip.transaction.Action.SEND_ACK;
import static dev.roomline.sip.transaction.Action.SEND_AGAIN;
import static dev.roomline.sip.transaction.Action.STOP_PATIENCE;
import static dev.roomline.sip.transaction.Action.STOP_REPEATING;
import static dev.roomline.sip.transaction.Action.TELL_TIMEOUT;
import static dev.roomline.sip.transaction.Action.TELL_TRANSPORT_FAILED;
import static dev.roomline.sip.transaction.Action.TO_USER;
import static dev.roomline.sip.transaction.State.ACCEPTED;
import static dev.roomline.sip.transaction.State.CALLING;
import static dev.roomline.sip.transaction.State.COMPLETED;
import static dev.roomline.sip.transaction.State.PROCEEDING;
import static dev.roomline.sip.transaction.State.TERMINATED;
import static dev.roomline.sip.transaction.Step.go;

/**
 * The INVITE client transaction: RFC 6026 §7.2, figure 6 (which replaces RFC 3261 figure 5).
 * Timers: A repeats, B gives up, D absorbs repeated 300–699, M hands up repeated 2xx.
 */
final class InviteClientMachine {
    private InviteClientMachine() {}

    static Step step(State state, Event event) {
        return switch (state) {
            case CALLING ->
                    switch (event) {
                        case PROVISIONAL -> go(PROCEEDING, STOP_REPEATING, STOP_PATIENCE, TO_USER);
                        case SUCCESS ->
                                go(
                                        ACCEPTED,
                                        STOP_REPEATING,
                                        STOP_PATIENCE,
                                        LINGER_PATIENCE,
                                        TO_USER);
                        case FAILURE ->
                                go(
                                        COMPLETED,
                                        STOP_REPEATING,
                                        STOP_PATIENCE,
                                        SEND_ACK,
                                        LINGER_UNRELIABLE,
                                        TO_USER);
                        case TRANSPORT_FAILED -> go(TERMINATED, TELL_TRANSPORT_FAILED);
                        case REPEAT_TIMER -> go(CALLING, SEND_AGAIN, REPEAT);
                        case GIVE_UP_TIMER -> go(TERMINATED, TELL_TIMEOUT);
                        case REQUEST_AGAIN, ACK, LINGER_TIMER -> go(CALLING);
                    };
            case PROCEEDING ->
                    switch (event) {
                        case PROVISIONAL -> go(PROCEEDING, TO_USER);
                        case SUCCESS -> go(ACCEPTED, LINGER_PATIENCE, TO_USER);
                        case FAILURE -> go(COMPLETED, SEND_ACK, LINGER_UNRELIABLE, TO_USER);
                        case REQUEST_AGAIN,
                                ACK,
                                TRANSPORT_FAILED,
                                REPEAT_TIMER,
                                GIVE_UP_TIMER,
                                LINGER_TIMER ->
                                go(PROCEEDING);
                    };
            case ACCEPTED ->
                    switch (event) {
                        case SUCCESS -> go(ACCEPTED, TO_USER);
                        case LINGER_TIMER -> go(TERMINATED);
                        case REQUEST_AGAIN,
                                ACK,
                                PROVISIONAL,
                                FAILURE,
                                TRANSPORT_FAILED,
                                REPEAT_TIMER,
                                GIVE_UP_TIMER ->
                                go(ACCEPTED);
                    };
            case COMPLETED ->
                    switch (event) {
                        case FAILURE -> go(COMPLETED, SEND_ACK);
                        case TRANSPORT_FAILED -> go(TERMINATED, TELL_TRANSPORT_FAILED);
                        case LINGER_TIMER -> go(TERMINATED);
                        case REQUEST_AGAIN,
                                ACK,
                                PROVISIONAL,
                                SUCCESS,
                                REPEAT_TIMER,
                                GIVE_UP_TIMER ->
                                go(COMPLETED);
                    };
            case TRYING, CONFIRMED, TERMINATED -> go(state);
        };
    }
}
