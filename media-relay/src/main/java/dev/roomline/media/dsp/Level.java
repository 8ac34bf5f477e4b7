package dev.roomline.media.dsp;

/**
 * Levels in dBov: RMS against the overload point, a full-scale square wave being 0 (RFC 6464 §3,
 * RFC 6465 appendix A). A full-scale sine is −3.
 */
public final class Level {
    /** The lowest level, which also stands for digital silence. */
    public static final int SILENCE = -127;

    private Level() {}

    /** The level of a frame, −127 to 0. */
    public static int dbov(short[] pcm, int at, int samples) {
        return ofMeanSquare(meanSquare(pcm, at, samples));
    }

    /** Mean of squares, 0 to 2³⁰. */
    public static double meanSquare(short[] pcm, int at, int samples) {
        long sum = 0;
        for (int i = at; i < at + samples; i++) {
            sum += pcm[i] * pcm[i];
        }
        return samples == 0 ? 0 : (double) sum / samples;
    }

    /** The level that belongs to a mean of squares of 16-bit samples. */
    public static int ofMeanSquare(double meanSquare) {
        if (meanSquare <= 0) {
            return SILENCE;
        }
        double db = 10 * Math.log10(meanSquare / (32_767.0 * 32_767.0));
        return Math.clamp(Math.round(db), SILENCE, 0);
    }

    /** The RMS amplitude that belongs to a level. */
    public static double amplitude(double dbov) {
        return 32_767 * Math.pow(10, dbov / 20);
    }

    /** The factor that belongs to a gain in dB. */
    public static double factor(double gainDb) {
        return Math.pow(10, gainDb / 20);
    }
}
