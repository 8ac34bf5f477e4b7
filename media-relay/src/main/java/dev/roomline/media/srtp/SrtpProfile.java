package dev.roomline.media.srtp;

/** SRTP protection profiles that we serve, most preferred first (RFC 7714, RFC 5764 §4.1.2). */
public enum SrtpProfile {
    AEAD_AES_128_GCM(0x0007, 16, 12, 16, 20),
    AES128_CM_HMAC_SHA1_80(0x0001, 16, 14, 10, 14);

    private final int dtlsValue;
    private final int keyLength;
    private final int saltLength;
    private final int rtpOverhead;
    private final int rtcpOverhead;

    SrtpProfile(int dtlsValue, int keyLength, int saltLength, int rtpOverhead, int rtcpOverhead) {
        this.dtlsValue = dtlsValue;
        this.keyLength = keyLength;
        this.saltLength = saltLength;
        this.rtpOverhead = rtpOverhead;
        this.rtcpOverhead = rtcpOverhead;
    }

    /** Its number in the use_srtp extension. */
    public int dtlsValue() {
        return dtlsValue;
    }

    /** Octets of the master key. */
    public int keyLength() {
        return keyLength;
    }

    /** Octets of the master salt. */
    public int saltLength() {
        return saltLength;
    }

    /** Octets that protection adds to an RTP packet. */
    public int rtpOverhead() {
        return rtpOverhead;
    }

    /** Octets that protection adds to an RTCP packet: tag and index. */
    public int rtcpOverhead() {
        return rtcpOverhead;
    }
}
