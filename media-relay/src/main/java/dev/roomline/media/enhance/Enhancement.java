package dev.roomline.media.enhance;

import java.util.function.IntFunction;
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

    private static final int[] SAMPLE_RATES = {8_000, 16_000};
    private static final int FRAMES_PER_SECOND = 50;

    private final EnhancementWishes done;

    private Enhancement(EnhancementWishes done) {
        this.done = done;
    }

    /**
     * Binds libspeexdsp if something is wished. Where this machine lacks it, or has one that cannot
     * do it, one line in the log says so, and phones are heard as they are.
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
        return tried(wishes, rate -> new SpeechEnhancer(wishes, rate));
    }

    /** Builds without floating point know no gain: that is found out here, and not by a call. */
    static Enhancement tried(EnhancementWishes wishes, IntFunction<SpeechEnhancer> opener) {
        for (int rate : SAMPLE_RATES) {
            try (SpeechEnhancer probe = opener.apply(rate)) {
                probe.process(new short[rate / FRAMES_PER_SECOND]);
            } catch (IllegalStateException refused) {
                LOG.warn(
                        "enhancement=none libspeexdsp cannot do \"{}\" here ({}):"
                                + " media.noise_suppression and media.auto_gain have no effect",
                        wishes,
                        refused.getMessage());
                return OFF;
            }
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
