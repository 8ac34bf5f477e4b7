package dev.roomline.media.codec;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens codec states. Made once at start by {@link #load}; safe to share among loops. What it opens
 * belongs to the loop that opened it: a native state may be used and closed by that thread alone.
 */
public class Codecs {
    /** For benches alone: {@code true} has all Opus coded at 48 kHz, {@link FullRateEncoder}. */
    static final String FULL_RATE_PROPERTY = "roomline.bench.opus_48khz";

    private static final Logger LOG = LoggerFactory.getLogger(Codecs.class);

    private final boolean isNative;
    private final boolean fullRate;
    private final String opusVersion;

    /** The same library, for one who counts what it opens. */
    protected Codecs(Codecs same) {
        this(same.isNative, same.fullRate);
    }

    private Codecs(boolean isNative, boolean fullRate) {
        this.isNative = isNative;
        this.fullRate = fullRate;
        opusVersion = isNative ? Libopus.version() : "Concentus";
    }

    /** Binds libopus if this machine has it, else Concentus, with one line in the log. */
    public static Codecs load() {
        boolean found = Libopus.isPresent();
        if (!found) {
            LOG.warn(
                    "opus=concentus libopus.so.0 was not found: Opus runs in pure Java, which costs"
                            + " 2 to 8 times more (install libopus0)");
        }
        boolean fullRate = found && Boolean.getBoolean(FULL_RATE_PROPERTY);
        if (fullRate) {
            LOG.warn(
                    "opus=48kHz {} is set: Opus is coded at 48 kHz, at two to four times the cost and"
                            + " nothing gained",
                    FULL_RATE_PROPERTY);
        }
        return new Codecs(found, fullRate);
    }

    /** Opus in pure Java even where libopus is present: for comparison. */
    static Codecs pureJava() {
        return new Codecs(false, false);
    }

    /** libopus as {@link #FULL_RATE_PROPERTY} has it. */
    static Codecs atFullRate() {
        return new Codecs(true, true);
    }

    /** Which Opus is in use: {@code libopus 1.3.1}, or {@code Concentus}. */
    public String opusVersion() {
        return opusVersion;
    }

    /** Whether the native library is in use. */
    public boolean isNative() {
        return isNative;
    }

    /** A decoder to 8 kHz for G.711, to 16 kHz for G.722 and Opus. */
    public AudioDecoder openDecoder(AudioCodec codec) {
        return switch (codec) {
            case OPUS -> isNative ? new LibopusDecoder() : new ConcentusDecoder();
            case G722 -> new G722Decoder();
            case PCMU, PCMA -> new G711Decoder(codec);
        };
    }

    /** An Opus encoder. */
    public OpusEncoder openOpusEncoder(OpusSettings settings) {
        if (fullRate) {
            return new FullRateEncoder(settings);
        }
        return isNative ? new LibopusEncoder(settings) : new ConcentusEncoder(settings);
    }

    /**
     * A G.711 encoder (stateless, 8 kHz).
     *
     * @param codec PCMU or PCMA
     */
    public AudioEncoder openG711Encoder(AudioCodec codec) {
        if (codec != AudioCodec.PCMU && codec != AudioCodec.PCMA) {
            throw new IllegalArgumentException(codec + " is not G.711");
        }
        return new G711Encoder(codec);
    }

    /** A G.722 encoder (16 kHz), which begins with silence. */
    public ForkingEncoder openG722Encoder() {
        return new G722Encoder();
    }
}
