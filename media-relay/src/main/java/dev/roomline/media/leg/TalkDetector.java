package dev.roomline.media.leg;

/**
 * Whether somebody speaks, by the level of each 20 ms: louder than the line's own noise, with a
 * hang-over so that words and their ends stay together. Sans-IO. Owner: the media loop.
 */
public final class TalkDetector {
    static final long HANG_OVER_NANOS = 450_000_000L;

    /** Speech stands out of the noise by this much … */
    private static final double ABOVE_FLOOR_DB = 9;

    /** … but anything this loud is heard however noisy the line, and nothing below the other is. */
    private static final double SURE_DBOV = -42;

    private static final double NEVER_DBOV = -60;

    /** How fast the floor follows upwards, in dB per frame; downwards it follows at once. */
    private static final double FLOOR_RISE_DB = 0.02;

    /** Smoothing of the loudness: about 100 ms. */
    private static final double SMOOTHING = 0.2;

    private double floorDbov = -70;
    private double loudnessDbov = -127;
    private boolean talking;
    private long lastVoiceNanos;

    /**
     * Takes one frame's level.
     *
     * @param levelDbov −127 to 0
     * @return whether somebody speaks now
     */
    public boolean update(int levelDbov, long nowNanos) {
        loudnessDbov += SMOOTHING * (levelDbov - loudnessDbov);
        floorDbov =
                levelDbov < floorDbov
                        ? Math.max(levelDbov, -80)
                        : Math.min(floorDbov + FLOOR_RISE_DB, levelDbov);
        double threshold = Math.clamp(floorDbov + ABOVE_FLOOR_DB, NEVER_DBOV, SURE_DBOV);
        if (levelDbov >= threshold) {
            talking = true;
            lastVoiceNanos = nowNanos;
        }
        return settle(nowNanos);
    }

    /** Lets time pass without a frame. */
    public boolean settle(long nowNanos) {
        if (talking && nowNanos - lastVoiceNanos >= HANG_OVER_NANOS) {
            talking = false;
        }
        return talking;
    }

    /** Muted, held or gone: it speaks no longer, at once. */
    public void silence() {
        talking = false;
        loudnessDbov = -127;
    }

    public boolean talking() {
        return talking;
    }

    /** Smoothed level, −127 to 0. */
    public double loudnessDbov() {
        return loudnessDbov;
    }
}
