package dev.roomline.bridge.inbound;

/** So many at once, and so many a second after that. Owner: whoever owns what it limits. */
final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double capacity;
    private final double perSecond;
    private double tokens;
    private long filledAtNanos;

    /** A full one. */
    TokenBucket(double capacity, double perSecond, long nowNanos) {
        this.capacity = capacity;
        this.perSecond = perSecond;
        this.tokens = capacity;
        this.filledAtNanos = nowNanos;
    }

    /** False if it is empty. */
    boolean take(long nowNanos) {
        double earned = (nowNanos - filledAtNanos) / NANOS_PER_SECOND * perSecond;
        tokens = Math.min(capacity, tokens + earned);
        filledAtNanos = nowNanos;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /** One is given back. */
    void give() {
        tokens = Math.min(capacity, tokens + 1);
    }
}
