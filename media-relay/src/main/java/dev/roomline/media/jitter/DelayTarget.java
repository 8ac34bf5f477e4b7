package dev.roomline.media.jitter;

/**
 * How long sound is to be kept before it is played: as the network asks, longer where the next
 * packet's copy brings lost ones back, and as pulls lie against packets. Owner: its {@link
 * Timeline}.
 */
final class DelayTarget {
    private final DelayEstimate estimate;
    private final FecWait fec = new FecWait();
    private final PullPhase phase = new PullPhase();

    DelayTarget(DelayEstimate estimate) {
        this.estimate = estimate;
    }

    /** A packet came; whether it carries a copy of the one before it. */
    void onPacket(boolean carriesCopy) {
        fec.onPacket(carriesCopy);
    }

    void onLoss() {
        fec.onLoss();
    }

    void onPull() {
        fec.onPull();
    }

    /** Play begins with this pull, noted as by {@link #measure}. */
    void begin(double newestMillis, int packetMillis) {
        phase.forget();
        measure(newestMillis, packetMillis);
    }

    /**
     * Notes a pull while sound is played.
     *
     * @param newestMillis how long after the newest packet it comes, if that was as fast as the
     *     fastest
     * @param packetMillis how long packets are
     */
    void measure(double newestMillis, int packetMillis) {
        phase.onPull(newestMillis, packetMillis, jitterMillis(packetMillis));
    }

    /** What the network asks for; at least a packet where its copy brings lost ones back. */
    private int jitterMillis(int packetMillis) {
        int wanted = estimate.targetMillis();
        if (fec.pays()) {
            int reach = DelayEstimate.LEAST_MILLIS + packetMillis;
            wanted = Math.clamp(reach, wanted, DelayEstimate.MAX_TARGET_MILLIS);
        }
        return wanted - PullPhase.PULL_MILLIS;
    }

    int millis() {
        return (int) Math.ceil(phase.leastDelayMillis());
    }
}
