package dev.roomline.media.rtp;

/** The media identification of a bundled stream (RFC 9143 §15): compared, never decoded. */
public final class MidExtension {
    /** The URI by which SDP negotiates it. */
    public static final String URI = "urn:ietf:params:rtp-hdrext:sdes:mid";

    private MidExtension() {}

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
