package dev.roomline.bench;

import java.util.Random;

/**
 * A network between a phone and a server: which packets it loses and how late it brings the others,
 * drawn from a seed, so that every server is given the very same.
 *
 * @param loss share of packets lost
 * @param meanRun losses come in runs of this mean length (Gilbert's model)
 * @param jitterMillis packets take up to so much longer, each by itself, so that some overtake
 * @param spikeMillis each two seconds the network stands still for so long, then brings all at once
 * @param driftPpm by so much the phone's clock runs too slow
 */
record BadNetwork(
        String name,
        double loss,
        double meanRun,
        int jitterMillis,
        int spikeMillis,
        double driftPpm) {
    static final BadNetwork PERFECT = new BadNetwork("nothing lost", 0, 1, 0, 0, 0);
    static final BadNetwork FIVE = new BadNetwork("5 % lost", 0.05, 1, 0, 0, 0);
    static final BadNetwork FIFTEEN = new BadNetwork("15 % lost", 0.15, 1, 0, 0, 0);
    static final BadNetwork BURSTS = new BadNetwork("10 % lost in runs of 3", 0.1, 3, 0, 0, 0);
    static final BadNetwork JITTER = new BadNetwork("40 ms of jitter", 0, 1, 40, 0, 0);
    static final BadNetwork BOTH = new BadNetwork("15 % lost, 40 ms of jitter", 0.15, 1, 40, 0, 0);
    static final BadNetwork WIFI =
            new BadNetwork("Wi-Fi: stands still for 120 ms", 0, 1, 5, 120, 0);
    static final BadNetwork SLOW = new BadNetwork("a clock 200 ppm slow", 0, 1, 5, 0, 200);
    static final BadNetwork FAST = new BadNetwork("a clock 200 ppm fast", 0, 1, 5, 0, -200);

    private static final long LOST = -1;
    private static final double MILLI = 1e6;
    private static final long FASTEST_NANOS = 10_000_000L;
    private static final long SPIKE_EVERY_NANOS = 2_000_000_000L;

    static boolean isLost(long arrivalNanos) {
        return arrivalNanos == LOST;
    }

    /**
     * When each packet of 20 ms arrives, counted from the first one's sending; or that it does not.
     */
    long[] arrivals(int packets, long seed) {
        Random random = new Random(seed);
        long[] arrivals = new long[packets];
        boolean losing = false;
        double leave = 1 / meanRun;
        double enter = loss * leave / (1 - loss);
        for (int i = 0; i < packets; i++) {
            double jitter = random.nextDouble();
            double drawn = random.nextDouble();
            losing = losing ? drawn >= leave : drawn < enter;
            double sent = i * 20 * MILLI * (1 + driftPpm / 1e6);
            long arrival = (long) (sent + FASTEST_NANOS + jitter * jitterMillis * MILLI);
            long into = arrival % SPIKE_EVERY_NANOS;
            long standsUntil = (long) (spikeMillis * MILLI);
            if (arrival > SPIKE_EVERY_NANOS && into < standsUntil) {
                arrival += standsUntil - into;
            }
            arrivals[i] = losing ? LOST : arrival;
        }
        return arrivals;
    }
}
