package dev.roomline.media.dsp;

/**
 * Brings a 32-bit sum back to 16 bits without ever wrapping. Samples up to −3 dBFS pass untouched;
 * above, a smooth knee approaches full scale and never passes it. Stateless.
 */
public final class SoftLimiter {
    /** −3 dBFS. */
    public static final int KNEE = 23_197;

    private static final float ROOM = Short.MAX_VALUE - KNEE;

    private SoftLimiter() {}

    public static void limit(int[] sum, int samples, short[] out, int at) {
        for (int i = 0; i < samples; i++) {
            out[at + i] = limit(sum[i]);
        }
    }

    /** One sample. */
    public static short limit(int sample) {
        if (sample >= -KNEE && sample <= KNEE) {
            return (short) sample;
        }
        // knee(0) = 0 with slope 1, and 1 at infinity: no corner in the curve, so no buzz
        float over = (Math.abs((float) sample) - KNEE) / ROOM;
        int bent = KNEE + (int) (ROOM * over / (1 + over));
        return (short) (sample < 0 ? -bent : bent);
    }
}
