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
     * Sends 20 ms of mix, already encoded.
     *
     * @param levelDbov of the mix, for legs that are told it
     */
    void sendMix(byte[] payload, int offset, int length, int levelDbov);

    /** Sends the cached silence of its codec. */
    void sendSilence();
}
