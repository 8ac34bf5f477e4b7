package dev.roomline.sip.transaction;

/** States of all four machines, in the order in which they are passed. */
public enum State {
    /** INVITE client: sent, nothing heard. */
    CALLING,
    /** Non-INVITE client: sent, nothing heard. Non-INVITE server: nothing answered yet. */
    TRYING,
    /** A provisional response was received or sent; an INVITE server begins here. */
    PROCEEDING,
    /** A 2xx to an INVITE passed (RFC 6026): repetitions are absorbed or handed up. */
    ACCEPTED,
    /** A final response passed (of an INVITE: other than 2xx): repetitions are answered. */
    COMPLETED,
    /** INVITE server: the ACK came; more of them are absorbed. */
    CONFIRMED,
    /** Gone. */
    TERMINATED
}
