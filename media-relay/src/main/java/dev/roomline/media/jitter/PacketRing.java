package dev.roomline.media.jitter;

/**
 * Packets that wait, by extended sequence number. Room is taken when a larger payload than ever
 * before comes, and kept. Owner: its {@link JitterBuffer}.
 */
final class PacketRing {
    /** Over 500 ms at the shortest ptime. */
    static final int SLOTS = 128;

    static final int MAX_PAYLOAD = 1_500;

    /** What a packet carries. */
    enum Kind {
        NOTHING,
        SPEECH,
        COMFORT_NOISE,
        OTHER
    }

    private static final byte[] NOTHING_YET = new byte[0];

    private final byte[][] payloads = new byte[SLOTS][];
    private final int[] lengths = new int[SLOTS];
    private final long[] sequences = new long[SLOTS];
    private final long[] timestamps = new long[SLOTS];
    private final Kind[] kinds = new Kind[SLOTS];
    private int waiting;
    private long highest = -1;

    PacketRing() {
        java.util.Arrays.fill(payloads, NOTHING_YET);
        clear();
    }

    void clear() {
        java.util.Arrays.fill(kinds, Kind.NOTHING);
        java.util.Arrays.fill(sequences, -1);
        waiting = 0;
        highest = -1;
    }

    private static int slot(long sequence) {
        return (int) (sequence & (SLOTS - 1));
    }

    /** Whether this number waits here, or was here and has been taken. */
    boolean knows(long sequence) {
        return sequences[slot(sequence)] == sequence;
    }

    /** Puts a packet; false if an older one had to go. */
    boolean put(long sequence, long timestamp, Kind kind, byte[] payload, int offset, int length) {
        int at = slot(sequence);
        boolean free = kinds[at] == Kind.NOTHING;
        if (free) {
            waiting++;
        }
        if (payloads[at].length < length) {
            payloads[at] = new byte[Math.max(length, 160)];
        }
        System.arraycopy(payload, offset, payloads[at], 0, length);
        lengths[at] = length;
        sequences[at] = sequence;
        timestamps[at] = timestamp;
        kinds[at] = kind;
        highest = Math.max(highest, sequence);
        return free;
    }

    /** The lowest waiting number from one on, or −1. */
    long first(long from) {
        if (waiting == 0) {
            return -1;
        }
        for (long at = Math.max(from, highest - SLOTS + 1); at <= highest; at++) {
            if (sequences[slot(at)] == at && kinds[slot(at)] != Kind.NOTHING) {
                return at;
            }
        }
        return -1;
    }

    /** Takes a packet away; its octets stay readable until the slot is used again. */
    void take(long sequence) {
        if (kinds[slot(sequence)] != Kind.NOTHING) {
            kinds[slot(sequence)] = Kind.NOTHING;
            waiting--;
        }
    }

    Kind kind(long sequence) {
        return kinds[slot(sequence)];
    }

    long timestamp(long sequence) {
        return timestamps[slot(sequence)];
    }

    byte[] payload(long sequence) {
        return payloads[slot(sequence)];
    }

    int length(long sequence) {
        return lengths[slot(sequence)];
    }
}
