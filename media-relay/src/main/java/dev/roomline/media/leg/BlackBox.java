package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import java.util.Arrays;

/**
 * The last half minute of what came in on a leg: when each packet came, and how loud its speaker
 * was then. Overwritten for ever, never grown: 32 KB from the first packet on. Owner: the leg's
 * media loop.
 */
public final class BlackBox {
    /** 54 s of packets of 20 ms, 27 s of 10 ms; 12 octets each. */
    static final int CAPACITY = 2_700;

    private static final long TENTH_NANOS = 100_000L;
    private static final int MARKER = 4;
    private static final int NEW_SOURCE = 8;

    /** What a packet carried; its number stands in the lowest two bits of the flags. */
    public enum Kind {
        SPEECH(0),
        COMFORT_NOISE(1),
        EVENT(2);

        final int code;

        Kind(int code) {
            this.code = code;
        }

        static Kind of(int code) {
            return code == COMFORT_NOISE.code ? COMFORT_NOISE : code == EVENT.code ? EVENT : SPEECH;
        }
    }

    private short[] sequences = new short[0];
    private int[] timestamps = new int[0];
    private int[] arrivals = new int[0];
    private byte[] levels = new byte[0];
    private byte[] flags = new byte[0];
    private long noted;
    private int ssrc;
    private long originNanos;

    void note(
            int packetSsrc,
            int sequence,
            int timestamp,
            boolean marker,
            Kind kind,
            int levelDbov,
            long arrivalNanos) {
        boolean newSource = noted == 0 || packetSsrc != ssrc;
        if (noted == 0) {
            sequences = new short[CAPACITY];
            timestamps = new int[CAPACITY];
            arrivals = new int[CAPACITY];
            levels = new byte[CAPACITY];
            flags = new byte[CAPACITY];
            originNanos = arrivalNanos;
        }
        ssrc = packetSsrc;
        int at = (int) (noted++ % CAPACITY);
        sequences[at] = (short) sequence;
        timestamps[at] = timestamp;
        arrivals[at] = (int) ((arrivalNanos - originNanos) / TENTH_NANOS);
        levels[at] = (byte) levelDbov;
        flags[at] = (byte) (kind.code | (marker ? MARKER : 0) | (newSource ? NEW_SOURCE : 0));
    }

    /** What is in it now; a copy, for any thread. */
    public Rows rows(AudioCodec codec) {
        int count = (int) Math.min(noted, CAPACITY);
        int first = noted > CAPACITY ? (int) (noted % CAPACITY) : 0;
        Row[] rows = new Row[count];
        int origin = count == 0 ? 0 : arrivals[first];
        for (int i = 0; i < count; i++) {
            int at = (first + i) % CAPACITY;
            rows[i] =
                    new Row(
                            sequences[at] & 0xFFFF,
                            timestamps[at],
                            arrivals[at] - origin,
                            levels[at],
                            flags[at]);
        }
        return new Rows(codec, rows);
    }

    /**
     * One packet.
     *
     * @param arrivalTenths tenths of a millisecond since the first one's
     * @param levelDbov of the last 20 ms heard when it came, −127 to 0
     * @param flags kind, marker, first of its SSRC
     */
    public record Row(int sequence, int timestamp, int arrivalTenths, int levelDbov, int flags) {
        public Kind kind() {
            return Kind.of(flags & 3);
        }

        public boolean marker() {
            return (flags & MARKER) != 0;
        }

        /** The stream before it was another SSRC's. */
        public boolean newSource() {
            return (flags & NEW_SOURCE) != 0;
        }
    }

    /** The rows, oldest first. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Rows(AudioCodec codec, Row[] each) {
        public Rows {
            each = Arrays.copyOf(each, each.length);
        }

        public double seconds() {
            return each.length == 0 ? 0 : each[each.length - 1].arrivalTenths() / 10_000.0;
        }
    }
}
