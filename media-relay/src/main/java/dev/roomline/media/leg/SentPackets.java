package dev.roomline.media.leg;

/**
 * Half a second of one slot's packets as they were sealed, to be sent again when the browser asks
 * (RFC 4585 §6.2.1). Only ciphertext is kept: the same plaintext may never be sealed twice. Owner:
 * the loop.
 */
final class SentPackets {
    /** 500 ms of packets of 20 ms, rounded to a power of two. */
    static final int PACKETS = 32;

    private static final int MOST_OCTETS = 512;

    private final byte[] octets = new byte[PACKETS * MOST_OCTETS];
    private final int[] lengths = new int[PACKETS];
    private final int[] sequences = new int[PACKETS];
    private int found;

    void keep(int sequence, byte[] sealed, int length) {
        int place = sequence & (PACKETS - 1);
        sequences[place] = sequence;
        lengths[place] = length <= MOST_OCTETS ? length : 0;
        System.arraycopy(sealed, 0, octets, place * MOST_OCTETS, lengths[place]);
    }

    /** Octets of a packet, 0 if it is not kept; then {@link #offset} says where it lies. */
    int find(int sequence) {
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
