package dev.roomline.sip.resolve;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;

/**
 * The machine's own DNS servers and hosts file, asked asynchronously: a dead server holds no
 * thread. Thread-safe.
 */
final class DnsLookup implements AddressLookup {
    private static final Duration ONE_TRY = Duration.ofSeconds(2);
    private static final int CACHED_NAMES = 4096;

    private final LookupSession session;

    DnsLookup() {
        this(new ExtendedResolver());
    }

    /** What is answered is kept for as long as its TTL says, what is not there too (RFC 2308). */
    DnsLookup(Resolver servers) {
        servers.setTimeout(ONE_TRY);
        Cache cache = new Cache(DClass.IN);
        cache.setMaxEntries(CACHED_NAMES);
        session = LookupSession.defaultBuilder().resolver(servers).cache(cache).build();
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
        return session.lookupAsync(name, type)
                .thenApply(
                        result -> {
                            List<T> found = new ArrayList<>();
                            for (Record record : result.getRecords()) {
                                T read = reading.apply(record);
                                if (read != null) {
                                    found.add(read);
                                }
                            }
                            return found;
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
        return session.lookupAsync(name, type)
                .thenApply(DnsLookup::addresses)
                .toCompletableFuture();
    }

    private static List<InetAddress> addresses(LookupResult result) {
        List<InetAddress> addresses = new ArrayList<>();
        for (Record record : result.getRecords()) {
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
