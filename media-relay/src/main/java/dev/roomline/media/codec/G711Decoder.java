package dev.roomline.media.codec;

/** PCMU and PCMA to 8 kHz: any octet is a sample, so only an empty payload is invalid. */
final class G711Decoder implements AudioDecoder {
    private final short[] linear;

    G711Decoder(AudioCodec law) {
        linear = G711.linear(law);
    }

    @Override
    public int sampleRate() {
        return 8_000;
    }

    @Override
    public int decode(byte[] payload, int offset, int length, short[] pcm, int at) {
        if (length <= 0 || length > pcm.length - at) {
            return -1;
        }
        for (int i = 0; i < length; i++) {
            pcm[at + i] = linear[payload[offset + i] & 0xFF];
        }
        return length;
    }

    @Override
    public boolean conceal(short[] pcm, int at, int samples) {
        return false;
    }

    @Override
    public int decodeFec(
            byte[] nextPayload, int offset, int length, short[] pcm, int at, int samples) {
        return 0;
    }

    @Override
    public void reset() {}

    @Override
    public void close() {}
}
