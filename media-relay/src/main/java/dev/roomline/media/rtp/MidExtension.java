package dev.roomline.media.rtp;

/** The media identification of a bundled stream (RFC 9143 §15): compared, never decoded. */
public final class MidExtension {
    /** The URI by which SDP negotiates it. */
    public static final String URI = "urn:ietf:params:rtp-hdrext:sdes:mid";

    /** What an element in the one-byte form holds (RFC 8285 §4.2). */
    private static final int MOST_OCTETS = 16;

    private MidExtension() {}

    /** Whether packets can bear it: ASCII (RFC 8866 §9, token) of a length that an element has. */
    public static boolean isBorne(String mid) {
        return !mid.isEmpty()
                && mid.length() <= MOST_OCTETS
                && mid.chars().allMatch(each -> each < 0x80);
    }

    /** Whether the packet carries this MID under this id. */
    public static boolean matches(RtpPacket packet, int id, byte[] mid) {
        int at = packet.extension(id);
        if (at < 0 || packet.extensionLength(id) != mid.length) {
            return false;
        }
        byte[] buffer = packet.buffer();
        for (int i = 0; i < mid.length; i++) {
            if (buffer[at + i] != mid[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the packet carries any MID. */
    public static boolean isPresent(RtpPacket packet, int id) {
        return packet.extensionLength(id) > 0;
    }
}
