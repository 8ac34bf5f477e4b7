package dev.roomline.media.jitter;

/** What one 20 ms frame taken from a {@code JitterBuffer} is made of. */
public enum Playout {
    /** Decoded, perhaps stretched. */
    SPEECH,
    /** Made up for what was lost. */
    CONCEALED,
    /** Comfort noise between talk spurts (DTX, RFC 3389). */
    COMFORT_NOISE,
    /** Nothing has come for so long that nothing is played; the samples are zero. */
    SILENCE
}
