package dev.roomline.media.enhance;

/**
 * What is to be done to phones' speech.
 *
 * @param noiseSuppression steady noise is taken out of it
 * @param autoGain quiet phones are made louder, loud ones softer
 */
public record EnhancementWishes(boolean noiseSuppression, boolean autoGain) {
    /** Phones are heard as they are. */
    public static final EnhancementWishes NONE = new EnhancementWishes(false, false);

    /** Whether there is anything to be done. */
    public boolean any() {
        return noiseSuppression || autoGain;
    }

    /** As an operator reads it: {@code noise suppression, auto gain}. */
    @Override
    public String toString() {
        if (noiseSuppression && autoGain) {
            return "noise suppression, auto gain";
        }
        return noiseSuppression ? "noise suppression" : autoGain ? "auto gain" : "none";
    }
}
