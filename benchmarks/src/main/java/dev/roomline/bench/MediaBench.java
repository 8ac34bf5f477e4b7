package dev.roomline.bench;

import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.Codecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What media costs: rooms of one PCMU and one Opus phone that speak at each other, in Roomline, in
 * rtpengine and in Janus' AudioBridge, in turns. All are started at once and keep their rooms; the
 * phones speak in one at a time. The servers share core 0, the phones have the others. In one more
 * room a burst of a tone goes from PCMU to Opus each second, for the delay.
 */
final class MediaBench {
    private final Options options;
    private final int rooms;
    private final int seconds;
    private final int repeats;
    private final List<String> page = new ArrayList<>();

    MediaBench(Options options) {
        this.options = options;
        this.rooms = options.number("rooms", options.quick() ? 10 : 50);
        this.seconds = options.number("seconds", options.quick() ? 5 : 20);
        this.repeats = options.number("repeats", options.quick() ? 1 : 5);
    }

    /** One server with its phones, and what was measured of it. */
    private static final class Side {
        final MediaPlane plane;
        final CpuTime cpu;
        final List<Phone> phones = new ArrayList<>();
        final Burst burst;
        final List<Double> shares = new ArrayList<>();
        double idleShare;
        long lost;
        long missing;

        Side(MediaPlane plane, Codecs codecs) {
            this.plane = plane;
            this.cpu = new CpuTime(plane.pid());
            this.burst = new Burst(codecs, false, true);
        }
    }

    boolean run() throws InterruptedException {
        print("Machine: " + Machine.description() + "; load " + Machine.load());
        print(
                "%d rooms of one PCMU and one Opus phone, %d s a turn, %d turns; Opus 24 kb/s, 20 ms, no FEC; complexity: Roomline %s, Janus 5, rtpengine 10 (fixed)"
                        .formatted(rooms, seconds, repeats, "5"));
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
                side.idleShare = side.cpu.idleShare(3_000);
                fill(side, codecs, pcmu, opus);
            }
            measure(sides);
            table(sides);
        } finally {
            for (Side side : sides) {
                side.phones.forEach(Phone::close);
                side.plane.close();
            }
        }
        if (options.recorded()) {
            PerformancePage.write("media", page);
        }
        return sides.stream().allMatch(side -> side.shares.size() == repeats);
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
            case "roomline" -> new MediaPlane.Roomline(rooms + 1, "0");
            case "rtpengine" -> new Rtpengine("0");
            case "janus" -> new JanusRooms("0");
            default -> throw new IllegalArgumentException("unknown: " + name);
        };
    }

    private void fill(Side side, Codecs codecs, List<Payloads> pcmu, List<Payloads> opus)
            throws InterruptedException {
        for (int room = 0; room <= rooms; room++) {
            boolean isBurst = room == rooms;
            Phone one =
                    new Phone(
                            SipCaller.ADDRESS,
                            isBurst ? Burst.pcmu() : pcmu.get(room % pcmu.size()),
                            room * 71,
                            0x4000 + room,
                            (_, _) -> {});
            Phone other =
                    new Phone(
                            SipCaller.ADDRESS,
                            isBurst ? Burst.silentOpus(codecs) : opus.get((room + 1) % opus.size()),
                            room * 113 + 400,
                            0x5000 + room,
                            isBurst ? side.burst : (_, _) -> {});
            if (isBurst) {
                one.sending = side.burst;
            }
            MediaPlane.Pair pair = side.plane.join(room, one.port(), other.port());
            one.connect(pair.pcmu());
            other.connect(pair.opus());
            side.phones.add(one);
            side.phones.add(other);
        }
    }

    private void measure(List<Side> sides) throws InterruptedException {
        int warmSeconds = options.number("warmup", options.quick() ? 10 : 30);
        for (Side side : sides) {
            turn(side, warmSeconds, 0);
        }
        for (int i = 0; i < repeats; i++) {
            for (Side side : sides) {
                side.shares.add(turn(side, 3, seconds));
            }
        }
    }

    /** Share of a core that the server used for media while its phones spoke. */
    private static double turn(Side side, int before, int measured) throws InterruptedException {
        try (PhoneLoop _ = new PhoneLoop("phones", side.phones)) {
            side.plane.rest(before * 1_000L);
            side.phones.forEach(Phone::forget);
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
            for (Phone phone : side.phones) {
                side.lost += phone.lost;
                side.missing += Math.max(0, phone.sent - phone.received - 5);
            }
            return share;
        }
    }

    private void table(List<Side> sides) {
        Spread ours = Spread.of(sides.getFirst().shares);
        print("");
        print(
                "| server | CPU, %% of a core for %d rooms | CPU per leg, %% | by the first's | packets lost | not sent | PCMU → Opus delay by burst, ms | idle, %% |"
                        .formatted(rooms));
        print("|---|---|---|---|---|---|---|---|");
        for (Side side : sides) {
            Spread percent = Spread.of(side.shares.stream().map(s -> 100 * s).toList());
            Spread perLeg =
                    Spread.of(side.shares.stream().map(s -> 100 * s / (2 * rooms)).toList());
            print(
                    String.format(
                            Locale.ROOT,
                            "| %s | %s | %s | %.2f | %d | %d | %s | %.2f |",
                            side.plane.name(),
                            percent.text(1),
                            perLeg.text(3),
                            Spread.of(side.shares).median() / ours.median(),
                            side.lost,
                            side.missing,
                            Spread.of(side.burst.delaysMillis()).text(1),
                            100 * side.idleShare));
        }
    }

    private void print(String line) {
        System.out.println(line);
        page.add(line);
    }
}
