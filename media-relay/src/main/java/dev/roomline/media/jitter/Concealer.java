package dev.roomline.media.jitter;

/**
 * Continues a waveform that broke off: repeats its last period, after 10 ms its last two and then
 * three, and fades out over 60 ms, in the spirit of ITU-T G.711 appendix I. Owner: its {@link
 * JitterBuffer}.
 */
final class Concealer {
    /** After these many samples (10 ms) the fade begins … */
    private final int full;

    /** … and after these (60 ms) nothing is left. */
    final int faded;

    private final int window;

    /** Over at least 2.5 ms the repetition is led to where the true signal ended. */
    private final int leastJoint;

    private final int longestJoint;

    /** Another period is repeated along with the others each 10 ms: one alone would buzz. */
    private final int eachPeriod;

    private final int longestTemplate;

    /** Below this correlation the signal is noise, and short periods would make it a buzz. */
    private static final double NOISE = 0.5;

    private final Pitch pitch;

    /** What came last, and before it what led there. */
    private final short[] template;

    private int lag;
    private int joint;
    private int fewestPeriods;

    /** The place in the template that is played next. */
    private int next;

    /** The place from which it goes on when it has come to the end. */
    private int again;

    private int made;
    private double offset;
    private double bend;
    private boolean active;

    Concealer(int perMilli) {
        full = 10 * perMilli;
        faded = 60 * perMilli;
        window = 20 * perMilli;
        leastJoint = 5 * perMilli / 2;
        eachPeriod = 10 * perMilli;
        longestTemplate = 30 * perMilli;
        pitch = new Pitch(perMilli);
        longestJoint = Math.max(leastJoint, pitch.maxLag / 4);
        template = new short[longestJoint + longestTemplate];
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
        boolean noise = pitch.correlation() < NOISE;
        lag = noise ? pitch.maxLag : pitch.lag();
        fewestPeriods = noise ? longestTemplate / lag : 1;
        joint = Math.clamp(lag / 4, leastJoint, longestJoint);
        System.arraycopy(pcm, end - template.length, template, 0, template.length);
        again = template.length - fewestPeriods * lag;
        next = again;
        // what the last true sample, and the slope there, are off from what the repetition has
        int alike = end - fewestPeriods * lag;
        offset = pcm[end - 1] - pcm[alike - 1];
        bend = pcm[end - 1] - pcm[end - 2] - (pcm[alike - 1] - pcm[alike - 2]);
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
            out[at + i] = saturate(sample());
        }
    }

    /** Adds what would have followed. */
    void addTo(short[] out, int at, int samples) {
        for (int i = 0; i < samples; i++) {
            out[at + i] = saturate(out[at + i] + sample());
        }
    }

    private double sample() {
        if (!active || made >= faded) {
            return 0;
        }
        double sample = repeated();
        if (made < joint) {
            // the cubic that leaves with that offset and slope and arrives with neither
            double into = (made + 1.0) / (joint + 1);
            double rest = (1 - into) * (1 - into);
            sample += rest * (offset * (1 + 2 * into) + bend * (made + 1));
        }
        if (made > full) {
            sample *= (double) (faded - made) / (faded - full);
        }
        made++;
        return sample;
    }

    /** The end of the template is led to what stood before the place where it begins again. */
    private double repeated() {
        int left = template.length - next;
        if (left == joint) {
            int periods = Math.clamp(1 + made / eachPeriod, fewestPeriods, longestTemplate / lag);
            again = template.length - periods * lag;
        }
        double sample = template[next];
        if (left <= joint) {
            double into = (joint - left + 1.0) / (joint + 1);
            sample = sample * (1 - into) + template[again - left] * into;
        }
        next++;
        if (next == template.length) {
            next = again;
        }
        return sample;
    }

    private static short saturate(double sample) {
        return (short) Math.clamp(Math.round(sample), Short.MIN_VALUE, Short.MAX_VALUE);
    }
}
