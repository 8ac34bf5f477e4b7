package dev.roomline.media.rtcp;

/** Why a datagram is no RTCP compound packet (RFC 3550 §6.1, §A.2): counted by reason. */
public enum RtcpMalformed {
    /** Fewer than eight octets, or a header cut off. */
    TOO_SHORT,
    /** A version other than 2. */
    WRONG_VERSION,
    /** A packet type outside 192 to 223. */
    WRONG_TYPE,
    /** A length that runs past the end of the datagram. */
    LENGTH_OVERRUN,
    /** A packet whose counts do not fit its own length. */
    COUNT_OVERRUN,
    /** Padding that is zero, no multiple of four, too long, or not on the last packet. */
    BAD_PADDING
}
