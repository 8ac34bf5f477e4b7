package dev.roomline.media.dsp;

/**
 * Comfort noise at a level (RFC 3389 §3): white noise through a first-order low-pass, since flat
 * hiss is heard as a fault. Deterministic. Owner: the media loop.
 */
public final class ComfortNoise {
    private static final double POLE = 0.6;

    /** Uniform noise of amplitude a has the power a²/3; the filter takes the rest away. */
    private static final double RMS_TO_AMPLITUDE = Math.sqrt(3 * (1 - POLE * POLE)) / (1 - POLE);

    private int seed = 0x2545_F491;
    private double state;
    private double current;
    private double target;

    /** Sets the level; the next frame moves to it. */
    public void setLevel(double dbov) {
        target = dbov <= Level.SILENCE ? 0 : Level.amplitude(dbov) * RMS_TO_AMPLITUDE;
    }

    /** Whether anything but zeros would come. */
    public boolean isSilent() {
        return current < 0.5 && target < 0.5;
    }

    public void generate(short[] pcm, int at, int samples) {
        double step = (target - current) / Math.max(1, samples);
        for (int i = at; i < at + samples; i++) {
            // xorshift: the random generators of the library are slower or shared
            seed ^= seed << 13;
            seed ^= seed >>> 17;
            seed ^= seed << 5;
            current += step;
            double white = seed * (1.0 / 0x8000_0000L) * current;
            state = POLE * state + (1 - POLE) * white;
            pcm[i] = HalfBand.saturate((float) state);
        }
        current = target;
    }

    /** Starts from nothing. */
    public void reset() {
        state = 0;
        current = 0;
        target = 0;
    }
}
