package dev.roomline.media.codec;

/** 8 kHz to PCMU or PCMA. */
final class G711Encoder implements AudioEncoder {
    private final boolean mu;

    G711Encoder(AudioCodec law) {
        mu = law == AudioCodec.PCMU;
    }

    @Override
    public int sampleRate() {
        return 8_000;
    }

    @Override
    public int encode(short[] pcm, int offset, int samples, byte[] out, int at) {
        if (mu) {
            for (int i = 0; i < samples; i++) {
                out[at + i] = G711.encodeMu(pcm[offset + i]);
            }
        } else {
            for (int i = 0; i < samples; i++) {
                out[at + i] = G711.encodeA(pcm[offset + i]);
            }
        }
        return samples;
    }

    @Override
    public void close() {}
}
