package dev.roomline.sip.transport;

import dev.roomline.sip.endpoint.Flow;
import org.jspecify.annotations.Nullable;

/** A message that waits for the core. Owner: the signalling loop. */
final class Arrival {
    /** What holding one costs beside its octets: objects, and its place in tables. */
    static final int OVERHEAD_OCTETS = 512;

    /**
     * What a repetition has in common with it, and a CANCEL but for the method (RFC 3261 §9.1,
     * §17.2.3).
     *
     * @param network its source's
     */
    record Key(String branch, String method, long network) {}

    final Flow flow;
    final byte[] bytes;
    final Rank rank;
    final long sinceNanos;

    /** Null where no repetition of it can be told. */
    final @Nullable Key key;

    /** A CANCEL of it, which came while it waited: served next after it. */
    @Nullable Arrival cancel;

    Arrival(Flow flow, byte[] bytes, Rank rank, long sinceNanos, @Nullable Key key) {
        this.flow = flow;
        this.bytes = bytes;
        this.rank = rank;
        this.sinceNanos = sinceNanos;
        this.key = key;
    }

    int octets() {
        return bytes.length + OVERHEAD_OCTETS + (cancel == null ? 0 : cancel.octets());
    }

    boolean isOverdue(long nowNanos) {
        return nowNanos - sinceNanos > rank.patienceNanos();
    }
}
