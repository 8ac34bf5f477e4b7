package dev.roomline.media.dsp;

/** Linear ramps: a voice begins, ends, is muted or changes its volume without a click. */
public final class Fade {
    private Fade() {}

    /** Multiplies by a factor that moves evenly from one value to another over the samples. */
    public static void ramp(short[] pcm, int at, int samples, float from, float to) {
        float step = (to - from) / samples;
        float gain = from;
        for (int i = at; i < at + samples; i++) {
            gain += step;
            pcm[i] = HalfBand.saturate(pcm[i] * gain);
        }
    }

    /** Moves from an old signal to a new one; the result lies in {@code fresh}. */
    public static void cross(short[] old, int oldAt, short[] fresh, int freshAt, int samples) {
        float step = 1f / (samples + 1);
        float gain = 0;
        for (int i = 0; i < samples; i++) {
            gain += step;
            float mixed = old[oldAt + i] * (1 - gain) + fresh[freshAt + i] * gain;
            fresh[freshAt + i] = HalfBand.saturate(mixed);
        }
    }
}
