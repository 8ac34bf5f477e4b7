package dev.roomline.bridge.metrics;

import dev.roomline.bridge.metrics.LiveNumbers.Signalling;
import dev.roomline.bridge.overload.Strain;
import dev.roomline.media.loop.MediaRelay.Carried;
import dev.roomline.media.loop.MediaRelay.LoopReport;
import dev.roomline.media.loop.MediaRelay.Ticks;
import dev.roomline.sip.transport.Rank;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What is read at each scrape, all of it from one snapshot. Any thread; one scrape at a time sees a
 * consistent whole.
 */
final class LiveMeters {
    private final Meters meters;
    private final Set<String> metered = ConcurrentHashMap.newKeySet();
    private volatile LiveNumbers now = LiveNumbers.NONE;

    LiveMeters(Meters meters) {
        this.meters = meters;
        calls();
        sip();
        media();
        server();
    }

    /** Takes the snapshot that the next scrape shows. */
    void take(LiveNumbers numbers) {
        now = numbers;
        for (int loop = 0; loop < numbers.loops().size(); loop++) {
            if (metered.add("loop " + loop)) {
                loop(loop);
            }
        }
        for (String reason : numbers.media().drops().keySet()) {
            if (metered.add("drop " + reason)) {
                meters.counted(
                        Metric.MEDIA_DROPS,
                        () -> now.media().drops().getOrDefault(reason, 0L),
                        reason);
            }
        }
        for (String reason : numbers.media().losses().keySet()) {
            if (metered.add("loss " + reason)) {
                meters.counted(
                        Metric.LEGS_LOST,
                        () -> now.media().losses().getOrDefault(reason, 0L),
                        reason);
            }
        }
        sipSets(numbers.signal());
    }

    private void sipSets(Signalling signal) {
        for (String reason : signal.drops().keySet()) {
            if (metered.add("sip drop " + reason)) {
                meters.counted(
                        Metric.SIP_DROPS,
                        () -> now.signal().drops().getOrDefault(reason, 0L),
                        reason);
            }
        }
        for (String way : signal.messages().keySet()) {
            if (metered.add("messages " + way)) {
                meters.counted(
                        Metric.SIP_MESSAGES,
                        () -> now.signal().messages().getOrDefault(way, 0L),
                        way.split(" "));
            }
        }
    }

    private void calls() {
        meters.gauge(
                Metric.CALLS_ACTIVE, () -> now.signal().counts().census().screening(), "screening");
        meters.gauge(
                Metric.CALLS_ACTIVE, () -> now.signal().counts().census().ringing(), "ringing");
        meters.gauge(
                Metric.CALLS_ACTIVE, () -> now.signal().counts().census().answered(), "answered");
        meters.gauge(Metric.CALLS_ACTIVE, () -> now.signal().counts().census().ending(), "ending");
        meters.gauge(Metric.PARTICIPANTS, () -> now.participants());
        meters.gauge(Metric.ROOMS, () -> now.rooms());
    }

    private void sip() {
        meters.counted(
                Metric.SIP_RETRANSMISSIONS,
                () -> now.signal().counts().requestsRepeated(),
                "received");
        meters.counted(Metric.SIP_RETRANSMISSIONS, () -> now.signal().counts().sentAgain(), "sent");
        meters.gauge(
                Metric.SIP_TRANSACTIONS,
                () -> now.signal().counts().serverTransactions(),
                "server");
        meters.gauge(
                Metric.SIP_TRANSACTIONS,
                () -> now.signal().counts().clientTransactions(),
                "client");
        meters.gauge(Metric.SIP_DIALOGS, () -> now.signal().counts().dialogs());
        meters.gauge(Metric.SIP_TCP, () -> now.signal().tcpConnections());
        meters.gauge(Metric.SIGNAL_UTILISATION, () -> now.signal().counts().utilisation());
        meters.gauge(Metric.SIGNAL_LAG, () -> now.signal().counts().lagSeconds());
        for (Rank rank : Rank.values()) {
            meters.gauge(
                    Metric.SIP_WAITING,
                    () -> now.signal().counts().waits(rank).messages(),
                    rank.label());
            meters.gauge(
                    Metric.SIP_WAIT,
                    () -> now.signal().counts().waits(rank).longestSeconds(),
                    rank.label());
        }
        meters.gauge(Metric.SIGNAL_QUEUE, () -> now.signal().queue());
        meters.counted(Metric.FAULTS, () -> now.signal().faults(), "signal_loop");
        meters.counted(Metric.FAULTS, () -> drops("leg_fault") + drops("loop_fault"), "media_loop");
        meters.counted(Metric.QUEUE_REFUSALS, () -> now.signal().refusals(), "signal_loop");
        meters.counted(Metric.QUEUE_REFUSALS, () -> drops("post_refused"), "media_loop");
    }

    private long drops(String reason) {
        return now.media().drops().getOrDefault(reason, 0L);
    }

    private void media() {
        meters.counted(Metric.PACKETS, () -> sum(Carried::packetsReceived), "received");
        meters.counted(Metric.PACKETS, () -> sum(Carried::packetsSent), "sent");
        meters.counted(Metric.PACKETS_LOST, () -> sum(Carried::packetsLost));
        meters.counted(Metric.PACKETS_LATE, () -> sum(Carried::packetsLate));
        meters.counted(Metric.PACKETS_REPORTED_LOST, () -> sum(Carried::packetsReportedLost));
        meters.counted(Metric.PLAYED, () -> seconds(Carried::playedSeconds));
        meters.counted(Metric.CONCEALED, () -> seconds(Carried::concealedSeconds));
        meters.counted(Metric.RECOVERED, () -> seconds(Carried::recoveredSeconds));
    }

    private double sum(ToLongFunction<Carried> value) {
        return now.loops().stream().map(LoopReport::carried).mapToLong(value).sum();
    }

    private double seconds(ToDoubleFunction<Carried> value) {
        return now.loops().stream().map(LoopReport::carried).mapToDouble(value).sum();
    }

    private void server() {
        meters.gauge(Metric.OVERLOADED, () -> now.server().overload().active() ? 1 : 0);
        meters.gauge(
                Metric.OVERLOAD_ADMITTED,
                () -> now.server().overload().admittedShare(),
                Rank.STRANGER.label());
        meters.gauge(
                Metric.OVERLOAD_ADMITTED,
                () -> now.server().overload().admittedKnown(),
                Rank.KNOWN.label());
        for (Strain strain : Strain.values()) {
            meters.gauge(
                    Metric.OVERLOAD_STRAIN,
                    () -> now.server().overload().strains().getOrDefault(strain, 0.0),
                    strain.label());
        }
        meters.counted(Metric.OVERLOADS, () -> now.server().overload().times());
        meters.counted(Metric.OVERLOAD_TIME, () -> now.server().overload().seconds());
        meters.gauge(Metric.DRAINING, () -> now.server().draining() ? 1 : 0);
        for (String state : List.of("up", "down", "unknown")) {
            meters.gauge(Metric.TRUNKS, () -> now.server().trunks().getOrDefault(state, 0), state);
        }
        meters.gauge(Metric.DIRECT_MEMORY, () -> now.server().directBytes());
        meters.gauge(Metric.HEAP_LEFT, () -> now.server().heapAfterCollection());
    }

    private void loop(int loop) {
        String name = Integer.toString(loop);
        meters.gauge(Metric.LOOP_UTILISATION, () -> report(loop).utilisation(), name);
        meters.gauge(Metric.LOOP_LEGS, () -> report(loop).legs(), name);
        meters.gauge(Metric.LOOP_QUEUE, () -> report(loop).queue(), name);
        meters.counted(Metric.TICKS, () -> ticks(loop).ran(), name);
        meters.counted(Metric.LATE_TICKS, () -> ticks(loop).over5(), name, "5");
        meters.counted(Metric.LATE_TICKS, () -> ticks(loop).over10(), name, "10");
        meters.counted(Metric.LATE_TICKS, () -> ticks(loop).over20(), name, "20");
        meters.counted(Metric.LATE_TICKS, () -> ticks(loop).over50(), name, "50");
        meters.gauge(Metric.TICK_LATENESS, () -> ticks(loop).worstMillis() / 1e3, name);
        meters.gauge(
                Metric.JITTER_DELAY_MEAN,
                () -> report(loop).carried().delayMeanMillis() / 1e3,
                name);
        meters.gauge(
                Metric.JITTER_DELAY_WORST,
                () -> report(loop).carried().delayMaxMillis() / 1e3,
                name);
    }

    private Ticks ticks(int loop) {
        return report(loop).ticks();
    }

    private LoopReport report(int loop) {
        var loops = now.loops();
        return loop < loops.size() ? loops.get(loop) : LoopReport.NONE;
    }
}
