package dev.roomline.media.leg;

import dev.roomline.media.dsp.Level;

/** What others have set for a leg's sound: muted, held, its volume. Owner: the leg's media loop. */
final class Moderation {
    private final Ear ear;
    private boolean muted;
    private boolean held;
    private double gain = 1;

    Moderation(Ear ear) {
        this.ear = ear;
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
        ear.setGain(isSilenced() ? 0 : gain);
    }

    boolean isHeld() {
        return held;
    }

    /** Muted or held: nobody is to hear it. */
    boolean isSilenced() {
        return muted || held;
    }
}
