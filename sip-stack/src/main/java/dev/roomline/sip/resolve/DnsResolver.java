package dev.roomline.sip.resolve;

import dev.roomline.sip.endpoint.Target;
import dev.roomline.sip.message.SipUri;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolves names by A and AAAA, the hosts file first. Numeric hosts are answered at once. Queries
 * in flight are bounded, and each has a time limit; the answer is posted back to the loop. Owner:
 * the signalling loop.
 */
public final class DnsResolver implements SipResolver {
    static final int MOST_IN_FLIGHT = 64;
    static final int MOST_TARGETS = 16;
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(DnsResolver.class);

    private final Executor loop;
    private final AddressLookup lookup;
    private final Duration limit;
    private final AtomicInteger inFlight = new AtomicInteger();

    /**
     * @param loop where answers are given; the one that calls {@link #resolve}
     */
    public DnsResolver(Executor loop) {
        this(loop, new DnsLookup(), LIMIT);
    }

    DnsResolver(Executor loop, AddressLookup lookup, Duration limit) {
        this.loop = loop;
        this.lookup = lookup;
        this.limit = limit;
    }

    @Override
    public void resolve(SipUri uri, Consumer<List<Target>> answer) {
        switch (TargetRules.plan(uri)) {
            case TargetRules.Plan.Address(var transport, var address, int port) ->
                    answer.accept(
                            List.of(new Target(transport, new InetSocketAddress(address, port))));
            case TargetRules.Plan.Impossible(String reason) -> {
                log.debug("no target reason=\"{}\"", reason);
                answer.accept(List.of());
            }
            case TargetRules.Plan.Name name -> ask(name, answer);
        }
    }

    private void ask(TargetRules.Plan.Name name, Consumer<List<Target>> answer) {
        if (inFlight.get() >= MOST_IN_FLIGHT) {
            log.warn("name not asked host={} in_flight={}", name.host(), inFlight.get());
            answer.accept(List.of());
            return;
        }
        inFlight.incrementAndGet();
        CompletableFuture<?> _ =
                lookup.addressesOf(name.host())
                        .toCompletableFuture()
                        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                        .whenComplete((addresses, fault) -> post(name, addresses, fault, answer));
    }

    private void post(
            TargetRules.Plan.Name name,
            @Nullable List<InetAddress> addresses,
            @Nullable Throwable fault,
            Consumer<List<Target>> answer) {
        inFlight.decrementAndGet();
        try {
            loop.execute(() -> answer.accept(targets(name, addresses, fault)));
        } catch (RejectedExecutionException overloaded) {
            // the core's own time-out ends what waits for it
            log.warn("answer lost host={}", name.host());
        }
    }

    private static List<Target> targets(
            TargetRules.Plan.Name name,
            @Nullable List<InetAddress> addresses,
            @Nullable Throwable fault) {
        if (addresses == null || addresses.isEmpty()) {
            log.warn(
                    "name has no address host={} error=\"{}\"",
                    name.host(),
                    fault == null ? "none" : fault.toString());
            return List.of();
        }
        Set<Target> targets = new LinkedHashSet<>();
        for (InetAddress address : addresses) {
            if (targets.size() < MOST_TARGETS) {
                targets.add(
                        new Target(name.transport(), new InetSocketAddress(address, name.port())));
            }
        }
        return new ArrayList<>(targets);
    }
}
