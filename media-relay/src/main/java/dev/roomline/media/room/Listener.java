package dev.roomline.media.room;

import dev.roomline.media.codec.ForkingEncoder;
import dev.roomline.media.leg.Hearer;
import org.jspecify.annotations.Nullable;

/**
 * What one listener's own mix needs between ticks. While it contributes nothing it hears what all
 * such listeners hear, and has no encoder of its own. Owner: the room.
 */
final class Listener {
    /** Frames of unchanged silence after which the cached packet says the same. */
    static final int ENCODED_SILENCE_FRAMES = 5;

    final Hearer hearer;

    /** Its own; null while it shares the room's. */
    private @Nullable ForkingEncoder encoder;

    /** Where that is from, and what it shares without one; null before it heard anything. */
    private @Nullable SharedEncode heard;

    /**
     * What it says at the other rate than it hears, which few do: filtered as the sum is, so that
     * it can be taken away again.
     */
    @Nullable RateSum ownOther;

    /** Its decoder has heard other packets than ours: it gets a beginning of its own. */
    boolean beginsAnew;

    /** Somebody else may be heard at 16 kHz. */
    boolean wide;

    /** Frames in a row that it did not contribute to. */
    int framesQuiet;

    /** Frames in a row in which there was nothing to hear. */
    int framesSilent;

    Listener(Hearer hearer) {
        this.hearer = hearer;
    }

    /** Its own encoder; null while it shares. Of another codec it is of no use any more. */
    @Nullable ForkingEncoder encoder(SharedEncode of) {
        if (heard != of) {
            close();
        }
        return encoder;
    }

    /** Whether it has no encoder of its own. */
    boolean shares() {
        return encoder == null;
    }

    /** Whether it has heard anything of this yet. */
    boolean hasHeard(SharedEncode of) {
        return heard == of;
    }

    /** It hears this from now on: by an encoder of its own, or what all hear. */
    void hear(SharedEncode of, @Nullable ForkingEncoder own) {
        heard = of;
        encoder = own;
    }

    void close() {
        if (encoder != null) {
            encoder.close();
            encoder = null;
        }
        heard = null;
    }
}
