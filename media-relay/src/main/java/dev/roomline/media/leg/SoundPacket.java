package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusPacket;
import dev.roomline.media.dsp.Level;

/**
 * One packet's worth of sound, still encoded, on its way through a room: a view that is set anew
 * for each packet and valid only during the call that it is given to. Owner: the room's media loop.
 */
public final class SoundPacket {
    /** PCMU, PCMA and G.722 at 64 kbit/s: eight octets a millisecond. */
    private static final int TICKS_PER_OCTET = MediaClock.TICKS_PER_SECOND / 8_000;

    private AudioCodec codec = AudioCodec.OPUS;
    private long sequence;
    private long timestamp;
    private int levelDbov = Level.SILENCE;
    private byte[] octets = new byte[0];
    private int offset;
    private int length;

    /**
     * Sets it.
     *
     * @param packetSequence extended, of the source's numbering
     * @param packetTimestamp extended, in ticks of {@link MediaClock}
     * @param packetLevelDbov −127 to 0
     */
    public SoundPacket set(
            AudioCodec packetCodec,
            long packetSequence,
            long packetTimestamp,
            int packetLevelDbov,
            byte[] payload,
            int payloadOffset,
            int payloadLength) {
        codec = packetCodec;
        sequence = packetSequence;
        timestamp = packetTimestamp;
        levelDbov = packetLevelDbov;
        octets = payload;
        offset = payloadOffset;
        length = payloadLength;
        return this;
    }

    /** Sets it to 20 ms of silence, of no number. */
    public SoundPacket setSilence(AudioCodec silent) {
        byte[] silence = Silence.of(silent);
        return set(silent, 0, 0, Level.SILENCE, silence, 0, silence.length);
    }

    public AudioCodec codec() {
        return codec;
    }

    public long sequence() {
        return sequence;
    }

    /** In ticks of {@link MediaClock}. */
    public long timestamp() {
        return timestamp;
    }

    /** What it plays for, in ticks of {@link MediaClock}. */
    public int ticks() {
        return codec == AudioCodec.OPUS
                ? OpusPacket.samples48k(octets, offset, length)
                : length * TICKS_PER_OCTET;
    }

    public int levelDbov() {
        return levelDbov;
    }

    public byte[] octets() {
        return octets;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }
}
