package dev.roomline.media.dsp;

/**
 * Comfort noise at a level (RFC 3389 §3): white noise through the filter that the sender described,
 * or else a first-order low-pass, since flat hiss is heard as a fault. Deterministic. Owner: the
 * media loop.
 */
public final class ComfortNoise implements NoiseColour.White {
    private static final double POLE = 0.6;

    /** Uniform noise of amplitude a has the power a²/3. */
    private static final double RMS_TO_WHITE = Math.sqrt(3);

    /** The filter takes power away. */
    private static final double RMS_TO_AMPLITUDE =
            RMS_TO_WHITE * Math.sqrt(1 - POLE * POLE) / (1 - POLE);

    private final NoiseColour colour = new NoiseColour();
    private int seed = 0x2545_F491;
    private double state;
    private double current;
    private double target;
    private double step;

    /** Sets the level; the next frame moves to it. */
    public void setLevel(double dbov) {
        target = dbov <= Level.SILENCE ? 0 : Level.amplitude(dbov);
    }

    /**
     * Sets the spectrum (RFC 3389 §3.2): the octets behind that of the level.
     *
     * @param count 0 for no particular one
     */
    public void setSpectrum(byte[] payload, int at, int count) {
        if (count > 0) {
            colour.set(payload, at, count);
        } else {
            colour.clear();
        }
    }

    /** Whether anything but zeros would come. */
    public boolean isSilent() {
        return current < 0.5 && target < 0.5;
    }

    public void generate(short[] pcm, int at, int samples) {
        step = (target - current) / Math.max(1, samples);
        if (colour.isSet()) {
            step *= 2;
            colour.generate(this, pcm, at, samples);
        } else {
            for (int i = at; i < at + samples; i++) {
                current += step;
                state = POLE * state + (1 - POLE) * white() * current * RMS_TO_AMPLITUDE;
                pcm[i] = HalfBand.saturate((float) state);
            }
        }
        current = target;
    }

    /** One sample of noise at 8 kHz before it is coloured. */
    @Override
    public double next() {
        current += step;
        return white() * current * RMS_TO_WHITE;
    }

    private double white() {
        // xorshift: the random generators of the library are slower or shared
        seed ^= seed << 13;
        seed ^= seed >>> 17;
        seed ^= seed << 5;
        return seed * (1.0 / 0x8000_0000L);
    }

    /** Starts from nothing. */
    public void reset() {
        state = 0;
        current = 0;
        target = 0;
        colour.clear();
    }
}
