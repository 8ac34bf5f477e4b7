package dev.roomline.sip.auth;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which nonce counts have been used (RFC 7616 §3.4: nc), so that captured credentials are worth
 * nothing. Bounded: when it is full the nonce that was used first is forgotten, and with it every
 * unknown nonce as old as that one is no longer taken, so that forgetting opens no door.
 *
 * <p>Owner: the signalling loop.
 */
final class NonceCounts {
    enum Use {
        FIRST,
        REPEATED,
        /** It may have been used before; nobody remembers. */
        FORGOTTEN
    }

    /** Requests may overtake one another: counts this far below the highest are told apart. */
    private static final int WINDOW = 64;

    private static final class Seen {
        final long issuedNanos;
        long highest;
        long below; // bit i: highest − i was used

        Seen(long issuedNanos, long count) {
            this.issuedNanos = issuedNanos;
            this.highest = count;
            this.below = 1;
        }
    }

    private final int capacity;
    private final long lifetimeNanos;
    private final Map<String, Seen> seen = new LinkedHashMap<>();
    private boolean anyForgotten;
    private long forgottenUpToNanos;

    NonceCounts(int capacity, Duration lifetime) {
        this.capacity = capacity;
        this.lifetimeNanos = lifetime.toNanos();
    }

    Use use(String nonce, long issuedNanos, long count, long nowNanos) {
        Seen known = seen.get(nonce);
        if (known != null) {
            return mark(known, count) ? Use.FIRST : Use.REPEATED;
        }
        if (anyForgotten && issuedNanos - forgottenUpToNanos <= 0) {
            return Use.FORGOTTEN;
        }
        makeRoom(nowNanos);
        seen.put(nonce, new Seen(issuedNanos, count));
        return Use.FIRST;
    }

    int size() {
        return seen.size();
    }

    private static boolean mark(Seen known, long count) {
        if (count > known.highest) {
            long shift = count - known.highest;
            known.below = shift >= WINDOW ? 1 : (known.below << shift) | 1;
            known.highest = count;
            return true;
        }
        long behind = known.highest - count;
        if (behind >= WINDOW || (known.below & (1L << behind)) != 0) {
            return false;
        }
        known.below |= 1L << behind;
        return true;
    }

    private void makeRoom(long nowNanos) {
        Iterator<Seen> eldest = seen.values().iterator();
        while (eldest.hasNext()) {
            Seen entry = eldest.next();
            boolean expired = nowNanos - entry.issuedNanos > lifetimeNanos;
            if (!expired && seen.size() < capacity) {
                return;
            }
            eldest.remove();
            if (!expired && (!anyForgotten || entry.issuedNanos - forgottenUpToNanos > 0)) {
                anyForgotten = true;
                forgottenUpToNanos = entry.issuedNanos;
            }
        }
    }
}
