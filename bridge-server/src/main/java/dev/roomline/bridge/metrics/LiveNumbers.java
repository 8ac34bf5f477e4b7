package dev.roomline.bridge.metrics;

import dev.roomline.media.loop.MediaRelay.LoopReport;
import java.util.List;
import java.util.Map;

/**
 * How much is going on at this moment. Supplied by whoever owns it as a snapshot that any thread
 * may take without waiting.
 *
 * @param calls calls that are not over
 * @param participants in all rooms
 * @param rooms rooms with at least one participant
 * @param loops media loops, in order
 * @param mediaDrops packets and events dropped since start, by the media relay's closed set
 * @param signal the signalling loop and its sockets
 */
public record LiveNumbers(
        int calls,
        int participants,
        int rooms,
        List<LoopReport> loops,
        Map<String, Long> mediaDrops,
        Signalling signal) {
    public static final LiveNumbers NONE =
            new LiveNumbers(0, 0, 0, List.of(), Map.of(), Signalling.NONE);

    /**
     * What signalling lost since start.
     *
     * @param drops datagrams, connections and messages, by the transports' closed set
     * @param faults steps of the loop that ended by an exception
     * @param refusals tasks that its full queue refused
     */
    public record Signalling(Map<String, Long> drops, long faults, long refusals) {
        public static final Signalling NONE = new Signalling(Map.of(), 0, 0);

        public Signalling {
            drops = Map.copyOf(drops);
        }
    }

    public LiveNumbers {
        loops = List.copyOf(loops);
        mediaDrops = Map.copyOf(mediaDrops);
    }
}
