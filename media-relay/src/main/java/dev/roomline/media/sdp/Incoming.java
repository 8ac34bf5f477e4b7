package dev.roomline.media.sdp;

import dev.roomline.media.codec.AudioCodec;
import org.jspecify.annotations.Nullable;

/**
 * What the payload types of a peer's RTP mean by one description.
 *
 * @param codec of the sound
 * @param payloadType of the sound
 * @param events the keys that are pressed; null: not negotiated
 * @param comfortNoise payload type of CN (RFC 3389), −1: not negotiated
 */
public record Incoming(
        AudioCodec codec, int payloadType, @Nullable TelephoneEvent events, int comfortNoise) {

    /** Whether this payload type is one of them. */
    public boolean has(int type) {
        return type == payloadType || isKey(type) || type == comfortNoise;
    }

    /** Whether this payload type is of pressed keys. */
    public boolean isKey(int type) {
        return events != null && events.payloadTypeReceived() == type;
    }

    /** Whether the sound is of the same codec and number. */
    public boolean sameSound(Incoming other) {
        return codec == other.codec && payloadType == other.payloadType;
    }
}
