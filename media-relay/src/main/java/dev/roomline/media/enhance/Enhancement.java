package dev.roomline.media.enhance;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what makes speech better, if that is wished and the machine can do it. Made once at start
 * by {@link #load}; immutable and shared among loops. What it opens belongs to the loop that opened
 * it.
 */
public final class Enhancement {
    /** Nothing is done to speech. */
    public static final Enhancement OFF = new Enhancement(EnhancementWishes.NONE);

    private static final Logger LOG = LoggerFactory.getLogger(Enhancement.class);

    private final EnhancementWishes done;

    private Enhancement(EnhancementWishes done) {
        this.done = done;
    }

    /**
     * Binds libspeexdsp if something is wished. Where this machine lacks it, one line in the log
     * says so, and phones are heard as they are.
     */
    public static Enhancement load(EnhancementWishes wishes) {
        if (!wishes.any()) {
            return OFF;
        }
        if (!Speexdsp.isPresent()) {
            LOG.warn(
                    "enhancement=none libspeexdsp.so.1 was not found: media.noise_suppression and"
                            + " media.auto_gain have no effect (install libspeexdsp1)");
            return OFF;
        }
        return new Enhancement(wishes);
    }

    /** Whether anything is done. */
    public boolean isOn() {
        return done.any();
    }

    /** What is done. */
    public EnhancementWishes done() {
        return done;
    }

    /**
     * For one phone; only where it {@link #isOn}.
     *
     * @param sampleRate 8000 or 16000
     */
    public SpeechEnhancer open(int sampleRate) {
        return new SpeechEnhancer(done, sampleRate);
    }
}
