package dev.roomline.bench;

import dev.roomline.bench.Speech.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The same load under one collector after the other: phones that talk without end while calls come
 * and go beside them, since sound makes no garbage and signalling does. Their rooms mix: those of
 * two phones of one codec would not tick. Options: {@code calls=200} phones that talk, {@code
 * rate=100} calls a second beside them, {@code seconds=40}, {@code warmup=20} before, {@code
 * repeats=3}, {@code only=} the names wanted, with commas between (their first words are enough;
 * {@code ZGC} is both of ZGC's). Pauses are the virtual machine's own account ({@code
 * -Xlog:safepoint}), the ticks' lateness the server's.
 */
final class CollectorsBench {
    private static final Pattern TOTAL = Pattern.compile("Total: +(\\d+) ns");
    private static final int ROOMS_BESIDE = 200;
    private static final int SETUP_MILLIS = 20;
    private static final String MIXED = "passthrough: never";

    /**
     * @param media keys of the {@code media} section
     */
    private record Variant(String name, String flags, String media) {
        static Variant of(String name, String flags) {
            return new Variant(name, flags, "");
        }
    }

    private static final List<Variant> VARIANTS =
            List.of(
                    Variant.of("ZGC", "-XX:+UseZGC"),
                    Variant.of("G1", "-XX:+UseG1GC"),
                    Variant.of("G1, pauses of 5 ms asked", "-XX:+UseG1GC -XX:MaxGCPauseMillis=5"),
                    Variant.of(
                            "Shenandoah, generational",
                            "-XX:+UseShenandoahGC -XX:ShenandoahGCMode=generational"),
                    Variant.of("Parallel", "-XX:+UseParallelGC"),
                    Variant.of("Serial", "-XX:+UseSerialGC"),
                    new Variant("ZGC, one media loop", "-XX:+UseZGC", "loops: 1"));

    /** One run of one variant. */
    private record Run(
            double pausesPerSecond,
            double p99PauseMillis,
            double longestPauseMillis,
            double pausedShare,
            double ticks,
            double lateShare5,
            double lateShare20,
            double lateShare50,
            double callsDone,
            double callsFailed,
            double p99SetUpMillis,
            double cpuPercent,
            double residentMegabytes) {}

    private final Options options;
    private final int count;
    private final int rate;
    private final int seconds;
    private final int warmSeconds;
    private final PerformancePage page = new PerformancePage("collectors");

    CollectorsBench(Options options) {
        this.options = options;
        this.count = options.number("calls", 200);
        this.rate = options.number("rate", 100);
        this.seconds = options.number("seconds", options.quick() ? 5 : 40);
        this.warmSeconds = options.number("warmup", options.quick() ? 5 : 20);
    }

    boolean run() throws InterruptedException {
        int repeats = options.number("repeats", options.quick() ? 1 : 3);
        List<String> only = List.of(options.text("only", "").split(","));
        page.print(
                "%d phones that talk in rooms of two that mix, %d calls a second beside them, %d s, %d times, in turns; before each a warm-up of %d s. Machine: %s; load %s"
                        .formatted(
                                count,
                                rate,
                                seconds,
                                repeats,
                                warmSeconds,
                                Machine.description(),
                                Machine.load()));
        List<Variant> wanted =
                VARIANTS.stream()
                        .filter(v -> only.stream().anyMatch(v.name()::startsWith))
                        .toList();
        List<List<Run>> runs = new ArrayList<>();
        wanted.forEach(_ -> runs.add(new ArrayList<>()));
        for (int repeat = 0; repeat < repeats; repeat++) {
            for (int i = 0; i < wanted.size(); i++) {
                Run run = measured(wanted.get(i));
                System.out.println(wanted.get(i).name() + ": " + run);
                runs.get(i).add(run);
            }
        }
        page.print("");
        page.print(
                "| collector | pauses/s | pause p99, ms | longest, ms | time paused, % | ticks | of them late > 5 / 20 / 50 ms, % | calls failed | set-up p99, ms | CPU, % of a core | resident, MB |");
        page.print("|---|---|---|---|---|---|---|---|---|---|---|");
        for (int i = 0; i < wanted.size(); i++) {
            row(wanted.get(i).name(), runs.get(i));
        }
        page.print("");
        page.print("By `%s`.".formatted(options.command("collectors")));
        if (options.recorded()) {
            page.write();
        }
        return true;
    }

    private Run measured(Variant variant) throws InterruptedException {
        List<Payloads> voices = Speech.voices(8_000).stream().map(Speech::pcmu).toList();
        List<PhoneStream> phones = new ArrayList<>();
        Path log = Workspace.folder("collectors").resolve("safepoints.log");
        Server.Setup setup =
                Server.Setup.of(ROOMS_BESIDE + (count + 1) / 2)
                        .media(variant.media().isEmpty() ? MIXED : MIXED + ", " + variant.media())
                        .collector(
                                variant.flags() + " -Xlog:safepoint:file=" + log + "::filecount=0");
        try (Server server = Server.start(setup);
                SipCaller sip = new SipCaller(server.sipPort);
                PhoneWire wire = new PhoneWire()) {
            List<SipCaller.Call> calls = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                PhoneStream phone =
                        new PhoneStream(
                                voices.get(i % voices.size()), i * 53, 0x1000 + i, (_, _) -> {});
                phones.add(phone);
                calls.add(sip.call(Server.code(ROOMS_BESIDE + i / 2), wire.port(), "0 PCMU/8000"));
                phone.connect(calls.get(i).rtp());
                sip.listen(SETUP_MILLIS);
            }
            Run run;
            try (Crowd _ = new Crowd("phones", wire, phones)) {
                beside(server, warmSeconds);
                run = look(server, log);
            }
            calls.forEach(sip::hangUp);
            return run;
        }
    }

    private Sipp.Outcome beside(Server server, int forSeconds) throws InterruptedException {
        Sipp.Calls calls =
                new Sipp.Calls(
                        "caller.xml",
                        server.sipPort,
                        rate,
                        rate * forSeconds,
                        Duration.ZERO,
                        ROOMS_BESIDE);
        try (Sipp.Callers callers = Sipp.call(calls)) {
            return callers.await();
        }
    }

    private Run look(Server server, Path log) throws InterruptedException {
        long skip = size(log);
        Scrape first = server.metrics();
        CpuTime cpu = new CpuTime(server.pid());
        long cpuBefore = cpu.nanos();
        long began = System.nanoTime();
        Sipp.Outcome outcome = beside(server, seconds);
        double elapsed = (System.nanoTime() - began) / 1e9;
        double cpuShare = (cpu.nanos() - cpuBefore) / 1e9 / elapsed;
        double[] pauses = pausesMillis(log, skip);
        Scrape last = server.metrics();
        double ticks =
                last.sum("roomline_media_ticks_total") - first.sum("roomline_media_ticks_total");
        return new Run(
                pauses.length / elapsed,
                Spread.quantile(pauses, 0.99),
                pauses.length == 0 ? 0 : pauses[pauses.length - 1],
                Arrays.stream(pauses).sum() / 10 / elapsed,
                ticks,
                100 * WatchedSeconds.lateTicks(last, first, "5") / ticks,
                100 * WatchedSeconds.lateTicks(last, first, "20") / ticks,
                100 * WatchedSeconds.lateTicks(last, first, "50") / ticks,
                outcome.done(),
                outcome.failed(),
                Spread.quantile(outcome.wholeMillis(), 0.99),
                100 * cpuShare,
                server.residentBytes() / 1024.0 / 1024);
    }

    private static long size(Path log) {
        try {
            return Files.size(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those written after so many octets, sorted. */
    private static double[] pausesMillis(Path log, long skip) {
        try {
            byte[] all = Files.readAllBytes(log);
            Matcher total =
                    TOTAL.matcher(
                            new String(
                                    all,
                                    (int) skip,
                                    all.length - (int) skip,
                                    StandardCharsets.UTF_8));
            return total.results()
                    .mapToDouble(pause -> Long.parseLong(pause.group(1)) / 1e6)
                    .sorted()
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void row(String name, List<Run> runs) {
        page.print(
                String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |",
                        name,
                        spread(runs, Run::pausesPerSecond, 1),
                        spread(runs, Run::p99PauseMillis, 2),
                        spread(runs, Run::longestPauseMillis, 2),
                        spread(runs, Run::pausedShare, 2),
                        spread(runs, Run::ticks, 0),
                        late(runs),
                        spread(runs, Run::callsFailed, 0),
                        spread(runs, Run::p99SetUpMillis, 0),
                        spread(runs, Run::cpuPercent, 0),
                        spread(runs, Run::residentMegabytes, 0)));
    }

    /** Nothing where nothing ticked: then no tick could be late. */
    private static String late(List<Run> runs) {
        return runs.stream().anyMatch(run -> run.ticks() == 0)
                ? "nothing ticked"
                : spread(runs, Run::lateShare5, 3)
                        + " / "
                        + spread(runs, Run::lateShare20, 3)
                        + " / "
                        + spread(runs, Run::lateShare50, 3);
    }

    private static String spread(
            List<Run> runs, java.util.function.ToDoubleFunction<Run> figure, int decimals) {
        return Spread.of(runs.stream().map(figure::applyAsDouble).toList()).text(decimals);
    }
}
