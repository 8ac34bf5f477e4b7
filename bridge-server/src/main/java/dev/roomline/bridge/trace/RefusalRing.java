package dev.roomline.bridge.trace;

import dev.roomline.sip.endpoint.Flow;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was refused before it became a call, merged per source, transport, method and reason, so
 * that a scanner fills one entry and not the ring. Bounded: the entry longest quiet goes first.
 * Thread-safe: written by the signalling loop, read by HTTP.
 */
public final class RefusalRing implements Refusals {
    static final int CAPACITY = 512;
    private static final int MAX_DETAIL = 200;
    private static final int MAX_METHOD = 32;

    private record Key(String source, String transport, String method, String reason) {}

    private final Map<Key, Refusal> entries = new LinkedHashMap<>();

    /** Who sends from one IPv6 network may send from each of its addresses: its /64 is named. */
    static String source(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        StringBuilder prefix = new StringBuilder();
        for (int i = 0; i < 8; i += 2) {
            prefix.append(Integer.toHexString(((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff)))
                    .append(':');
        }
        return prefix + ":/64";
    }

    /** What came this way was refused. */
    public void add(Flow from, String method, String reason, String detail, Instant at) {
        String transport = from.transport().name().toLowerCase(Locale.ROOT);
        add(source(from.remote().getAddress()), transport, method, reason, detail, at);
    }

    synchronized void add(
            String source,
            String transport,
            String method,
            String reason,
            String detail,
            Instant at) {
        Key key = new Key(source, transport, bounded(method, MAX_METHOD), reason);
        Refusal before = entries.remove(key);
        entries.put(
                key,
                new Refusal(
                        key.source(),
                        key.transport(),
                        key.method(),
                        key.reason(),
                        bounded(detail, MAX_DETAIL),
                        before == null ? 1 : before.count() + 1,
                        before == null ? at : before.first(),
                        at));
        if (entries.size() > CAPACITY) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    @Override
    public synchronized List<Refusal> list() {
        List<Refusal> latestFirst = new ArrayList<>(entries.values());
        Collections.reverse(latestFirst);
        return latestFirst;
    }

    private static String bounded(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }
}
