package dev.roomline.bridge.room;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who tries room codes that do not exist. Each wrong code is a debt of its source (an IPv4 address,
 * an IPv6 /64), forgiven by one every ten seconds; above ten each further one doubles the time in
 * which the source is not listened to, up to a minute. Bounded: the source longest untouched is
 * forgotten first. Owner: the signalling loop.
 */
public final class CodeGuesses {
    static final int FREE = 10;
    static final Duration FORGIVEN_EVERY = Duration.ofSeconds(10);
    static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int CAPACITY = 8192;
    private static final int MOST_DEBT = 64;

    private static final class Source {
        int debt;
        long sinceNanos;
        long untilNanos;
    }

    private final Map<ByteBuffer, Source> sources =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Source> eldest) {
                    return size() > CAPACITY;
                }
            };

    /** How long this source must wait; zero if it may try. */
    public Duration backOff(InetAddress address, long nowNanos) {
        return backOff(network(address), nowNanos);
    }

    /** The same of a caller whom something else than an address names. */
    public Duration backOff(String caller, long nowNanos) {
        return backOff(named(caller), nowNanos);
    }

    private Duration backOff(ByteBuffer who, long nowNanos) {
        Source source = sources.get(who);
        return source == null || source.untilNanos - nowNanos <= 0
                ? Duration.ZERO
                : Duration.ofNanos(source.untilNanos - nowNanos);
    }

    public void wrong(InetAddress address, long nowNanos) {
        wrong(network(address), nowNanos);
    }

    /** The same of a caller whom something else than an address names. */
    public void wrong(String caller, long nowNanos) {
        wrong(named(caller), nowNanos);
    }

    private void wrong(ByteBuffer who, long nowNanos) {
        Source source =
                sources.computeIfAbsent(
                        who,
                        _ -> {
                            Source fresh = new Source();
                            fresh.sinceNanos = nowNanos;
                            fresh.untilNanos = nowNanos;
                            return fresh;
                        });
        long forgiven = (nowNanos - source.sinceNanos) / FORGIVEN_EVERY.toNanos();
        source.debt = (int) Math.max(0, source.debt - forgiven);
        source.sinceNanos =
                source.debt == 0
                        ? nowNanos
                        : source.sinceNanos + forgiven * FORGIVEN_EVERY.toNanos();
        source.debt = Math.min(MOST_DEBT, source.debt + 1);
        int above = source.debt - FREE;
        if (above > 0) {
            long seconds = above > 6 ? LONGEST.toSeconds() : 1L << (above - 1);
            source.untilNanos = nowNanos + Duration.ofSeconds(seconds).toNanos();
        }
    }

    private static ByteBuffer named(String caller) {
        return ByteBuffer.wrap(("caller " + caller).getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
    }
}
