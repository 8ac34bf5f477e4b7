package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusWishes;

/** Who is sent a mix. Owner: the room's media loop. */
public interface Hearer {
    /** What its mix is encoded with. */
    AudioCodec mixCodec();

    /** How it wants its mix where that is Opus. */
    OpusWishes opusWishes();

    /**
     * What share of its packets it is expected to lose, in percent: how much FEC is worth to it.
     */
    default int expectedLossPercent() {
        return 5;
    }

    /**
     * Sends 20 ms of mix, already encoded.
     *
     * @param levelDbov of the mix, for legs that are told it
     */
    void sendMix(byte[] payload, int offset, int length, int levelDbov);

    /** Sends the cached silence of its codec. */
    void sendSilence();

    /** Keys go to it as tones now: each 20 ms of its mix is to be handed to {@link #dial}. */
    default boolean dials() {
        return false;
    }

    /** Draws the tones of keys into 20 ms of its mix, before that is encoded. */
    default void dial(short[] pcm, int samples) {}
}
