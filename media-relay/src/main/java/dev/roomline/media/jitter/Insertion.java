package dev.roomline.media.jitter;

/** What a {@link JitterBuffer} did with a packet: a closed set, counted by outcome. */
public enum Insertion {
    /** It will be played. */
    ACCEPTED,
    /** Its moment has passed; or it is far from the stream and a second such packet is awaited. */
    LATE,
    /** It is already here or has been played. */
    DUPLICATE,
    /** It is here, but older packets had to go to make room for it. */
    OVERFLOW,
    /** Empty, oversized, or no packet of the codec. */
    INVALID
}
