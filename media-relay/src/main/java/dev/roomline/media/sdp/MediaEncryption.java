package dev.roomline.media.sdp;

/** What is asked of a SIP leg's media. */
public enum MediaEncryption {
    /** Plain RTP alone. */
    DISABLE,
    /** Encrypted where the peer offers that; what we offer ourselves is plain. */
    ALLOW,
    /** The same, and what we offer ourselves may be answered either way (RFC 8643). */
    OFFER,
    /** Encrypted or not at all. */
    REQUIRE
}
