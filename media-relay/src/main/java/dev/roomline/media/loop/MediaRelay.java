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

    /** Closes all rooms and sockets, then stops the loops; waits at most two seconds. */
    @Override
    void close();

    /**
     * @param utilisation share of the last second that the loop was busy, 0 to 1
     * @param lateTicks ticks since start that began more than 5 ms after they were due
     * @param rooms rooms that live on it
     * @param legs legs of those rooms
     */
    record LoopReport(double utilisation, long lateTicks, int rooms, int legs) {}
}
