package dev.roomline.bench;

import static dev.roomline.bench.Spread.quantile;

import dev.roomline.bench.CpuTime.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Calls per second that the server places: an application asks for them by the API, SIPp is the
 * carrier that answers. Options: {@code challenge=none|407|both} (what the carrier says to an
 * INVITE without credentials), {@code rates}, {@code seconds}, {@code repeats}, {@code warmup} in
 * seconds, {@code warmup_rate}.
 */
final class OutboundBench {
    private static final int ROOMS = 200;
    private static final double MOST_P99_MILLIS = 50;

    private final Options options;
    private final int seconds;
    private final int repeats;
    private final PerformancePage page = new PerformancePage("outbound");

    OutboundBench(Options options) {
        this.options = options;
        this.seconds = options.number("seconds", options.quick() ? 5 : 10);
        this.repeats = options.number("repeats", options.quick() ? 1 : 3);
    }

    /**
     * The answering side of a trunk.
     *
     * @param challenge as the table says it, and the trunk is named
     */
    private record Carrier(String challenge, String scenario, int port) {
        String trunk() {
            return """
                     - { id: "%1$s", name: "%1$s", direction: outbound, address: "127.0.0.1:%2$d", options_ping: 0s, username: bench, password: bench-word, numbers: ["+15550100000"] }
                   """
                    .formatted(challenge, port);
        }
    }

    /**
     * A run at one rate.
     *
     * @param carrierMicros what SIPp spent on a call
     * @param callerMicros what the application, this process, spent on a call
     */
    private record Run(
            Application.Outcome outcome,
            CpuTime.PerCall server,
            double carrierMicros,
            double callerMicros) {
        double ratio() {
            return server.micros() / carrierMicros;
        }
    }

    /** Whose CPU is counted, and the share of a core that each uses at rest. */
    private record Counted(
            CpuTime server, double serverIdle, CpuTime carrier, double carrierIdle, CpuTime own) {}

    boolean run() throws InterruptedException {
        page.print("Machine: " + Machine.description() + "; load " + Machine.load());
        boolean held = true;
        List<Carrier> carriers = carriers();
        StringBuilder trunks = new StringBuilder();
        carriers.forEach(carrier -> trunks.append(carrier.trunk()));
        try (Server server = Server.start(Server.Setup.of(ROOMS).trunks(trunks.toString()))) {
            Application application = new Application(server, ROOMS);
            for (Carrier carrier : carriers) {
                try (Child peer = Sipp.answer(carrier.scenario(), carrier.port())) {
                    held &= carried(server, application, carrier, peer);
                }
            }
        }
        if (options.recorded()) {
            page.write();
        }
        return held;
    }

    private List<Carrier> carriers() {
        String asked = options.text("challenge", "both");
        List<Carrier> all =
                List.of(
                        new Carrier("none", "open-answerer.xml", Workspace.port()),
                        new Carrier("407", "answerer.xml", Workspace.port()));
        return all.stream()
                .filter(each -> asked.equals("both") || asked.equals(each.challenge()))
                .toList();
    }

    /** Whether the lowest rate was held at least. */
    private boolean carried(Server server, Application application, Carrier carrier, Child peer)
            throws InterruptedException {
        CpuTime ours = new CpuTime(server.pid());
        CpuTime theirs = new CpuTime(peer.pid());
        CpuTime own = new CpuTime(ProcessHandle.current().pid());
        page.print("");
        page.print("Challenge of the carrier: " + carrier.challenge());
        page.print("");
        warmUp(application, carrier, new Counted(ours, 0, theirs, 0, own));
        if (!options.quick()) {
            // it is not idle while transactions of the warm-up end
            Thread.sleep(HeldCalls.TRANSACTIONS_OVER);
        }
        Counted counted =
                new Counted(
                        ours,
                        ours.idleShare(options.quick() ? 1000 : 5000),
                        theirs,
                        theirs.idleShare(1000),
                        own);
        page.print(
                "Idle: %.2f %% of a core, SIPp %.2f %%; subtracted below"
                        .formatted(100 * counted.serverIdle(), 100 * counted.carrierIdle()));
        return rates(server, application, carrier, counted);
    }

    private void warmUp(Application application, Carrier carrier, Counted counted)
            throws InterruptedException {
        int longest = options.number("warmup", options.quick() ? 20 : 120);
        new WarmUp(longest, options.number("warmup_rate", options.quick() ? 50 : 250), page)
                .run(
                        (rate, lasting) -> {
                            Run run = measured(application, carrier, rate, lasting, counted);
                            return new WarmUp.Seen(run.server(), cells(run));
                        });
    }

    private boolean rates(Server server, Application application, Carrier carrier, Counted counted)
            throws InterruptedException {
        page.print("");
        page.print(
                "| calls/s asked | done/s | failed | POST to answered p50 / p99 / max, ms | CPU per"
                        + " call, µs | SIPp's as carrier, µs | ratio | the application's, µs |");
        page.print("|---|---|---|---|---|---|---|---|");
        List<String> partsByRate = new ArrayList<>();
        int best = 0;
        for (int rate : options.numbers("rates", options.quick() ? "20,40" : "100,250,500,750")) {
            Scrape before = server.metrics();
            List<Run> runs = new ArrayList<>();
            for (int i = 0; i < repeats; i++) {
                runs.add(measured(application, carrier, rate, seconds, counted));
            }
            page.print(row(rate, runs));
            partsByRate.add(
                    Part.row(Integer.toString(rate), runs.stream().map(Run::server).toList()));
            boolean clean =
                    runs.stream().allMatch(run -> run.outcome().failed() == 0)
                            && spread(runs, 0.99).median() < MOST_P99_MILLIS;
            if (!clean) {
                tellWhy(server, before, runs);
                break;
            }
            best = rate;
        }
        Part.table(partsByRate).forEach(page::print);
        page.print("");
        page.print(
                "Held without a failure and with p99 under %.0f ms: %d calls/s"
                        .formatted(MOST_P99_MILLIS, best));
        return best > 0;
    }

    private static void tellWhy(Server server, Scrape before, List<Run> runs) {
        for (Run run : runs) {
            for (Map.Entry<String, Long> failure : run.outcome().failures().entrySet()) {
                System.out.println("  answered " + failure.getKey() + ": " + failure.getValue());
            }
        }
        server.metrics()
                .grown(before, "roomline_calls_ended_total")
                .forEach(line -> System.out.println("  " + line));
    }

    private Run measured(
            Application application, Carrier carrier, int rate, int lasting, Counted counted)
            throws InterruptedException {
        Map<Part, Long> before = counted.server().nanosByPart();
        long carrierBefore = counted.carrier().nanos();
        long ownBefore = counted.own().nanos();
        long began = System.nanoTime();
        Application.Run calls = application.start(carrier.challenge(), rate, rate * lasting);
        while (calls.isUnderWay()) {
            Thread.sleep(100);
            counted.server().nanos();
            counted.own().nanos();
        }
        Application.Outcome outcome = calls.await();
        long own = counted.own().nanos() - ownBefore;
        // what a call leaves behind, its BYE and its last row, belongs to it
        Thread.sleep(500);
        long lasted = System.nanoTime() - began;
        long done = Math.max(1, outcome.done());
        double carrierNanos =
                counted.carrier().nanos() - carrierBefore - counted.carrierIdle() * lasted;
        return new Run(
                outcome,
                counted.server().perCall(before, done, counted.serverIdle() * lasted),
                carrierNanos / 1000 / done,
                own / 1000.0 / done);
    }

    private static Spread spread(List<Run> runs, double share) {
        return Spread.of(
                runs.stream().map(r -> quantile(r.outcome().answeredMillis(), share)).toList());
    }

    private static String row(int rate, List<Run> runs) {
        return String.format(
                Locale.ROOT,
                "| %d | %s | %d | %s / %s / %s | %s | %s | %s | %s |",
                rate,
                Spread.of(runs.stream().map(r -> r.outcome().rate()).toList()).text(0),
                runs.stream().mapToLong(r -> r.outcome().failed()).sum(),
                spread(runs, 0.5).text(1),
                spread(runs, 0.99).text(1),
                spread(runs, 1).text(1),
                Spread.of(runs.stream().map(r -> r.server().micros()).toList()).text(0),
                Spread.of(runs.stream().map(Run::carrierMicros).toList()).text(1),
                Spread.of(runs.stream().map(Run::ratio).toList()).text(1),
                Spread.of(runs.stream().map(Run::callerMicros).toList()).text(0));
    }

    private static String cells(Run run) {
        Application.Outcome seen = run.outcome();
        return String.format(
                Locale.ROOT,
                "%.0f/s done, failed %s, p50 %.0f ms, p99 %.0f ms, %.0f µs CPU per call",
                seen.rate(),
                seen.failures().isEmpty() ? "none" : seen.failures(),
                quantile(seen.answeredMillis(), 0.5),
                quantile(seen.answeredMillis(), 0.99),
                run.server().micros());
    }
}
