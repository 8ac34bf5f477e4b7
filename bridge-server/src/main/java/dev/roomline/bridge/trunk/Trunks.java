package dev.roomline.bridge.trunk;

import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.trunk.TrunkState.Health;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.ClientEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/**
 * The trunks that are in use, whoever made them: which take calls of ours, and how they are. Owner:
 * the signalling loop, but for what {@link LiveTrunks} names and {@link #counts}.
 */
public final class Trunks implements LiveTrunks {
    /** Twice the longest that a request may take (64·T1). */
    private static final Duration FAREWELL = Duration.ofSeconds(64);

    private final Signal signal;
    private final List<LiveTrunk> leaving = new ArrayList<>();
    private final TrunkHealth.Ports ports;
    private final ToLongFunction<String> activeCalls;
    private Map<String, LiveTrunk> trunks = new LinkedHashMap<>();
    private volatile Map<Health, Integer> counts = Map.of();
    private long lastHandle;

    /**
     * @param sip takes what is to be sent, on the loop
     * @param random must not be guessable outside tests
     * @param activeCalls of a trunk, on the loop
     */
    public Trunks(
            Signal signal,
            Consumer<ClientCommand.Send> sip,
            RandomGenerator random,
            TrunkWatch watch,
            ToLongFunction<String> activeCalls) {
        this.signal = signal;
        this.activeCalls = activeCalls;
        this.ports = new TrunkHealth.Ports(sip, () -> ++lastHandle, random, new Counting(watch));
    }

    /** As {@link #replace}, on the loop. */
    public void use(List<Trunk> wanted) {
        Map<String, LiveTrunk> next = new LinkedHashMap<>();
        for (Trunk trunk : wanted) {
            LiveTrunk before = trunks.get(trunk.id());
            boolean same = before != null && before.trunk().equals(trunk);
            next.put(trunk.id(), same ? before : new LiveTrunk(trunk, signal, ports));
        }
        Map<String, LiveTrunk> old = trunks;
        trunks = next;
        old.values().stream().filter(t -> next.get(t.id()) != t).forEach(this::leave);
        next.values().stream().filter(t -> old.get(t.id()) != t).forEach(t -> t.watch().start());
        count();
    }

    /** It is not asked any more; what it has asked is still heard, so that it can take it back. */
    private void leave(LiveTrunk trunk) {
        leaving.add(trunk);
        trunk.watch().stop();
        signal.after(FAREWELL, () -> leaving.remove(trunk));
    }

    /** Takes bindings back before the server stops. */
    public void stop() {
        trunks.values().forEach(trunk -> trunk.watch().stop());
    }

    /** What became of a request outside any dialog. */
    public void concluded(ClientEvent.Concluded event) {
        List.copyOf(trunks.values()).forEach(trunk -> trunk.watch().concluded(event));
        List.copyOf(leaving).forEach(trunk -> trunk.watch().concluded(event));
    }

    /** Those that take calls of ours, in the order in which they are asked. */
    public List<LiveTrunk> outbound() {
        return trunks.values().stream().filter(LiveTrunk::isOutbound).toList();
    }

    public Optional<LiveTrunk> find(String id) {
        return Optional.ofNullable(trunks.get(id));
    }

    public long activeCalls(String id) {
        return activeCalls.applyAsLong(id);
    }

    /** How many there are, by health. Any thread. */
    public Map<Health, Integer> counts() {
        return counts;
    }

    @Override
    public CompletionStage<Void> replace(List<Trunk> wanted) {
        return signal.ask(
                () -> {
                    use(wanted);
                    return CompletableFuture.completedStage(null);
                });
    }

    @Override
    public CompletionStage<Map<String, TrunkState>> states() {
        return signal.ask(
                () -> {
                    Map<String, TrunkState> states = new LinkedHashMap<>();
                    trunks.forEach((id, trunk) -> states.put(id, state(trunk)));
                    return CompletableFuture.completedStage(states);
                });
    }

    private TrunkState state(LiveTrunk trunk) {
        return new TrunkState(
                trunk.health(), trunk.registered(), activeCalls(trunk.id()), trunk.lastError());
    }

    private void count() {
        Map<Health, Integer> now = new EnumMap<>(Health.class);
        trunks.values().forEach(trunk -> now.merge(trunk.health(), 1, Integer::sum));
        counts = Map.copyOf(now);
    }

    /** Counts before it tells. */
    private final class Counting implements TrunkWatch {
        private final TrunkWatch watch;

        Counting(TrunkWatch watch) {
            this.watch = watch;
        }

        @Override
        public void changed(LiveTrunk trunk, Health now) {
            count();
            watch.changed(trunk, now);
        }

        @Override
        public void registered(LiveTrunk trunk) {
            watch.registered(trunk);
        }

        @Override
        public void notRegistered(LiveTrunk trunk, String why) {
            watch.notRegistered(trunk, why);
        }
    }
}
