package dev.roomline.media.rtp;

/** Tells RTP from RTCP on one port (RFC 5761 §4). */
public final class RtpDemux {
    private RtpDemux() {}

    /**
     * Whether a datagram whose first octet says version 2 is RTCP: packet types 192 to 223, which
     * are the RTP payload types 64 to 95 with the marker set and therefore never negotiated.
     */
    public static boolean isRtcp(byte[] data, int offset, int length) {
        if (length < 2) {
            return false;
        }
        int type = data[offset + 1] & 0xFF;
        return type >= 192 && type <= 223;
    }

    /** Whether the first octet is in the range of RTP and RTCP (RFC 7983 §7). */
    public static boolean isRtpOrRtcp(byte[] data, int offset, int length) {
        int first = length == 0 ? 0 : data[offset] & 0xFF;
        return first >= 128 && first <= 191;
    }
}
