package dev.roomline.media.jitter;

/**
 * Holds the delay at what the network asks for by playing faster or slower: at once where it is too
 * short or far too long, in its own time where it is merely longer than need be. Owner: its {@link
 * Timeline}.
 */
final class Pace {
    /** Above the target by so much, playing goes faster at once: the longest step is 15 ms. */
    static final double BAND_MILLIS = 16;

    /** Above it by so much, every fifth of a second is asked whether a step goes unheard. */
    private static final double LEISURE_MILLIS = 6;

    private static final int LEISURE_PULLS = 10;

    /** … once it has been so for 1 s: a target that comes and goes is not followed each time. */
    private static final int ROOMY_PULLS = 50;

    /** Far above it each pull is shortened; else every third, so that speech stays even. */
    private static final double FAR_MILLIS = 120;

    private static final int STEP_PULLS = 3;

    private static final double CLEAR_CORRELATION = 0.9;
    private static final double UNHEARD_CORRELATION = 0.95;

    private final int perMilli;
    private final TimeScale scale;
    private final JitterCounts counts;
    private double delayMillis;
    private double patience;
    private int pulls;
    private int roomyPulls;

    Pace(int perMilli, JitterCounts counts) {
        this.perMilli = perMilli;
        this.counts = counts;
        scale = new TimeScale(perMilli);
    }

    double delayMillis() {
        return delayMillis;
    }

    /** Playing begins, or jumps: the delay is known. */
    void set(double millis) {
        delayMillis = millis;
    }

    void shift(double millis) {
        delayMillis += millis;
    }

    /** One late tick is not a longer delay. */
    void measure(double measuredMillis) {
        delayMillis += (measuredMillis - delayMillis) / 8;
        pulls++;
    }

    /** Samples that {@link #faster} wants to lie ready. */
    int lookahead() {
        return scale.lookahead;
    }

    /** Whether playing should go faster now, if {@link #lookahead} can be had. */
    boolean wantsFaster(int targetMillis, int readyMillis) {
        double excess = delayMillis - targetMillis;
        roomyPulls = excess > LEISURE_MILLIS ? roomyPulls + 1 : 0;
        boolean leisure = roomyPulls > ROOMY_PULLS && pulls % LEISURE_PULLS == 0;
        boolean soon = excess > BAND_MILLIS && pulls % STEP_PULLS == 0;
        return (excess > FAR_MILLIS || soon || leisure) && readyMillis >= targetMillis;
    }

    boolean wantsSlower(int targetMillis) {
        return delayMillis < targetMillis;
    }

    void faster(PlayoutLine line, int targetMillis) {
        double excess = delayMillis - targetMillis;
        double over = excess - BAND_MILLIS;
        int removed =
                over > 0
                        ? scale.compress(line, leastCorrelation() - over / 200, scale.longestStep)
                        : scale.compress(line, UNHEARD_CORRELATION, (int) (excess * perMilli));
        counts.compressed += removed;
        settle(-removed, over > 0);
    }

    void slower(PlayoutLine line, int targetMillis) {
        double missing = targetMillis - delayMillis;
        int added = scale.stretch(line, leastCorrelation() - missing / 20);
        counts.stretched += added;
        settle(added, true);
    }

    private double leastCorrelation() {
        return CLEAR_CORRELATION - patience;
    }

    /** Where no clear period is found the demand falls, so that no signal escapes for long. */
    private void settle(int samples, boolean urgent) {
        if (urgent) {
            patience = samples == 0 ? Math.min(patience + 0.02, 1.5) : 0;
        }
        delayMillis += (double) samples / perMilli;
    }
}
