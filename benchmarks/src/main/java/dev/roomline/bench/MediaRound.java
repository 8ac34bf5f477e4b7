package dev.roomline.bench;

import static java.util.stream.Collectors.joining;

import dev.roomline.bench.CpuTime.Part;
import dev.roomline.bench.CpuTime.PerCall;
import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One server with so many rooms of phones, and what was measured of it over its turns. In two more
 * rooms of a PCMU and an Opus phone it is heard what comes out: in one a burst of a tone goes from
 * PCMU to Opus, for the delay; in the other a tone goes either way, for its level and its distance
 * to all else. What the Opus phone of the first room understands of the PCMU phone's speech is
 * taken from the very turns that CPU is taken from.
 */
final class MediaRound {
    private static final int LISTENED_ROOMS = 2;
    private static final double FROM_PCMU_HERTZ = 700;
    private static final double FROM_OPUS_HERTZ = 440;

    /**
     * The tone from PCMU begins elsewhere in its packets each turn: how clear an encoder of speech
     * makes it depends on where it stands in the frames, which at 700 Hz is the same in all.
     */
    private static final double PHASE_STEP = 2.4;

    private static final int QUIET_VARIANTS = 4;
    private static final List<AudioCodec> PAIR = List.of(AudioCodec.PCMU, AudioCodec.OPUS);

    /** Jitter buffers that adapt have found their delay when calls have been up for so long. */
    private static final int SETTLED_SECONDS = 8;

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
        /** A PCMU and an Opus phone in each room, who both talk. */
        static Shape pairs(Options options) {
            return new Shape(options.number("rooms", options.quick() ? 10 : 20), 2, 2);
        }

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
    private double idleShare;
    private final CpuTime cpu;
    private final List<PhoneStream> phones = new ArrayList<>();
    private final Burst burst;
    private ToneEar atOpus;
    private ToneEar atPcmu;
    private final OpusLook sent = new OpusLook();
    private final List<Turn> turns = new ArrayList<>();
    private final List<Double> understood = new ArrayList<>();
    private final List<ToneEar.Heard> tonesAtOpus = new ArrayList<>();
    private final List<ToneEar.Heard> tonesAtPcmu = new ArrayList<>();
    private int filled;
    private SpokenToOpus spoken;
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
     * @param parts what its threads used, what it uses at rest included, in % of a core
     * @param heard by the Opus phone of the first room
     * @param atOpus the tone from PCMU, where it is heard
     * @param atPcmu the tone from Opus
     */
    record Turn(
            double share,
            long said,
            long lost,
            long missing,
            long late,
            Map<Part, Double> parts,
            SpokenToOpus heard,
            ToneEar atOpus,
            ToneEar atPcmu) {}

    MediaRound(MediaPlane plane, Shape shape, Voices voices) {
        this.plane = plane;
        this.shape = shape;
        this.voices = voices;
        this.cpu = new CpuTime(plane.pid());
        this.burst = new Burst(voices.codecs, false, true);
        this.spoken = spoken();
        this.atOpus = earAt(AudioCodec.OPUS, FROM_PCMU_HERTZ);
        this.atPcmu = earAt(AudioCodec.PCMU, FROM_OPUS_HERTZ);
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
        return snrDb(tonesAtOpus).median() > LEAST_SNR_DB
                && snrDb(tonesAtPcmu).median() > LEAST_SNR_DB;
    }

    boolean isHeard() {
        return dbov(tonesAtOpus).median() > LEAST_DBOV
                && dbov(tonesAtPcmu).median() > LEAST_DBOV
                && !burst.delaysMillis().isEmpty();
    }

    /** From the PCMU phone to the Opus phone. */
    Spread delayMillis() {
        return Spread.of(burst.delaysMillis());
    }

    /** How clear a tone is where a phone of this codec hears it, in dB. */
    double snrDb(AudioCodec hearer) {
        return snrDb(hearer == AudioCodec.OPUS ? tonesAtOpus : tonesAtPcmu).median();
    }

    /** ESTOI of what the Opus phone of the first room hears of the PCMU phone. */
    Spread understood() {
        return Spread.of(understood);
    }

    private SpokenToOpus spoken() {
        return new SpokenToOpus(voices.codecs, voices.pcmu.getFirst());
    }

    /** What it uses with nobody there: once it has warmed up, before it is measured. */
    void rest() throws InterruptedException {
        idleShare = Beside.idle(cpu);
    }

    /** Calls, speaks and hangs up; nothing is measured. */
    void warmUp(int seconds) throws InterruptedException {
        var _ = turn(crowd -> speaking(crowd, seconds, 0));
        burst.forget();
    }

    /** Calls, speaks, hangs up; where its CPU goes meanwhile. */
    List<String> profile(int seconds) throws InterruptedException {
        return turn(
                _ -> {
                    plane.rest(2_000);
                    return new CpuProfile(plane.pid()).take(seconds);
                });
    }

    /** What is done while the phones speak. */
    @FunctionalInterface
    private interface Meanwhile<T> {
        T run(Crowd crowd) throws InterruptedException;
    }

    /** Calls, speaks, is measured and hangs up. It does not count until it is kept. */
    Turn measure(int seconds) throws InterruptedException {
        return turn(crowd -> speaking(crowd, SETTLED_SECONDS, seconds));
    }

    void keep(Turn turn) {
        shares.add(turn.share());
        said += turn.said();
        lost += turn.lost();
        missing += turn.missing();
        late += turn.late();
        turns.add(turn);
        understood.add(turn.heard().estoi());
        tonesAtOpus.add(turn.atOpus().heard());
        tonesAtPcmu.add(turn.atPcmu().heard());
    }

    private <T> T turn(Meanwhile<T> meanwhile) throws InterruptedException {
        spoken = spoken();
        atOpus = earAt(AudioCodec.OPUS, FROM_PCMU_HERTZ);
        atPcmu = earAt(AudioCodec.PCMU, FROM_OPUS_HERTZ);
        try (PhoneWire wire = new PhoneWire()) {
            fill(wire);
            try (Crowd crowd = new Crowd("phones", wire, phones)) {
                return meanwhile.run(crowd);
            }
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
                                looked ? this::look : (_, _) -> {}));
            }
            if (room == 0) {
                speaking.getFirst().sending = spoken;
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
                        new PhoneStream(
                                ToneEar.pcmu(FROM_PCMU_HERTZ, filled++ * PHASE_STEP),
                                0,
                                0x4101,
                                atPcmu),
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

    private void look(ByteBuffer packet, long nowNanos) {
        sent.heard(packet, nowNanos);
        spoken.heard(packet, nowNanos);
    }

    private Turn speaking(Crowd crowd, int before, int measured) throws InterruptedException {
        plane.rest(before * 1_000L);
        phones.forEach(PhoneStream::forget);
        crowd.forget();
        spoken.begin();
        long began = System.nanoTime();
        Map<Part, Long> used = cpu.nanosByPart();
        for (int i = 0; i < measured; i++) {
            plane.rest(1_000);
            cpu.nanos();
        }
        double tookNanos = System.nanoTime() - began;
        PerCall spent = cpu.perCall(used, 1, idleShare * tookNanos);
        Map<Part, Double> parts = spent.parts();
        parts.replaceAll((_, micros) -> micros * 1e5 / tookNanos);
        return new Turn(
                spent.micros() * 1e3 / tookNanos,
                phones.stream().mapToLong(phone -> phone.sent).sum(),
                phones.stream().mapToLong(phone -> phone.lost).sum(),
                phones.stream().mapToLong(MediaRound::missing).sum(),
                crowd.late,
                parts,
                spoken,
                atOpus,
                atPcmu);
    }

    /** What its threads use, what it uses at rest included, in % of a core. */
    String parts() {
        return Arrays.stream(Part.values())
                .map(
                        part ->
                                Spread.of(
                                                turns.stream()
                                                        .map(t -> t.parts().getOrDefault(part, 0.0))
                                                        .toList())
                                        .text(1))
                .collect(joining(" | ", "| ", " |"));
    }

    /** Those that are under way or wait in a jitter buffer are not missing. */
    private static long missing(PhoneStream phone) {
        return Math.max(0, phone.sent - phone.received - 5);
    }

    static String head(int legs) {
        return ("| server | CPU, %% of a core for %d legs | CPU per leg, %% | packets lost"
                        + " | not sent | tone PCMU → Opus: level, dBov / SNR, dB | Opus → PCMU"
                        + " | speech PCMU → Opus: ESTOI | delay PCMU → Opus, ms"
                        + " | Opus as it was sent | idle, %%"
                        + " | sent to it late |\n|---|---|---|---|---|---|---|---|---|---|---|---|")
                .formatted(legs);
    }

    /** A row of the table. */
    String row() {
        Spread percent = Spread.of(shares.stream().map(s -> 100 * s).toList());
        Spread perLeg = Spread.of(shares.stream().map(s -> 100 * s / shape.legs()).toList());
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %d | %d | %s | %s | %s | %s | %s | %.2f | %d |",
                plane.name(),
                percent.text(1),
                perLeg.text(3),
                lost,
                missing,
                text(tonesAtOpus),
                text(tonesAtPcmu),
                understood().text(4),
                delayMillis().text(1),
                sent.words(),
                100 * idleShare,
                late);
    }

    private ToneEar earAt(AudioCodec codec, double hertz) {
        return new ToneEar(voices.codecs, codec, hertz);
    }

    private static Spread dbov(List<ToneEar.Heard> tones) {
        return Spread.of(tones.stream().map(ToneEar.Heard::dbov).toList());
    }

    private static Spread snrDb(List<ToneEar.Heard> tones) {
        return Spread.of(tones.stream().map(ToneEar.Heard::snrDb).toList());
    }

    private static String text(List<ToneEar.Heard> tones) {
        return String.format(Locale.ROOT, "%.1f / ", dbov(tones).median()) + snrDb(tones).text(1);
    }
}
