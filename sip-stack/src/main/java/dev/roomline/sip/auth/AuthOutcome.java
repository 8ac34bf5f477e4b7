package dev.roomline.sip.auth;

/** What became of an attempt to authenticate. A closed set: a metric label. */
public enum AuthOutcome {
    /** The right response to a fresh nonce of ours. */
    ACCEPTED,
    /** No credentials for our realm: the usual first request. */
    NO_CREDENTIALS,
    /** A nonce of ours, but expired, or from before a restart, or forgotten. */
    STALE_NONCE,
    /** A nonce that we never gave to that network. */
    FOREIGN_NONCE,
    /** The right response, but its nonce count was used before (RFC 7616 §3.4). */
    REPLAYED,
    /** The account exists, the response does not fit. */
    WRONG_RESPONSE,
    /** No such account. */
    UNKNOWN_USER,
    /** Credentials that cannot be read. */
    MALFORMED,
    /** No qop, another qop than auth, or an algorithm that was not offered. */
    UNSUPPORTED,
    /** The third failure of one call. */
    TOO_MANY_FAILURES,
    /** The source failed too often of late; its credentials were not looked at. */
    BACKED_OFF
}
