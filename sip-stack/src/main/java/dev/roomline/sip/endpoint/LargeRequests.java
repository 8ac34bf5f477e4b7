package dev.roomline.sip.endpoint;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Requests that UDP should not carry (RFC 3261 §18.1.1): they go by TCP to the same address and
 * port, and by UDP after all where no TCP is served. Where that was so is remembered for a while.
 * Owner: the signalling loop.
 */
final class LargeRequests {
    /** The path's MTU is not known; an Ethernet's less 200. */
    static final int MOST_OCTETS_BY_UDP = 1300;

    private static final long REMEMBERED_NANOS = 900_000_000_000L;
    private static final int MOST = 1024;

    private final Map<InetSocketAddress, Long> withoutTcp =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Long> eldest) {
                    return size() > MOST;
                }
            };

    /** Whether a request of that size that would go there by UDP is to go by TCP. */
    boolean needsStream(int octets, InetSocketAddress remote, long nowNanos) {
        if (octets <= MOST_OCTETS_BY_UDP) {
            return false;
        }
        Long until = withoutTcp.get(remote);
        return until == null || until - nowNanos <= 0;
    }

    /** No TCP connection could be made to it. */
    void noStream(InetSocketAddress remote, long nowNanos) {
        withoutTcp.put(remote, nowNanos + REMEMBERED_NANOS);
    }
}
