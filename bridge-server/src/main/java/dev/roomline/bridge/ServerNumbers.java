package dev.roomline.bridge;

import dev.roomline.bridge.lifecycle.RunState;
import dev.roomline.bridge.metrics.LiveNumbers;
import dev.roomline.bridge.overload.Pulse;
import dev.roomline.bridge.overload.ServerVitals;
import dev.roomline.bridge.trunk.Trunks;
import dev.roomline.media.loop.MediaRelay;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.SipSignalling;
import dev.roomline.sip.transport.TransportCounters;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** What the server counts of itself while it runs, gathered when somebody asks. Thread-safe. */
final class ServerNumbers implements Supplier<LiveNumbers> {
    private final Heart heart;
    private final SipSignalling sip;
    private final Pulse pulse;
    private final RunState state;

    ServerNumbers(Heart heart, SipSignalling sip, Pulse pulse, RunState state) {
        this.heart = heart;
        this.sip = sip;
        this.pulse = pulse;
        this.state = state;
    }

    @Override
    public LiveNumbers get() {
        MediaRelay relay = heart.relay();
        return new LiveNumbers(
                heart.calls().liveCount(),
                heart.rooms().participantCount(),
                heart.rooms().roomCount(),
                new LiveNumbers.Media(relay.loops(), relay.counters(), relay.losses()),
                signalling(),
                new LiveNumbers.Server(
                        pulse.overload(),
                        state.draining(),
                        relay.bufferBytes(),
                        ServerVitals.heapAfterCollection(),
                        trunkCounts(heart.trunks())));
    }

    private static Map<String, Integer> trunkCounts(Trunks trunks) {
        Map<String, Integer> counts = new HashMap<>();
        trunks.counts().forEach((health, count) -> counts.put(health.label(), count));
        return counts;
    }

    private LiveNumbers.Signalling signalling() {
        TransportCounters counters = sip.counters();
        Map<String, Long> messages = new HashMap<>();
        for (TransportKind kind : TransportKind.values()) {
            String name = kind.name().toLowerCase(Locale.ROOT);
            messages.put("received " + name, counters.received(kind));
            messages.put("sent " + name, counters.sent(kind));
        }
        return new LiveNumbers.Signalling(
                sip.drops(),
                messages,
                counters.openConnections(),
                heart.loop().waitingTasks(),
                heart.loop().faults(),
                heart.loop().refusedTasks(),
                pulse.reading().calls());
    }
}
