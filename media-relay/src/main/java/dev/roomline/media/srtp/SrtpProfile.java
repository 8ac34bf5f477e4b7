package dev.roomline.media.srtp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * SRTP protection profiles that we serve: RFC 7714, RFC 5764 §4.1.2, RFC 4568 §6.2, RFC 6188. The
 * order is what DTLS prefers.
 */
public enum SrtpProfile {
    AEAD_AES_128_GCM("AEAD_AES_128_GCM", 0x0007, 16, 12, 0, 0),
    AEAD_AES_256_GCM("AEAD_AES_256_GCM", 0x0008, 32, 12, 0, 0),
    AES128_CM_HMAC_SHA1_80("AES_CM_128_HMAC_SHA1_80", 0x0001, 16, 14, 10, 10),
    AES128_CM_HMAC_SHA1_32("AES_CM_128_HMAC_SHA1_32", SrtpProfile.NEVER, 16, 14, 4, 10),
    AES256_CM_HMAC_SHA1_80("AES_256_CM_HMAC_SHA1_80", SrtpProfile.NEVER, 32, 14, 10, 10),
    AES256_CM_HMAC_SHA1_32("AES_256_CM_HMAC_SHA1_32", SrtpProfile.NEVER, 32, 14, 4, 10);

    /** DTLS has no number for it, or it is none that we would agree to there. */
    private static final int NEVER = -1;

    /** Of an AEAD, inside what is encrypted. */
    private static final int AEAD_TAG = 16;

    /** Encrypted flag and index of an SRTCP packet. */
    private static final int SRTCP_INDEX = 4;

    private final String suite;
    private final int dtlsValue;
    private final int keyLength;
    private final int saltLength;
    private final int rtpTag;
    private final int rtcpTag;

    SrtpProfile(
            String suite, int dtlsValue, int keyLength, int saltLength, int rtpTag, int rtcpTag) {
        this.suite = suite;
        this.dtlsValue = dtlsValue;
        this.keyLength = keyLength;
        this.saltLength = saltLength;
        this.rtpTag = rtpTag;
        this.rtcpTag = rtcpTag;
    }

    /** By its name in {@code a=crypto}; null: none of ours. */
    public static @Nullable SrtpProfile ofSuite(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        for (SrtpProfile profile : values()) {
            if (profile.suite.equals(upper)) {
                return profile;
            }
        }
        return null;
    }

    /** Its name in {@code a=crypto} (RFC 4568 §6.2). */
    public String suite() {
        return suite;
    }

    /** Whether DTLS may agree to it. */
    public boolean isForDtls() {
        return dtlsValue != NEVER;
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

    /** Whether one algorithm encrypts and authenticates (RFC 7714). */
    public boolean isAead() {
        return rtpTag == 0;
    }

    /** Octets of the tag at the very end of an RTP packet; 0 for an AEAD. */
    public int rtpTag() {
        return rtpTag;
    }

    /** Octets of the tag at the very end of an RTCP packet: the long one, also beside a short. */
    public int rtcpTag() {
        return rtcpTag;
    }

    /** Octets that protection adds to an RTP packet. */
    public int rtpOverhead() {
        return isAead() ? AEAD_TAG : rtpTag;
    }

    /** Octets that protection adds to an RTCP packet: tag and index. */
    public int rtcpOverhead() {
        return SRTCP_INDEX + (isAead() ? AEAD_TAG : rtcpTag);
    }
}
