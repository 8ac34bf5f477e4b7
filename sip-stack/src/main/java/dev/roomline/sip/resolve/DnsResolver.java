package dev.roomline.sip.resolve;

import dev.roomline.sip.endpoint.Target;
import dev.roomline.sip.message.SipUri;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolves names by NAPTR, SRV, A and AAAA ({@link ServerSearch}), the hosts file first. Numeric
 * hosts are answered at once. Queries in flight are bounded, and each has a time limit; the answer
 * is posted back to the loop. What the DNS says is kept for its TTL; a name of which it says that
 * it leads nowhere is not asked again for ten seconds, and one of which it says nothing is. Owner:
 * the signalling loop.
 */
public final class DnsResolver implements SipResolver {
    static final int MOST_IN_FLIGHT = 64;
    static final int MOST_TARGETS = 16;
    private static final Duration LIMIT = Duration.ofSeconds(7);
    private static final long NOWHERE_NANOS = 10_000_000_000L;
    private static final int MOST_NOWHERE = 1024;
    private static final Logger log = LoggerFactory.getLogger(DnsResolver.class);

    private final Executor loop;
    private final ServerSearch search;
    private final Duration limit;
    private final LongSupplier clockNanos;
    private final AtomicInteger inFlight = new AtomicInteger();

    /** Until when a question is not asked again whose answer was that there is nothing. */
    private final Map<Question, Long> nowhere =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Question, Long> eldest) {
                    return size() > MOST_NOWHERE;
                }
            };

    private record Question(TargetRules.Plan.Name name, boolean transportGiven) {}

    /**
     * @param loop where answers are given; the one that calls {@link #resolve}
     * @param sources says which families are served, and the order of a host's addresses
     * @param random for the weights of SRV
     */
    public DnsResolver(
            Executor loop,
            SourceAddresses sources,
            RandomGenerator random,
            LongSupplier clockNanos) {
        this(loop, new DnsLookup(), LIMIT, sources, random, clockNanos);
    }

    DnsResolver(
            Executor loop,
            AddressLookup lookup,
            Duration limit,
            SourceAddresses sources,
            RandomGenerator random,
            LongSupplier clockNanos) {
        this.loop = loop;
        this.search = new ServerSearch(lookup, random, sources);
        this.limit = limit;
        this.clockNanos = clockNanos;
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
            case TargetRules.Plan.Name name ->
                    ask(new Question(name, uri.parameters().containsKey("transport")), answer);
        }
    }

    private void ask(Question question, Consumer<List<Target>> answer) {
        TargetRules.Plan.Name name = question.name();
        Long until = nowhere.get(question);
        if (until != null && until - clockNanos.getAsLong() > 0) {
            answer.accept(List.of());
            return;
        }
        nowhere.remove(question);
        if (inFlight.get() >= MOST_IN_FLIGHT) {
            log.warn("name not asked host={} in_flight={}", name.host(), inFlight.get());
            answer.accept(List.of());
            return;
        }
        inFlight.incrementAndGet();
        CompletableFuture<?> _ =
                search.targets(name, question.transportGiven())
                        .toCompletableFuture()
                        .copy()
                        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                        .whenComplete((targets, fault) -> post(question, targets, fault, answer));
    }

    private void post(
            Question question,
            @Nullable List<Target> targets,
            @Nullable Throwable fault,
            Consumer<List<Target>> answer) {
        inFlight.decrementAndGet();
        try {
            loop.execute(() -> answer.accept(told(question, targets, fault)));
        } catch (RejectedExecutionException overloaded) {
            // the core's own time-out ends what waits for it
            log.warn("answer lost host={}", question.name().host());
        }
    }

    private List<Target> told(
            Question question, @Nullable List<Target> targets, @Nullable Throwable fault) {
        if (targets == null || targets.isEmpty()) {
            log.warn(
                    "name has no address host={} error=\"{}\"",
                    question.name().host(),
                    fault == null ? "none" : fault.toString());
            if (fault == null) {
                nowhere.put(question, clockNanos.getAsLong() + NOWHERE_NANOS);
            }
            return List.of();
        }
        return targets.stream().distinct().limit(MOST_TARGETS).toList();
    }
}
