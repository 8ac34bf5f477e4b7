package dev.roomline.media.codec;

/** Counts what is decoded and encoded. */
public final class CountingCodecs extends Codecs {
    private int decodes;
    private int encodes;
    private int openDecoders;

    public CountingCodecs() {
        super(Codecs.load());
    }

    /** Packets decoded, and copies taken from packets. */
    public int decodes() {
        return decodes;
    }

    /** Frames encoded, by any codec. */
    public int encodes() {
        return encodes;
    }

    /** Decoders that were opened and not closed. */
    public int openDecoders() {
        return openDecoders;
    }

    @Override
    public AudioDecoder openDecoder(AudioCodec codec) {
        openDecoders++;
        return new Counted(super.openDecoder(codec));
    }

    @Override
    public OpusEncoder openOpusEncoder(OpusSettings settings) {
        return new CountedOpus(super.openOpusEncoder(settings));
    }

    @Override
    public AudioEncoder openG711Encoder(AudioCodec codec) {
        return new CountedEncoder(super.openG711Encoder(codec));
    }

    @Override
    public ForkingEncoder openG722Encoder() {
        return new CountedForking(super.openG722Encoder());
    }

    private final class Counted implements AudioDecoder {
        private final AudioDecoder decoder;

        Counted(AudioDecoder decoder) {
            this.decoder = decoder;
        }

        @Override
        public int sampleRate() {
            return decoder.sampleRate();
        }

        @Override
        public int decode(byte[] payload, int offset, int length, short[] pcm, int at) {
            decodes++;
            return decoder.decode(payload, offset, length, pcm, at);
        }

        @Override
        public boolean conceal(short[] pcm, int at, int samples) {
            return decoder.conceal(pcm, at, samples);
        }

        @Override
        public int decodeFec(
                byte[] nextPayload, int offset, int length, short[] pcm, int at, int samples) {
            decodes++;
            return decoder.decodeFec(nextPayload, offset, length, pcm, at, samples);
        }

        @Override
        public void reset() {
            decoder.reset();
        }

        @Override
        public void close() {
            openDecoders--;
            decoder.close();
        }
    }

    private class CountedEncoder implements AudioEncoder {
        private final AudioEncoder encoder;

        CountedEncoder(AudioEncoder encoder) {
            this.encoder = encoder;
        }

        @Override
        public int sampleRate() {
            return encoder.sampleRate();
        }

        @Override
        public int encode(short[] pcm, int offset, int samples, byte[] out, int at) {
            encodes++;
            return encoder.encode(pcm, offset, samples, out, at);
        }

        @Override
        public void close() {
            encoder.close();
        }
    }

    private final class CountedForking extends CountedEncoder implements ForkingEncoder {
        private final ForkingEncoder encoder;

        CountedForking(ForkingEncoder encoder) {
            super(encoder);
            this.encoder = encoder;
        }

        @Override
        public ForkingEncoder fork() {
            return new CountedForking(encoder.fork());
        }
    }

    private final class CountedOpus extends CountedEncoder implements OpusEncoder {
        private final OpusEncoder encoder;

        CountedOpus(OpusEncoder encoder) {
            super(encoder);
            this.encoder = encoder;
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
        public void setComplexity(int complexity) {
            encoder.setComplexity(complexity);
        }

        @Override
        public void setBitrate(int bitsPerSecond) {
            encoder.setBitrate(bitsPerSecond);
        }

        @Override
        public void setPlaybackRate(int hertz) {
            encoder.setPlaybackRate(hertz);
        }

        @Override
        public void setConstantRate(boolean constant) {
            encoder.setConstantRate(constant);
        }

        @Override
        public void reset() {
            encoder.reset();
        }

        @Override
        public OpusEncoder fork() {
            return new CountedOpus(encoder.fork());
        }
    }
}
