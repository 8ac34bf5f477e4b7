package dev.roomline.media.codec;

/** The tables of numbers of ITU-T G.722 (09/2012) that both directions read. Stateless. */
final class G722Tables {
    /**
     * Table 11: half of the 24 coefficients of the quadrature mirror filters; they are mirrored.
     */
    static final int[] MIRROR = {3, -11, -11, 53, 12, -156, 32, 362, -210, -805, 951, 3876};

    /** Inverse of the lower band's 4-bit quantiser (QM4), in units of 2⁻¹⁵ of the step. */
    static final int[] INVERSE_4 = {
        0, -20456, -12896, -8968, -6288, -4240, -2584, -1200,
        20456, 12896, 8968, 6288, 4240, 2584, 1200, 0
    };

    /** What each of these codes adds to the logarithm of the step (WL by way of RL4). */
    static final int[] GROWTH_4 = {
        -60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60
    };

    /** Inverse of the higher band's 2-bit quantiser (QM2). */
    static final int[] INVERSE_2 = {-7408, -1616, 7408, 1616};

    /** What each of these codes adds to the logarithm of the step (WH by way of RH2). */
    static final int[] GROWTH_2 = {798, -214, 798, -214};

    private G722Tables() {}

    /** The whole filter for the taps of one phase: every second coefficient from a first one on. */
    static int[] phase(int first) {
        int[] taps = new int[MIRROR.length];
        for (int i = 0; i < taps.length; i++) {
            int place = first + 2 * i;
            taps[i] = MIRROR[place < MIRROR.length ? place : 2 * MIRROR.length - 1 - place];
        }
        return taps;
    }
}
