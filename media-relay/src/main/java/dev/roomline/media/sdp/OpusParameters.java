package dev.roomline.media.sdp;

/**
 * What a peer's {@code a=fmtp} says about the Opus it wants to receive (RFC 7587 §6.1).
 *
 * @param inbandFec whether it can make use of in-band FEC
 * @param dtx whether it likes discontinuous transmission
 * @param stereo whether it prefers to receive stereo
 * @param maxPlaybackRate Hz it can render: 8000 to 48000
 * @param maxAverageBitrate bit/s it wants at most, 0: not said
 */
public record OpusParameters(
        boolean inbandFec,
        boolean dtx,
        boolean stereo,
        int maxPlaybackRate,
        int maxAverageBitrate) {

    /** What holds when nothing is said. */
    public static final OpusParameters DEFAULT = new OpusParameters(false, false, false, 48_000, 0);
}
