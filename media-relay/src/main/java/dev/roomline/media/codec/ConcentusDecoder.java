package dev.roomline.media.codec;

import dev.roomline.media.dsp.Thirder;
import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;

/**
 * Opus to mono at 16 kHz in pure Java, where there is no libopus. It allocates. Concentus decodes
 * hybrid and CELT packets to zeros at every rate but 48 kHz (measured with 1.0.2), so it decodes
 * there and a filter brings the sound to 16 kHz.
 */
final class ConcentusDecoder implements AudioDecoder {
    private static final int RATE = 16_000;
    private static final int MAX_SAMPLES_48K = 5_760;

    private final OpusDecoder decoder;
    private final OpusPacket view = new OpusPacket();
    private final Thirder thirder = new Thirder();
    private final short[] wide = new short[MAX_SAMPLES_48K];

    ConcentusDecoder() {
        try {
            decoder = new OpusDecoder(48_000, 1);
        } catch (OpusException fault) {
            throw new IllegalStateException("Concentus opened no decoder", fault);
        }
    }

    @Override
    public int sampleRate() {
        return RATE;
    }

    @Override
    public int decode(byte[] payload, int offset, int length, short[] pcm, int at) {
        if (!view.parse(payload, offset, length)) {
            return -1;
        }
        int samples = view.samples48k();
        // 2.5 ms at 48 kHz are 120 samples, so every packet divides by three
        return samples / 3 > pcm.length - at
                ? -1
                : run(payload, offset, length, pcm, at, samples / 3, false);
    }

    /** Into a buffer of its own first: a fault half-way leaves the caller's sound as it was. */
    @SuppressWarnings("NullAway") // Concentus takes null for "lost" but says so nowhere
    private int run(
            byte[] payload, int offset, int length, short[] pcm, int at, int samples, boolean fec) {
        try {
            byte[] data = length == 0 ? null : payload;
            int made = (samples + 39) / 40 * 120;
            int got = decoder.decode(data, offset, length, wide, 0, made, fec);
            if (got < 3 * samples) {
                return -1;
            }
            thirder.process(wide, 0, 3 * samples, pcm, at);
            return samples;
        } catch (OpusException | RuntimeException malformed) {
            // its parser throws on what a peer sent, and index faults are among what it throws
            return -1;
        }
    }

    @Override
    public boolean conceal(short[] pcm, int at, int samples) {
        return samples <= MAX_SAMPLES_48K / 3
                && run(new byte[0], 0, 0, pcm, at, samples, false) == samples;
    }

    @Override
    public int decodeFec(
            byte[] nextPayload, int offset, int length, short[] pcm, int at, int samples) {
        if (samples % 40 != 0
                || samples > MAX_SAMPLES_48K / 3
                || !view.parse(nextPayload, offset, length)
                || !view.hasFec()) {
            return 0;
        }
        return Math.max(0, run(nextPayload, offset, length, pcm, at, samples, true));
    }

    @Override
    public void reset() {
        decoder.resetState();
        thirder.reset();
    }

    @Override
    public void close() {}
}
