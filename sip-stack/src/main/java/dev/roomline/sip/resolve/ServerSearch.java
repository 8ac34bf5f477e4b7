package dev.roomline.sip.resolve;

import dev.roomline.sip.endpoint.Target;
import dev.roomline.sip.endpoint.TransportKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * From a name to targets (RFC 3263 §4.1, §4.2):
 *
 * <pre>
 *  port in the URI ─────────────▶ A, AAAA
 *  transport in the URI ────────▶ SRV of that transport ──▶ A, AAAA of each
 *  neither ──▶ NAPTR ──▶ SRV of each that we serve; for sips of SIPS alone
 *               └ none ─▶ SRV of UDP, of TCP; for sips of TLS
 *  no SRV ──▶ A, AAAA, the default port
 * </pre>
 *
 * <p>A question that fails is one without records, so that a server that knows no NAPTR stops
 * nobody; where nothing else is found it is why. Thread-safe.
 */
final class ServerSearch {
    private static final Set<TransportKind> SERVED =
            EnumSet.of(TransportKind.UDP, TransportKind.TCP, TransportKind.TLS);

    private final AddressLookup dns;
    private final RandomGenerator random;
    private final DestinationOrder order;

    ServerSearch(AddressLookup dns, RandomGenerator random, SourceAddresses sources) {
        this.dns = dns;
        this.random = random;
        this.order = new DestinationOrder(sources);
    }

    /** One transport's SRV name. */
    private record Service(TransportKind transport, String name) {}

    /**
     * No targets where the DNS says so; an exception where it left a question open.
     *
     * @param transportGiven whether the URI itself says which
     */
    CompletionStage<List<Target>> targets(TargetRules.Plan.Name name, boolean transportGiven) {
        Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
        return search(name, transportGiven, faults)
                .thenApply(
                        found -> {
                            Throwable fault = faults.peek();
                            if (found.isEmpty() && fault != null) {
                                throw new CompletionException(fault);
                            }
                            return found;
                        });
    }

    private CompletionStage<List<Target>> search(
            TargetRules.Plan.Name name, boolean transportGiven, Queue<Throwable> faults) {
        if (name.decided()) {
            return plain(name);
        }
        if (transportGiven) {
            return services(name, List.of(serviceOf(name.transport(), name.host())), faults);
        }
        // §4.1: for a sips URI every service but SIPS is discarded
        boolean secure = name.transport() == TransportKind.TLS;
        Set<TransportKind> wanted = secure ? EnumSet.of(TransportKind.TLS) : SERVED;
        return orNone(dns.pointersOf(name.host()), faults)
                .thenCompose(
                        pointers -> {
                            List<Service> found = new ArrayList<>();
                            for (PointerRecord one : PointerRecord.usable(pointers, wanted)) {
                                TransportKind transport = one.transport();
                                if (transport != null) {
                                    found.add(new Service(transport, one.replacement()));
                                }
                            }
                            if (found.isEmpty() && secure) {
                                found.add(serviceOf(TransportKind.TLS, name.host()));
                            } else if (found.isEmpty()) {
                                found.add(serviceOf(TransportKind.UDP, name.host()));
                                found.add(serviceOf(TransportKind.TCP, name.host()));
                            }
                            return services(name, found, faults);
                        });
    }

    private static Service serviceOf(TransportKind transport, String host) {
        String prefix =
                switch (transport) {
                    case UDP -> "_sip._udp.";
                    case TCP, WS, WSS -> "_sip._tcp.";
                    case TLS -> "_sips._tcp.";
                };
        return new Service(transport, prefix + host);
    }

    private CompletionStage<List<Target>> plain(TargetRules.Plan.Name name) {
        return dns.addressesOf(name.host())
                .thenApply(addresses -> at(name.transport(), addresses, name.port()));
    }

    /** Of one host, in the order in which they are tried (RFC 6724). */
    private List<Target> at(TransportKind transport, List<InetAddress> addresses, int port) {
        return order.of(addresses).stream()
                .map(address -> new Target(transport, new InetSocketAddress(address, port)))
                .toList();
    }

    private CompletionStage<List<Target>> services(
            TargetRules.Plan.Name name, List<Service> services, Queue<Throwable> faults) {
        List<CompletableFuture<List<ServiceRecord>>> asked =
                services.stream().map(one -> orNone(dns.servicesOf(one.name()), faults)).toList();
        return all(asked)
                .thenCompose(
                        answers -> {
                            List<CompletableFuture<List<Target>>> hosts = new ArrayList<>();
                            boolean any = false;
                            for (int i = 0; i < answers.size(); i++) {
                                any |= !answers.get(i).isEmpty();
                                TransportKind transport = services.get(i).transport();
                                addHosts(hosts, transport, answers.get(i), faults);
                            }
                            return any
                                    ? all(hosts).thenApply(ServerSearch::flat)
                                    : plain(name).toCompletableFuture();
                        });
    }

    private void addHosts(
            List<CompletableFuture<List<Target>>> hosts,
            TransportKind transport,
            List<ServiceRecord> records,
            Queue<Throwable> faults) {
        for (ServiceRecord record : ServiceRecord.ordered(records, random)) {
            boolean usable = record.port() > 0 && !record.host().equals(ServiceRecord.NOT_HERE);
            if (usable && hosts.size() < DnsResolver.MOST_TARGETS) {
                hosts.add(
                        orNone(dns.addressesOf(record.host()), faults)
                                .thenApply(found -> at(transport, found, record.port())));
            }
        }
    }

    private static List<Target> flat(List<List<Target>> lists) {
        return lists.stream().flatMap(List::stream).toList();
    }

    private static <T> CompletableFuture<List<T>> orNone(
            CompletionStage<List<T>> question, Queue<Throwable> faults) {
        return question.toCompletableFuture()
                .copy()
                .orTimeout(DnsLookup.ONE_QUESTION.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(
                        fault -> {
                            faults.add(fault);
                            return List.of();
                        });
    }

    private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> parts) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(done -> parts.stream().map(CompletableFuture::join).toList());
    }
}
