package dev.roomline.media.leg;

import org.jspecify.annotations.Nullable;

/**
 * 20 ms of one voice at the rate that it came in: 160 samples at 8 kHz, or 320 at 16; for the
 * moment in which its codec changes, both. Owner: the room's media loop.
 */
public final class Voice {
    /** Samples of 20 ms at 8 kHz. */
    public static final int NARROW = 160;

    /** Samples of 20 ms at 16 kHz. */
    public static final int WIDE = 320;

    private short @Nullable [] narrow;
    private short @Nullable [] wide;

    /** Nothing is heard. */
    public void clear() {
        narrow = null;
        wide = null;
    }

    /**
     * This is heard, too.
     *
     * @param frame {@link #NARROW} or {@link #WIDE} samples; stays the caller's
     */
    public void add(short[] frame) {
        if (frame.length == NARROW) {
            narrow = frame;
        } else {
            wide = frame;
        }
    }

    /** Whether anything is heard. */
    public boolean sounds() {
        return narrow != null || wide != null;
    }

    /** What is heard at 8 kHz; null if nothing is. */
    public short @Nullable [] narrow() {
        return narrow;
    }

    /** What is heard at 16 kHz; null if nothing is. */
    public short @Nullable [] wide() {
        return wide;
    }
}
