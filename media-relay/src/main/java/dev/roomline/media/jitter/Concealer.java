package dev.roomline.media.jitter;

/**
 * Continues a waveform that broke off: repeats its last periods and fades out over 60 ms, in the
 * spirit of ITU-T G.711 appendix I. Owner: its {@link JitterBuffer}.
 */
final class Concealer {
    /** After these many samples (10 ms) the fade begins … */
    private final int full;

    /** … and after these (60 ms) nothing is left. */
    final int faded;

    private final int window;

    /** Over at least 2.5 ms the repetition is led to where the true signal ended. */
    private final int leastCorrection;

    private final int longestTemplate;

    /** Below this correlation the signal is noise, and short periods would make it a buzz. */
    private static final double NOISE = 0.5;

    private final Pitch pitch;
    private final short[] template;
    private int length;
    private int made;
    private double offset;
    private double bend;
    private int correction;
    private boolean active;

    Concealer(int perMilli) {
        full = 10 * perMilli;
        faded = 60 * perMilli;
        window = 20 * perMilli;
        leastCorrection = 5 * perMilli / 2;
        longestTemplate = 30 * perMilli;
        pitch = new Pitch(perMilli);
        template = new short[longestTemplate];
    }

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
     * @param end at least {@link PlayoutLine#history} samples lie before it
     */
    void start(short[] pcm, int end) {
        pitch.search(pcm, end - window, window, pitch.maxLag);
        int lag = pitch.correlation() < NOISE ? pitch.maxLag : pitch.lag();
        // as many whole periods as fit: the more, the less it buzzes
        length = longestTemplate / lag * lag;
        System.arraycopy(pcm, end - length, template, 0, length);
        int joint = Math.max(leastCorrection, lag / 4);
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
        correction = Math.max(joint, leastCorrection);
        made = 0;
        active = true;
    }

    /** Stays open but is silent from now on. */
    void fade() {
        made = faded;
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
        if (!active || made >= faded) {
            return 0;
        }
        double sample = template[made % length];
        if (made < correction) {
            // the cubic that leaves with that offset and slope and arrives with neither
            double into = (made + 1.0) / (correction + 1);
            double rest = (1 - into) * (1 - into);
            sample += rest * (offset * (1 + 2 * into) + bend * (made + 1));
        }
        if (made > full) {
            sample *= (double) (faded - made) / (faded - full);
        }
        made++;
        return sample;
    }

    private static short saturate(double sample) {
        return (short) Math.clamp(Math.round(sample), Short.MIN_VALUE, Short.MAX_VALUE);
    }
}
