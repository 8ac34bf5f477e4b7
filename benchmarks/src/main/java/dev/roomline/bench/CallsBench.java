package dev.roomline.bench;

import static dev.roomline.bench.Spread.quantile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Calls per second: SIPp calls with digest and a real offer, is answered, hangs up. At each rate
 * the server and SIPp's own answering side take turns, so that what else the machine does meets
 * both. Then calls that stay, for what one costs in memory.
 */
final class CallsBench {
    private static final int ROOMS = 200;
    private static final double MOST_P99_MILLIS = 50;

    private final Options options;
    private final int seconds;
    private final int repeats;
    private final List<String> page = new ArrayList<>();

    CallsBench(Options options) {
        this.options = options;
        this.seconds = options.number("seconds", options.quick() ? 4 : 10);
        this.repeats = options.number("repeats", options.quick() ? 1 : 3);
    }

    /** One side's run at one rate. */
    private record Run(Sipp.Outcome outcome, double microsPerCall) {}

    boolean run() throws InterruptedException {
        print("Machine: " + Machine.description() + "; load " + Machine.load());
        boolean held;
        int peerPort = Workspace.port();
        try (Server server = Server.start(setup());
                Child peer = Sipp.answer(peerPort)) {
            CpuTime ours = new CpuTime(server.pid());
            CpuTime theirs = new CpuTime(peer.pid());
            warmUp(server, ours);
            double idle = ours.idleShare(options.quick() ? 1000 : 5000);
            double peerIdle = theirs.idleShare(1000);
            print(
                    "Idle: %.2f %% of a core, SIPp %.2f %%; subtracted below"
                            .formatted(100 * idle, 100 * peerIdle));
            held = rates(server, ours, idle, peerPort, theirs, peerIdle);
            server.dumpProfile();
        }
        if (!options.on("skip_memory")) {
            held &= memory();
        }
        if (options.recorded()) {
            PerformancePage.write("calls", page);
        }
        return held;
    }

    private Server.Setup setup() {
        return Server.Setup.of(ROOMS)
                .media(options.text("media", ""))
                .profiled(options.text("profile", ""));
    }

    private void warmUp(Server server, CpuTime cpu) throws InterruptedException {
        int warmSeconds = options.number("warmup", options.quick() ? 12 : 40);
        int most = options.number("warmup_rate", 200);
        for (int rate : new int[] {most / 8, most / 4, most / 2, most}) {
            Run run = measured(server.sipPort, rate, warmSeconds / 4, cpu, 0);
            print(
                    "Warm-up, not counted below: %d s at %d calls/s: %s"
                            .formatted(warmSeconds / 4, rate, cells(run)));
        }
    }

    private boolean rates(
            Server server, CpuTime ours, double idle, int peerPort, CpuTime theirs, double peerIdle)
            throws InterruptedException {
        print("");
        print(
                "| calls/s asked | done/s | failed | sent again | p50 / p99 / max whole, ms | p50 /"
                        + " p99 / max with credentials, ms | CPU per call, µs | SIPp's UAS, µs |"
                        + " ratio |");
        print("|---|---|---|---|---|---|---|---|---|");
        int best = 0;
        for (int rate :
                options.numbers("rates", options.quick() ? "200,500" : "250,500,1000,1500,2000")) {
            Scrape before = server.metrics();
            List<Run> us = new ArrayList<>();
            List<Run> them = new ArrayList<>();
            for (int i = 0; i < repeats; i++) {
                us.add(measured(server.sipPort, rate, seconds, ours, idle));
                them.add(measured(peerPort, rate, seconds, theirs, peerIdle));
            }
            print(row(rate, us, them));
            boolean clean =
                    us.stream().allMatch(run -> run.outcome().failed() == 0)
                            && p99(us).median() < MOST_P99_MILLIS;
            if (clean) {
                best = rate;
            } else {
                Scrape after = server.metrics();
                after.grown(before, "roomline_calls_ended_total").forEach(this::note);
                after.grown(before, "roomline_sip_refusals_total").forEach(this::note);
                after.grown(before, "roomline_sip_drops_total").forEach(this::note);
                after.grown(before, "roomline_media_drops_total").forEach(this::note);
                break;
            }
        }
        print("");
        print(
                "Held without a failure and with p99 under %.0f ms: %d calls/s"
                        .formatted(MOST_P99_MILLIS, best));
        return best >= options.number("expect", options.quick() ? 500 : 1000);
    }

    private void note(String line) {
        System.out.println("  " + line);
    }

    private Run measured(int port, int rate, int lasting, CpuTime cpu, double idleShare)
            throws InterruptedException {
        long before = cpu.nanos();
        long began = System.nanoTime();
        Sipp.Outcome outcome;
        Sipp.Calls calls =
                new Sipp.Calls("caller.xml", port, rate, rate * lasting, Duration.ZERO, ROOMS);
        try (Sipp.Callers callers = Sipp.call(calls)) {
            while (callers.isUnderWay()) {
                Thread.sleep(100);
                cpu.nanos();
            }
            outcome = callers.await();
        }
        // what a call leaves behind, its last row, belongs to it
        Thread.sleep(500);
        double spent = cpu.nanos() - before - idleShare * (System.nanoTime() - began);
        return new Run(outcome, spent / 1000 / Math.max(1, outcome.done()));
    }

    private static Spread p99(List<Run> runs) {
        return Spread.of(
                runs.stream().map(r -> quantile(r.outcome().wholeMillis(), 0.99)).toList());
    }

    private String row(int rate, List<Run> us, List<Run> them) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < us.size(); i++) {
            ratios.add(us.get(i).microsPerCall() / them.get(i).microsPerCall());
        }
        Spread done = Spread.of(us.stream().map(r -> r.outcome().rate()).toList());
        Spread cpu = Spread.of(us.stream().map(Run::microsPerCall).toList());
        Spread peer = Spread.of(them.stream().map(Run::microsPerCall).toList());
        return String.format(
                Locale.ROOT,
                "| %d | %s | %d | %d | %s | %s | %s | %s | %s |",
                rate,
                done.text(0),
                us.stream().mapToLong(r -> r.outcome().failed()).sum(),
                us.stream().mapToLong(r -> r.outcome().retransmissions()).sum(),
                times(us.stream().map(r -> r.outcome().wholeMillis()).toList()),
                times(us.stream().map(r -> r.outcome().admittedMillis()).toList()),
                cpu.text(0),
                peer.text(1),
                Spread.of(ratios).text(1));
    }

    private static String times(List<double[]> runs) {
        return "%s / %s / %s"
                .formatted(
                        Spread.of(runs.stream().map(t -> quantile(t, 0.5)).toList()).text(0),
                        Spread.of(runs.stream().map(t -> quantile(t, 0.99)).toList()).text(0),
                        Spread.of(runs.stream().map(t -> quantile(t, 1)).toList()).text(0));
    }

    private static String cells(Run run) {
        Sipp.Outcome seen = run.outcome();
        return String.format(
                Locale.ROOT,
                "%.0f/s done, %d failed, p50 %.0f ms, p99 %.0f ms, max %.0f ms, %.0f µs CPU per"
                        + " call",
                seen.rate(),
                seen.failed(),
                quantile(seen.wholeMillis(), 0.5),
                quantile(seen.wholeMillis(), 0.99),
                quantile(seen.wholeMillis(), 1),
                run.microsPerCall());
    }

    /** What a call that stays costs: the server before and during it, garbage collected. */
    private boolean memory() throws InterruptedException {
        int calls = options.number("held", options.quick() ? 200 : 1500);
        try (Server server = Server.start(Server.Setup.of(ROOMS))) {
            hold(server, 50, Duration.ofMillis(500)).close();
            Thread.sleep(2_000);
            Memory before = memory(server);
            try (Sipp.Callers _ = hold(server, calls, Duration.ofSeconds(60))) {
                Memory during = memory(server);
                double heap = (double) (during.heap() - before.heap()) / calls / 1024;
                print(
                        String.format(
                                Locale.ROOT,
                                "Memory per established call, %d held: heap %.1f KB, direct buffers"
                                        + " %.1f KB, resident %.1f KB",
                                calls,
                                heap,
                                (double) (during.direct() - before.direct()) / calls / 1024,
                                (double) (during.resident() - before.resident()) / calls / 1024));
                return heap < 100;
            }
        }
    }

    /** Callers who stay, once all of them are there. */
    private static Sipp.Callers hold(Server server, int count, Duration hold)
            throws InterruptedException {
        Sipp.Callers callers =
                Sipp.call(
                        new Sipp.Calls(
                                "holding-caller.xml", server.sipPort, 100, count, hold, ROOMS));
        long limit = System.nanoTime() + Duration.ofSeconds(count / 100 + 20).toNanos();
        while (callers.process().isAlive()
                && server.metrics().sum("roomline_calls_active") < count) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("not all calls came");
            }
            Thread.sleep(200);
        }
        return callers;
    }

    private record Memory(long heap, long direct, long resident) {}

    private static Memory memory(Server server) throws InterruptedException {
        Thread.sleep(1_000);
        server.collectGarbage();
        Scrape now = server.metrics();
        return new Memory(
                (long) now.sum("jvm_memory_used_bytes", "area=\"heap\""),
                (long) now.sum("jvm_buffer_memory_used_bytes"),
                server.residentBytes());
    }

    private void print(String line) {
        System.out.println(line);
        page.add(line);
    }
}
