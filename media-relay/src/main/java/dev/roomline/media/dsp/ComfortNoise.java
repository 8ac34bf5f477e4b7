package dev.roomline.media.dsp;

/**
 * Comfort noise at a level (RFC 3389 §3): white noise through the filter that the sender described,
 * or else a first-order low-pass, since flat hiss is heard as a fault. Deterministic. Owner: the
 * media loop.
 */
public final class ComfortNoise implements NoiseColour.White {
    /** At 16 kHz. */
    private static final double POLE = 0.6;

    /** Uniform noise of amplitude a has the power a²/3. */
    private static final double RMS_TO_WHITE = Math.sqrt(3);

    private final boolean wide;
    private final double pole;

    /** The filter takes power away. */
    private final double rmsToAmplitude;

    private final NoiseColour colour;
    private int seed = 0x2545_F491;
    private double state;
    private double current;
    private double target;
    private double step;

    /**
     * @param sampleRate 8000 or 16000
     */
    public ComfortNoise(int sampleRate) {
        wide = sampleRate == 16_000;
        pole = wide ? POLE : POLE * POLE;
        rmsToAmplitude = RMS_TO_WHITE * Math.sqrt(1 - pole * pole) / (1 - pole);
        colour = new NoiseColour(wide);
    }

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
            // one step a sample at 8 kHz, which is what is coloured
            step *= wide ? 2 : 1;
            colour.generate(this, pcm, at, samples);
        } else {
            for (int i = at; i < at + samples; i++) {
                current += step;
                state = pole * state + (1 - pole) * white() * current * rmsToAmplitude;
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
