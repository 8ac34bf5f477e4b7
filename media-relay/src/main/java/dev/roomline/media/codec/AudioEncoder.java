package dev.roomline.media.codec;

/**
 * Encodes mono at one fixed rate. Not thread-safe: owned by a room's loop. Allocates nothing per
 * call.
 */
public interface AudioEncoder extends AutoCloseable {

    /** Samples per second that it takes. */
    int sampleRate();

    /**
     * Encodes one frame of 20 ms.
     *
     * @return octets written to {@code out} from {@code at} on; 1 or 2 when Opus DTX says that
     *     nothing need be sent
     */
    int encode(short[] pcm, int offset, int samples, byte[] out, int at);

    @Override
    void close();
}
