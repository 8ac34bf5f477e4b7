package dev.roomline.media.jitter;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.dsp.Doubler;

/** A stream's codec: its RTP clock, and its decoder brought to 16 kHz. Owner: its Timeline. */
final class StreamDecoder {
    static final int PER_MILLI = 16;
    private static final long SECOND = 1_000_000_000L;

    private final Doubler doubler = new Doubler();
    private final short[] narrow = new short[PacketRing.MAX_PAYLOAD];
    private AudioCodec codec;
    private AudioDecoder decoder;

    StreamDecoder(AudioCodec codec, AudioDecoder decoder) {
        this.codec = codec;
        this.decoder = decoder;
    }

    void use(AudioCodec newCodec, AudioDecoder newDecoder) {
        codec = newCodec;
        decoder = newDecoder;
        doubler.reset();
    }

    boolean isOpus() {
        return codec == AudioCodec.OPUS;
    }

    AudioDecoder decoder() {
        return decoder;
    }

    /** What comes next does not continue what came last. */
    void interrupt() {
        doubler.reset();
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
        return Math.clamp(ticks * PER_MILLI * 1_000 / codec.clockRate(), -1 << 28, 1 << 28);
    }

    int ticksOfSamples(int samples) {
        return (int) ((long) samples * codec.clockRate() / (PER_MILLI * 1_000));
    }

    /** 20 ms. */
    int frameTicks() {
        return codec.clockRate() / 50;
    }

    /** Decodes a packet; samples written, or −1 if it is none. */
    int decode(byte[] payload, int length, short[] pcm, int at) {
        if (isOpus()) {
            return decoder.decode(payload, 0, length, pcm, at);
        }
        int samples = decoder.decode(payload, 0, length, narrow, 0);
        if (samples < 0) {
            return -1;
        }
        doubler.process(narrow, 0, samples, pcm, at);
        return 2 * samples;
    }
}
