package dev.roomline.media.sdp;

/**
 * What a payload type means (RFC 8866 §6.6).
 *
 * @param payloadType 0 to 127
 * @param encoding as written; compared without regard to case
 * @param clockRate Hz
 * @param channels 1 where not written
 */
public record RtpMap(int payloadType, String encoding, int clockRate, int channels) {

    /** The attribute. */
    public Attribute attribute() {
        String value = payloadType + " " + encoding + "/" + clockRate;
        return Attribute.of("rtpmap", channels == 1 ? value : value + "/" + channels);
    }
}
