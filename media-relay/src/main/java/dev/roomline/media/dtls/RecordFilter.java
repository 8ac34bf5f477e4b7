package dev.roomline.media.dtls;

/**
 * Looks at datagrams before the DTLS library does: whole records of known kinds, and handshake
 * messages that declare no more than an honest peer sends, since the library makes room for what is
 * declared (RFC 6347 §4.1, §4.2.2). Counts datagrams while a handshake lasts. Owner: the media
 * loop.
 */
final class RecordFilter {

    static final int MAX_HANDSHAKE_DATAGRAMS = 64;

    private static final int RECORD_HEADER = 13;
    private static final int HANDSHAKE_HEADER = 12;
    private static final int MAX_HANDSHAKE_OCTETS = 32 * 1024;
    private static final int MAX_DATAGRAM = 4096;
    private static final int MAX_RECORDS = 16;
    private static final int HANDSHAKE = 22;

    private static final int CLIENT_HELLO = 1;

    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int CERTIFICATE_VERIFY = 15;

    private int datagrams;
    private int verifyReceived;
    private boolean verified;

    /**
     * @param peerSigns it is a client; a server changes the cipher without a word before it
     */
    RecordFilter(boolean peerSigns) {
        verified = !peerSigns;
    }

    /** Whether there is room for one more datagram of a handshake. */
    boolean count() {
        return ++datagrams <= MAX_HANDSHAKE_DATAGRAMS;
    }

    /**
     * How much of a sound datagram may go to the library now: all of it, or what stands before a
     * change_cipher_spec that has overtaken the CertificateVerify. The library would switch to the
     * new epoch at once and never again look at the old one, so that a CertificateVerify lost on
     * the way could not be made good; the peer sends the whole flight again.
     */
    int inOrder(byte[] b, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end && !verified) {
            int type = b[at] & 0xff;
            int size = int16(b, at + 11);
            if (type == CHANGE_CIPHER_SPEC) {
                return at - offset;
            }
            if (type == HANDSHAKE && int16(b, at + 3) == 0) {
                noteVerify(b, at + RECORD_HEADER, size);
            }
            at += RECORD_HEADER + size;
        }
        return length;
    }

    private void noteVerify(byte[] b, int offset, int length) {
        int at = offset;
        while (at < offset + length) {
            int fragmentAt = int24(b, at + 6);
            int fragment = int24(b, at + 9);
            if (b[at] == CERTIFICATE_VERIFY && fragmentAt <= verifyReceived) {
                verifyReceived = Math.max(verifyReceived, fragmentAt + fragment);
                verified |= verifyReceived == int24(b, at + 1);
            }
            at += HANDSHAKE_HEADER + fragment;
        }
    }

    /** Whether a datagram begins a handshake: a ClientHello in clear, which is one message. */
    static boolean isHello(byte[] b, int offset, int length) {
        return isSound(b, offset, length)
                && (b[offset] & 0xff) == HANDSHAKE
                && int16(b, offset + 3) == 0
                && b[offset + RECORD_HEADER] == CLIENT_HELLO;
    }

    static boolean isSound(byte[] b, int offset, int length) {
        if (length < RECORD_HEADER || length > MAX_DATAGRAM) {
            return false;
        }
        int at = offset;
        int end = offset + length;
        for (int records = 0; at < end; records++) {
            if (records == MAX_RECORDS || end - at < RECORD_HEADER) {
                return false;
            }
            int type = b[at] & 0xff;
            int size = int16(b, at + 11);
            // change_cipher_spec, alert, handshake, application data; DTLS 1.0 and 1.2
            if (type < 20
                    || type > 23
                    || b[at + 1] != (byte) 0xfe
                    || size > end - at - RECORD_HEADER) {
                return false;
            }
            boolean clear = int16(b, at + 3) == 0;
            if (clear && type == HANDSHAKE && !soundHandshake(b, at + RECORD_HEADER, size)) {
                return false;
            }
            at += RECORD_HEADER + size;
        }
        return true;
    }

    /** Handshake messages in one clear record: fragments within what they declare. */
    private static boolean soundHandshake(byte[] b, int offset, int length) {
        int at = offset;
        int end = offset + length;
        do {
            if (end - at < HANDSHAKE_HEADER) {
                return false;
            }
            int declared = int24(b, at + 1);
            int fragmentAt = int24(b, at + 6);
            int fragment = int24(b, at + 9);
            if (declared > MAX_HANDSHAKE_OCTETS
                    || fragmentAt + fragment > declared
                    || fragment > end - at - HANDSHAKE_HEADER) {
                return false;
            }
            at += HANDSHAKE_HEADER + fragment;
        } while (at < end);
        return true;
    }

    private static int int16(byte[] b, int at) {
        return (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
    }

    private static int int24(byte[] b, int at) {
        return (b[at] & 0xff) << 16 | int16(b, at + 1);
    }
}
