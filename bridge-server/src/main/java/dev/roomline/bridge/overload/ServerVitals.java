package dev.roomline.bridge.overload;

import dev.roomline.bridge.call.Switchboard;
import dev.roomline.media.loop.MediaRelay;
import dev.roomline.media.loop.MediaRelay.LoopReport;
import dev.roomline.sip.endpoint.EndpointCounts;
import dev.roomline.sip.transport.Rank;
import dev.roomline.sip.transport.SignalLoop;
import dev.roomline.sip.transport.SipSignalling;
import dev.roomline.sip.transport.Waits;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads the vitals from those who have them. Owner: the signalling loop. */
public final class ServerVitals implements Pulse.VitalSigns {
    /** Pulses in a second. */
    private static final int WINDOW = 4;

    private static final double REFUSED = 1.5;

    /**
     * Ticks a second of five rooms: where fewer are late, it is not our calls that are too many.
     */
    private static final long TELLING_TICKS = 250;

    private final SignalLoop loop;
    private final SipSignalling sip;
    private final MediaRelay relay;
    private final Switchboard calls;
    private final long[] ticks = new long[WINDOW];
    private final long[] late = new long[WINDOW];
    private final double[] busy = new double[WINDOW];
    private final double[] lags = new double[WINDOW];
    private final List<Map<Rank, Waits>> waits = new ArrayList<>();
    private int slot;
    private long lastNanos;
    private long lastBusyNanos;
    private long lastTicks;
    private long lastLate;
    private long lastRefused;

    public ServerVitals(SignalLoop loop, SipSignalling sip, MediaRelay relay, Switchboard calls) {
        this.loop = loop;
        this.sip = sip;
        this.relay = relay;
        this.calls = calls;
        lastNanos = loop.nowNanos();
        lastBusyNanos = loop.busyNanos();
        for (int i = 0; i < WINDOW; i++) {
            waits.add(Map.of());
        }
    }

    @Override
    public Pulse.Reading read(long lagNanos, long nowNanos) {
        slot = (slot + 1) % WINDOW;
        lags[slot] = lagNanos / 1e9;
        busy[slot] = busyShare(nowNanos);
        waits.set(slot, sip.takeWaits());
        List<LoopReport> loops = relay.loops();
        countTicks(loops);
        var census = calls.census();
        EndpointCounts counts = sip.counts();
        Vitals vitals =
                new Vitals(
                        loops.stream().mapToDouble(LoopReport::utilisation).min().orElse(0),
                        lateShare(),
                        busy[slot],
                        lags[slot],
                        waited(Rank.STRANGER),
                        waited(Rank.KNOWN),
                        queueFill(),
                        census.slow(),
                        heapAfterCollection());
        return new Pulse.Reading(
                vitals,
                new SignalCounts(
                        census,
                        counts.serverTransactions(),
                        counts.clientTransactions(),
                        counts.dialogs(),
                        counts.requestsRepeated(),
                        sip.sentAgain(),
                        Arrays.stream(busy).average().orElse(0),
                        Arrays.stream(lags).max().orElse(0),
                        longestWaits()));
    }

    private double waited(Rank rank) {
        return waits.get(slot).getOrDefault(rank, Waits.NONE).longestSeconds();
    }

    private Map<Rank, Waits> longestWaits() {
        Map<Rank, Waits> longest = new EnumMap<>(waits.get(slot));
        for (Map<Rank, Waits> then : waits) {
            then.forEach(
                    (rank, wait) ->
                            longest.merge(
                                    rank,
                                    wait,
                                    (now, before) ->
                                            new Waits(
                                                    now.messages(),
                                                    Math.max(
                                                            now.longestSeconds(),
                                                            before.longestSeconds()))));
        }
        return longest;
    }

    private double busyShare(long nowNanos) {
        long busyNanos = loop.busyNanos();
        long elapsedNanos = Math.max(1, nowNanos - lastNanos);
        double share = (double) (busyNanos - lastBusyNanos) / elapsedNanos;
        lastBusyNanos = busyNanos;
        lastNanos = nowNanos;
        return Math.clamp(share, 0, 1);
    }

    private void countTicks(List<LoopReport> loops) {
        long ran = 0;
        long over = 0;
        for (LoopReport each : loops) {
            ran += each.ticks().ran() + each.ticks().skipped();
            over += each.ticks().over20();
        }
        ticks[slot] = ran - lastTicks;
        late[slot] = over - lastLate;
        lastTicks = ran;
        lastLate = over;
    }

    private double lateShare() {
        long ran = Arrays.stream(ticks).sum();
        return ran < TELLING_TICKS ? 0 : (double) Arrays.stream(late).sum() / ran;
    }

    private double queueFill() {
        long refused = loop.refusedTasks() + relay.counters().getOrDefault("post_refused", 0L);
        boolean refuses = refused > lastRefused;
        lastRefused = refused;
        return refuses ? REFUSED : (double) loop.waitingTasks() / SignalLoop.CAPACITY;
    }

    /** Share of the heap that was still in use after each pool's last collection; 0 if unknown. */
    public static double heapAfterCollection() {
        long used = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage left = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            used += left == null ? 0 : left.getUsed();
        }
        return Math.min(1, (double) used / Runtime.getRuntime().maxMemory());
    }
}
