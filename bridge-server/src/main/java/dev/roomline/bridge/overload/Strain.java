package dev.roomline.bridge.overload;

import java.time.Duration;
import java.util.Locale;

/**
 * What can be too much. Each is over when its value has been above the limit for its patience, and
 * is relieved below the relief.
 */
public enum Strain {
    /** The least busy media loop: no room for another leg anywhere. */
    MEDIA_LOOPS(Lasting.CALLS, 0.90, 0.75, 2_000, "every media loop is busy", "%.2f of its time"),
    /** Ticks that began more than 20 ms late: what everybody in a room hears. */
    LATE_TICKS(Lasting.CALLS, 0.25, 0.05, 3_000, "media ticks begin late", "%.2f of them"),
    /** The signalling loop's own time. */
    SIGNAL_LOOP(Lasting.INVITES, 0.92, 0.70, 1_000, "signalling is busy", "%.2f of its time"),
    /** How late the signalling loop's timers run. */
    SIGNAL_LAG(Lasting.INVITES, 0.25, 0.05, 1_000, "signalling lags", "%.3f s"),
    /**
     * How long new calls wait, once they are read, before signalling looks at them. One burst at a
     * server that is not warm yet is no overload: who waits too long in it is told 503 by the
     * queue.
     */
    STRANGER_WAIT(Lasting.INVITES, 0.25, 0.10, 2_000, "calls wait to be looked at", "%.3f s"),
    /** The same of callers who are known, and who are served before strangers. */
    KNOWN_WAIT(Lasting.KNOWN, 0.25, 0.10, 500, "known callers wait to be looked at", "%.3f s"),
    /** How full queues between threads are; above 1 they refuse. */
    QUEUES(Lasting.KNOWN, 0.50, 0.10, 250, "queues between threads fill", "%.2f full"),
    /** Callers who have waited for more than half a second for our answer: the store, as a rule. */
    SLOW_SETUPS(Lasting.KNOWN, 50, 10, 1_000, "calls wait for their answer", "%.0f of them"),
    /** What the collector could not free. */
    HEAP(Lasting.CALLS, 0.95, 0.85, 10_000, "the heap is full", "%.2f of it after a collection");

    /** What makes it, and so what relieves it. */
    enum Lasting {
        /** Each call that is let in adds to it for minutes: none is let in. */
        CALLS,
        /** It passes with the INVITEs of this moment: as many are let in as it bears. */
        INVITES,
        /**
         * The same, and no flood of strangers makes it, who are served last and never get further
         * than a challenge: it comes of calls by those who are known.
         */
        KNOWN
    }

    private final Lasting lasting;
    private final double limit;
    private final double relief;
    private final Duration patience;
    private final String sentence;
    private final String shown;

    Strain(
            Lasting lasting,
            double limit,
            double relief,
            int patienceMillis,
            String sentence,
            String shown) {
        this.lasting = lasting;
        this.limit = limit;
        this.relief = relief;
        this.patience = Duration.ofMillis(patienceMillis);
        this.sentence = sentence;
        this.shown = shown;
    }

    /** As in metrics and in the API: {@code late_ticks}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    Lasting lasting() {
        return lasting;
    }

    double limit() {
        return limit;
    }

    double relief() {
        return relief;
    }

    Duration patience() {
        return patience;
    }

    /** For people, with the number that says why. */
    String told(double value) {
        return sentence
                + " ("
                + shown.formatted(value)
                + ", limit "
                + shown.formatted(limit).replaceAll("[^0-9.].*", "")
                + ")";
    }
}
