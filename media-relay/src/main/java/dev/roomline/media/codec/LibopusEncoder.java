package dev.roomline.media.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Mono to Opus by libopus; its state and buffers live off-heap until closed. */
final class LibopusEncoder implements OpusEncoder {
    private static final int MAX_SAMPLES = 2_880;
    private static final int MAX_PACKET = 1_276;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(Libopus.encoderSize(), 16);
    private final MemorySegment packet = arena.allocate(MAX_PACKET);
    private final MemorySegment sound = arena.allocate(JAVA_SHORT, MAX_SAMPLES);
    private final int sampleRate;
    private boolean open = true;

    LibopusEncoder(OpusSettings settings) {
        this(settings, settings.isTelephone());
    }

    /**
     * @param isTelephone whether it is opened for what telephones say, whatever its rate
     */
    LibopusEncoder(OpusSettings settings, boolean isTelephone) {
        sampleRate = settings.sampleRate();
        Libopus.initEncoder(
                state,
                sampleRate,
                isTelephone ? Libopus.APPLICATION_AUDIO : Libopus.APPLICATION_VOIP);
        Libopus.setEncoder(state, Libopus.SET_SIGNAL, Libopus.SIGNAL_VOICE);
        Libopus.setEncoder(state, Libopus.SET_COMPLEXITY, settings.complexity());
        Libopus.setEncoder(state, Libopus.SET_BITRATE, settings.bitrate());
        Libopus.setEncoder(state, Libopus.SET_INBAND_FEC, settings.fec() ? 1 : 0);
        Libopus.setEncoder(state, Libopus.SET_PACKET_LOSS_PERC, settings.expectedLossPercent());
        Libopus.setEncoder(state, Libopus.SET_DTX, settings.dtx() ? 1 : 0);
    }

    private LibopusEncoder(LibopusEncoder origin) {
        sampleRate = origin.sampleRate;
        // the state is one block without pointers into itself, so its copy lives on alone
        state.copyFrom(origin.state);
    }

    @Override
    public int sampleRate() {
        return sampleRate;
    }

    @Override
    public int encode(short[] pcm, int offset, int samples, byte[] out, int at) {
        if (samples > MAX_SAMPLES) {
            throw new IllegalArgumentException("at most " + MAX_SAMPLES + " samples a frame");
        }
        MemorySegment.copy(pcm, offset, sound, JAVA_SHORT, 0, samples);
        int room = Math.min(MAX_PACKET, out.length - at);
        int octets = Libopus.encode(state, sound, samples, packet, room);
        if (octets < 0) {
            throw new IllegalArgumentException(
                    "libopus took no frame of " + samples + " samples: " + octets);
        }
        MemorySegment.copy(packet, JAVA_BYTE, 0, out, at, octets);
        return octets;
    }

    @Override
    public void setExpectedLossPercent(int percent) {
        Libopus.setEncoder(state, Libopus.SET_PACKET_LOSS_PERC, Math.clamp(percent, 0, 100));
    }

    @Override
    public void setFec(boolean fec) {
        Libopus.setEncoder(state, Libopus.SET_INBAND_FEC, fec ? 1 : 0);
    }

    @Override
    public void setBitrate(int bitsPerSecond) {
        Libopus.setEncoder(state, Libopus.SET_BITRATE, bitsPerSecond);
    }

    @Override
    public void setPlaybackRate(int hertz) {
        int bandwidth =
                switch (hertz) {
                    case 8_000 -> Libopus.BANDWIDTH_NARROW;
                    case 12_000 -> Libopus.BANDWIDTH_MEDIUM;
                    case 16_000 -> Libopus.BANDWIDTH_WIDE;
                    case 24_000 -> Libopus.BANDWIDTH_SUPERWIDE;
                    default -> Libopus.BANDWIDTH_FULL;
                };
        Libopus.setEncoder(state, Libopus.SET_MAX_BANDWIDTH, bandwidth);
    }

    @Override
    public void setConstantRate(boolean constant) {
        Libopus.setEncoder(state, Libopus.SET_VBR, constant ? 0 : 1);
    }

    @Override
    public void setComplexity(int complexity) {
        Libopus.setEncoder(state, Libopus.SET_COMPLEXITY, complexity);
    }

    @Override
    public void reset() {
        Libopus.resetEncoder(state);
    }

    @Override
    public OpusEncoder fork() {
        return new LibopusEncoder(this);
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            arena.close();
        }
    }
}
