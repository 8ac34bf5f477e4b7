package dev.roomline.bench;

import java.util.List;
import java.util.Random;

/**
 * A network that does the same to the n-th packet of 20 ms each time: whether it is lost, and how
 * much longer than the fastest it takes.
 *
 * @param loss share of packets lost
 * @param meanRun losses come in runs of this mean length (Gilbert's model)
 * @param jitterMillis packets take up to so much longer, each by itself, so that some overtake
 * @param tailMillis on top of this an exponentially distributed time of this mean
 * @param overtaken share of packets that are overtaken by the two behind them
 * @param driftPpm by so much the sender's clock runs too slow
 */
record TracedNetwork(
        String name,
        double loss,
        double meanRun,
        int jitterMillis,
        int tailMillis,
        double overtaken,
        double driftPpm,
        HoldUp holdUp) {
    /**
     * It stands still, then brings all at once; or it only becomes slower for a while.
     *
     * @param everySeconds 0: only once
     * @param slower for as long as it lasts packets take {@code millis} longer
     */
    record HoldUp(double fromSeconds, double everySeconds, int millis, double slowerSeconds) {
        private static final HoldUp NONE = new HoldUp(0, 0, 0, 0);

        private double more(double arrivalMillis) {
            double into = arrivalMillis - 1_000 * fromSeconds;
            if (into < 0) {
                return 0;
            }
            if (slowerSeconds > 0) {
                return into < 1_000 * slowerSeconds ? millis : 0;
            }
            return Math.max(0, millis - (everySeconds > 0 ? into % (1_000 * everySeconds) : into));
        }
    }

    private static TracedNetwork losing(String name, double loss, double meanRun) {
        return new TracedNetwork(name, loss, meanRun, 0, 0, 0, 0, HoldUp.NONE);
    }

    private static TracedNetwork jittery(String name, double loss, int jitter, int tail) {
        return new TracedNetwork(name, loss, 1, jitter, tail, 0, 0, HoldUp.NONE);
    }

    private static TracedNetwork drifting(String name, double driftPpm) {
        return new TracedNetwork(name, 0, 1, 5, 0, 0, driftPpm, HoldUp.NONE);
    }

    private static TracedNetwork held(String name, HoldUp holdUp) {
        return new TracedNetwork(name, 0, 1, 5, 0, 0, 0, holdUp);
    }

    static List<TracedNetwork> all() {
        return List.of(
                losing("nothing lost", 0, 1),
                losing("1 % lost", 0.01, 1),
                losing("5 % lost", 0.05, 1),
                losing("10 % lost", 0.10, 1),
                losing("15 % lost", 0.15, 1),
                losing("10 % lost in runs of 3", 0.10, 3),
                jittery("20 ms of jitter", 0, 20, 0),
                jittery("40 ms of jitter", 0, 40, 0),
                jittery("80 ms of jitter", 0, 80, 0),
                jittery("5 % lost, 40 ms of jitter", 0.05, 40, 0),
                jittery("jitter with a long tail", 0, 0, 12),
                new TracedNetwork("every tenth overtaken by two", 0, 1, 0, 0, 0.1, 0, HoldUp.NONE),
                held("stands still for 120 ms every 2 s", new HoldUp(1, 2, 120, 0)),
                held("stands still once, for 300 ms", new HoldUp(15, 0, 300, 0)),
                held("60 ms slower for 12 s", new HoldUp(15, 0, 60, 12)),
                drifting("a clock 200 ppm slow", 200),
                drifting("a clock 200 ppm fast", -200));
    }

    /** The fastest take so long, so that a clock that is fast brings nothing before it was sent. */
    static final double FASTEST_MILLIS = 20;

    static final int FRAME_MILLIS = 20;
    private static final long LOST = -1;
    private static final double PER_MILLI = 1e3;

    static boolean isLost(long arrivalNanos) {
        return arrivalNanos == LOST;
    }

    /** When the sender has a packet ready, by our clock. */
    private double sentMillis(int packet) {
        return packet * FRAME_MILLIS * (1 + driftPpm / 1e6);
    }

    /**
     * When what was said at a moment of the sender's comes by the fastest packets, by our clock.
     */
    double fastestMillis(double saidMillis) {
        return saidMillis * (1 + driftPpm / 1e6) + FASTEST_MILLIS;
    }

    /** When each packet comes, counted from the first one's sending; or that it does not. */
    long[] arrivals(int packets) {
        Random random = new Random(31);
        long[] arrivals = new long[packets];
        double leave = 1 / meanRun;
        double enter = loss * leave / (1 - loss);
        boolean losing = false;
        for (int n = 0; n < packets; n++) {
            double jitter = random.nextDouble() * jitterMillis;
            jitter -= tailMillis * Math.log(1 - random.nextDouble());
            jitter += random.nextDouble() < overtaken ? 2.2 * FRAME_MILLIS : 0;
            double drawn = random.nextDouble();
            losing = losing ? drawn >= leave : drawn < enter;
            double arrival = sentMillis(n) + FASTEST_MILLIS + jitter;
            arrival += holdUp.more(arrival);
            arrivals[n] = losing ? LOST : Math.round(arrival * PER_MILLI) * 1_000;
        }
        return arrivals;
    }
}
