package dev.roomline.media.room;

import dev.roomline.media.codec.OpusEncoder;
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
    @Nullable OpusEncoder opus;

    /**
     * What it says at the other rate than it hears, which few do: filtered as the sum is, so that
     * it can be taken away again.
     */
    @Nullable RateSum ownOther;

    /** Somebody else may be heard at 16 kHz. */
    boolean wide;

    /** Frames in a row that it did not contribute to. */
    int framesQuiet;

    /** Frames in a row in which there was nothing to hear. */
    int framesSilent;

    Listener(Hearer hearer) {
        this.hearer = hearer;
    }

    void close() {
        if (opus != null) {
            opus.close();
            opus = null;
        }
    }
}
