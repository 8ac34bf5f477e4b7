package dev.roomline.bench;

import dev.roomline.bench.MediaRound.Voices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What media costs: rooms of one PCMU and one Opus phone that speak at each other, in Roomline, in
 * rtpengine and in Janus' AudioBridge, in turns: all are started at once, but only the one whose
 * turn it is has rooms. The servers share core 0, the phones have the others. Two more rooms are
 * listened to: {@link MediaRound}. A server for which a greater number of rooms does not fit into
 * one core, by what it used for the smaller, is left out there. Options: {@code rooms=20,50},
 * {@code seconds=12} a turn, {@code repeats=5}, {@code with=roomline,rtpengine,janus}.
 */
final class MediaBench {
    private static final int IDLE_WINDOWS = 6;

    /** Of a core; above it packets queue, and the CPU is no longer the price of the whole work. */
    private static final double MOST_OF_A_CORE = 0.95;

    private final Options options;
    private final int[] rooms;
    private final int seconds;
    private final int repeats;
    private final PerformancePage page = new PerformancePage("media");

    MediaBench(Options options) {
        this.options = options;
        this.rooms =
                Arrays.stream(options.text("rooms", options.quick() ? "10" : "20,50").split(","))
                        .mapToInt(Integer::parseInt)
                        .toArray();
        this.seconds = options.number("seconds", options.quick() ? 5 : 12);
        this.repeats = options.number("repeats", options.quick() ? 1 : 5);
    }

    boolean run() throws InterruptedException {
        page.print("Machine: " + Machine.description() + "; load " + Machine.load());
        pinOurselves();
        Voices voices = Voices.load();
        Map<MediaPlane, Double> idle = new LinkedHashMap<>();
        boolean passed = true;
        try {
            for (String name : options.text("with", "roomline,rtpengine,janus").split(",")) {
                MediaPlane plane = plane(name);
                idle.put(plane, idle(new CpuTime(plane.pid())));
            }
            warmUp(idle, voices);
            List<MediaRound> before = List.of();
            for (int count : rooms) {
                List<MediaRound> rounds = new ArrayList<>();
                for (Map.Entry<MediaPlane, Double> side : idle.entrySet()) {
                    if (fits(before, side.getKey(), count)) {
                        rounds.add(new MediaRound(side.getKey(), count, side.getValue(), voices));
                    }
                }
                measure(rounds);
                passed &=
                        rounds.getFirst().isClear()
                                && rounds.stream().allMatch(MediaRound::isHeard);
                before = rounds;
            }
        } finally {
            idle.keySet().forEach(MediaPlane::close);
        }
        page.print(
                "The tones were sent with %.1f dBov."
                        .formatted(20 * Math.log10(ToneEar.AMPLITUDE / Math.sqrt(2) / 32_767)));
        if (options.recorded()) {
            page.write();
        }
        return passed;
    }

    private void warmUp(Map<MediaPlane, Double> idle, Voices voices) throws InterruptedException {
        for (MediaPlane plane : idle.keySet()) {
            boolean compiles = plane instanceof MediaPlane.Roomline;
            int count = compiles ? rooms[rooms.length - 1] : rooms[0];
            new MediaRound(plane, count, 0, voices)
                    .warmUp(compiles ? options.number("warmup", options.quick() ? 10 : 60) : 5);
        }
    }

    private boolean fits(List<MediaRound> before, MediaPlane plane, int count) {
        if (before.isEmpty()) {
            return true;
        }
        for (MediaRound round : before) {
            if (round.plane.equals(plane)) {
                double wanted =
                        round.share()
                                * MediaRound.roomsFor(count)
                                / MediaRound.roomsFor(round.rooms);
                if (round.isCarried() && wanted <= MOST_OF_A_CORE) {
                    return true;
                }
                page.print(
                        String.format(
                                Locale.ROOT,
                                "%s is left out of what follows: %d rooms would take %.0f %% of a"
                                        + " core.",
                                plane.name(),
                                count,
                                100 * wanted));
            }
        }
        return false;
    }

    private void measure(List<MediaRound> rounds) throws InterruptedException {
        page.print("");
        page.print(
                "%d rooms of one PCMU and one Opus phone and %d to listen in, %d s a turn, %d turns"
                        .formatted(
                                rounds.getFirst().rooms, MediaRound.roomsFor(0), seconds, repeats));
        for (int i = 0; i < repeats; i++) {
            for (MediaRound round : rounds) {
                round.measure(seconds);
            }
        }
        table(rounds);
    }

    /** The least of some seconds: a process that has just started has other things to do. */
    private static double idle(CpuTime cpu) throws InterruptedException {
        double least = 1;
        for (int i = 0; i < IDLE_WINDOWS; i++) {
            least = Math.min(least, cpu.idleShare(1_000));
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
        int most = MediaRound.roomsFor(Arrays.stream(rooms).max().orElseThrow());
        return switch (name) {
            case "roomline" -> new MediaPlane.Roomline(most, "0");
            case "rtpengine" -> new Rtpengine("0");
            case "janus" -> new JanusRooms("0");
            default -> throw new IllegalArgumentException("unknown: " + name);
        };
    }

    private void table(List<MediaRound> rounds) {
        page.print("");
        page.print(
                "| server | CPU, %% of a core for %d legs | CPU per leg, %% | of the first's | packets lost | not sent | tone PCMU → Opus: level, dBov / SNR, dB | Opus → PCMU | delay PCMU → Opus, ms | idle, %% |"
                        .formatted(rounds.getFirst().legs()));
        page.print("|---|---|---|---|---|---|---|---|---|---|");
        MediaRound ours = rounds.getFirst();
        rounds.forEach(round -> page.print(round.row(ours.share())));
        page.print("");
        for (MediaRound round : rounds.subList(1, rounds.size())) {
            page.print(
                    round.isCarried()
                            ? String.format(
                                    Locale.ROOT,
                                    "%s takes %.2f of the CPU that %s takes.",
                                    ours.plane.name(),
                                    ours.share() / round.share(),
                                    round.plane.name())
                            : round.plane.name()
                                    + " did not carry it: its CPU is not the price of the work.");
        }
    }
}
