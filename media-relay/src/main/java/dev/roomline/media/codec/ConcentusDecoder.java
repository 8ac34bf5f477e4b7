package dev.roomline.media.codec;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;

/** Opus to mono at 16 kHz in pure Java, where there is no libopus. It allocates. */
final class ConcentusDecoder implements AudioDecoder {
    private static final int RATE = 16_000;
    private static final int MAX_SAMPLES = RATE * 120 / 1_000;

    private final OpusDecoder decoder;
    private final OpusPacket view = new OpusPacket();
    private final short[] sound = new short[MAX_SAMPLES];

    ConcentusDecoder() {
        try {
            decoder = new OpusDecoder(RATE, 1);
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
        return view.parse(payload, offset, length)
                ? run(
                        payload,
                        offset,
                        length,
                        pcm,
                        at,
                        Math.min(MAX_SAMPLES, pcm.length - at),
                        false)
                : -1;
    }

    /** Into a buffer of its own first: a fault half-way leaves the caller's sound as it was. */
    @SuppressWarnings("NullAway") // Concentus takes null for "lost" but says so nowhere
    private int run(
            byte[] payload, int offset, int length, short[] pcm, int at, int samples, boolean fec) {
        try {
            byte[] data = length == 0 ? null : payload;
            int got = decoder.decode(data, offset, length, sound, 0, samples, fec);
            if (got > 0) {
                System.arraycopy(sound, 0, pcm, at, Math.min(got, samples));
            }
            return got;
        } catch (OpusException | RuntimeException malformed) {
            // its parser throws on what a peer sent, and index faults are among what it throws
            return -1;
        }
    }

    @Override
    public boolean conceal(short[] pcm, int at, int samples) {
        int made = Math.min(MAX_SAMPLES, (samples + 39) / 40 * 40);
        short[] target = made == samples ? pcm : new short[made];
        int got = run(new byte[0], 0, 0, target, made == samples ? at : 0, made, false);
        if (got < samples) {
            return false;
        }
        if (made != samples) {
            System.arraycopy(target, 0, pcm, at, samples);
        }
        return true;
    }

    @Override
    public int decodeFec(
            byte[] nextPayload, int offset, int length, short[] pcm, int at, int samples) {
        if (samples % 40 != 0
                || samples > MAX_SAMPLES
                || !view.parse(nextPayload, offset, length)
                || !view.hasFec()) {
            return 0;
        }
        return Math.max(0, run(nextPayload, offset, length, pcm, at, samples, true));
    }

    @Override
    public void reset() {
        decoder.resetState();
    }

    @Override
    public void close() {}
}
