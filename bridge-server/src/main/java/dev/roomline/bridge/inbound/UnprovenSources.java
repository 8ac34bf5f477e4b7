package dev.roomline.bridge.inbound;

import dev.roomline.sip.auth.SourceNetwork;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many INVITEs a source may send that prove nothing: a bucket for each IPv4 address and each
 * IPv6 /64, so that one stranger uses up his own share and nobody else's. An INVITE with a nonce of
 * ours is not booked, for it proves where it came from; who then turns out to be right gets back
 * what the challenge cost, so that an honest source is not limited here, however many calls it
 * brings. Bounded: who was longest not heard of is forgotten first. Owner: the signalling loop.
 */
final class UnprovenSources {
    static final int BURST = 2000;
    static final int PER_SECOND = 200;
    static final int MOST_SOURCES = 8192;

    private final Map<Long, TokenBucket> buckets =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, TokenBucket> eldest) {
                    return size() > MOST_SOURCES;
                }
            };

    /** Books one INVITE; false if this source has had its share. */
    boolean take(InetAddress source, long nowNanos) {
        return buckets.computeIfAbsent(
                        SourceNetwork.of(source), _ -> new TokenBucket(BURST, PER_SECOND, nowNanos))
                .take(nowNanos);
    }

    /** One of its INVITEs was a right answer: the challenged one is given back. */
    void proved(InetAddress source) {
        TokenBucket bucket = buckets.get(SourceNetwork.of(source));
        if (bucket != null) {
            bucket.give();
        }
    }

    int size() {
        return buckets.size();
    }
}
