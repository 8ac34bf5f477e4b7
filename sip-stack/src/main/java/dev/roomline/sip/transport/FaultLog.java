package dev.roomline.sip.transport;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exceptions that would have left the loop. Each is counted; one of a kind (step and class) is
 * logged with its stack once a minute, with the number that was not logged. Owner: the signalling
 * loop; {@link #total} may be read anywhere.
 */
final class FaultLog {
    /** What the loop was doing. */
    enum Step {
        POSTED_TASK,
        TIMER,
        DATAGRAM,
        STREAM,
        CORE,
        EFFECT
    }

    private static final Logger log = LoggerFactory.getLogger(FaultLog.class);
    private static final long QUIET_NANOS = 60_000_000_000L;
    private static final int MOST_KINDS = 100;

    private record Kind(Step step, Class<?> fault) {}

    private static final class Seen {
        long loggedAtNanos;
        long unlogged;
    }

    private final AtomicLong total = new AtomicLong();
    private final Map<Kind, Seen> kinds = new HashMap<>();

    long total() {
        return total.get();
    }

    /** Returns whether it was logged. */
    boolean caught(Step step, Throwable fault, long nowNanos) {
        total.incrementAndGet();
        Kind kind = new Kind(step, fault.getClass());
        Seen seen = kinds.get(kind);
        if (seen != null && nowNanos - seen.loggedAtNanos < QUIET_NANOS) {
            seen.unlogged++;
            return false;
        }
        if (seen == null) {
            if (kinds.size() >= MOST_KINDS) {
                return false;
            }
            seen = new Seen();
            kinds.put(kind, seen);
        }
        log.error("signalling fault step={} unlogged={}", step, seen.unlogged, fault);
        seen.loggedAtNanos = nowNanos;
        seen.unlogged = 0;
        return true;
    }
}
