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
 */
public record LiveNumbers(
        int calls,
        int participants,
        int rooms,
        List<LoopReport> loops,
        Map<String, Long> mediaDrops) {
    public static final LiveNumbers NONE = new LiveNumbers(0, 0, 0, List.of(), Map.of());

    public LiveNumbers {
        loops = List.copyOf(loops);
        mediaDrops = Map.copyOf(mediaDrops);
    }
}
