package dev.roomline.media.loop;

/**
 * When a busy loop looks at its sockets: once in a while for all that came, and not for each packet
 * as it comes. Who is woken for each finds the processor's caches cold each time, and pays several
 * times over for the same work. A quiet loop gathers nothing: its packets go on at once. Sans-IO.
 * Owner: the loop.
 */
final class Gathering {
    /** No packet waits longer; a tenth of a packet's sound. */
    static final long PERIOD_NANOS = 2_000_000L;

    /** Datagrams of a tenth of a second from which on it gathers, and below which no longer. */
    private static final int BUSY = 100;

    private static final int QUIET = 50;

    private boolean on;
    private int received;
    private long nextNanos;

    /** A datagram came. */
    void received() {
        received++;
    }

    /** A tenth of a second is over. */
    void judge() {
        on = received >= (on ? QUIET : BUSY);
        received = 0;
    }

    /** Nobody is there any more. */
    void stop() {
        on = false;
        received = 0;
    }

    boolean isOn() {
        return on;
    }

    /** How long to sleep before the next look; 0: it is time already. */
    long waitNanos(long nowNanos) {
        long waitNanos = nextNanos - nowNanos;
        if (waitNanos > 0 && waitNanos <= PERIOD_NANOS) {
            nextNanos += PERIOD_NANOS;
            return waitNanos;
        }
        nextNanos = atOrBefore(nowNanos) + PERIOD_NANOS;
        return 0;
    }

    /** The moment of gathering at some time, or the last one before it. */
    static long atOrBefore(long nowNanos) {
        return nowNanos - Math.floorMod(nowNanos, PERIOD_NANOS);
    }
}
