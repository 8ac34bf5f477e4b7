package dev.roomline.media.leg;

/**
 * The packets that came while no ear was open for them, so that no jitter buffer counts what is
 * missing among them. Owner: the leg's media loop.
 */
final class HandedOn {
    private long expected;
    private long received;
    private long told;

    /**
     * A packet came.
     *
     * @param newlyExpected how much further the sequence is by it: 0 for one that was overtaken
     * @param newlyReceived 0 if it is of no sequence yet
     */
    void onPacket(long newlyExpected, long newlyReceived) {
        expected += newlyExpected;
        received += newlyReceived;
    }

    long expected() {
        return expected;
    }

    /** Those missing; what came twice may hide some (RFC 3550 §A.3). */
    long lost() {
        return Math.max(0, expected - received);
    }

    /** Those missing that were not taken yet; what comes late after all is not given back. */
    long takeLost() {
        long more = Math.max(0, lost() - told);
        told += more;
        return more;
    }
}
