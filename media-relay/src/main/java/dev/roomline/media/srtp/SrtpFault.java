package dev.roomline.media.srtp;

/** Why a packet could not be protected or unprotected: a closed set, for counters. */
public enum SrtpFault {
    /** Its tag is wrong: forged, damaged or under another key. */
    NOT_AUTHENTIC(-1),
    /** It was there before, or is older than the window. */
    REPLAYED(-2),
    /** No RTP or RTCP packet, or no room behind it for the tag. */
    MALFORMED(-3),
    /** More SSRCs than one peer may use. */
    TOO_MANY_SSRCS(-4),
    /** The cipher failed. */
    CIPHER(-5);

    private final int result;

    SrtpFault(int result) {
        this.result = result;
    }

    /** The negative result that stands for it. */
    int result() {
        return result;
    }

    /** Of a negative result of {@link SrtpSession}. */
    public static SrtpFault of(int result) {
        for (SrtpFault fault : values()) {
            if (fault.result == result) {
                return fault;
            }
        }
        throw new IllegalArgumentException("no fault: " + result);
    }
}
