package dev.roomline.media.rtp;

/** Arithmetic of 16-bit sequence numbers and 32-bit timestamps, which wrap (RFC 3550 §A.1). */
public final class Sequences {
    private Sequences() {}

    /** How far {@code a} is ahead of {@code b}: −32768 to 32767. */
    public static int difference(int a, int b) {
        return (short) (a - b);
    }

    /** Whether {@code a} comes after {@code b}. */
    public static boolean isNewer(int a, int b) {
        return difference(a, b) > 0;
    }

    /** The sequence number after this one. */
    public static int next(int sequence) {
        return (sequence + 1) & 0xFFFF;
    }

    /**
     * The extended sequence number nearest to a reference.
     *
     * @param reference an extended number, such as the highest so far
     * @param sequence 16 bits from the wire
     */
    public static long extend(long reference, int sequence) {
        return reference + (short) (sequence - (int) reference);
    }

    /** The extended timestamp nearest to a reference. */
    public static long extendTimestamp(long reference, int timestamp) {
        return reference + (timestamp - (int) reference);
    }
}
