package dev.roomline.bridge.inbound;

/**
 * {@code limits.invites_per_second}, of callers who are known: a bucket of one second's worth. What
 * strangers may send is bounded for each of them by {@link UnprovenSources}. Owner: the signalling
 * loop.
 */
final class InviteRate {
    private final int perSecond;
    private final TokenBucket bucket;

    /**
     * @param perSecond 0: no limit
     */
    InviteRate(int perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.bucket = new TokenBucket(perSecond, perSecond, nowNanos);
    }

    boolean take(long nowNanos) {
        return perSecond == 0 || bucket.take(nowNanos);
    }
}
