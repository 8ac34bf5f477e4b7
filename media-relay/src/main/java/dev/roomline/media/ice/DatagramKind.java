package dev.roomline.media.ice;

/** What a datagram on a WebRTC port is, by its first octets (RFC 7983 §7, RFC 5761 §4). */
public enum DatagramKind {
    STUN,
    DTLS,
    RTP,
    RTCP,
    /** None of these, or too short for what it starts like. */
    OTHER;

    /** Looks at no more than two octets and the length. */
    public static DatagramKind of(byte[] bytes, int offset, int length) {
        if (length < 8) {
            return OTHER;
        }
        int first = bytes[offset] & 0xff;
        if (first <= 3) {
            return length >= 20 ? STUN : OTHER;
        }
        if (first >= 20 && first <= 63) {
            return length >= 13 ? DTLS : OTHER;
        }
        if (first >= 128 && first <= 191) {
            int second = bytes[offset + 1] & 0xff;
            if (second >= 192 && second <= 223) {
                return RTCP;
            }
            return length >= 12 ? RTP : OTHER;
        }
        return OTHER;
    }
}
