package dev.roomline.bridge.metrics;

import java.util.Locale;

/** Why a browser or program was not let into a room: a closed set. */
public enum JoinRefusal {
    UNKNOWN_CODE,
    TOO_FAST,
    ROOM_FULL,
    BAD_OFFER,
    DRAINING,
    OVERLOADED,
    /** The store or a media loop did not answer, or another node owns the room. */
    UNAVAILABLE;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
