package dev.roomline.media.codec;

/**
 * Decodes one stream to mono at one fixed rate. Not thread-safe: owned by a leg's loop. Allocates
 * nothing per call.
 */
public interface AudioDecoder extends AutoCloseable {

    /** Samples per second of what it hands out: 8000 for G.711, 16000 for G.722 and Opus. */
    int sampleRate();

    /**
     * Decodes one packet.
     *
     * @return samples written to {@code pcm} from {@code at} on, or −1 if the payload is no valid
     *     packet of this codec (nothing is written then)
     */
    int decode(byte[] payload, int offset, int length, short[] pcm, int at);

    /**
     * Conceals {@code samples} samples of a lost packet by the codec's own means; false if it has
     * none (G.711, G.722).
     */
    boolean conceal(short[] pcm, int at, int samples);

    /**
     * Recovers the packet before this one from its in-band FEC; samples written, or 0 if it carries
     * none.
     */
    int decodeFec(byte[] nextPayload, int offset, int length, short[] pcm, int at, int samples);

    /** Forgets history: after an SSRC change or a long gap. */
    void reset();

    @Override
    void close();
}
