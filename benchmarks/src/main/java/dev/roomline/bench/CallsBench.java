package dev.roomline.bench;

import static dev.roomline.bench.Spread.quantile;

import dev.roomline.bench.CpuTime.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
    private final PerformancePage page = new PerformancePage("calls");

    CallsBench(Options options) {
        this.options = options;
        this.seconds = options.number("seconds", options.quick() ? 4 : 10);
        this.repeats = options.number("repeats", options.quick() ? 1 : 3);
    }

    /**
     * One side's run at one rate.
     *
     * @param callerMicros what SIPp's calling side spent
     * @param cost what our side spent
     */
    private record Run(Sipp.Outcome outcome, CpuTime.PerCall cost, double callerMicros) {
        double microsPerCall() {
            return cost.micros();
        }
    }

    boolean run() throws InterruptedException {
        page.print("Machine: " + Machine.description() + "; load " + Machine.load());
        boolean held;
        int peerPort = Workspace.port();
        try (Server server = Server.start(setup());
                Child peer = Sipp.answer("answerer.xml", peerPort)) {
            CpuTime ours = new CpuTime(server.pid());
            CpuTime theirs = new CpuTime(peer.pid());
            warmUp(server, ours);
            if (!options.quick()) {
                // it is not idle while transactions of the warm-up end
                Thread.sleep(HeldCalls.TRANSACTIONS_OVER);
            }
            double idle = ours.idleShare(options.quick() ? 1000 : 5000);
            double peerIdle = theirs.idleShare(1000);
            page.print(
                    "Idle: %.2f %% of a core, SIPp %.2f %%; subtracted below"
                            .formatted(100 * idle, 100 * peerIdle));
            runIn(server, ours);
            held = rates(server, ours, idle, peerPort, theirs, peerIdle);
            server.dumpProfile();
            if (!options.on("skip_memory")) {
                held &=
                        new HeldCalls(server, ROOMS, page::print)
                                .cost(options.number("held", options.quick() ? 200 : 1000));
            }
        }
        if (options.recorded()) {
            page.write();
        }
        return held;
    }

    private Server.Setup setup() {
        return Server.Setup.of(ROOMS)
                .media(options.text("media", ""))
                .profiled(options.text("profile", ""));
    }

    private void warmUp(Server server, CpuTime cpu) throws InterruptedException {
        int longest = options.number("warmup", options.quick() ? 12 : 180);
        new WarmUp(longest, options.number("warmup_rate", 400), page)
                .run(
                        (rate, lasting) -> {
                            Run run = measured(server.sipPort, rate, lasting, cpu, 0);
                            return new WarmUp.Seen(run.cost(), cells(run));
                        });
    }

    /** The first calls after a pause meet a collection that waited for it. */
    private void runIn(Server server, CpuTime cpu) throws InterruptedException {
        int rate = options.number("warmup_rate", 400) / 2;
        Run run = measured(server.sipPort, rate, options.quick() ? 1 : 5, cpu, 0);
        page.print(
                "After the pause, not counted below: at %d calls/s: %s"
                        .formatted(rate, cells(run)));
    }

    private boolean rates(
            Server server, CpuTime ours, double idle, int peerPort, CpuTime theirs, double peerIdle)
            throws InterruptedException {
        page.print("");
        page.print(
                "| calls/s asked | done/s | failed | sent again | p50 / p99 / max whole, ms | p50 /"
                        + " p99 / max with credentials, ms | CPU per call, µs | SIPp's UAS, µs |"
                        + " ratio | SIPp's callers, µs | cores for server and callers |");
        page.print("|---|---|---|---|---|---|---|---|---|---|---|");
        List<String> partsByRate = new ArrayList<>();
        int best = 0;
        for (int rate :
                options.numbers(
                        "rates", options.quick() ? "200,500" : "250,500,750,1000,1500,2000")) {
            Scrape before = server.metrics();
            List<Run> us = new ArrayList<>();
            List<Run> them = new ArrayList<>();
            for (int i = 0; i < repeats; i++) {
                us.add(measured(server.sipPort, rate, seconds, ours, idle));
                them.add(measured(peerPort, rate, seconds, theirs, peerIdle));
            }
            page.print(row(rate, us, them));
            partsByRate.add(Part.row(Integer.toString(rate), us.stream().map(Run::cost).toList()));
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
        Part.table(partsByRate).forEach(page::print);
        page.print("");
        page.print(
                "Held without a failure and with p99 under %.0f ms: %d calls/s"
                        .formatted(MOST_P99_MILLIS, best));
        return best >= options.number("expect", options.quick() ? 500 : 1000);
    }

    private void note(String line) {
        System.out.println("  " + line);
    }

    private Run measured(int port, int rate, int lasting, CpuTime cpu, double idleShare)
            throws InterruptedException {
        Map<Part, Long> before = cpu.nanosByPart();
        long began = System.nanoTime();
        Sipp.Outcome outcome;
        long callerNanos;
        Sipp.Calls calls =
                new Sipp.Calls("caller.xml", port, rate, rate * lasting, Duration.ZERO, ROOMS);
        try (Sipp.Callers callers = Sipp.call(calls)) {
            CpuTime caller = new CpuTime(callers.process().pid());
            while (callers.isUnderWay()) {
                Thread.sleep(100);
                cpu.nanos();
                caller.nanos();
            }
            outcome = callers.await();
            callerNanos = caller.nanos();
        }
        // what a call leaves behind, its last row, belongs to it
        Thread.sleep(500);
        long done = Math.max(1, outcome.done());
        double idle = idleShare * (System.nanoTime() - began);
        return new Run(outcome, cpu.perCall(before, done, idle), callerNanos / 1000.0 / done);
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
        Spread callers = Spread.of(us.stream().map(Run::callerMicros).toList());
        double cores = (cpu.median() + callers.median()) * done.median() / 1e6;
        return String.format(
                Locale.ROOT,
                "| %d | %s | %d | %d | %s | %s | %s | %s | %s | %s | %.2f |",
                rate,
                done.text(0),
                us.stream().mapToLong(r -> r.outcome().failed()).sum(),
                us.stream().mapToLong(r -> r.outcome().retransmissions()).sum(),
                times(us.stream().map(r -> r.outcome().wholeMillis()).toList()),
                times(us.stream().map(r -> r.outcome().admittedMillis()).toList()),
                cpu.text(0),
                peer.text(1),
                Spread.of(ratios).text(1),
                callers.text(0),
                cores);
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
}
