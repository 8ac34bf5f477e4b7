package dev.roomline.media.measure;

/**
 * Lays what was heard on what was said, piece by piece, since a jitter buffer plays a little later
 * or earlier as it goes. Where a piece cannot be recognised near the delay of the one before it is
 * looked for everywhere, and where it is nowhere that delay holds.
 */
public final class Alignment {
    /** Samples of a piece: 160 ms at 16 kHz. */
    public static final int PIECE = 2_560;

    /** Compared on each side of a piece too: a loss must not be taken for a delay. */
    private static final int BESIDE = 4_000;

    private static final int FARTHEST = 16 * 400;
    private static final int AROUND = 16 * 20;
    private static final int COARSE = 4;
    private static final int THINNED = 2;
    private static final double RECOGNISED = 0.5;
    private static final double CLEARLY_BETTER = 0.05;
    private static final double QUIET = 100;

    private final short[] said;
    private final short[] heard;
    private double likeness;

    private Alignment(short[] said, short[] heard) {
        this.said = said;
        this.heard = heard;
    }

    /** What was heard, without delay, as long as what was said. */
    public static short[] of(short[] said, short[] heard) {
        int[] lags = lags(said, heard);
        short[] out = new short[said.length];
        for (int i = 0; i < out.length; i++) {
            int from = i + lags[i / PIECE];
            out[i] = from >= 0 && from < heard.length ? heard[from] : 0;
        }
        return out;
    }

    /** By how many samples each {@link #PIECE} of what was said was heard later. */
    public static int[] lags(short[] said, short[] heard) {
        return new Alignment(said, heard).lags();
    }

    private int[] lags() {
        int[] lags = new int[(said.length + PIECE - 1) / PIECE];
        int lag = best(0, said.length / 4, 0, FARTHEST, 0);
        for (int at = 0; at < said.length; at += PIECE) {
            int from = Math.max(0, at - BESIDE);
            int length = Math.min(at + PIECE + BESIDE, said.length) - from;
            double now = likeness(from, length, lag);
            int other = best(from, length, lag - AROUND, lag + AROUND, lag);
            lag = likeness > now + CLEARLY_BETTER ? other : lag;
            if (Math.max(now, likeness) <= RECOGNISED) {
                // a player that had run dry may have gone on at quite another place
                lag = best(from, length, -FARTHEST / 2, FARTHEST, lag);
            }
            lags[at / PIECE] = lag;
        }
        return lags;
    }

    private int best(int at, int length, int from, int to, int otherwise) {
        int coarse = best(at, length, from, to, COARSE, otherwise);
        return best(at, length, coarse - COARSE, coarse + COARSE, 1, coarse);
    }

    private int best(int at, int length, int from, int to, int step, int otherwise) {
        likeness = RECOGNISED;
        int found = otherwise;
        for (int lag = from; lag <= to; lag += step) {
            double now = likeness(at, length, lag);
            if (now > likeness) {
                likeness = now;
                found = lag;
            }
        }
        return found;
    }

    private double likeness(int at, int length, int lag) {
        double product = 0;
        double ours = QUIET * QUIET * length / THINNED;
        double theirs = 1;
        for (int i = at; i < at + length; i += THINNED) {
            int from = i + lag;
            double b = from >= 0 && from < heard.length ? heard[from] : 0;
            product += said[i] * b;
            ours += said[i] * said[i];
            theirs += b * b;
        }
        return product / Math.sqrt(ours * theirs);
    }
}
