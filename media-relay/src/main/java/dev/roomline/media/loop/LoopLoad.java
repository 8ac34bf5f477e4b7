package dev.roomline.media.loop;

import dev.roomline.media.leg.Traffic;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/**
 * How busy a {@link MediaLoop} is: the time of its turns, and once a second what that second was
 * like. Owner: the loop's thread, but for {@link #last}, which is read anywhere.
 */
final class LoopLoad {
    private static final long MEASURE_NANOS = 1_000_000_000L;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private long measuredNanos;
    private long measuredCpuNanos;
    private long busyNanos;

    /** Zero between turns. */
    private long turnNanos;

    private volatile Measure last = Measure.NONE;

    /**
     * How busy the loop was in the last second, how many legs it had then (a room without legs
     * counts as one), and how long sound waited in their jitter buffers.
     */
    record Measure(double utilisation, int weight, double delayMeanMillis, double delayMaxMillis) {
        static final Measure NONE = new Measure(0, 0, 0, 0);

        /** What a loop with this traffic carries. */
        MediaRelay.Carried carried(Traffic traffic) {
            return new MediaRelay.Carried(
                    traffic.packetsReceived(),
                    traffic.packetsSent(),
                    traffic.packetsLost(),
                    traffic.packetsLate(),
                    traffic.packetsReportedLost(),
                    traffic.playedSeconds(),
                    traffic.concealedSeconds(),
                    traffic.recoveredSeconds(),
                    delayMeanMillis,
                    delayMaxMillis);
        }
    }

    LoopLoad(long nowNanos) {
        measuredNanos = nowNanos;
    }

    /** The last second that had rooms. */
    Measure last() {
        return last;
    }

    /** Whether the loop counts as busy. */
    boolean inTurn() {
        return turnNanos != 0;
    }

    /** From here to {@link #endTurn} the loop counts as busy. */
    void beginTurn(long nowNanos) {
        turnNanos = nowNanos;
    }

    void endTurn(long nowNanos) {
        busyNanos += nowNanos - turnNanos;
        turnNanos = 0;
    }

    /** There is nothing left that would be a load. */
    void clear() {
        last = Measure.NONE;
    }

    /**
     * Measures once a second. It is the time of the thread that calls which is measured.
     *
     * @param weight legs of the loop; a room without legs counts as one
     */
    void maintain(long nowNanos, List<LoopRoom> rooms, int weight) {
        long sinceNanos = nowNanos - measuredNanos;
        if (sinceNanos < MEASURE_NANOS) {
            return;
        }
        long cpuNanos = THREADS.getCurrentThreadCpuTime();
        long spentNanos = Math.max(cpuNanos - measuredCpuNanos, busyNanos);
        last = measure(Math.clamp((double) spentNanos / sinceNanos, 0, 1), rooms, weight);
        measuredNanos = nowNanos;
        measuredCpuNanos = cpuNanos;
        busyNanos = 0;
    }

    private static Measure measure(double utilisation, List<LoopRoom> rooms, int weight) {
        long sum = 0;
        int most = 0;
        int heard = 0;
        for (int i = 0; i < rooms.size(); i++) {
            for (Seat seat : rooms.get(i).seats()) {
                int delayMillis = seat.leg().tally();
                if (delayMillis >= 0) {
                    heard++;
                    sum += delayMillis;
                    most = Math.max(most, delayMillis);
                }
            }
        }
        double mean = heard == 0 ? 0 : (double) sum / heard;
        return new Measure(utilisation, weight, mean, most);
    }
}
