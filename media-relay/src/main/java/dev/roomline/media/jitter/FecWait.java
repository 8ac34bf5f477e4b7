package dev.roomline.media.jitter;

/**
 * Whether it pays to wait for the next packet: only when packets are lost now and then, and carry
 * copies of those before them. Owner: its {@link DelayTarget}.
 */
final class FecWait {
    /** A loss is remembered for 10 s, counted in pulls. */
    private static final int PULLS = 500;

    /** Copies are believed in while one came within the last so many packets. */
    private static final int PACKETS = 50;

    private int packetsLeft;
    private int pullsLeft;

    void onPacket(boolean carriesCopy) {
        packetsLeft = carriesCopy ? PACKETS : Math.max(0, packetsLeft - 1);
    }

    void onLoss() {
        pullsLeft = PULLS;
    }

    void onPull() {
        pullsLeft = Math.max(0, pullsLeft - 1);
    }

    boolean pays() {
        return packetsLeft > 0 && pullsLeft > 0;
    }
}
