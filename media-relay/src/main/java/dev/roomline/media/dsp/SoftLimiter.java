package dev.roomline.media.dsp;

/**
 * Brings a 32-bit sum back to 16 bits without ever wrapping. Samples up to −3 dBFS pass untouched;
 * above, a smooth knee approaches full scale and never passes it. Stateless.
 */
public final class SoftLimiter {
    /** −3 dBFS. */
    public static final int KNEE = 23_197;

    private static final long ROOM = Short.MAX_VALUE - KNEE;

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
        // slope 1 at the knee and full scale at infinity: no corner in the curve, so no buzz
        long over = Math.abs((long) sample) - KNEE;
        int bent = KNEE + (int) (ROOM * over / (ROOM + over));
        return (short) (sample < 0 ? -bent : bent);
    }
}
