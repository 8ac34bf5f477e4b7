package dev.roomline.media.jitter;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;

/**
 * Turns packets as the network brings them into an even flow of sound: {@link #insert} whenever one
 * comes, {@link #pull} every 20 ms. Owner: the media loop of the leg.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class JitterBuffer {
    /** Samples per {@link #pull}. */
    public static final int FRAME_SAMPLES = 320;

    /**
     * @param codec what the packets carry
     * @param decoder of that codec; stays the caller's to close
     */
    public JitterBuffer(AudioCodec codec, AudioDecoder decoder) {
        throw new UnsupportedOperationException();
    }

    /**
     * The peer changed to another codec (payload type) of the same stream: what is buffered is
     * dropped, and the new one is faded in.
     */
    public void switchCodec(AudioCodec codec, AudioDecoder decoder) {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes one packet of the codec; the payload is copied. A new SSRC begins a new stream.
     *
     * @param timestamp in the codec's RTP clock
     */
    public Insertion insert(
            int ssrc,
            int sequence,
            int timestamp,
            boolean marker,
            byte[] payload,
            int offset,
            int length,
            long arrivalNanos) {
        throw new UnsupportedOperationException();
    }

    /** Takes a comfort noise packet (RFC 3389). */
    public Insertion insertComfortNoise(
            int ssrc,
            int sequence,
            int timestamp,
            byte[] payload,
            int offset,
            int length,
            long arrivalNanos) {
        throw new UnsupportedOperationException();
    }

    /**
     * Notes that this sequence number carried something that is no sound (telephone-event), so that
     * it is not counted lost and the pause is not concealed.
     */
    public void noteOther(int ssrc, int sequence) {
        throw new UnsupportedOperationException();
    }

    /**
     * Hands out the next 20 ms.
     *
     * @param pcm receives {@link #FRAME_SAMPLES} samples at 16 kHz
     */
    public Playout pull(long nowNanos, short[] pcm) {
        throw new UnsupportedOperationException();
    }

    /** The delay that it adds now, in milliseconds. */
    public int delayMillis() {
        throw new UnsupportedOperationException();
    }

    /** The figures so far; allocates. */
    public JitterReport report() {
        throw new UnsupportedOperationException();
    }

    /** Forgets the stream but not the figures: after hold, or when a slot gets another source. */
    public void reset() {
        throw new UnsupportedOperationException();
    }
}
