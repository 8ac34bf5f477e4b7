package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.sdp.Incoming;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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

        /** By what was agreed for its payload type. */
        static Kind of(int payloadType, @Nullable Incoming agreed) {
            if (agreed == null || payloadType == agreed.payloadType()) {
                return SPEECH;
            }
            return agreed.isKey(payloadType) ? EVENT : COMFORT_NOISE;
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
            originNanos = arrivalNanos;
        }
        ssrc = packetSsrc;
        put(
                sequence,
                timestamp,
                (int) ((arrivalNanos - originNanos) / TENTH_NANOS),
                levelDbov,
                kind.code | (marker ? MARKER : 0) | (newSource ? NEW_SOURCE : 0));
    }

    private void put(Row row) {
        put(row.sequence(), row.timestamp(), row.arrivalTenths(), row.levelDbov(), row.flags());
    }

    private void put(int sequence, int timestamp, int arrivalTenths, int levelDbov, int rowFlags) {
        if (noted == 0) {
            sequences = new short[CAPACITY];
            timestamps = new int[CAPACITY];
            arrivals = new int[CAPACITY];
            levels = new byte[CAPACITY];
            flags = new byte[CAPACITY];
        }
        int at = (int) (noted++ % CAPACITY);
        sequences[at] = (short) sequence;
        timestamps[at] = timestamp;
        arrivals[at] = arrivalTenths;
        levels[at] = (byte) levelDbov;
        flags[at] = (byte) rowFlags;
    }

    /**
     * What is in it now; five blocks of memory are copied, so it costs the loop next to nothing.
     */
    public Rows rows(AudioCodec codec) {
        int count = (int) Math.min(noted, CAPACITY);
        int first = noted > CAPACITY ? (int) (noted % CAPACITY) : 0;
        return new Rows(
                codec,
                count,
                first,
                sequences.clone(),
                timestamps.clone(),
                arrivals.clone(),
                levels.clone(),
                flags.clone());
    }

    /**
     * One packet.
     *
     * @param arrivalTenths tenths of a millisecond since the first one's
     * @param levelDbov of the last 20 ms known when it came, −127 to 0; −127 where it must be
     *     decoded for that and its speaker may not be heard
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

    /** What was in a box, oldest first. Nobody writes to it: for any thread. */
    public static final class Rows {
        private final AudioCodec codec;
        private final int count;
        private final int first;
        private final short[] sequences;
        private final int[] timestamps;
        private final int[] arrivals;
        private final byte[] levels;
        private final byte[] flags;

        private Rows(
                AudioCodec codec,
                int count,
                int first,
                short[] sequences,
                int[] timestamps,
                int[] arrivals,
                byte[] levels,
                byte[] flags) {
            this.codec = codec;
            this.count = count;
            this.first = first;
            this.sequences = sequences;
            this.timestamps = timestamps;
            this.arrivals = arrivals;
            this.levels = levels;
            this.flags = flags;
        }

        static Rows of(AudioCodec codec, List<Row> rows) {
            BlackBox box = new BlackBox();
            rows.forEach(box::put);
            return box.rows(codec);
        }

        public AudioCodec codec() {
            return codec;
        }

        public int count() {
            return count;
        }

        /** From 0, the oldest, on. */
        public Row row(int index) {
            int at = (first + Objects.checkIndex(index, count)) % CAPACITY;
            return new Row(
                    sequences[at] & 0xFFFF,
                    timestamps[at],
                    arrivals[at] - arrivals[first],
                    levels[at],
                    flags[at]);
        }

        /** Each made when it is asked for. */
        public List<Row> each() {
            return IntStream.range(0, count).mapToObj(this::row).toList();
        }

        public double seconds() {
            return count == 0 ? 0 : row(count - 1).arrivalTenths() / 10_000.0;
        }
    }
}
