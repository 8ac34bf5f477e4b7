package dev.roomline.media.rtcp;

/**
 * Whether losses come one by one or in runs: the burst ratio of ITU-T G.107 §3.5, the mean length
 * of a run of lost packets by that of random losses of the same share. A packet is lost when the
 * stream has gone 64 packets further without it. Owner: the media loop.
 */
final class LossRuns {
    private static final int WINDOW = 64;

    /** Fewer losses tell nothing of how they come. */
    private static final int LEAST_LOST = 5;

    private boolean started;
    private int newest;

    /** Bit n: the packet n before the newest has come. */
    private long seen;

    /** How many bits of it stand for a packet that was due. */
    private int filled;

    private boolean lastWasLost;
    private long due;
    private long lost;
    private long runs;

    /** A sequence begins at this packet; what is known stays. */
    void restart(int sequence) {
        settle(filled);
        started = true;
        newest = sequence;
        seen = 1;
        filled = 1;
        lastWasLost = false;
    }

    /** A packet of the sequence, in whatever order. */
    void onPacket(int sequence) {
        if (!started) {
            restart(sequence);
            return;
        }
        int ahead = (short) (sequence - newest);
        if (ahead <= 0) {
            if (-ahead < filled) {
                seen |= 1L << -ahead;
            }
            return;
        }
        advance(ahead);
        newest = sequence;
        seen |= 1;
    }

    private void advance(int steps) {
        int leaving = Math.max(0, filled + steps - WINDOW);
        settle(Math.min(leaving, filled));
        // so far ahead that packets in between were never in the window
        int never = Math.max(0, leaving - filled);
        if (never > 0) {
            due += never;
            lost += never;
            runs += lastWasLost ? 0 : 1;
            lastWasLost = true;
        }
        seen = steps >= WINDOW ? 0 : seen << steps;
        filled = Math.min(WINDOW, filled + steps);
    }

    /** Judges the oldest of the window. */
    private void settle(int count) {
        for (int i = 1; i <= count; i++) {
            boolean came = (seen >>> (filled - i) & 1) != 0;
            due++;
            if (!came) {
                lost++;
                runs += lastWasLost ? 0 : 1;
            }
            lastWasLost = !came;
        }
    }

    /** 1 for random losses, more where they come in runs; −1 while too few are known. */
    double burstRatio() {
        if (lost < LEAST_LOST || lost >= due) {
            return -1;
        }
        double meanRun = (double) lost / runs;
        double ofRandomLoss = 1 / (1 - (double) lost / due);
        return meanRun / ofRandomLoss;
    }
}
