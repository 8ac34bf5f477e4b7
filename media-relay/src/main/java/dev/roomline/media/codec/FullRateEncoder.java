package dev.roomline.media.codec;

import dev.roomline.media.dsp.Upsampler;

/**
 * Opus coded at 48 kHz whatever the rate of the sound, which is brought there first; all of the
 * band may be coded. It makes nothing better: it is for benches, where another server codes at 48
 * kHz and cannot be told otherwise ({@link Codecs#FULL_RATE_PROPERTY}).
 */
final class FullRateEncoder implements OpusEncoder {
    private static final int FULL_HZ = 48_000;
    private static final int MAX_MILLIS = 60;

    private final int sampleRate;
    private final Upsampler upsampler;
    private final OpusEncoder encoder;
    private final short[] full = new short[FULL_HZ / 1_000 * MAX_MILLIS];

    /**
     * @param settings of the sound as it comes
     */
    FullRateEncoder(OpusSettings settings) {
        this(
                settings.sampleRate(),
                new Upsampler(FULL_HZ / settings.sampleRate()),
                new LibopusEncoder(
                        new OpusSettings(
                                FULL_HZ,
                                settings.complexity(),
                                settings.bitrate(),
                                settings.fec(),
                                settings.expectedLossPercent(),
                                settings.dtx()),
                        settings.isTelephone()));
    }

    private FullRateEncoder(int sampleRate, Upsampler upsampler, OpusEncoder encoder) {
        this.sampleRate = sampleRate;
        this.upsampler = upsampler;
        this.encoder = encoder;
    }

    @Override
    public int sampleRate() {
        return sampleRate;
    }

    @Override
    public int encode(short[] pcm, int offset, int samples, byte[] out, int at) {
        upsampler.process(pcm, offset, samples, full);
        return encoder.encode(full, 0, samples * (FULL_HZ / sampleRate), out, at);
    }

    @Override
    public void setExpectedLossPercent(int percent) {
        encoder.setExpectedLossPercent(percent);
    }

    @Override
    public void setFec(boolean fec) {
        encoder.setFec(fec);
    }

    @Override
    public void setBitrate(int bitsPerSecond) {
        encoder.setBitrate(bitsPerSecond);
    }

    /** Nothing is left out: the other server leaves nothing out, and that is what is compared. */
    @Override
    public void setPlaybackRate(int hertz) {}

    @Override
    public void setConstantRate(boolean constant) {
        encoder.setConstantRate(constant);
    }

    @Override
    public void setComplexity(int complexity) {
        encoder.setComplexity(complexity);
    }

    @Override
    public void reset() {
        upsampler.reset();
        encoder.reset();
    }

    @Override
    public OpusEncoder fork() {
        return new FullRateEncoder(sampleRate, upsampler.fork(), encoder.fork());
    }

    @Override
    public void close() {
        encoder.close();
    }
}
