package dev.roomline.media.codec;

/**
 * Opens codec states. Made once at start by {@link #load}; safe to share among loops, while what it
 * opens belongs to one.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Codecs {
    private Codecs() {}

    /** Binds libopus if this machine has it, else Concentus, with one line in the log. */
    public static Codecs load() {
        return new Codecs();
    }

    /** Which Opus is in use: {@code libopus 1.3.1}, or {@code Concentus}. */
    public String opusVersion() {
        throw new UnsupportedOperationException();
    }

    /** Whether the native library is in use. */
    public boolean isNative() {
        throw new UnsupportedOperationException();
    }

    /** A decoder to 8 kHz for G.711, to 16 kHz for Opus. */
    public AudioDecoder openDecoder(AudioCodec codec) {
        throw new UnsupportedOperationException();
    }

    /** An Opus encoder. */
    public OpusEncoder openOpusEncoder(OpusSettings settings) {
        throw new UnsupportedOperationException();
    }

    /** A G.711 encoder (stateless, 8 kHz): PCMU or PCMA. */
    public AudioEncoder openG711Encoder(AudioCodec codec) {
        throw new UnsupportedOperationException();
    }
}
