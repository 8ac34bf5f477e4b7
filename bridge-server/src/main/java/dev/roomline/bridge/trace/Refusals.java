package dev.roomline.bridge.trace;

import java.time.Instant;
import java.util.List;

/** What was refused before it became a call, as HTTP sees it. Thread-safe. */
public interface Refusals {

    /** Merged per source, method and reason; the latest first; bounded. */
    List<Refusal> list();

    /**
     * @param source the address that it came from, without port
     * @param transport {@code udp|tcp|tls|ws}
     * @param method as sent, or {@code ?} where it could not be read
     * @param reason a label of a closed set
     * @param detail the latest one's own words: what was wrong
     * @param count how many were merged here
     */
    record Refusal(
            String source,
            String transport,
            String method,
            String reason,
            String detail,
            long count,
            Instant first,
            Instant last) {}
}
