package dev.roomline.media.jitter;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;

/** A stream's codec: its RTP clock, and its decoder. Owner: its Timeline. */
final class StreamDecoder {
    private static final long SECOND = 1_000_000_000L;

    /** Samples per millisecond: 8 for G.711, 16 for G.722 and Opus. */
    final int perMilli;

    private AudioCodec codec;
    private AudioDecoder decoder;

    StreamDecoder(AudioCodec codec, AudioDecoder decoder) {
        this.codec = codec;
        this.decoder = decoder;
        perMilli = decoder.sampleRate() / 1_000;
    }

    /** Goes on with another codec of the same rate. */
    void use(AudioCodec newCodec, AudioDecoder newDecoder) {
        codec = newCodec;
        decoder = newDecoder;
    }

    boolean isOpus() {
        return codec == AudioCodec.OPUS;
    }

    AudioDecoder decoder() {
        return decoder;
    }

    /** Ticks of the RTP clock in nanoseconds; no product here overflows in a century. */
    long nanosOf(long ticks) {
        int rate = codec.clockRate();
        return ticks / rate * SECOND + ticks % rate * SECOND / rate;
    }

    /** Nanoseconds in ticks of the RTP clock. */
    long ticksOf(long nanos) {
        return nanos / SECOND * codec.clockRate() + nanos % SECOND * codec.clockRate() / SECOND;
    }

    int samplesOf(long ticks) {
        return Math.clamp(ticks * perMilli * 1_000 / codec.clockRate(), -1 << 28, 1 << 28);
    }

    int ticksOfSamples(int samples) {
        return (int) ((long) samples * codec.clockRate() / (perMilli * 1_000L));
    }

    /** 20 ms. */
    int frameTicks() {
        return codec.clockRate() / 50;
    }

    /** The most that a packet decodes to: an octet each sample at 8 kHz, or 120 ms of Opus. */
    int mostSamples() {
        return PacketRing.MAX_PAYLOAD * perMilli / 8;
    }

    /** Decodes a packet; samples written, or −1 if it is none. */
    int decode(byte[] payload, int length, short[] pcm, int at) {
        return decoder.decode(payload, 0, length, pcm, at);
    }
}
