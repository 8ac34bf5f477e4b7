package dev.roomline.bridge.metrics;

import dev.roomline.bridge.overload.Overload;
import dev.roomline.bridge.overload.SignalCounts;
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
 * @param media the media relay
 * @param signal the signalling loop and its sockets
 * @param server what is the whole server's
 */
public record LiveNumbers(
        int calls, int participants, int rooms, Media media, Signalling signal, Server server) {
    public static final LiveNumbers NONE =
            new LiveNumbers(0, 0, 0, Media.NONE, Signalling.NONE, Server.NONE);

    /** Media loops, in order. */
    public List<LoopReport> loops() {
        return media.loops();
    }

    /**
     * @param loops in order
     * @param drops packets and events dropped since start, by the media relay's closed set
     * @param losses legs whose media ended by itself, by the media relay's closed set
     */
    public record Media(List<LoopReport> loops, Map<String, Long> drops, Map<String, Long> losses) {
        public static final Media NONE = new Media(List.of(), Map.of(), Map.of());

        public Media {
            loops = List.copyOf(loops);
            drops = Map.copyOf(drops);
            losses = Map.copyOf(losses);
        }
    }

    /**
     * @param drops datagrams, connections and messages dropped since start, by the transports'
     *     closed set
     * @param messages since start, by direction and transport: {@code received udp}
     * @param tcpConnections open now
     * @param queue tasks that wait for the loop now
     * @param faults steps of the loop that ended by an exception, since start
     * @param refusals tasks that its full queue refused, since start
     * @param counts as of the last pulse
     */
    public record Signalling(
            Map<String, Long> drops,
            Map<String, Long> messages,
            long tcpConnections,
            int queue,
            long faults,
            long refusals,
            SignalCounts counts) {
        public static final Signalling NONE =
                new Signalling(Map.of(), Map.of(), 0, 0, 0, 0, SignalCounts.NONE);

        public Signalling {
            drops = Map.copyOf(drops);
            messages = Map.copyOf(messages);
        }
    }

    /**
     * @param directBytes memory outside the heap that network buffers hold
     * @param heapAfterCollection share of the heap, 0 to 1
     * @param trunks how many there are, by {@code up|down|unknown}
     */
    public record Server(
            Overload overload,
            boolean draining,
            long directBytes,
            double heapAfterCollection,
            Map<String, Integer> trunks) {
        public static final Server NONE = new Server(Overload.NONE, false, 0, 0, Map.of());

        public Server {
            trunks = Map.copyOf(trunks);
        }
    }
}
