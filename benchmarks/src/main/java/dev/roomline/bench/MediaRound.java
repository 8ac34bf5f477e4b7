package dev.roomline.bench;

import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One server with so many rooms of phones, and what was measured of it over its turns. In two more
 * rooms of a PCMU and an Opus phone it is heard what comes out: in one a burst of a tone goes from
 * PCMU to Opus, for the delay; in the other a tone goes either way, for its level and its distance
 * to all else.
 */
final class MediaRound {
    private static final int LISTENED_ROOMS = 2;
    private static final double FROM_PCMU_HERTZ = 700;
    private static final double FROM_OPUS_HERTZ = 440;
    private static final int QUIET_VARIANTS = 4;
    private static final List<AudioCodec> PAIR = List.of(AudioCodec.PCMU, AudioCodec.OPUS);

    /** Ours must be this far above all else; the codecs alone leave 25. */
    private static final double LEAST_SNR_DB = 15;

    /** A tone this loud has come through, however it sounds; it is sent with −13. */
    private static final double LEAST_DBOV = -25;

    /** A server that does not send more than this share of what is due does not carry its load. */
    private static final double MOST_MISSING = 0.001;

    /**
     * What the rooms are like.
     *
     * @param phones in each room, PCMU and Opus in turns
     * @param talking of them, the first ones; the others send the noise of a quiet room
     */
    record Shape(int rooms, int phones, int talking) {
        /** Those to listen in included. */
        int allRooms() {
            return rooms + LISTENED_ROOMS;
        }

        int legs() {
            return rooms * phones + 2 * LISTENED_ROOMS;
        }

        private List<AudioCodec> codecs() {
            return IntStream.range(0, phones)
                    .mapToObj(i -> i % 2 == 0 ? AudioCodec.PCMU : AudioCodec.OPUS)
                    .toList();
        }
    }

    /** What the phones say. */
    record Voices(
            Codecs codecs,
            List<Payloads> pcmu,
            List<Payloads> opus,
            List<Payloads> quietPcmu,
            List<Payloads> quietOpus) {
        static Voices load() throws InterruptedException {
            Codecs codecs = Codecs.load();
            IntStream seeds = IntStream.range(0, QUIET_VARIANTS);
            List<Integer> each = seeds.boxed().toList();
            return new Voices(
                    codecs,
                    Speech.voices(8_000).stream().map(Speech::pcmu).toList(),
                    Speech.voices(48_000).stream()
                            .map(voice -> Speech.opus(codecs, voice))
                            .toList(),
                    each.stream().map(i -> Speech.pcmu(Speech.quietRoom(8_000, i))).toList(),
                    each.stream()
                            .map(i -> Speech.opus(codecs, Speech.quietRoom(48_000, i)))
                            .toList());
        }

        /** What one phone of a room says. */
        Payloads of(AudioCodec codec, boolean talks, int number) {
            List<Payloads> from =
                    codec == AudioCodec.OPUS
                            ? (talks ? opus : quietOpus)
                            : (talks ? pcmu : quietPcmu);
            return from.get(number % from.size());
        }
    }

    final MediaPlane plane;
    final Shape shape;
    private final Voices voices;
    private final double idleShare;
    private final CpuTime cpu;
    private final List<PhoneStream> phones = new ArrayList<>();
    private final Burst burst;
    private final ToneEar atOpus;
    private final ToneEar atPcmu;
    private final OpusLook sent = new OpusLook();
    private final List<Double> shares = new ArrayList<>();
    private long said;
    private long lost;
    private long missing;
    private long late;

    /**
     * A measured turn.
     *
     * @param share of a core that the server used for media
     * @param said packets sent to the server
     * @param lost seen missing by their numbers
     * @param missing others that were due and did not come
     * @param late packets sent to the server later than they should
     */
    record Turn(double share, long said, long lost, long missing, long late) {}

    MediaRound(MediaPlane plane, Shape shape, double idleShare, Voices voices) {
        this.plane = plane;
        this.shape = shape;
        this.idleShare = idleShare;
        this.voices = voices;
        this.cpu = new CpuTime(plane.pid());
        this.burst = new Burst(voices.codecs, false, true);
        this.atOpus = new ToneEar(voices.codecs, AudioCodec.OPUS, FROM_PCMU_HERTZ);
        this.atPcmu = new ToneEar(voices.codecs, AudioCodec.PCMU, FROM_OPUS_HERTZ);
    }

    /** Shares of a core that it used for media, turn by turn. */
    List<Double> shares() {
        return shares;
    }

    double share() {
        return Spread.of(shares).median();
    }

    /** Whether all that was due came: only then its CPU is the price of the whole work. */
    boolean isCarried() {
        return said > 0 && missing + lost <= MOST_MISSING * said;
    }

    boolean isClear() {
        return atOpus.heard().snrDb() > LEAST_SNR_DB && atPcmu.heard().snrDb() > LEAST_SNR_DB;
    }

    boolean isHeard() {
        return atOpus.heard().dbov() > LEAST_DBOV
                && atPcmu.heard().dbov() > LEAST_DBOV
                && !burst.delaysMillis().isEmpty();
    }

    /** From the PCMU phone to the Opus phone. */
    Spread delayMillis() {
        return Spread.of(burst.delaysMillis());
    }

    /** How clear a tone is where a phone of this codec hears it, in dB. */
    double snrDb(AudioCodec hearer) {
        return (hearer == AudioCodec.OPUS ? atOpus : atPcmu).heard().snrDb();
    }

    /** Calls, speaks and hangs up; nothing is measured. */
    void warmUp(int seconds) throws InterruptedException {
        turn(seconds, 0);
        burst.forget();
    }

    /** Calls, speaks, is measured and hangs up. It does not count until it is kept. */
    Turn measure(int seconds) throws InterruptedException {
        return turn(4, seconds);
    }

    void keep(Turn turn) {
        shares.add(turn.share());
        said += turn.said();
        lost += turn.lost();
        missing += turn.missing();
        late += turn.late();
    }

    private Turn turn(int before, int measured) throws InterruptedException {
        try (PhoneWire wire = new PhoneWire()) {
            fill(wire);
            return speaking(wire, before, measured);
        } finally {
            plane.leave();
            phones.clear();
        }
    }

    private void fill(PhoneWire wire) throws InterruptedException {
        List<AudioCodec> codecs = shape.codecs();
        for (int room = 0; room < shape.rooms(); room++) {
            List<PhoneStream> speaking = new ArrayList<>();
            for (int i = 0; i < codecs.size(); i++) {
                Payloads says = voices.of(codecs.get(i), i < shape.talking(), room + i);
                boolean looked = room == 0 && i == 1;
                speaking.add(
                        new PhoneStream(
                                says,
                                room * 71 + i * 113,
                                0x10000 + room * 0x200 + i,
                                looked ? sent : (_, _) -> {}));
            }
            join(wire, room, codecs, speaking);
        }
        PhoneStream bursting = new PhoneStream(Burst.rarePcmu(), 0, 0x4100, (_, _) -> {});
        bursting.sending = burst;
        join(
                wire,
                shape.rooms(),
                PAIR,
                List.of(
                        bursting,
                        new PhoneStream(Burst.silentOpus(voices.codecs), 0, 0x5100, burst)));
        join(
                wire,
                shape.rooms() + 1,
                PAIR,
                List.of(
                        new PhoneStream(ToneEar.pcmu(FROM_PCMU_HERTZ), 0, 0x4101, atPcmu),
                        new PhoneStream(
                                ToneEar.opus(voices.codecs, FROM_OPUS_HERTZ), 0, 0x5101, atOpus)));
    }

    private void join(PhoneWire wire, int room, List<AudioCodec> codecs, List<PhoneStream> streams)
            throws InterruptedException {
        List<InetSocketAddress> places = plane.join(room, codecs, wire.port());
        for (int i = 0; i < streams.size(); i++) {
            streams.get(i).connect(places.get(i));
            phones.add(streams.get(i));
        }
    }

    private Turn speaking(PhoneWire wire, int before, int measured) throws InterruptedException {
        try (Crowd crowd = new Crowd("phones", wire, phones)) {
            plane.rest(before * 1_000L);
            phones.forEach(PhoneStream::forget);
            crowd.forget();
            long began = System.nanoTime();
            long used = cpu.nanos();
            for (int i = 0; i < measured; i++) {
                plane.rest(1_000);
                cpu.nanos();
            }
            double share = (double) (cpu.nanos() - used) / (System.nanoTime() - began) - idleShare;
            return new Turn(
                    share,
                    phones.stream().mapToLong(phone -> phone.sent).sum(),
                    phones.stream().mapToLong(phone -> phone.lost).sum(),
                    phones.stream().mapToLong(MediaRound::missing).sum(),
                    crowd.late);
        }
    }

    /** Those that are under way or wait in a jitter buffer are not missing. */
    private static long missing(PhoneStream phone) {
        return Math.max(0, phone.sent - phone.received - 5);
    }

    static String head(int legs) {
        return ("| server | CPU, %% of a core for %d legs | CPU per leg, %% | packets lost"
                        + " | not sent | tone PCMU → Opus: level, dBov / SNR, dB | Opus → PCMU"
                        + " | delay PCMU → Opus, ms | Opus as it was sent | idle, %%"
                        + " | sent to it late |\n|---|---|---|---|---|---|---|---|---|---|---|")
                .formatted(legs);
    }

    /** A row of the table. */
    String row() {
        Spread percent = Spread.of(shares.stream().map(s -> 100 * s).toList());
        Spread perLeg = Spread.of(shares.stream().map(s -> 100 * s / shape.legs()).toList());
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %d | %d | %s | %s | %s | %s | %.2f | %d |",
                plane.name(),
                percent.text(1),
                perLeg.text(3),
                lost,
                missing,
                text(atOpus.heard()),
                text(atPcmu.heard()),
                delayMillis().text(1),
                sent.words(),
                100 * idleShare,
                late);
    }

    private static String text(ToneEar.Heard heard) {
        return String.format(Locale.ROOT, "%.1f / %.0f", heard.dbov(), heard.snrDb());
    }
}
