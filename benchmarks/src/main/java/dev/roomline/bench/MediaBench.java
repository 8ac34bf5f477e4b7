package dev.roomline.bench;

import dev.roomline.bench.MediaRound.Voices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What media costs and how it sounds, beside rtpengine and Janus where they do the same work: a
 * scenario each, all of them or those of {@code only=two,twenty}. Each prints its tables, then what
 * was to be reached with what was found; {@code record} writes them, and the table of all aims.
 * Options: {@code seconds=8} a turn, {@code repeats=5}, {@code warmup=45} seconds; more at the
 * scenarios.
 */
final class MediaBench {
    private final Options options;
    private final Map<String, Supplier<Scenario>> scenarios = new LinkedHashMap<>();

    MediaBench(Options options) throws InterruptedException {
        this.options = options;
        Voices voices = Voices.load();
        List<short[]> spoken = Speech.voices(48_000);
        List<short[]> narrow = Speech.voices(8_000);
        scenarios.put("two", () -> new TwoPhones(options, voices));
        scenarios.put("equal", () -> new EqualSettings(options, voices));
        scenarios.put("twenty", () -> new TwentyPhones(options, voices));
        scenarios.put("browser", () -> new PhoneAndBrowser(options, voices, spoken));
        scenarios.put("many", () -> new ManyPhones(options, voices));
        scenarios.put("delay", () -> new LatencyBench(options));
        scenarios.put("speech", () -> new SpeechBench(options, voices.codecs(), narrow));
        scenarios.put("sound", () -> new SoundQuality(voices.codecs()));
        scenarios.put("coding", () -> new NarrowCoding(voices));
        scenarios.put("memory", () -> new LegMemory(options, voices));
    }

    boolean run() throws InterruptedException {
        pinOurselves();
        List<String> names =
                List.of(options.text("only", String.join(",", scenarios.keySet())).split(","));
        List<Aim> all = new ArrayList<>();
        for (String name : names) {
            Supplier<Scenario> scenario = scenarios.get(name);
            if (scenario == null) {
                throw new IllegalArgumentException(name + " is none of " + scenarios.keySet());
            }
            all.addAll(run(section(name), scenario.get()));
        }
        if (options.recorded()) {
            AimTable.write(scenarios.keySet().stream().map(MediaBench::section).toList());
        }
        return all.stream().allMatch(Aim::isReached);
    }

    private static String section(String scenario) {
        return "media-" + scenario;
    }

    private List<Aim> run(String section, Scenario scenario) throws InterruptedException {
        PerformancePage page = new PerformancePage(section);
        page.print("Machine: " + Machine.description() + "; load " + Machine.load());
        long began = System.nanoTime();
        List<Aim> aims = scenario.run(page);
        aims.forEach(aim -> page.print(aim.line()));
        page.print("");
        page.print(
                "By `%s` in %d s."
                        .formatted(
                                options.command("media"),
                                (System.nanoTime() - began) / 1_000_000_000L));
        if (options.recorded()) {
            page.write();
        }
        return aims;
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
}
