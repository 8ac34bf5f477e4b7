package dev.roomline.media.jitter;

/**
 * Hold-ups that come again and again, as Wi-Fi makes them when it scans: too rare for a histogram
 * that forgets in seconds, too frequent to be heard each time. One is expected to come again soon,
 * two within a while to come a third time. Owner: its {@link DelayEstimate}.
 */
final class DelayPeaks {
    /** So much later than usual is no jitter but a hold-up. */
    private static final int STANDS_OUT_MILLIS = 40;

    /** What holds up a packet holds up those behind it, which are less late and come with it … */
    private static final int ANOTHER_MILLIS = 20;

    /** … within this time. One that comes late alone was overtaken. */
    private static final long WITH_IT_NANOS = 60_000_000L;

    /** A hold-up that is awaited is known by this share of the height of the one before. */
    private static final double ALIKE = 0.75;

    /** Packets of one hold-up come within this time of one another. */
    private static final long SAME_NANOS = 500_000_000L;

    /** Hold-ups farther apart than this have nothing to do with one another … */
    private static final long APART_NANOS = 10_000_000_000L;

    /** … and a third is awaited no longer than this: then the delay is due to fall. */
    private static final long AWAITED_NANOS = 8_000_000_000L;

    /** After a first hold-up another is awaited for so long: Wi-Fi's come each second or two. */
    private static final long SOON_NANOS = 3_000_000_000L;

    private boolean inside;
    private boolean any;
    private long beganNanos;
    private long lastNanos;
    private long intervalNanos;
    private int height;
    private int heightBefore;

    /** The last that came very late, perhaps alone, and what was usual then. */
    private boolean anyTall;

    private long tallNanos;
    private int tallest;
    private int usualThen;

    void reset() {
        inside = false;
        any = false;
        intervalNanos = 0;
        height = 0;
        heightBefore = 0;
        anyTall = false;
    }

    /**
     * Takes a packet.
     *
     * @param lateMillis after the fastest
     * @param usualMillis the lateness that is covered anyhow
     * @return the lateness to be prepared for; 0 if no hold-up is awaited
     */
    int onPacket(int lateMillis, int usualMillis, long arrivalNanos) {
        boolean standsOut = standsOut(lateMillis, Math.max(usualMillis, 0), arrivalNanos);
        // what is usual has risen by those before it, which must not hide it
        boolean another = isAwaited(arrivalNanos) && lateMillis > height * ALIKE;
        if (standsOut || another || (inside && lateMillis > height)) {
            note(standsOut ? Math.max(lateMillis, tallest) : lateMillis, arrivalNanos);
        } else if (inside && arrivalNanos - lastNanos > SAME_NANOS) {
            inside = false;
        }
        return isAwaited(arrivalNanos) ? Math.max(height, heightBefore) : 0;
    }

    /** Whether two that come together are late, or more; the first may be very late alone. */
    private boolean standsOut(int lateMillis, int usualMillis, long nowNanos) {
        if (anyTall && nowNanos - tallNanos < WITH_IT_NANOS) {
            // what is usual may have risen since by these very packets
            boolean together = lateMillis > usualThen + STANDS_OUT_MILLIS - ANOTHER_MILLIS;
            tallest = together ? Math.max(tallest, lateMillis) : tallest;
            return together;
        }
        if (lateMillis > usualMillis + STANDS_OUT_MILLIS) {
            anyTall = true;
            tallest = lateMillis;
            usualThen = usualMillis;
            tallNanos = nowNanos;
        }
        return false;
    }

    private boolean isAwaited(long nowNanos) {
        long awaitedNanos =
                intervalNanos > 0 ? Math.min(2 * intervalNanos, AWAITED_NANOS) : SOON_NANOS;
        return any && nowNanos - lastNanos < awaitedNanos;
    }

    private void note(int lateMillis, long arrivalNanos) {
        if (!inside) {
            inside = true;
            long interval = arrivalNanos - beganNanos;
            intervalNanos = any && interval <= APART_NANOS ? interval : 0;
            beganNanos = arrivalNanos;
            heightBefore = intervalNanos > 0 ? height : 0;
            height = 0;
            any = true;
        }
        height = Math.max(height, lateMillis);
        lastNanos = arrivalNanos;
    }
}
