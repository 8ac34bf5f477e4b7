package dev.roomline.system;

/** A codec as baresip names it, and the format of sound that it takes without resampling. */
enum Codec {
    PCMU("PCMU/8000/1", 8000, 1),
    PCMA("PCMA/8000/1", 8000, 1),
    /** Told by its sampling rate, not by its clock. */
    G722("G722/16000/1", 16_000, 1),
    OPUS("opus/48000/2", 48_000, 2);

    final String spelling;
    final int rateHz;
    final int channels;

    Codec(String spelling, int rateHz, int channels) {
        this.spelling = spelling;
        this.rateHz = rateHz;
        this.channels = channels;
    }
}
