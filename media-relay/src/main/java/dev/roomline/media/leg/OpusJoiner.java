package dev.roomline.media.leg;

/**
 * Puts Opus frames of 20 ms into one packet for a peer that wants longer ones (RFC 6716 §3.2.5,
 * code 3 with a length for each frame but the last). Frames of another mode or bandwidth do not fit
 * into the same packet (§3.1). Owner: its {@link Packetizer}.
 */
final class OpusJoiner {
    /** 60 ms; what a datagram holds is farther away. */
    static final int MOST_FRAMES = 3;

    /** No datagram of ours is split by the network. */
    private static final int MOST_OCTETS = 1_200;

    private static final int CODE = 3;
    private static final int VARIABLE = 0x80;

    private final byte[] frames = new byte[MOST_OCTETS];
    private final int[] lengths = new int[MOST_FRAMES];
    private int count;
    private int filled;
    private int toc;

    int count() {
        return count;
    }

    void clear() {
        count = 0;
        filled = 0;
    }

    /** Whether a packet of one frame may stand beside those that wait. */
    boolean fits(byte[] packet, int offset, int length) {
        boolean single =
                length > 0 && (packet[offset] & CODE) == 0 && filled + length <= MOST_OCTETS;
        return single && count < MOST_FRAMES && (count == 0 || (packet[offset] & 0xFF) == toc);
    }

    void add(byte[] packet, int offset, int length) {
        toc = packet[offset] & 0xFF;
        lengths[count++] = length - 1;
        System.arraycopy(packet, offset + 1, frames, filled, length - 1);
        filled += length - 1;
    }

    /** Writes what waits; returns the octets. */
    int write(byte[] out, int at) {
        int to = at;
        if (count == 1) {
            out[to++] = (byte) toc;
        } else {
            out[to++] = (byte) (toc | CODE);
            out[to++] = (byte) (VARIABLE | count);
            for (int i = 0; i < count - 1; i++) {
                to = writeLength(out, to, lengths[i]);
            }
        }
        System.arraycopy(frames, 0, out, to, filled);
        to += filled;
        clear();
        return to - at;
    }

    /** §3.2.1: one octet up to 251, else two. */
    private static int writeLength(byte[] out, int at, int length) {
        if (length < 252) {
            out[at] = (byte) length;
            return at + 1;
        }
        int first = 252 + (length & 3);
        out[at] = (byte) first;
        out[at + 1] = (byte) ((length - first) / 4);
        return at + 2;
    }
}
