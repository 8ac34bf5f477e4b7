package dev.roomline.sip.transaction;

/** What happens to a transaction. Each machine ignores those that are not its own. */
public enum Event {
    /** Server: the request came again. */
    REQUEST_AGAIN,
    /** INVITE server: an ACK with the INVITE's branch. */
    ACK,
    /** Server: the user answers; client: the peer does. */
    PROVISIONAL,
    SUCCESS,
    /** 300–699. */
    FAILURE,
    TRANSPORT_FAILED,
    /** A or E in a client, G in a server: time to repeat. */
    REPEAT_TIMER,
    /** B or F in a client, H in a server: patience is over. */
    GIVE_UP_TIMER,
    /** D, K and M in a client; I, J and L in a server: no more stragglers. */
    LINGER_TIMER
}
