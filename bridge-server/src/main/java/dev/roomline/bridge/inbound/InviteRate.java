package dev.roomline.bridge.inbound;

/**
 * {@code limits.invites_per_second}, of callers who are known: a bucket of one second's worth. What
 * strangers may send is bounded for each of them by {@link UnprovenSources}. Owner: the signalling
 * loop.
 */
final class InviteRate {
    private static final double NANOS_PER_SECOND = 1e9;

    private final int perSecond;
    private double tokens;
    private long filledAtNanos;

    /**
     * @param perSecond 0: no limit
     */
    InviteRate(int perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
        this.filledAtNanos = nowNanos;
    }

    boolean take(long nowNanos) {
        if (perSecond == 0) {
            return true;
        }
        double earned = (nowNanos - filledAtNanos) / NANOS_PER_SECOND * perSecond;
        tokens = Math.min(perSecond, tokens + earned);
        filledAtNanos = nowNanos;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
