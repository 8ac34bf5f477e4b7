package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.BlackBox.Row;
import dev.roomline.media.leg.BlackBox.Rows;
import dev.roomline.media.rtp.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A black box as octets, described in docs/black-box.md; and in figures for eyes. Stateless. */
public final class BlackBoxFormat {
    public static final String NAME = "roomline-leg-1";

    private static final int ROW = 12;
    private static final int MOST_OCTETS = 1 + ROW * BlackBox.CAPACITY;
    private static final int LATE_TENTHS = 400;

    private BlackBoxFormat() {}

    /** One octet for the codec (its static payload type, Opus 255), then the rows; deflated. */
    public static byte[] pack(Rows rows) {
        byte[] plain = new byte[1 + ROW * rows.count()];
        plain[0] = (byte) rows.codec().staticPayloadType();
        int at = 1;
        for (int i = 0; i < rows.count(); i++) {
            Row row = rows.row(i);
            Octets.putU16(plain, at, row.sequence());
            Octets.putI32(plain, at + 2, row.timestamp());
            Octets.putI32(plain, at + 6, row.arrivalTenths());
            plain[at + 10] = (byte) row.levelDbov();
            plain[at + 11] = (byte) row.flags();
            at += ROW;
        }
        byte[] packed = new byte[plain.length + 64];
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
            deflater.setInput(plain);
            deflater.finish();
            return Arrays.copyOf(packed, deflater.deflate(packed));
        }
    }

    /** The way back; empty for what is no black box. */
    public static Optional<Rows> unpack(byte[] packed) {
        byte[] plain = new byte[MOST_OCTETS];
        int length;
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(packed);
            length = inflater.inflate(plain);
        } catch (DataFormatException damaged) {
            return Optional.empty();
        }
        if (length % ROW != 1) {
            return Optional.empty();
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < length / ROW; i++) {
            int at = 1 + ROW * i;
            rows.add(
                    new Row(
                            Octets.u16(plain, at),
                            Octets.i32(plain, at + 2),
                            Octets.i32(plain, at + 6),
                            plain[at + 10],
                            plain[at + 11]));
        }
        for (AudioCodec codec : AudioCodec.values()) {
            if ((byte) codec.staticPayloadType() == plain[0]) {
                return Optional.of(Rows.of(codec, rows));
            }
        }
        return Optional.empty();
    }

    /** What tells at a glance why it was choppy. */
    public static Map<String, Object> summary(Rows rows) {
        Counting counting = new Counting(rows.codec().clockRate());
        for (int i = 0; i < rows.count(); i++) {
            counting.take(rows.row(i));
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("codec", rows.codec().encodingName());
        summary.put("lost", Math.max(0, counting.missing));
        summary.put("duplicated", counting.duplicated);
        summary.put("reordered", counting.reordered);
        summary.put("later_than_40_ms", counting.late);
        summary.put("max_gap_ms", counting.longestGap / 10.0);
        summary.put("max_jitter_ms", counting.latest / 10.0);
        summary.put("sources", counting.sources);
        return summary;
    }

    private static final class Counting {
        final int clockRate;
        final boolean[] seen = new boolean[1 << 16];
        int missing;
        int duplicated;
        int reordered;
        int late;
        int longestGap;
        int latest;
        int sources;
        int highest;
        int firstTimestamp;
        int lastArrival;
        long fastest;

        Counting(int clockRate) {
            this.clockRate = clockRate;
        }

        void take(Row row) {
            long transit =
                    row.arrivalTenths() - (row.timestamp() - firstTimestamp) * 10_000L / clockRate;
            if (sources == 0 || row.newSource()) {
                begin(row);
                transit = row.arrivalTenths();
                fastest = transit;
            }
            longestGap = Math.max(longestGap, row.arrivalTenths() - lastArrival);
            lastArrival = row.arrivalTenths();
            fastest = Math.min(fastest, transit);
            int lateness = (int) Math.min(Integer.MAX_VALUE, transit - fastest);
            latest = Math.max(latest, lateness);
            late += lateness > LATE_TENTHS ? 1 : 0;
            int ahead = (short) (row.sequence() - highest);
            if (seen[row.sequence()]) {
                duplicated++;
            } else if (ahead > 0) {
                missing += ahead - 1;
                highest = row.sequence();
            } else {
                missing--;
                reordered++;
            }
            seen[row.sequence()] = true;
        }

        private void begin(Row row) {
            sources++;
            Arrays.fill(seen, false);
            highest = row.sequence() - 1 & 0xFFFF;
            firstTimestamp = row.timestamp();
            if (sources == 1) {
                lastArrival = row.arrivalTenths();
            }
        }
    }
}
