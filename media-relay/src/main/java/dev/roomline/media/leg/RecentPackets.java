package dev.roomline.media.leg;

import dev.roomline.media.rtp.Sequences;

/**
 * The last packets of somebody's sound as they came: what a decoder hears before it is needed, and
 * what a mix has not played yet when its listener gets the packets themselves. Room is taken when a
 * larger payload than ever before comes, and kept. Owner: the leg's media loop.
 */
final class RecentPackets {
    /** 320 ms of 20 ms packets: more than a jitter buffer keeps back. */
    static final int KEPT = 16;

    private static final byte[] NOTHING_YET = new byte[0];

    private final int[] ssrcs = new int[KEPT];
    private final int[] sequences = new int[KEPT];
    private final int[] timestamps = new int[KEPT];
    private final boolean[] markers = new boolean[KEPT];
    private final long[] arrivals = new long[KEPT];
    private final int[] lengths = new int[KEPT];
    private final byte[][] payloads = new byte[KEPT][];
    private int size;
    private int newest = -1;

    RecentPackets() {
        java.util.Arrays.fill(payloads, NOTHING_YET);
    }

    void clear() {
        size = 0;
        newest = -1;
    }

    void keep(
            int ssrc,
            int sequence,
            int timestamp,
            boolean marker,
            byte[] payload,
            int offset,
            int length,
            long nowNanos) {
        newest = (newest + 1) % KEPT;
        size = Math.min(size + 1, KEPT);
        ssrcs[newest] = ssrc;
        sequences[newest] = sequence;
        timestamps[newest] = timestamp;
        markers[newest] = marker;
        arrivals[newest] = nowNanos;
        lengths[newest] = length;
        if (payloads[newest].length < length) {
            payloads[newest] = new byte[Math.max(length, 160)];
        }
        System.arraycopy(payload, offset, payloads[newest], 0, length);
    }

    /** Where the newest lies; −1 if there is none. */
    int newest() {
        return newest;
    }

    /** Where one with this number of the newest's stream lies; −1 if it did not come lately. */
    int find(int sequence) {
        for (int i = 0; i < size; i++) {
            int at = Math.floorMod(newest - i, KEPT);
            if (sequences[at] == sequence && ssrcs[at] == ssrcs[newest]) {
                return at;
            }
        }
        return -1;
    }

    /** How many in a row end with the newest, each the next one's predecessor; at most so many. */
    int inARow(int most) {
        if (size == 0) {
            return 0;
        }
        int count = 1;
        while (count < Math.min(most, size)) {
            if (find(sequences[newest] - count & 0xFFFF) < 0) {
                return count;
            }
            count++;
        }
        return count;
    }

    /** How far a number is before the newest; negative: it has not come. */
    int behind(int sequence) {
        return Sequences.difference(sequences[newest], sequence);
    }

    int ssrc(int at) {
        return ssrcs[at];
    }

    int sequence(int at) {
        return sequences[at];
    }

    int timestamp(int at) {
        return timestamps[at];
    }

    boolean marker(int at) {
        return markers[at];
    }

    long arrivedNanos(int at) {
        return arrivals[at];
    }

    byte[] payload(int at) {
        return payloads[at];
    }

    int length(int at) {
        return lengths[at];
    }
}
