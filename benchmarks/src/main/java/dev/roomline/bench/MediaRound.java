package dev.roomline.bench;

import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One server with so many rooms of phones, and what was measured of it over its turns. In two more
 * rooms it is heard what comes out: in one a burst of a tone goes from PCMU to Opus, for the delay;
 * in the other a tone goes either way, for its level and its distance to all else.
 */
final class MediaRound {
    private static final int LISTENED_ROOMS = 2;
    private static final double FROM_PCMU_HERTZ = 700;
    private static final double FROM_OPUS_HERTZ = 440;

    /** Ours must be this far above all else; the codecs alone leave 25. */
    private static final double LEAST_SNR_DB = 15;

    /** A tone this loud has come through, however it sounds; it is sent with −13. */
    private static final double LEAST_DBOV = -25;

    /** A server that does not send more than this share of what is due does not carry its load. */
    private static final double MOST_MISSING = 0.001;

    /** What the phones say. */
    record Voices(Codecs codecs, List<Payloads> pcmu, List<Payloads> opus) {
        static Voices load() throws InterruptedException {
            Codecs codecs = Codecs.load();
            return new Voices(
                    codecs,
                    Speech.voices(8_000).stream().map(Speech::pcmu).toList(),
                    Speech.voices(48_000).stream()
                            .map(voice -> Speech.opus(codecs, voice))
                            .toList());
        }
    }

    final MediaPlane plane;
    final int rooms;
    private final Voices voices;
    private final double idleShare;
    private final CpuTime cpu;
    private final List<PhoneStream> phones = new ArrayList<>();
    private final Burst burst;
    private final ToneEar atOpus;
    private final ToneEar atPcmu;
    private final List<Double> shares = new ArrayList<>();
    private long sent;
    private long lost;
    private long missing;

    MediaRound(MediaPlane plane, int rooms, double idleShare, Voices voices) {
        this.plane = plane;
        this.rooms = rooms;
        this.idleShare = idleShare;
        this.voices = voices;
        this.cpu = new CpuTime(plane.pid());
        this.burst = new Burst(voices.codecs, false, true);
        this.atOpus = new ToneEar(voices.codecs, AudioCodec.OPUS, FROM_PCMU_HERTZ);
        this.atPcmu = new ToneEar(voices.codecs, AudioCodec.PCMU, FROM_OPUS_HERTZ);
    }

    /** Rooms in all, those to listen in included. */
    static int roomsFor(int rooms) {
        return rooms + LISTENED_ROOMS;
    }

    int legs() {
        return 2 * roomsFor(rooms);
    }

    /** Median share of a core that it used for media, over its turns. */
    double share() {
        return Spread.of(shares).median();
    }

    /** Whether all that was due came: only then its CPU is the price of the whole work. */
    boolean isCarried() {
        return missing + lost <= MOST_MISSING * sent;
    }

    boolean isClear() {
        return atOpus.heard().snrDb() > LEAST_SNR_DB
                && atPcmu.heard().snrDb() > LEAST_SNR_DB
                && lost == 0;
    }

    boolean isHeard() {
        return atOpus.heard().dbov() > LEAST_DBOV
                && atPcmu.heard().dbov() > LEAST_DBOV
                && !burst.delaysMillis().isEmpty();
    }

    /** Calls, speaks and hangs up; nothing is measured. */
    void warmUp(int seconds) throws InterruptedException {
        turn(seconds, 0);
        burst.forget();
    }

    /** Calls, speaks, is measured and hangs up. */
    void measure(int seconds) throws InterruptedException {
        shares.add(turn(4, seconds));
    }

    private double turn(int before, int measured) throws InterruptedException {
        try (PhoneWire wire = new PhoneWire()) {
            fill(wire);
            return speaking(wire, before, measured);
        } finally {
            plane.leave();
            phones.clear();
        }
    }

    private void fill(PhoneWire wire) throws InterruptedException {
        for (int room = 0; room < rooms; room++) {
            Payloads one = voices.pcmu.get(room % voices.pcmu.size());
            Payloads other = voices.opus.get((room + 1) % voices.opus.size());
            join(
                    wire,
                    room,
                    new PhoneStream(one, room * 71, 0x4000 + room, (_, _) -> {}),
                    new PhoneStream(other, room * 113 + 400, 0x5000 + room, (_, _) -> {}));
        }
        PhoneStream bursting = new PhoneStream(Burst.rarePcmu(), 0, 0x4100, (_, _) -> {});
        bursting.sending = burst;
        join(
                wire,
                rooms,
                bursting,
                new PhoneStream(Burst.silentOpus(voices.codecs), 0, 0x5100, burst));
        join(
                wire,
                rooms + 1,
                new PhoneStream(ToneEar.pcmu(FROM_PCMU_HERTZ), 0, 0x4101, atPcmu),
                new PhoneStream(ToneEar.opus(voices.codecs, FROM_OPUS_HERTZ), 0, 0x5101, atOpus));
    }

    private void join(PhoneWire wire, int room, PhoneStream pcmu, PhoneStream opus)
            throws InterruptedException {
        MediaPlane.Pair pair = plane.join(room, wire.port(), wire.port());
        pcmu.connect(pair.pcmu());
        opus.connect(pair.opus());
        phones.add(pcmu);
        phones.add(opus);
    }

    /** Share of a core that the server used for media while its phones spoke. */
    private double speaking(PhoneWire wire, int before, int measured) throws InterruptedException {
        try (Crowd _ = new Crowd("phones", wire, phones)) {
            plane.rest(before * 1_000L);
            phones.forEach(PhoneStream::forget);
            long began = System.nanoTime();
            long used = cpu.nanos();
            for (int i = 0; i < measured; i++) {
                plane.rest(1_000);
                cpu.nanos();
            }
            double share = (double) (cpu.nanos() - used) / (System.nanoTime() - began) - idleShare;
            if (measured > 0) {
                count();
            }
            return share;
        }
    }

    private void count() {
        for (PhoneStream phone : phones) {
            sent += phone.sent;
            lost += phone.lost;
            // those that are under way or wait in a jitter buffer are not missing
            missing += Math.max(0, phone.sent - phone.received - 5);
        }
    }

    /** A row of the table of {@link MediaBench}. */
    String row(double ofTheFirst) {
        Spread percent = Spread.of(shares.stream().map(s -> 100 * s).toList());
        Spread perLeg = Spread.of(shares.stream().map(s -> 100 * s / legs()).toList());
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %d | %d | %s | %s | %s | %.2f |",
                plane.name(),
                percent.text(1),
                perLeg.text(3),
                isCarried() ? String.format(Locale.ROOT, "%.2f", share() / ofTheFirst) : "–",
                lost,
                missing,
                text(atOpus.heard()),
                text(atPcmu.heard()),
                Spread.of(burst.delaysMillis()).text(1),
                100 * idleShare);
    }

    private static String text(ToneEar.Heard heard) {
        return String.format(Locale.ROOT, "%.1f / %.0f", heard.dbov(), heard.snrDb());
    }
}
