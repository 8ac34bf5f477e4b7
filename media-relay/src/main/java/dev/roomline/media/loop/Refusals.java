package dev.roomline.media.loop;

import dev.roomline.media.sdp.SdpRefusal;

/** Maps negotiation's refusals to the relay's own. */
final class Refusals {
    private Refusals() {}

    static MediaRoom.Refusal of(SdpRefusal reason) {
        return switch (reason) {
            case MALFORMED -> MediaRoom.Refusal.MALFORMED_SDP;
            case NO_AUDIO_LINE -> MediaRoom.Refusal.NO_AUDIO_LINE;
            case NO_COMMON_CODEC -> MediaRoom.Refusal.NO_COMMON_CODEC;
            case ENCRYPTION_REQUIRED -> MediaRoom.Refusal.ENCRYPTION_REQUIRED;
            case ENCRYPTION_NOT_OFFERED -> MediaRoom.Refusal.ENCRYPTION_NOT_OFFERED;
            case UNSUPPORTED -> MediaRoom.Refusal.UNSUPPORTED_OFFER;
        };
    }
}
