package dev.roomline.media.codec;

/** The codecs that this relay knows, with what SDP says of them (RFC 3551, RFC 7587). */
public enum AudioCodec {
    OPUS("opus", 48_000, 2, -1),
    /** Sampled at 16 kHz; that its clock says 8000 is a mistake kept for good (RFC 3551 §4.5.2). */
    G722("G722", 8_000, 1, 9),
    PCMU("PCMU", 8_000, 1, 0),
    PCMA("PCMA", 8_000, 1, 8);

    private final String encodingName;
    private final int clockRate;
    private final int channels;
    private final int staticPayloadType;

    AudioCodec(String encodingName, int clockRate, int channels, int staticPayloadType) {
        this.encodingName = encodingName;
        this.clockRate = clockRate;
        this.channels = channels;
        this.staticPayloadType = staticPayloadType;
    }

    /** As in {@code a=rtpmap}; compared without regard to case. */
    public String encodingName() {
        return encodingName;
    }

    /** The RTP clock in Hz. */
    public int clockRate() {
        return clockRate;
    }

    /** Channels as written in {@code a=rtpmap}; Opus always says 2. */
    public int channels() {
        return channels;
    }

    /** −1 where it is dynamic. */
    public int staticPayloadType() {
        return staticPayloadType;
    }
}
