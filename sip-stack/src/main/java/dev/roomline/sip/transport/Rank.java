package dev.roomline.sip.transport;

import java.util.Locale;

/** Who is served before whom where messages come faster than the core serves them. */
public enum Rank {
    /** Of a call that lives, of a request that we sent, or that ends what was begun: never late. */
    LIVING(Long.MAX_VALUE),
    /** A request out of the blue from somebody who is known: see {@link Acquaintances}. */
    KNOWN(1_000_000_000L),
    /** All else. Its sender repeats it after 0.5 s (RFC 3261 T1): it is answered before that. */
    STRANGER(400_000_000L);

    private final long patienceNanos;

    Rank(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    /** As in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What has waited for longer is told so instead of being served. */
    long patienceNanos() {
        return patienceNanos;
    }
}
