package dev.roomline.sip.transaction;

/** What a machine wants done at a step, in order. */
public enum Action {
    /** Send the message that the event brings, and keep it for repetitions. */
    SEND,
    /** Send the kept message again, if there is one. */
    SEND_AGAIN,
    /** INVITE client: acknowledge a 300–699 (§17.1.1.3). */
    SEND_ACK,
    /** Hand the response or the ACK to the user. */
    TO_USER,
    TELL_TIMEOUT,
    TELL_TRANSPORT_FAILED,
    /** Start or restart the repetition with its next interval; not on a reliable transport. */
    REPEAT,
    /** The same at an interval of T2 (§17.1.2.2, in Proceeding). */
    REPEAT_AT_T2,
    STOP_REPEATING,
    /** 64·T1 until giving up. */
    PATIENCE,
    STOP_PATIENCE,
    /** 64·T1 for stragglers, on every transport: timers L and M (RFC 6026). */
    LINGER_PATIENCE,
    /** 64·T1 for stragglers, nothing on a reliable transport: timers J and D. */
    LINGER_UNRELIABLE,
    /** T4 for stragglers, nothing on a reliable transport: timers I and K. */
    LINGER_T4
}
