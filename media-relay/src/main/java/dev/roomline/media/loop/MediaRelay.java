package dev.roomline.media.loop;

import java.util.List;

/**
 * The relay's face: sound from sockets to sockets, knowing nothing of calls. Thread-safe: every
 * operation is posted to the loop that owns the room, on a bounded queue. Start at {@link
 * #openRoom}.
 */
public interface MediaRelay extends AutoCloseable {

    /**
     * Opens a room on the least loaded loop. {@code listener} is called on that loop and must only
     * post.
     */
    MediaRoom openRoom(String label, MediaListener listener);

    /** One entry per media loop, in order: what {@code GET /v1/server} and the metrics show. */
    List<LoopReport> loops();

    /** Packets and other events dropped or refused, by closed-set name; for metrics. */
    java.util.Map<String, Long> counters();

    /** Memory outside the heap that buffers of sockets hold. */
    long bufferBytes();

    /** Closes all rooms and sockets, then stops the loops; waits at most two seconds. */
    @Override
    void close();

    /** Legs whose media ended by itself, by closed-set name; for metrics. */
    java.util.Map<String, Long> losses();

    /**
     * @param utilisation share of the last second that the loop was busy, 0 to 1: by the processor
     *     or by the clock, whichever is more
     * @param rooms rooms that live on it
     * @param legs legs of those rooms
     * @param queue posted messages that wait
     */
    record LoopReport(
            double utilisation, int rooms, int legs, int queue, Ticks ticks, Carried carried) {
        public static final LoopReport NONE = new LoopReport(0, 0, 0, 0, Ticks.NONE, Carried.NONE);

        /** Ticks since start that began more than 5 ms after they were due. */
        public long lateTicks() {
            return ticks.over5();
        }
    }

    /**
     * How late a loop's ticks began, since start.
     *
     * @param ran ticks that ran
     * @param skipped ticks that never ran since the loop stood still; they count as late too
     * @param over5 ticks that were more than 5 ms late, and so on
     * @param worstMillis the worst of the last 30 s to a minute
     */
    record Ticks(
            long ran,
            long skipped,
            long over5,
            long over10,
            long over20,
            long over50,
            double worstMillis) {
        public static final Ticks NONE = new Ticks(0, 0, 0, 0, 0, 0, 0);
    }

    /**
     * What a loop's legs have carried since start, and how long sound waits now.
     *
     * @param packetsLost packets that had not come when their moment came, or that were missing
     *     where none waits for them
     * @param packetsLate packets that came after their moment
     * @param packetsReportedLost packets of those sent that their hearers reported lost
     * @param concealedSeconds sound made up for what was lost or late
     * @param delayMeanMillis what jitter buffers add now, 0 while nobody is heard
     */
    record Carried(
            long packetsReceived,
            long packetsSent,
            long packetsLost,
            long packetsLate,
            long packetsReportedLost,
            double playedSeconds,
            double concealedSeconds,
            double recoveredSeconds,
            double delayMeanMillis,
            double delayMaxMillis) {
        public static final Carried NONE = new Carried(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
