package dev.roomline.sip.auth;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who failed how often. Per call: how many times. Per source (an IPv4 address, an IPv6 /64): a debt
 * that grows by one with each failure, is forgiven by one each half minute and halved by a success;
 * above {@link #FREE_FAILURES} each further failure doubles the time in which the source's
 * credentials are not looked at, up to a minute. So one phone with an old password does not lock
 * its office out for long, and somebody who guesses gets a few thousand tries a day.
 *
 * <p>Both tables are bounded; the one longest untouched is forgotten first. Owner: the signalling
 * loop.
 */
final class FailureLedger {
    static final int FREE_FAILURES = 6;
    static final long FORGIVE_NANOS = 30_000_000_000L;
    static final long FIRST_BACK_OFF_NANOS = 1_000_000_000L;
    static final long LONGEST_BACK_OFF_NANOS = 60_000_000_000L;
    private static final int MOST_DEBT = 64;

    private record CallKey(long source, String callId) {}

    private record Guesses(int count, String last) {}

    private static final class Source {
        int debt;
        long sinceNanos;
        long untilNanos;
    }

    private final Map<Long, Source> sources;
    private final Map<CallKey, Guesses> calls;

    FailureLedger(int capacity) {
        sources = new Bounded<>(capacity);
        calls = new Bounded<>(capacity);
    }

    /** How long this source's credentials are not looked at; 0 if they are. */
    long backOffNanos(InetAddress address, long nowNanos) {
        Source source = sources.get(SourceNetwork.of(address));
        return source == null ? 0 : Math.max(0, source.untilNanos - nowNanos);
    }

    /**
     * Books a failure; returns how many this call has had.
     *
     * @param guess what was wrong; the same one again is the same request sent again since our
     *     answer was lost, and is not counted twice
     */
    int failed(InetAddress address, String callId, String guess, long nowNanos) {
        long key = SourceNetwork.of(address);
        CallKey callKey = new CallKey(key, callId);
        Guesses known = calls.get(callKey);
        if (known != null && known.last().equals(guess)) {
            return known.count();
        }
        Source source =
                sources.computeIfAbsent(
                        key,
                        any -> {
                            Source fresh = new Source();
                            fresh.sinceNanos = nowNanos;
                            fresh.untilNanos = nowNanos;
                            return fresh;
                        });
        forgive(source, nowNanos);
        source.debt = Math.min(MOST_DEBT, source.debt + 1);
        int above = source.debt - FREE_FAILURES;
        if (above > 0) {
            long backOffNanos =
                    above > 6
                            ? LONGEST_BACK_OFF_NANOS
                            : Math.min(LONGEST_BACK_OFF_NANOS, FIRST_BACK_OFF_NANOS << (above - 1));
            source.untilNanos = nowNanos + backOffNanos;
        }
        Guesses guesses = new Guesses(known == null ? 1 : known.count() + 1, guess);
        calls.put(callKey, guesses);
        return guesses.count();
    }

    /** A right answer halves the source's debt and clears the call's. */
    void succeeded(InetAddress address, String callId, long nowNanos) {
        long key = SourceNetwork.of(address);
        calls.remove(new CallKey(key, callId));
        Source source = sources.get(key);
        if (source != null) {
            forgive(source, nowNanos);
            source.debt /= 2;
        }
    }

    int size() {
        return sources.size() + calls.size();
    }

    private static void forgive(Source source, long nowNanos) {
        long steps = (nowNanos - source.sinceNanos) / FORGIVE_NANOS;
        source.debt = (int) Math.max(0, source.debt - steps);
        source.sinceNanos = source.debt == 0 ? nowNanos : source.sinceNanos + steps * FORGIVE_NANOS;
    }

    /** Forgets what was longest untouched. */
    private static final class Bounded<K, V> extends LinkedHashMap<K, V> {
        private final int capacity;

        Bounded(int capacity) {
            super(16, 0.75f, true);
            this.capacity = capacity;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > capacity;
        }
    }
}
