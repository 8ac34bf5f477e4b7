package dev.roomline.media.room;

import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.dsp.Halver;
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
    final Halver halver = new Halver();

    /** Its own; null while it shares the room's. */
    @Nullable OpusEncoder opus;

    /** Its last frame was made for it alone. */
    boolean apart;

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
