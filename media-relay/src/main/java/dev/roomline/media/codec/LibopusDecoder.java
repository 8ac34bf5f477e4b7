package dev.roomline.media.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Opus to mono at 16 kHz by libopus; its state and buffers live off-heap until closed. */
final class LibopusDecoder implements AudioDecoder {
    private static final int RATE = 16_000;
    private static final int MAX_SAMPLES = RATE * 120 / 1_000;
    private static final int MAX_PACKET = 1_500;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(Libopus.decoderSize(), 16);
    private final MemorySegment packet = arena.allocate(MAX_PACKET);
    private final MemorySegment sound = arena.allocate(JAVA_SHORT, MAX_SAMPLES);
    private final OpusPacket view = new OpusPacket();
    private boolean open = true;

    LibopusDecoder() {
        Libopus.initDecoder(state, RATE);
    }

    @Override
    public int sampleRate() {
        return RATE;
    }

    @Override
    public int decode(byte[] payload, int offset, int length, short[] pcm, int at) {
        if (length > MAX_PACKET || !view.parse(payload, offset, length)) {
            return -1;
        }
        MemorySegment.copy(payload, offset, packet, JAVA_BYTE, 0, length);
        int room = Math.min(MAX_SAMPLES, pcm.length - at);
        int samples = Libopus.decode(state, packet, length, sound, room, 0);
        if (samples < 0) {
            return -1;
        }
        MemorySegment.copy(sound, JAVA_SHORT, 0, pcm, at, samples);
        return samples;
    }

    @Override
    public boolean conceal(short[] pcm, int at, int samples) {
        // libopus takes multiples of 2.5 ms; the rest of the last one is not heard
        int made = Math.min(MAX_SAMPLES, (samples + 39) / 40 * 40);
        int got = Libopus.decode(state, MemorySegment.NULL, 0, sound, made, 0);
        if (got < samples) {
            return false;
        }
        MemorySegment.copy(sound, JAVA_SHORT, 0, pcm, at, samples);
        return true;
    }

    @Override
    public int decodeFec(
            byte[] nextPayload, int offset, int length, short[] pcm, int at, int samples) {
        if (length > MAX_PACKET
                || samples % 40 != 0
                || samples > MAX_SAMPLES
                || !view.parse(nextPayload, offset, length)
                || !view.hasFec()) {
            return 0;
        }
        MemorySegment.copy(nextPayload, offset, packet, JAVA_BYTE, 0, length);
        int got = Libopus.decode(state, packet, length, sound, samples, 1);
        if (got <= 0) {
            return 0;
        }
        MemorySegment.copy(sound, JAVA_SHORT, 0, pcm, at, got);
        return got;
    }

    @Override
    public void reset() {
        Libopus.resetDecoder(state);
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            arena.close();
        }
    }
}
