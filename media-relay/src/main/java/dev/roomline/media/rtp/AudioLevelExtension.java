package dev.roomline.media.rtp;

/**
 * The one octet of the client-to-mixer audio level (RFC 6464 §3): a voice flag and the level below
 * overload.
 */
public final class AudioLevelExtension {
    /** The URI by which SDP negotiates it. */
    public static final String URI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

    /** Returned by {@link #read} if the packet carries none. */
    public static final int ABSENT = Integer.MIN_VALUE;

    private AudioLevelExtension() {}

    /**
     * @param levelDbov −127 to 0; clamped
     */
    public static byte encode(boolean voiced, int levelDbov) {
        int below = Math.clamp(-levelDbov, 0, 127);
        return (byte) ((voiced ? 0x80 : 0) | below);
    }

    /** The level in dBov, −127 to 0, or {@link #ABSENT}. */
    public static int read(RtpPacket packet, int id) {
        int at = packet.extension(id);
        return at < 0 || packet.extensionLength(id) < 1 ? ABSENT : -(packet.buffer()[at] & 0x7F);
    }

    /** The voice flag; false without the element. */
    public static boolean isVoiced(RtpPacket packet, int id) {
        int at = packet.extension(id);
        return at >= 0 && packet.extensionLength(id) >= 1 && (packet.buffer()[at] & 0x80) != 0;
    }
}
