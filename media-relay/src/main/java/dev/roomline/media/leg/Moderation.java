package dev.roomline.media.leg;

import dev.roomline.media.dsp.Level;
import java.util.function.DoubleConsumer;

/** What others have set for a leg's sound: muted, held, its volume. Owner: the leg's media loop. */
final class Moderation {
    private final DoubleConsumer gains;
    private boolean muted;
    private boolean held;
    private double gain = 1;

    /**
     * @param gains takes each new factor, 0 for silence
     */
    Moderation(DoubleConsumer gains) {
        this.gains = gains;
    }

    void setMuted(boolean nowMuted) {
        muted = nowMuted;
        apply();
    }

    void setHeld(boolean nowHeld) {
        held = nowHeld;
        apply();
    }

    void setVolume(double gainDb) {
        gain = Level.factor(gainDb);
        apply();
    }

    private void apply() {
        gains.accept(isSilenced() ? 0 : gain);
    }

    boolean isUnity() {
        return gain == 1 && !isSilenced();
    }

    boolean isHeld() {
        return held;
    }

    /** Muted or held: nobody is to hear it. */
    boolean isSilenced() {
        return muted || held;
    }
}
