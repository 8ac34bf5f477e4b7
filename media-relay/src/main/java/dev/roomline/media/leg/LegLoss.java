package dev.roomline.media.leg;

/** Why a leg's media ended by itself: a closed set. */
public enum LegLoss {
    /** Neither RTP nor RTCP for the silence time-out. */
    MEDIA_TIMEOUT,
    /** No authenticated STUN check within 30 s (RFC 7675). */
    CONSENT_EXPIRED,
    /** The DTLS handshake failed, timed out, or showed another certificate. */
    DTLS_FAILED,
    /** The peer closed DTLS. */
    DTLS_CLOSED,
    /** The peer's media port answers "port unreachable". */
    PORT_CLOSED,
    /** A bug of ours. */
    FAULT
}
