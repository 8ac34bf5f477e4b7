package dev.roomline.media.jitter;

import java.util.Arrays;

/**
 * How late packets come, measured against the fastest of the last seconds, and how much delay that
 * asks for. A histogram that forgets in seconds, so that the delay falls soon after a bad spell;
 * spells that come again and again are known by {@link DelayPeaks}. Owner: its {@link
 * JitterBuffer}.
 */
final class DelayEstimate {
    static final int MIN_TARGET_MILLIS = 20;
    static final int MAX_TARGET_MILLIS = 200;

    /** A jump of this size is a new clock at the sender, not a slow packet. */
    static final long NEW_CLOCK_NANOS = 2_000_000_000L;

    private static final long MILLI = 1_000_000L;
    private static final int BIN_MILLIS = 5;
    private static final int BINS = 100;

    /** When the fastest take so much longer the way has become longer: that is no jitter. */
    private static final long LONGER_WAY_NANOS = 20 * MILLI;

    /** Share of packets that the target must cover; the rest is cheaper to conceal than to wait. */
    private static final double COVERED = 0.97;

    /**
     * What is older than this counts by 1/e: 7 s after a spell in which all was late, less than
     * what {@link #COVERED} leaves aside is left of it.
     */
    private static final double MEMORY_NANOS = 2e9;

    /** A pause of the sender is no time in which the network showed anything. */
    private static final long LONGEST_STEP_NANOS = 200_000_000L;

    private static final double RESCALE_AT = 1e9;

    /** A pull takes 20 ms at once, whose last sample must have come when the first is due. */
    private static final int PULL_MILLIS = PullPhase.PULL_MILLIS;

    /** What a perfect network is given. */
    static final int LEAST_MILLIS = PULL_MILLIS + BIN_MILLIS;

    private static final long WINDOW_NANOS = 2_000_000_000L;
    private static final int WINDOW_PACKETS = 50;

    private final double[] histogram = new double[BINS];
    private double total;
    private double weight;
    private boolean hasBase;

    /** What the histogram's lateness is counted from. */
    private long countedFromNanos;

    private long windowMin;
    private long previousMin;
    private long windowStartNanos;
    private int windowPackets;
    private long lastArrivalNanos;
    private int targetMillis;
    private final DelayPeaks peaks = new DelayPeaks();

    DelayEstimate() {
        reset();
    }

    /** Forgets everything: the next stream starts with a guess of 20 ms of jitter. */
    void reset() {
        Arrays.fill(histogram, 0);
        weight = 1;
        histogram[20 / BIN_MILLIS - 1] = 20;
        total = 20;
        peaks.reset();
        forgetClock();
    }

    /** Keeps what is known of the network but not of the sender's clock. */
    void forgetClock() {
        hasBase = false;
        updateTarget();
    }

    /** Whether a transit time cannot belong to the clock known so far. */
    boolean isNewClock(long transitNanos) {
        return hasBase && Math.abs(transitNanos - baseNanos()) > NEW_CLOCK_NANOS;
    }

    /** How much slower a transit time is than the fastest; 0 while none is known. */
    long lateNanos(long transitNanos) {
        return hasBase ? transitNanos - baseNanos() : 0;
    }

    /**
     * Takes a packet's transit time: its arrival less its timestamp, of unknown but constant
     * offset.
     */
    void onPacket(long transitNanos, long arrivalNanos) {
        if (!hasBase) {
            hasBase = true;
            countedFromNanos = transitNanos;
            windowMin = transitNanos;
            previousMin = transitNanos;
            windowStartNanos = arrivalNanos;
            windowPackets = 0;
            lastArrivalNanos = arrivalNanos;
        }
        windowMin = Math.min(windowMin, transitNanos);
        windowPackets++;
        if (arrivalNanos - windowStartNanos >= WINDOW_NANOS && windowPackets >= WINDOW_PACKETS) {
            previousMin = windowMin;
            windowMin = transitNanos;
            windowStartNanos = arrivalNanos;
            windowPackets = 0;
        }
        followBase();
        long lateMillis = Math.max(0, transitNanos - baseNanos()) / MILLI;
        int bin = (int) Math.min(BINS - 1, lateMillis / BIN_MILLIS);
        // later packets weigh more instead of earlier ones less: one addition, not a hundred
        // products
        weight *= growth(arrivalNanos);
        histogram[bin] += weight;
        total += weight;
        if (weight > RESCALE_AT) {
            rescale();
        }
        updateTarget();
        int peak = peaks.onPacket((int) lateMillis, targetMillis - PULL_MILLIS, arrivalNanos);
        targetMillis = Math.clamp(peak + PULL_MILLIS, targetMillis, MAX_TARGET_MILLIS);
    }

    /** On a longer way what came before was less late than it seemed. */
    private void followBase() {
        long longer = baseNanos() - countedFromNanos;
        if (longer >= LONGER_WAY_NANOS) {
            int bins = (int) Math.min(BINS - 1, longer / (BIN_MILLIS * MILLI));
            for (int i = 0; i < BINS; i++) {
                double moved = histogram[i];
                histogram[i] = 0;
                histogram[Math.max(0, i - bins)] += moved;
            }
            peaks.reset();
        }
        if (longer < 0 || longer >= LONGER_WAY_NANOS) {
            countedFromNanos = baseNanos();
        }
    }

    private double growth(long arrivalNanos) {
        long step = Math.clamp(arrivalNanos - lastArrivalNanos, 0, LONGEST_STEP_NANOS);
        lastArrivalNanos = Math.max(lastArrivalNanos, arrivalNanos);
        return Math.exp(step / MEMORY_NANOS);
    }

    private void rescale() {
        for (int i = 0; i < BINS; i++) {
            histogram[i] /= weight;
        }
        total /= weight;
        weight = 1;
    }

    private void updateTarget() {
        double sum = 0;
        int bin = 0;
        while (bin < BINS - 1 && (sum += histogram[bin]) < COVERED * total) {
            bin++;
        }
        int wanted = (bin + 1) * BIN_MILLIS + PULL_MILLIS;
        targetMillis = Math.clamp(wanted, MIN_TARGET_MILLIS, MAX_TARGET_MILLIS);
    }

    /** The transit of the fastest packet of the last two to four seconds. */
    long baseNanos() {
        return Math.min(windowMin, previousMin);
    }

    int targetMillis() {
        return targetMillis;
    }
}
