package dev.roomline.media.srtp;

/**
 * SRTP and SRTCP with one peer (RFC 3711, RFC 7714), in place on arrays. Each method returns the
 * packet's new length, or a negative number that {@link SrtpFault#of} names. Owner: the media loop.
 */
@SuppressWarnings({"DoNotCallSuggester", "ObjectToString", "DoNotCall", "UnusedVariable"})
public final class SrtpSession implements AutoCloseable {

    /** Octets that must be free behind a packet that is to be protected. */
    public static final int TAIL_ROOM = 20;

    /** A session with keys from DTLS or SDES; {@code maxSsrcs} bounds each direction. */
    public SrtpSession(SrtpKeys keys, int maxSsrcs) {
        throw new UnsupportedOperationException("" + keys + maxSsrcs);
    }

    /** Chooses the AES implementation; once, at process start. Returns its name for the log. */
    public static String chooseCipher() {
        throw new UnsupportedOperationException();
    }

    /** Protects an RTP packet. The same SSRC and index is refused a second time. */
    public int protectRtp(byte[] bytes, int offset, int length) {
        throw new UnsupportedOperationException("" + bytes.length + offset + length);
    }

    /** Protects a compound RTCP packet. */
    public int protectRtcp(byte[] bytes, int offset, int length) {
        throw new UnsupportedOperationException("" + bytes.length + offset + length);
    }

    /** Authenticates and decrypts an RTP packet. On failure the array's content is undefined. */
    public int unprotectRtp(byte[] bytes, int offset, int length) {
        throw new UnsupportedOperationException("" + bytes.length + offset + length);
    }

    /** Authenticates and decrypts a compound RTCP packet. */
    public int unprotectRtcp(byte[] bytes, int offset, int length) {
        throw new UnsupportedOperationException("" + bytes.length + offset + length);
    }

    /** How often that happened in this session. */
    public long count(SrtpFault fault) {
        throw new UnsupportedOperationException("" + fault);
    }

    @Override
    public void close() {}
}
