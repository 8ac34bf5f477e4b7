package dev.roomline.media.dsp;

/**
 * Who speaks: smoothed loudness above an adaptive noise floor, with a hang-over so that a pause
 * between words is no end. Fed one level per 20 ms. Owner: the media loop.
 */
public final class VoiceActivity {
    private static final double MARGIN_DB = 9;
    private static final double LEAST_VOICE_DBOV = -55;
    private static final double LOWEST_FLOOR_DBOV = -75;
    private static final double HIGHEST_FLOOR_DBOV = -35;

    /** Frames above the floor before it counts as voice: a click is no word. */
    private static final int ONSET_FRAMES = 2;

    private static final int HANGOVER_FRAMES = 23;

    private double floorDbov = -60;
    private double loudnessDbov = Level.SILENCE;
    private int above;
    private int hangover;
    private boolean active;

    /**
     * Takes the level of one frame of 20 ms.
     *
     * @param levelDbov −127 to 0
     * @return whether the voice is active, hang-over (460 ms) included
     */
    public boolean update(int levelDbov) {
        double level = Math.max(levelDbov, -90);
        // loudness: quick to rise, slow to fall
        double pace = level > loudnessDbov ? 0.5 : 0.1;
        loudnessDbov += pace * (level - loudnessDbov);
        boolean voiced = level > Math.max(floorDbov + MARGIN_DB, LEAST_VOICE_DBOV);
        followFloor(level, voiced);
        if (voiced) {
            above++;
            if (above >= ONSET_FRAMES) {
                hangover = HANGOVER_FRAMES;
            }
        } else {
            above = 0;
            if (hangover > 0) {
                hangover--;
            }
        }
        active = hangover > 0;
        return active;
    }

    private void followFloor(double level, boolean voiced) {
        if (level < floorDbov) {
            floorDbov += 0.2 * (level - floorDbov);
        } else {
            // 5 dB a second towards steady noise; 1 dB a second under what sounds like voice, so
            // that a long sentence is not learnt as noise
            floorDbov += voiced ? 0.02 : 0.1;
        }
        floorDbov = Math.clamp(floorDbov, LOWEST_FLOOR_DBOV, HIGHEST_FLOOR_DBOV);
    }

    /** Whether the voice is active. */
    public boolean isActive() {
        return active;
    }

    /** Smoothed loudness in dBov: what slots and the mix choose their loudest by. */
    public double loudnessDbov() {
        return loudnessDbov;
    }

    /** What it takes for noise, in dBov. */
    public double floorDbov() {
        return floorDbov;
    }

    /** As before the first frame. */
    public void reset() {
        floorDbov = -60;
        loudnessDbov = Level.SILENCE;
        above = 0;
        hangover = 0;
        active = false;
    }
}
