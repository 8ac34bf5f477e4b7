package dev.roomline.media.leg;

/**
 * Whether a phone is still there: it is not once nothing has come for too long, or once the kernel
 * has told for a while that nobody listens on its port. Owner: the leg's media loop.
 */
final class Liveness {
    private static final long UNREACHABLE_NANOS = 2_000_000_000L;

    private final long silenceNanos;
    private long lastReceivedNanos;
    private boolean unreachable;
    private long unreachableSinceNanos;

    /**
     * @param silenceNanos how long nothing may come; zero: for ever
     */
    Liveness(long silenceNanos, long nowNanos) {
        this.silenceNanos = silenceNanos;
        lastReceivedNanos = nowNanos;
    }

    /** Valid RTP or RTCP came, or nothing was to come. */
    void received(long nowNanos) {
        lastReceivedNanos = nowNanos;
    }

    /** It may be silent for ever. */
    boolean isUnlimited() {
        return silenceNanos == 0;
    }

    boolean isSilentTooLong(long nowNanos) {
        return nowNanos - lastReceivedNanos >= silenceNanos;
    }

    long silenceSeconds() {
        return silenceNanos / 1_000_000_000;
    }

    /**
     * The kernel told that nobody listens on the phone's media port. One such word may be a phone
     * that restarts its sound; several over some seconds without a sound are an end.
     *
     * @return whether they are
     */
    boolean portUnreachable(long nowNanos) {
        if (!isPortClosed()) {
            unreachable = true;
            unreachableSinceNanos = nowNanos;
            return false;
        }
        return nowNanos - unreachableSinceNanos >= UNREACHABLE_NANOS;
    }

    /** Nothing came since the kernel first told so. */
    boolean isPortClosed() {
        return unreachable && lastReceivedNanos - unreachableSinceNanos <= 0;
    }
}
