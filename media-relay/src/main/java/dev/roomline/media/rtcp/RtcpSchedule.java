package dev.roomline.media.rtcp;

import java.util.random.RandomGenerator;

/**
 * When the next compound is due (RFC 3550 §6.2, §6.3, §A.7) for a session of two members. Sans-IO;
 * randomness is injected. Owner: the media loop.
 */
public final class RtcpSchedule {
    private static final double SECOND = 1e9;

    /** §A.7: timer reconsideration converges below the intended mean without this divisor. */
    private static final double COMPENSATION = Math.E - 1.5;

    private static final double RTCP_SHARE = 0.05;
    private static final int UDP_IP_OCTETS = 28;

    private final RandomGenerator random;
    private final double minimumSeconds;
    private final double octetsPerSecond;
    private double averageOctets = 120;
    private boolean initial = true;
    private long nextNanos;

    /**
     * @param sessionKbps session bandwidth in kbit/s: that of the codec with headers
     */
    public RtcpSchedule(RandomGenerator random, double sessionKbps, long nowNanos) {
        this.random = random;
        // §6.2: the reduced minimum is 360 divided by the bandwidth in kbit/s. Below 2.5 s it would
        // tell a pair of peers nothing sooner that they could use; above 5 s it is no reduction
        minimumSeconds = Math.clamp(360 / sessionKbps, 2.5, 5);
        octetsPerSecond = sessionKbps * 1_000 / 8 * RTCP_SHARE;
        nextNanos = nowNanos + interval();
    }

    private long interval() {
        double minimum = initial ? minimumSeconds / 2 : minimumSeconds;
        double seconds = Math.max(minimum, averageOctets * 2 / octetsPerSecond);
        return (long) (seconds * (0.5 + random.nextDouble()) / COMPENSATION * SECOND);
    }

    public long nextDeadlineNanos() {
        return nextNanos;
    }

    public boolean isDue(long nowNanos) {
        return nowNanos >= nextNanos;
    }

    /**
     * Notes a compound sent and sets the next deadline.
     *
     * @param octets of RTCP, without UDP and IP headers
     */
    public void onSent(long nowNanos, int octets) {
        initial = false;
        onSize(octets);
        nextNanos = nowNanos + interval();
    }

    /** Notes a compound received: its size counts in the average (§6.3.3). */
    public void onReceived(int octets) {
        onSize(octets);
    }

    private void onSize(int octets) {
        averageOctets += (octets + UDP_IP_OCTETS - averageOctets) / 16;
    }
}
