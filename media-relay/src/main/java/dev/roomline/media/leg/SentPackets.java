package dev.roomline.media.leg;

/**
 * Half a second of one slot's packets as they were sealed, to be sent again when the browser asks
 * (RFC 4585 §6.2.1). Only ciphertext is kept: the same plaintext may never be sealed twice. Owner:
 * the loop.
 */
final class SentPackets {
    /** 500 ms of packets of 20 ms, rounded to a power of two. */
    static final int PACKETS = 32;

    private static final int MOST_OCTETS = 640;

    /** A path that loses the same packet more often has other troubles. */
    private static final int MOST_RESENDS = 3;

    private final byte[] octets = new byte[PACKETS * MOST_OCTETS];
    private final int[] lengths = new int[PACKETS];
    private final int[] sequences = new int[PACKETS];
    private final int[] resends = new int[PACKETS];
    private int found;

    void keep(int sequence, byte[] sealed, int length) {
        int place = sequence & (PACKETS - 1);
        sequences[place] = sequence;
        resends[place] = 0;
        lengths[place] = length <= MOST_OCTETS ? length : 0;
        System.arraycopy(sealed, 0, octets, place * MOST_OCTETS, lengths[place]);
    }

    /** Whether a packet that is kept is asked for the first time. */
    boolean isFirstAsk(int sequence) {
        int place = sequence & (PACKETS - 1);
        return sequences[place] == sequence && resends[place] == 0;
    }

    /**
     * Takes a packet to be sent again.
     *
     * @return its octets, which lie at {@link #offset}; 0 if it is not kept or was resent enough
     */
    int take(int sequence) {
        int place = sequence & (PACKETS - 1);
        found = place;
        boolean kept = sequences[place] == sequence && resends[place] < MOST_RESENDS;
        if (!kept) {
            return 0;
        }
        resends[place]++;
        return lengths[place];
    }

    /**
     * Finds a packet that is sent again without being asked for.
     *
     * @return its octets, which lie at {@link #offset}; 0 if it is not kept
     */
    int copy(int sequence) {
        int place = sequence & (PACKETS - 1);
        found = place;
        return sequences[place] == sequence ? lengths[place] : 0;
    }

    byte[] octets() {
        return octets;
    }

    int offset() {
        return found * MOST_OCTETS;
    }
}
