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
     * Whether all above 4 kHz is left out, for sound that has nothing there: half the work, and the
     * same to hear. It may change at any frame, without a jump.
     */
    void setNarrow(boolean narrow);

    /** Forgets history. */
    void reset();

    @Override
    OpusEncoder fork();
}
