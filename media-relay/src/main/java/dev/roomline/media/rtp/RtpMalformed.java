package dev.roomline.media.rtp;

/** Why octets are no RTP packet (RFC 3550 §5.1, §A.1): a closed set, counted by reason. */
public enum RtpMalformed {
    /** Fewer than twelve octets. */
    TOO_SHORT,
    /** The version is not 2. */
    WRONG_VERSION,
    /** The CSRC list runs past the end. */
    CSRC_OVERRUN,
    /** The header extension runs past the end. */
    EXTENSION_OVERRUN,
    /** The padding count is zero or larger than what follows the header. */
    BAD_PADDING
}
