package dev.roomline.media.dsp;

/** Sums in 32 bits: a room adds every voice once and takes each listener's own away again. */
public final class Mix {
    private Mix() {}

    /** Clears the sum. */
    public static void clear(int[] sum, int samples) {
        java.util.Arrays.fill(sum, 0, samples, 0);
    }

    /** Adds a voice. */
    public static void add(int[] sum, short[] voice, int at, int samples) {
        for (int i = 0; i < samples; i++) {
            sum[i] += voice[at + i];
        }
    }

    /** Adds a voice at a gain. */
    public static void add(int[] sum, short[] voice, int at, int samples, float gain) {
        for (int i = 0; i < samples; i++) {
            sum[i] += Math.round(voice[at + i] * gain);
        }
    }

    /** Writes a sum of one voice as samples: nothing is bent, so a G.711 code stays what it is. */
    public static void clamp(int[] sum, int samples, short[] out) {
        for (int i = 0; i < samples; i++) {
            out[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, sum[i]));
        }
    }

    /** Writes the sum without one voice. */
    public static void minus(int[] sum, short[] own, int at, int samples, int[] out) {
        for (int i = 0; i < samples; i++) {
            out[i] = sum[i] - own[at + i];
        }
    }
}
