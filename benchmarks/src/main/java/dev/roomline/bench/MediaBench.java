package dev.roomline.bench;

import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What media costs: rooms of one PCMU and one Opus phone that speak at each other, in Roomline, in
 * rtpengine and in Janus' AudioBridge, in turns: all are started at once, but only the one whose
 * turn it is has rooms. The servers share core 0, the phones have the others. In two more rooms it
 * is heard what comes out: in one a burst of a tone goes from PCMU to Opus, for the delay; in the
 * other a tone goes either way, for its level and its distance to all else. Options: {@code
 * rooms=50}, {@code seconds=12} a turn, {@code repeats=5}, {@code with=roomline,rtpengine,janus}.
 */
final class MediaBench {
    private static final int LISTENED_ROOMS = 2;
    private static final double FROM_PCMU_HERTZ = 700;
    private static final double FROM_OPUS_HERTZ = 440;

    /** Ours must be this far above all else; the codecs alone leave 25. */
    private static final double LEAST_SNR_DB = 15;

    /** A tone this loud has come through, however it sounds; it is sent with −13. */
    private static final double LEAST_DBOV = -25;

    private static final int IDLE_WINDOWS = 6;

    private final Options options;
    private final int rooms;
    private final int seconds;
    private final int repeats;
    private final List<String> page = new ArrayList<>();

    MediaBench(Options options) {
        this.options = options;
        this.rooms = options.number("rooms", options.quick() ? 10 : 50);
        this.seconds = options.number("seconds", options.quick() ? 5 : 12);
        this.repeats = options.number("repeats", options.quick() ? 1 : 5);
    }

    /** One server with its phones, and what was measured of it. */
    private static final class Side {
        final MediaPlane plane;
        final CpuTime cpu;
        final PhoneWire wire = new PhoneWire();
        final List<PhoneStream> phones = new ArrayList<>();
        final Burst burst;
        final ToneEar atOpus;
        final ToneEar atPcmu;
        final List<Double> shares = new ArrayList<>();
        double idleShare;
        long lost;
        long missing;

        Side(MediaPlane plane, Codecs codecs) {
            this.plane = plane;
            this.cpu = new CpuTime(plane.pid());
            this.burst = new Burst(codecs, false, true);
            this.atOpus = new ToneEar(codecs, AudioCodec.OPUS, FROM_PCMU_HERTZ);
            this.atPcmu = new ToneEar(codecs, AudioCodec.PCMU, FROM_OPUS_HERTZ);
        }
    }

    boolean run() throws InterruptedException {
        print("Machine: " + Machine.description() + "; load " + Machine.load());
        print(
                "%d rooms of one PCMU and one Opus phone and %d to listen in, %d s a turn, %d turns"
                        .formatted(rooms, LISTENED_ROOMS, seconds, repeats));
        pinOurselves();
        Codecs codecs = Codecs.load();
        List<Payloads> pcmu = Speech.voices(8_000).stream().map(Speech::pcmu).toList();
        List<Payloads> opus =
                Speech.voices(48_000).stream().map(voice -> Speech.opus(codecs, voice)).toList();
        List<Side> sides = new ArrayList<>();
        try {
            for (String name : options.text("with", "roomline,rtpengine,janus").split(",")) {
                Side side = new Side(plane(name), codecs);
                sides.add(side);
                side.idleShare = idle(side);
            }
            measure(sides, side -> fill(side, codecs, pcmu, opus));
            table(sides);
        } finally {
            for (Side side : sides) {
                side.plane.close();
                side.wire.close();
            }
        }
        if (options.recorded()) {
            PerformancePage.write("media", page);
        }
        return isClear(sides.getFirst()) && sides.stream().allMatch(MediaBench::isHeard);
    }

    private static boolean isClear(Side side) {
        return side.atOpus.heard().snrDb() > LEAST_SNR_DB
                && side.atPcmu.heard().snrDb() > LEAST_SNR_DB
                && side.lost == 0;
    }

    private static boolean isHeard(Side side) {
        return side.atOpus.heard().dbov() > LEAST_DBOV
                && side.atPcmu.heard().dbov() > LEAST_DBOV
                && !side.burst.delaysMillis().isEmpty();
    }

    /** The least of some seconds: a process that has just started has other things to do. */
    private static double idle(Side side) throws InterruptedException {
        double least = 1;
        for (int i = 0; i < IDLE_WINDOWS; i++) {
            least = Math.min(least, side.cpu.idleShare(1_000));
        }
        return least;
    }

    /** The generator must not take time from what is measured. */
    private static void pinOurselves() throws InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        if (cores < 2) {
            return;
        }
        try (Child taskset =
                Child.start(
                        "taskset",
                        Workspace.folder("pin"),
                        List.of(
                                "taskset",
                                "-apc",
                                "1-" + (cores - 1),
                                Long.toString(ProcessHandle.current().pid())))) {
            taskset.await(Duration.ofSeconds(5));
        }
    }

    private MediaPlane plane(String name) throws InterruptedException {
        return switch (name) {
            case "roomline" -> new MediaPlane.Roomline(rooms + LISTENED_ROOMS, "0");
            case "rtpengine" -> new Rtpengine("0");
            case "janus" -> new JanusRooms("0");
            default -> throw new IllegalArgumentException("unknown: " + name);
        };
    }

    private void fill(Side side, Codecs codecs, List<Payloads> pcmu, List<Payloads> opus)
            throws InterruptedException {
        for (int room = 0; room < rooms; room++) {
            Payloads one = pcmu.get(room % pcmu.size());
            Payloads other = opus.get((room + 1) % opus.size());
            join(
                    side,
                    room,
                    new PhoneStream(one, room * 71, 0x4000 + room, (_, _) -> {}),
                    new PhoneStream(other, room * 113 + 400, 0x5000 + room, (_, _) -> {}));
        }
        PhoneStream bursting = new PhoneStream(Burst.rarePcmu(), 0, 0x4100, (_, _) -> {});
        bursting.sending = side.burst;
        join(
                side,
                rooms,
                bursting,
                new PhoneStream(Burst.silentOpus(codecs), 0, 0x5100, side.burst));
        join(
                side,
                rooms + 1,
                new PhoneStream(ToneEar.pcmu(FROM_PCMU_HERTZ), 0, 0x4101, side.atPcmu),
                new PhoneStream(ToneEar.opus(codecs, FROM_OPUS_HERTZ), 0, 0x5101, side.atOpus));
    }

    private static void join(Side side, int room, PhoneStream pcmu, PhoneStream opus)
            throws InterruptedException {
        MediaPlane.Pair pair = side.plane.join(room, side.wire.port(), side.wire.port());
        pcmu.connect(pair.pcmu());
        opus.connect(pair.opus());
        side.phones.add(pcmu);
        side.phones.add(opus);
    }

    /** Sets up the rooms of one side. */
    private interface Fill {
        void accept(Side side) throws InterruptedException;
    }

    private void measure(List<Side> sides, Fill fill) throws InterruptedException {
        for (Side side : sides) {
            boolean compiles = side.plane instanceof MediaPlane.Roomline;
            turn(side, fill, compiles ? options.number("warmup", options.quick() ? 10 : 45) : 5, 0);
        }
        for (int i = 0; i < repeats; i++) {
            for (Side side : sides) {
                side.shares.add(turn(side, fill, 4, seconds));
            }
        }
    }

    private static double turn(Side side, Fill fill, int before, int measured)
            throws InterruptedException {
        fill.accept(side);
        try {
            return speaking(side, before, measured);
        } finally {
            side.plane.leave();
            side.phones.clear();
        }
    }

    /** Share of a core that the server used for media while its phones spoke. */
    private static double speaking(Side side, int before, int measured)
            throws InterruptedException {
        try (Crowd _ = new Crowd("phones", side.wire, side.phones)) {
            side.plane.rest(before * 1_000L);
            side.phones.forEach(PhoneStream::forget);
            if (measured == 0) {
                side.burst.forget();
                return 0;
            }
            long began = System.nanoTime();
            long used = side.cpu.nanos();
            for (int i = 0; i < measured; i++) {
                side.plane.rest(1_000);
                side.cpu.nanos();
            }
            double share =
                    (double) (side.cpu.nanos() - used) / (System.nanoTime() - began)
                            - side.idleShare;
            for (PhoneStream phone : side.phones) {
                side.lost += phone.lost;
                side.missing += Math.max(0, phone.sent - phone.received - 5);
            }
            return share;
        }
    }

    private void table(List<Side> sides) {
        int legs = 2 * (rooms + LISTENED_ROOMS);
        print("");
        print(
                "| server | CPU, %% of a core for %d legs | CPU per leg, %% | of the first's | packets lost | not sent | tone PCMU → Opus: level, dBov / SNR, dB | Opus → PCMU | delay PCMU → Opus, ms | idle, %% |"
                        .formatted(legs));
        print("|---|---|---|---|---|---|---|---|---|---|");
        double ours = Spread.of(sides.getFirst().shares).median();
        for (Side side : sides) {
            Spread percent = Spread.of(side.shares.stream().map(s -> 100 * s).toList());
            Spread perLeg = Spread.of(side.shares.stream().map(s -> 100 * s / legs).toList());
            print(
                    String.format(
                            Locale.ROOT,
                            "| %s | %s | %s | %.2f | %d | %d | %s | %s | %s | %.2f |",
                            side.plane.name(),
                            percent.text(1),
                            perLeg.text(3),
                            Spread.of(side.shares).median() / ours,
                            side.lost,
                            side.missing,
                            text(side.atOpus.heard()),
                            text(side.atPcmu.heard()),
                            Spread.of(side.burst.delaysMillis()).text(1),
                            100 * side.idleShare));
        }
        print("");
        for (Side side : sides.subList(1, sides.size())) {
            print(
                    String.format(
                            Locale.ROOT,
                            "%s takes %.2f of the CPU that %s takes.",
                            sides.getFirst().plane.name(),
                            ours / Spread.of(side.shares).median(),
                            side.plane.name()));
        }
        print(
                "The tones were sent with %.1f dBov."
                        .formatted(20 * Math.log10(ToneEar.AMPLITUDE / Math.sqrt(2) / 32_767)));
    }

    private static String text(ToneEar.Heard heard) {
        return String.format(Locale.ROOT, "%.1f / %.0f", heard.dbov(), heard.snrDb());
    }

    private void print(String line) {
        System.out.println(line);
        page.add(line);
    }
}
