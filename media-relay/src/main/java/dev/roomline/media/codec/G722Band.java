package dev.roomline.media.codec;

/**
 * The adaptive half of one sub-band of G.722: its predictor (§3.6, block 4 of figure 4 and 5, the
 * arithmetic of §6.2) and its step size. Encoder and decoder run the same one on the same quantised
 * differences, and so stay alike. Names beside the code are those of §6.2. Owner: its coder.
 */
final class G722Band {
    /** Logarithms of the step size, §6.2.1.3: 2048 · 2^(n/32). */
    private static final int[] EXPONENTIAL = {
        2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774,
        2834, 2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838,
        3922, 4008
    };

    /** The second pole's coefficient stays within ±0.75 (UPPOL2) … */
    private static final int MOST_SECOND_POLE = 12_288;

    /** … and the first's within 1 − 2⁻⁴ less that (UPPOL1), so that the filter is stable. */
    private static final int MOST_POLES = 15_360;

    private final int startStep;
    private final int stepShift;
    private final int mostLogStep;

    /** DET: what the quantised difference is measured in. */
    private int step;

    /** NB. */
    private int logStep;

    /** S: what the next sample is expected to be. */
    private int prediction;

    /** SZ: the part of it that the zeros make. */
    private int zeros;

    private int pole1;
    private int pole2;
    private int reconstructed1;
    private int partial1;
    private int partial2;

    private int zero1;
    private int zero2;
    private int zero3;
    private int zero4;
    private int zero5;
    private int zero6;

    /** D: differences before this one, the newest first. */
    private int difference1;

    private int difference2;
    private int difference3;
    private int difference4;
    private int difference5;
    private int difference6;

    private G722Band(int startStep, int stepShift, int mostLogStep) {
        this.startStep = startStep;
        this.stepShift = stepShift;
        this.mostLogStep = mostLogStep;
        step = startStep;
    }

    /** 0 to 4 kHz: SCALEL, LOGSCL. */
    static G722Band lower() {
        return new G722Band(32, 8, 18_432);
    }

    /** 4 to 8 kHz: SCALEH, LOGSCH. */
    static G722Band higher() {
        return new G722Band(8, 10, 22_528);
    }

    int step() {
        return step;
    }

    int prediction() {
        return prediction;
    }

    /**
     * Takes the quantised difference of one sample and makes the next prediction.
     *
     * @param difference DLT or DH
     * @param growth W: what its code adds to the logarithm of the step
     */
    void adapt(int difference, int growth) {
        // LOGSC: a leak of 127/128, so that errors on the line are forgotten
        logStep = Math.clamp(multiply(logStep, 32_512) + growth, 0, mostLogStep);
        scale();
        int partial = saturate(difference + zeros);
        int reconstructed = saturate(prediction + difference);
        updatePoles(partial);
        updateZeros(difference);
        // FILTEP, FILTEZ; RLT is RLT1 and RLT1 is RLT2 once they have moved on
        int poles =
                saturate(
                        multiply(pole1, saturate(2 * reconstructed))
                                + multiply(pole2, saturate(2 * reconstructed1)));
        reconstructed1 = reconstructed;
        zeros = filterZeros();
        prediction = saturate(poles + zeros);
    }

    private void scale() {
        int mantissa = EXPONENTIAL[(logStep >> 6) & 31];
        int down = stepShift - (logStep >> 11);
        step = (down < 0 ? mantissa << -down : mantissa >> down) << 2;
    }

    /** UPPOL2, then UPPOL1, by the signs of the last three partial reconstructions. */
    private void updatePoles(int partial) {
        boolean likeLast = (partial ^ partial1) >= 0;
        boolean likeOneBefore = (partial ^ partial2) >= 0;
        partial2 = partial1;
        partial1 = partial;

        int four = saturate(4 * pole1);
        int second = (likeLast ? saturate(-four) : four) >> 7;
        second += likeOneBefore ? 128 : -128;
        second += multiply(pole2, 32_512);
        second = Math.clamp(second, -MOST_SECOND_POLE, MOST_SECOND_POLE);

        int most = MOST_POLES - second;
        int first = (likeLast ? 192 : -192) + multiply(pole1, 32_640);
        pole1 = Math.clamp(first, -most, most);
        pole2 = second;
    }

    /** UPZERO: towards the sign that this difference has in common with each before it. */
    private void updateZeros(int difference) {
        int gain = difference == 0 ? 0 : 128;
        zero1 = moved(zero1, gain, difference ^ difference1);
        zero2 = moved(zero2, gain, difference ^ difference2);
        zero3 = moved(zero3, gain, difference ^ difference3);
        zero4 = moved(zero4, gain, difference ^ difference4);
        zero5 = moved(zero5, gain, difference ^ difference5);
        zero6 = moved(zero6, gain, difference ^ difference6);
        difference6 = difference5;
        difference5 = difference4;
        difference4 = difference3;
        difference3 = difference2;
        difference2 = difference1;
        difference1 = difference;
    }

    private static int moved(int zero, int gain, int signs) {
        return (signs >= 0 ? gain : -gain) + multiply(zero, 32_640);
    }

    /** FILTEZ: every addition saturates, the oldest first. */
    private int filterZeros() {
        int sum = multiply(zero6, saturate(2 * difference6));
        sum = saturate(sum + multiply(zero5, saturate(2 * difference5)));
        sum = saturate(sum + multiply(zero4, saturate(2 * difference4)));
        sum = saturate(sum + multiply(zero3, saturate(2 * difference3)));
        sum = saturate(sum + multiply(zero2, saturate(2 * difference2)));
        return saturate(sum + multiply(zero1, saturate(2 * difference1)));
    }

    /** Becomes what another one is. */
    void copy(G722Band other) {
        step = other.step;
        logStep = other.logStep;
        prediction = other.prediction;
        zeros = other.zeros;
        pole1 = other.pole1;
        pole2 = other.pole2;
        reconstructed1 = other.reconstructed1;
        partial1 = other.partial1;
        partial2 = other.partial2;
        zero1 = other.zero1;
        zero2 = other.zero2;
        zero3 = other.zero3;
        zero4 = other.zero4;
        zero5 = other.zero5;
        zero6 = other.zero6;
        difference1 = other.difference1;
        difference2 = other.difference2;
        difference3 = other.difference3;
        difference4 = other.difference4;
        difference5 = other.difference5;
        difference6 = other.difference6;
    }

    /** As it began. */
    void reset() {
        copy(new G722Band(startStep, stepShift, mostLogStep));
    }

    /** The Recommendation's product of fractions of 2¹⁵, rounded down. */
    static int multiply(int a, int b) {
        return (a * b) >> 15;
    }

    static int saturate(int value) {
        return Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE);
    }
}
