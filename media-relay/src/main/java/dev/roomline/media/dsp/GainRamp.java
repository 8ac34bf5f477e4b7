package dev.roomline.media.dsp;

/** One voice's gain, which moves to a new value over 20 ms. Owner: the media loop. */
public final class GainRamp {
    private float current;
    private float target;

    /**
     * @param factor to begin with; 1 leaves samples as they are, 0 is mute
     */
    public GainRamp(double factor) {
        current = (float) factor;
        target = current;
    }

    /** Sets the factor that the next frame moves to. */
    public void set(double factor) {
        target = (float) factor;
    }

    /** Nothing sounds from which to move there; what was mute rises all the same. */
    public void jump() {
        if (current != 0f) {
            current = target;
        }
    }

    /** It is there at once. */
    public void reach() {
        current = target;
    }

    /** Whether the next frame would be left as it is. */
    public boolean isUnity() {
        return current == 1f && target == 1f;
    }

    /** Whether the next frame would be all zeros. */
    public boolean isMuted() {
        return current == 0f && target == 0f;
    }

    /** Applies it to sound that is heard beside the frame which {@link #apply} is asked for. */
    public void applyBeside(short[] pcm, int at, int samples) {
        if (!isUnity()) {
            Fade.ramp(pcm, at, samples, current, target);
        }
    }

    /** Applies it to one frame. */
    public void apply(short[] pcm, int at, int samples) {
        if (isUnity()) {
            return;
        }
        Fade.ramp(pcm, at, samples, current, target);
        current = target;
    }
}
