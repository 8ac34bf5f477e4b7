package dev.roomline.sip.resolve;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Message;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * The machine's own DNS servers and hosts file, asked asynchronously: a dead server holds no
 * thread, and the next one is asked while there is time for the question. Thread-safe.
 */
final class DnsLookup implements AddressLookup {
    /** All servers together; who asks waits no longer. */
    static final Duration ONE_QUESTION = Duration.ofSeconds(2);

    private static final int CACHED_NAMES = 4096;

    private final LookupSession session;

    DnsLookup() {
        this(ResolverConfig.getCurrentConfig().servers());
    }

    /** What is answered is kept for as long as its TTL says, what is not there too (RFC 2308). */
    DnsLookup(List<InetSocketAddress> servers) {
        // each has its share of the time, and the first may have missed a datagram
        Duration share = ONE_QUESTION.dividedBy(servers.size() + 1L);
        List<Resolver> all = new ArrayList<>(servers.size());
        servers.forEach(server -> all.add(new OneServer(server, share)));
        ExtendedResolver resolver = new ExtendedResolver(all);
        resolver.setTimeout(ONE_QUESTION);
        Cache cache = new Cache(DClass.IN);
        cache.setMaxEntries(CACHED_NAMES);
        session = LookupSession.defaultBuilder().resolver(resolver).cache(cache).build();
    }

    /** The library looks at its own time-outs when nothing came from anybody for a second. */
    private static final class OneServer extends SimpleResolver {
        private final Duration patience;

        OneServer(InetSocketAddress server, Duration patience) {
            super(server);
            this.patience = patience;
            setTimeout(ONE_QUESTION);
        }

        @Override
        public CompletionStage<Message> sendAsync(Message query, Executor executor) {
            return super.sendAsync(query, executor)
                    .toCompletableFuture()
                    .copy()
                    .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public CompletionStage<List<ServiceRecord>> servicesOf(String name) {
        return records(
                name,
                Type.SRV,
                record ->
                        record instanceof SRVRecord srv
                                ? new ServiceRecord(
                                        srv.getPriority(),
                                        srv.getWeight(),
                                        srv.getPort(),
                                        hostOf(srv.getTarget()))
                                : null);
    }

    @Override
    public CompletionStage<List<PointerRecord>> pointersOf(String host) {
        return records(
                host,
                Type.NAPTR,
                record ->
                        record instanceof NAPTRRecord naptr
                                ? new PointerRecord(
                                        naptr.getOrder(),
                                        naptr.getPreference(),
                                        naptr.getFlags(),
                                        naptr.getService(),
                                        hostOf(naptr.getReplacement()))
                                : null);
    }

    private static String hostOf(Name name) {
        return name.equals(Name.root) ? ServiceRecord.NOT_HERE : name.toString(true);
    }

    private <T> CompletionStage<List<T>> records(
            String host, int type, Function<Record, @Nullable T> reading) {
        Name name;
        try {
            name = Name.fromString(host.endsWith(".") ? host : host + ".");
        } catch (TextParseException notAName) {
            return CompletableFuture.failedFuture(notAName);
        }
        return answers(name, type)
                .thenApply(
                        records -> {
                            List<T> found = new ArrayList<>();
                            for (Record record : records) {
                                T read = reading.apply(record);
                                if (read != null) {
                                    found.add(read);
                                }
                            }
                            return found;
                        });
    }

    /** None, where a server says that there are none. */
    private CompletionStage<List<Record>> answers(Name name, int type) {
        return session.lookupAsync(name, type)
                .handle(
                        (result, fault) -> {
                            Throwable why =
                                    fault instanceof CompletionException ? fault.getCause() : fault;
                            if (why instanceof NoSuchDomainException
                                    || why instanceof NoSuchRRSetException) {
                                return List.of();
                            }
                            if (why != null) {
                                throw new CompletionException(why);
                            }
                            return result.getRecords();
                        });
    }

    @Override
    public CompletionStage<List<InetAddress>> addressesOf(String host) {
        Name name;
        try {
            name = Name.fromString(host.endsWith(".") ? host : host + ".");
        } catch (TextParseException notAName) {
            return CompletableFuture.failedFuture(notAName);
        }
        CompletableFuture<List<InetAddress>> ipv4 = ask(name, Type.A);
        CompletableFuture<List<InetAddress>> ipv6 = ask(name, Type.AAAA);
        return ipv4.handle((four, noFour) -> new Half(four, noFour))
                .thenCombine(ipv6.handle(Half::new), DnsLookup::join);
    }

    private record Half(@Nullable List<InetAddress> addresses, @Nullable Throwable fault) {}

    private CompletableFuture<List<InetAddress>> ask(Name name, int type) {
        return answers(name, type).thenApply(DnsLookup::addresses).toCompletableFuture();
    }

    private static List<InetAddress> addresses(List<Record> records) {
        List<InetAddress> addresses = new ArrayList<>();
        for (Record record : records) {
            if (record instanceof ARecord a) {
                addresses.add(a.getAddress());
            } else if (record instanceof AAAARecord aaaa) {
                addresses.add(aaaa.getAddress());
            }
        }
        return addresses;
    }

    /** One family that has none is no fault as long as the other has some. */
    private static List<InetAddress> join(Half ipv4, Half ipv6) {
        List<InetAddress> all = new ArrayList<>();
        if (ipv4.addresses() != null) {
            all.addAll(ipv4.addresses());
        }
        if (ipv6.addresses() != null) {
            all.addAll(ipv6.addresses());
        }
        Throwable fault = ipv4.fault() != null ? ipv4.fault() : ipv6.fault();
        if (all.isEmpty() && fault != null) {
            throw new CompletionException(fault);
        }
        return all;
    }
}
