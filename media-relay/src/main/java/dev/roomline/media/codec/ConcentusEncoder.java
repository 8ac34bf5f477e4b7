package dev.roomline.media.codec;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusBandwidth;
import io.github.jaredmdobson.concentus.OpusException;
import io.github.jaredmdobson.concentus.OpusSignal;

/** Mono to Opus in pure Java, where there is no libopus. It allocates. */
final class ConcentusEncoder implements OpusEncoder {
    private static final int MAX_PACKET = 1_276;

    private final io.github.jaredmdobson.concentus.OpusEncoder encoder;
    private final int sampleRate;

    ConcentusEncoder(OpusSettings settings) {
        sampleRate = settings.sampleRate();
        try {
            encoder =
                    new io.github.jaredmdobson.concentus.OpusEncoder(
                            sampleRate,
                            1,
                            settings.isTelephone()
                                    ? OpusApplication.OPUS_APPLICATION_AUDIO
                                    : OpusApplication.OPUS_APPLICATION_VOIP);
        } catch (OpusException fault) {
            throw new IllegalStateException("Concentus opened no encoder", fault);
        }
        encoder.setSignalType(OpusSignal.OPUS_SIGNAL_VOICE);
        encoder.setComplexity(settings.complexity());
        encoder.setBitrate(settings.bitrate());
        encoder.setUseInbandFEC(settings.fec());
        encoder.setPacketLossPercent(settings.expectedLossPercent());
        encoder.setUseDTX(settings.dtx());
    }

    @Override
    public int sampleRate() {
        return sampleRate;
    }

    @Override
    public int encode(short[] pcm, int offset, int samples, byte[] out, int at) {
        try {
            return encoder.encode(
                    pcm, offset, samples, out, at, Math.min(MAX_PACKET, out.length - at));
        } catch (OpusException fault) {
            throw new IllegalArgumentException(
                    "Concentus took no frame of " + samples + " samples", fault);
        }
    }

    @Override
    public void setExpectedLossPercent(int percent) {
        encoder.setPacketLossPercent(Math.clamp(percent, 0, 100));
    }

    @Override
    public void setFec(boolean fec) {
        encoder.setUseInbandFEC(fec);
    }

    @Override
    public void setBitrate(int bitsPerSecond) {
        encoder.setBitrate(bitsPerSecond);
    }

    @Override
    public void setPlaybackRate(int hertz) {
        encoder.setMaxBandwidth(
                switch (hertz) {
                    case 8_000 -> OpusBandwidth.OPUS_BANDWIDTH_NARROWBAND;
                    case 12_000 -> OpusBandwidth.OPUS_BANDWIDTH_MEDIUMBAND;
                    case 16_000 -> OpusBandwidth.OPUS_BANDWIDTH_WIDEBAND;
                    case 24_000 -> OpusBandwidth.OPUS_BANDWIDTH_SUPERWIDEBAND;
                    default -> OpusBandwidth.OPUS_BANDWIDTH_FULLBAND;
                });
    }

    @Override
    public void setConstantRate(boolean constant) {
        encoder.setUseVBR(!constant);
    }

    @Override
    public void setComplexity(int complexity) {
        encoder.setComplexity(complexity);
    }

    @Override
    public void reset() {
        encoder.resetState();
    }

    /** Concentus cannot copy its state: the fork is opened alike but begins cold. */
    @Override
    public OpusEncoder fork() {
        ConcentusEncoder forked =
                new ConcentusEncoder(
                        new OpusSettings(
                                sampleRate,
                                encoder.getComplexity(),
                                encoder.getBitrate(),
                                encoder.getUseInbandFEC(),
                                encoder.getPacketLossPercent(),
                                encoder.getUseDTX()));
        forked.encoder.setMaxBandwidth(encoder.getMaxBandwidth());
        forked.encoder.setUseVBR(encoder.getUseVBR());
        return forked;
    }

    @Override
    public void close() {}
}
