package dev.roomline.media.jitter;

/**
 * Continues a waveform that broke off: repeats its last periods and fades out over 60 ms, in the
 * spirit of ITU-T G.711 appendix I, at 16 kHz. Owner: its {@link JitterBuffer}.
 */
final class Concealer {
    /** After these many samples (10 ms) the fade begins … */
    private static final int FULL = 160;

    /** … and after these (60 ms) nothing is left. */
    static final int FADED = 960;

    private static final int WINDOW = 320;

    /** Over at least 2.5 ms the repetition is led to where the true signal ended. */
    private static final int CORRECTION = 40;

    private static final int MAX_TEMPLATE = 480;

    /** Below this correlation the signal is noise, and short periods would make it a buzz. */
    private static final double NOISE = 0.5;

    private final Pitch pitch = new Pitch();
    private final short[] template = new short[MAX_TEMPLATE];
    private int length;
    private int made;
    private double offset;
    private double bend;
    private int correction;
    private boolean active;

    boolean isActive() {
        return active;
    }

    void stop() {
        active = false;
    }

    /** How well the signal repeats itself where it broke off, −1 to 1. */
    double periodicity() {
        return pitch.correlation();
    }

    /**
     * Learns from the samples before a place.
     *
     * @param end at least {@link PlayoutLine#HISTORY} samples lie before it
     */
    void start(short[] pcm, int end) {
        pitch.search(pcm, end - WINDOW, WINDOW, Pitch.MAX_LAG);
        int lag = pitch.correlation() < NOISE ? Pitch.MAX_LAG : pitch.lag();
        // as many whole periods as fit: the more, the less it buzzes
        length = MAX_TEMPLATE / lag * lag;
        System.arraycopy(pcm, end - length, template, 0, length);
        int joint = Math.max(CORRECTION, lag / 4);
        for (int i = 0; i < joint; i++) {
            double into = (i + 1.0) / (joint + 1);
            double before = pcm[end - length - joint + i];
            int at = length - joint + i;
            template[at] = (short) Math.round(template[at] * (1 - into) + before * into);
        }
        // what the last true sample, and the slope there, are off from what the repetition has
        int alike = end - length;
        offset = pcm[end - 1] - pcm[alike - 1];
        bend = pcm[end - 1] - pcm[end - 2] - (pcm[alike - 1] - pcm[alike - 2]);
        correction = Math.max(joint, CORRECTION);
        made = 0;
        active = true;
    }

    /** Stays open but is silent from now on. */
    void fade() {
        made = FADED;
    }

    /** Writes what would have followed; zeros once faded. */
    void generate(short[] out, int at, int samples) {
        for (int i = 0; i < samples; i++) {
            out[at + i] = saturate(next());
        }
    }

    /** Adds what would have followed. */
    void addTo(short[] out, int at, int samples) {
        for (int i = 0; i < samples; i++) {
            out[at + i] = saturate(out[at + i] + next());
        }
    }

    private double next() {
        if (!active || made >= FADED) {
            return 0;
        }
        double sample = template[made % length];
        if (made < correction) {
            // the cubic that leaves with that offset and slope and arrives with neither
            double into = (made + 1.0) / (correction + 1);
            double rest = (1 - into) * (1 - into);
            sample += rest * (offset * (1 + 2 * into) + bend * (made + 1));
        }
        if (made > FULL) {
            sample *= (double) (FADED - made) / (FADED - FULL);
        }
        made++;
        return sample;
    }

    private static short saturate(double sample) {
        return (short) Math.clamp(Math.round(sample), Short.MIN_VALUE, Short.MAX_VALUE);
    }
}
