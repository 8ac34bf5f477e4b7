package dev.roomline.media.loop;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The port range of SIP legs: pairs of an even port for RTP and the odd one beside it for RTCP (RFC
 * 3550 §11). A freed pair rests, so that late packets of the last call reach nobody's ear. Shared
 * by all media loops without a lock: a pair is taken by one compare-and-set.
 */
final class RtpPorts {
    static final long REST_NANOS = 5_000_000_000L;

    private static final long FREE = Long.MIN_VALUE;
    private static final long TAKEN = Long.MAX_VALUE;

    private final int firstEven;
    private final AtomicLongArray restsUntil;
    private final AtomicInteger cursor = new AtomicInteger();

    /**
     * @param first first port of the range; an odd one is skipped
     * @param last last port of the range, inclusive
     */
    RtpPorts(int first, int last) {
        firstEven = (first + 1) & ~1;
        int pairs = Math.max(0, (last - firstEven + 1) / 2);
        restsUntil = new AtomicLongArray(pairs);
        for (int i = 0; i < pairs; i++) {
            restsUntil.set(i, FREE);
        }
    }

    int pairs() {
        return restsUntil.length();
    }

    /** Takes a pair and names its even port; −1 if every pair is taken or rests. */
    int take(long nowNanos) {
        int pairs = restsUntil.length();
        for (int tried = 0; tried < pairs; tried++) {
            int pair = Math.floorMod(cursor.getAndIncrement(), pairs);
            long until = restsUntil.get(pair);
            boolean free = until == FREE || (until != TAKEN && nowNanos - until >= 0);
            if (free && restsUntil.compareAndSet(pair, until, TAKEN)) {
                return firstEven + 2 * pair;
            }
        }
        return -1;
    }

    /** Gives a pair back; nobody gets it for {@link #REST_NANOS}. */
    void free(int evenPort, long nowNanos) {
        restsUntil.set((evenPort - firstEven) / 2, nowNanos + REST_NANOS);
    }
}
