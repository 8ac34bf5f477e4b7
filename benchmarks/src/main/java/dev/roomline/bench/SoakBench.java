package dev.roomline.bench;

import dev.roomline.bench.Speech.Payloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Many calls at once for minutes, with speech both ways: two phones a room, PCMU. Options: {@code
 * calls=500}, {@code minutes=10}, {@code every=30} seconds between two readings, {@code
 * passthrough=never} so that each room mixes. It fails on a tick later than 20 ms, or where nothing
 * ticks on packets that came so late to the phones, in a second in which the machine gave us its
 * cores (no pause seen by {@link Witness}, and less than 20 ms stolen by the hypervisor in it and
 * the one before), on a run with too few such seconds, on a call that did not last, on memory that
 * grows, on sound that is missing.
 */
final class SoakBench {
    /** Beyond the noise of a collector: of the first reading after the warm-up. */
    private static final double MOST_GROWTH = 0.10;

    private static final double MOST_GROWTH_BYTES = 16 * 1024 * 1024.0;
    private static final double MOST_LOSS = 0.0001;

    /** Between two calls: some 50 a second. */
    private static final int SETUP_MILLIS = 20;

    private final Options options;
    private final int count;
    private final int everySeconds;
    private final int rounds;
    private final PerformancePage page = new PerformancePage("soak");
    private boolean held = true;

    SoakBench(Options options) {
        this.options = options;
        this.count = options.number("calls", options.quick() ? 100 : 500);
        this.everySeconds = options.number("every", options.quick() ? 10 : 30);
        int seconds = options.number("minutes", options.quick() ? 1 : 10) * 60;
        this.rounds = Math.max(2, seconds / everySeconds);
    }

    private record Reading(double heapBytes, double residentBytes) {}

    boolean run() throws InterruptedException {
        page.print(
                "%d calls for %d minutes. Machine: %s; load %s"
                        .formatted(
                                count,
                                rounds * everySeconds / 60,
                                Machine.description(),
                                Machine.load()));
        List<Payloads> voices = Speech.voices(8_000).stream().map(Speech::pcmu).toList();
        List<PhoneStream> phones = new ArrayList<>();
        Server.Setup setup =
                Server.Setup.of((count + 1) / 2)
                        .media("passthrough: " + options.text("passthrough", "auto"));
        try (Server server = Server.start(setup);
                SipCaller sip = new SipCaller(server.sipPort);
                PhoneWire wire = new PhoneWire();
                Witness witness = new Witness()) {
            List<SipCaller.Call> calls = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                PhoneStream phone =
                        new PhoneStream(
                                voices.get(i % voices.size()), i * 53, 0x1000 + i, (_, _) -> {});
                phones.add(phone);
                calls.add(sip.call(Server.code(i / 2), wire.port(), "0 PCMU/8000"));
                phone.connect(calls.get(i).rtp());
                sip.listen(SETUP_MILLIS);
            }
            page.print("Calls put off by 503 while they were set up: " + sip.putOff());
            try (Crowd loop = new Crowd("phones", wire, phones)) {
                talk(server, sip, phones, loop, witness);
            }
            calls.forEach(sip::hangUp);
            Scrape end = server.metrics();
            expect("server faults", end.sum("roomline_server_faults_total"), 0);
        }
        page.print("");
        page.print(held ? "**passed**" : "**failed**");
        if (options.recorded()) {
            page.write();
        }
        return held;
    }

    private void talk(
            Server server, SipCaller sip, List<PhoneStream> phones, Crowd loop, Witness witness)
            throws InterruptedException {
        int warmSeconds = options.number("warmup", options.quick() ? 15 : 60);
        server.collectGarbage();
        sip.listen(warmSeconds * 1_000L);
        phones.forEach(PhoneStream::forget);
        loop.forget();
        Scrape first = server.metrics();
        page.print(
                "Warm-up %d s, in which ticks came late: %s".formatted(warmSeconds, late(first)));
        CpuTime cpu = new CpuTime(server.pid());
        page.print("");
        page.print(
                "| s | calls | late ticks > 5 / 10 / 20 / 50 ms | sent | received | lost | longest"
                        + " gap, ms | heap after GC, MB | resident, MB | CPU, % of a core |"
                        + " machine busy, stolen, % |");
        page.print("|---|---|---|---|---|---|---|---|---|---|---|");
        List<Reading> readings = new ArrayList<>();
        WatchedSeconds seconds = new WatchedSeconds(server, phones);
        List<String> greediest = new ArrayList<>();
        Neighbours machine = new Neighbours();
        long started = System.nanoTime();
        for (int round = 1; round <= rounds; round++) {
            long before = cpu.nanos();
            long began = System.nanoTime();
            seconds.watch(everySeconds, sip::listen);
            double share = (double) (cpu.nanos() - before) / (System.nanoTime() - began);
            Neighbours.Look look = machine.look();
            greediest.add(look.greediest());
            Scrape now = server.metrics();
            server.collectGarbage();
            readings.add(
                    new Reading(
                            server.metrics().sum("jvm_memory_used_bytes", "area=\"heap\""),
                            server.residentBytes()));
            row(
                    (System.nanoTime() - started) / 1_000_000_000L,
                    now,
                    first,
                    phones,
                    readings.getLast(),
                    share,
                    look);
        }
        Scrape last = server.metrics();
        page.print("");
        System.out.println(
                "Processes above 3 % of a core, row by row (the server is " + server.pid() + "):");
        greediest.forEach(System.out::println);
        judge(seconds.judge(witness));
        expect("calls lost", count - last.sum("roomline_calls_active") + sip.endedByServer(), 0);
        page.print(
                String.format(Locale.ROOT, "Packets missing in all, share: %.6f", share(phones)));
        flat("heap", readings.stream().map(Reading::heapBytes).toList());
        flat("resident memory", readings.stream().map(Reading::residentBytes).toList());
        page.print(
                String.format(
                        Locale.ROOT,
                        "The generator's own packets that left more than 10 ms late: %d; the latest %.1f ms",
                        loop.late,
                        loop.worstNanos / 1e6));
    }

    private void judge(WatchedSeconds.Judgement found) {
        page.print(found.words());
        if (found.hasTicked()) {
            judge(
                    "ticks over 20 ms late",
                    String.format(
                            Locale.ROOT,
                            "%.0f, %.3f %% %s",
                            found.lateTicks(),
                            found.latePercent(),
                            found.ticksJudged()),
                    found.lateTicks() == 0);
        } else {
            page.print("- nothing ticked, so no tick could be late; packets could:");
        }
        double late = found.lateOrMissingPercent();
        judge(
                "packets over 20 ms late at the phones or lost",
                String.format(Locale.ROOT, "%.3f %% %s", late, found.packetsJudged()),
                late <= WatchedSeconds.MOST_LATE_PERCENT);
        atMost("packets missing in those seconds, share", found.missingShare(), MOST_LOSS);
        judge("seconds to judge by", Integer.toString(found.judged()), found.isEnough());
    }

    private void row(
            long second,
            Scrape now,
            Scrape first,
            List<PhoneStream> phones,
            Reading reading,
            double cpuShare,
            Neighbours.Look machine) {
        page.print(
                String.format(
                        Locale.ROOT,
                        "| %d | %.0f | %.0f / %.0f / %.0f / %.0f | %d | %d | %d | %.0f | %.1f | %.0f"
                                + " | %.0f | %.0f, %.1f |",
                        second,
                        now.sum("roomline_calls_active"),
                        WatchedSeconds.lateTicks(now, first, "5"),
                        WatchedSeconds.lateTicks(now, first, "10"),
                        WatchedSeconds.lateTicks(now, first, "20"),
                        WatchedSeconds.lateTicks(now, first, "50"),
                        phones.stream().mapToLong(p -> p.sent).sum(),
                        phones.stream().mapToLong(p -> p.received).sum(),
                        phones.stream().mapToLong(p -> p.lost).sum(),
                        phones.stream().mapToLong(p -> p.longestGapNanos).max().orElse(0) / 1e6,
                        reading.heapBytes() / 1024 / 1024,
                        reading.residentBytes() / 1024 / 1024,
                        100 * cpuShare,
                        machine.busyPercent(),
                        machine.stealPercent()));
    }

    private static String late(Scrape scrape) {
        return "%.0f over 5 ms, %.0f over 20 ms"
                .formatted(
                        WatchedSeconds.lateTicks(scrape, "5"),
                        WatchedSeconds.lateTicks(scrape, "20"));
    }

    /** Lost, and never come at all, of what each phone's room-mate sent. */
    private static double share(List<PhoneStream> phones) {
        double sent = phones.stream().mapToLong(p -> p.sent).sum();
        double missing = 0;
        for (PhoneStream phone : phones) {
            // two packets may be under way
            missing += Math.max(phone.lost, phone.sent - phone.received - 10);
        }
        return Math.max(0, missing) / sent;
    }

    private void expect(String what, double value, double wanted) {
        judge(what, String.format(Locale.ROOT, "%.0f", value), value == wanted);
    }

    private void atMost(String what, double value, double most) {
        judge(what, String.format(Locale.ROOT, "%.6f", value), value <= most);
    }

    /** The median of the last third against that of the second: what grows grows there too. */
    private void flat(String what, List<Double> values) {
        int third = Math.max(1, values.size() / 3);
        int from = Math.min(third, values.size() - 2 * third);
        double early = Spread.of(values.subList(Math.max(0, from), from + third)).median();
        double late = Spread.of(values.subList(values.size() - third, values.size())).median();
        boolean flat = late - early <= Math.max(MOST_GROWTH * early, MOST_GROWTH_BYTES);
        judge(
                what,
                String.format(
                        Locale.ROOT, "%.1f → %.1f MB", early / 1024 / 1024, late / 1024 / 1024),
                flat);
    }

    private void judge(String what, String value, boolean passed) {
        page.print("- %s: %s – %s".formatted(passed ? "pass" : "FAIL", what, value));
        held &= passed;
    }
}
