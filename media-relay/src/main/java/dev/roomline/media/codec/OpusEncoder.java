package dev.roomline.media.codec;

/** An Opus encoder, whichever library is behind it. Owner: the loop of the room that opened it. */
public interface OpusEncoder extends ForkingEncoder {

    /** The loss that the receiver sees, 0 to 100: how much in-band FEC is worth. */
    void setExpectedLossPercent(int percent);

    /** Switches in-band FEC. */
    void setFec(boolean fec);

    /**
     * @param bitsPerSecond 6000 to 128000
     */
    void setBitrate(int bitsPerSecond);

    /**
     * What is above half of this rate is left out: for listeners that play no more, and for sound
     * that has nothing there, at half the work and the same to hear. It may change at any frame,
     * without a jump.
     *
     * @param hertz 8000, 12000, 16000, 24000 or 48000
     */
    void setPlaybackRate(int hertz);

    /** Whether every packet is of the same length (RFC 7587 §6.1, {@code cbr}). */
    void setConstantRate(boolean constant);

    /**
     * How hard it searches, from the next frame on and without a jump.
     *
     * @param complexity 0 to 10
     */
    void setComplexity(int complexity);

    /** Forgets history. */
    void reset();

    @Override
    OpusEncoder fork();
}
