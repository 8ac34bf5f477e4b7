package dev.roomline.media.enhance;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One phone's speech made better, 20 ms at a time, in two steps of 10, since the library holds back
 * as much as it takes at once: the sound comes {@link #DELAY_MILLIS} later. Its state lives
 * off-heap until closed. Owner: the loop that opened it.
 */
public final class SpeechEnhancer implements AutoCloseable {
    /** How much later the sound comes. */
    public static final int DELAY_MILLIS = 10;

    private static final int STEPS_PER_SECOND = 1_000 / DELAY_MILLIS;

    /** What noise is lowered by at most, and a steady tone, which it takes for noise. */
    private static final int NOISE_DB = -18;

    /** Where the library holds the loudness of speech, in its own measure: about -22 dBov. */
    private static final int TARGET = 8_000;

    /** A phone that is quieter than this much below it stays quieter, and so does its noise. */
    private static final int MOST_GAIN_DB = 20;

    private final int step;
    private final MemorySegment state;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment sound;

    /** Whether nothing of what was said before is held back. */
    private boolean drained = true;

    private boolean open = true;

    SpeechEnhancer(EnhancementWishes wishes, int sampleRate) {
        step = sampleRate / STEPS_PER_SECOND;
        sound = arena.allocate(JAVA_SHORT, step);
        state = Speexdsp.open(step, sampleRate);
        Speexdsp.set(state, Speexdsp.SET_DENOISE, wishes.noiseSuppression() ? 1 : 0);
        Speexdsp.set(state, Speexdsp.SET_NOISE_SUPPRESS, NOISE_DB);
        Speexdsp.set(state, Speexdsp.SET_AGC, wishes.autoGain() ? 1 : 0);
        if (wishes.autoGain()) {
            Speexdsp.set(state, Speexdsp.SET_AGC_TARGET, TARGET);
            Speexdsp.set(state, Speexdsp.SET_AGC_MAX_GAIN, MOST_GAIN_DB);
        }
    }

    /**
     * Makes a frame better, in place.
     *
     * @param frame 20 ms
     */
    public void process(short[] frame) {
        drained = false;
        for (int at = 0; at + step <= frame.length; at += step) {
            MemorySegment.copy(frame, at, sound, JAVA_SHORT, 0, step);
            Speexdsp.run(state, sound);
            MemorySegment.copy(sound, JAVA_SHORT, 0, frame, at, step);
        }
    }

    /**
     * Nothing came for these 20 ms: what was held back comes out once, and then nothing is done, so
     * that neither a pause's silence is taken for the noise nor anything costs.
     *
     * @param frame silence; receives what was held back
     * @return whether there was anything
     */
    public boolean drain(short[] frame) {
        if (drained) {
            return false;
        }
        process(frame);
        drained = true;
        return true;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            Speexdsp.close(state);
            arena.close();
        }
    }
}
