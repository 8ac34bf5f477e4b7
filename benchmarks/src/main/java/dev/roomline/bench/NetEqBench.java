package dev.roomline.bench;

import dev.roomline.bench.TracedPlayback.Arrival;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.srtp.SrtpSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Our jitter buffer beside Chromium's NetEq on the same packets at the same moments: one connection
 * of a browser for each {@link TracedNetwork}, all at once. Options: {@code codecs=PCMU,OPUS},
 * {@code seconds=40}, {@code ours} (no browser: our own alone, on the planned moments).
 */
final class NetEqBench {
    private static final long MILLI = 1_000_000L;
    private static final int SETTLING_MILLIS = 5_000;

    /** Between the opening of all connections and the first packet. */
    private static final long AHEAD_NANOS = 1_000 * MILLI;

    /** Sleeping is left to chance up to here before a packet is due. */
    private static final long AWAKE_NANOS = 300_000L;

    /** After the last packet, until all is played. */
    private static final long TAIL_NANOS = 700 * MILLI;

    /** What a browser pulls at once. */
    private static final int BLOCK_MILLIS = 10;

    /** A room's tick may lie anywhere against the packets. */
    private static final int PHASES = 2;

    private static final double CLEARLY_LESS = 0.01;
    private static final int CLEARLY_LATER_MILLIS = 5;
    private static final String NOWHERE = "nowhere";
    private static final int MOST_OCTETS = 1_500;
    private static final int SSRC = 0x726f6f6d;

    private final Options options;
    private final Codecs codecs = Codecs.load();
    private final PerformancePage page = new PerformancePage("neteq");
    private final List<TracedNetwork> networks = TracedNetwork.all();

    NetEqBench(Options options) {
        this.options = options;
    }

    boolean run() throws InterruptedException {
        SrtpSession.chooseCipher();
        page.print("Machine: " + Machine.description() + "; load " + Machine.load());
        int seconds = options.number("seconds", options.quick() ? 12 : 40);
        boolean held = true;
        for (String name : options.text("codecs", "PCMU,OPUS").split(",")) {
            if (options.on("ours")) {
                alone(SpokenStream.of(codecs, AudioCodec.valueOf(name), seconds));
                continue;
            }
            held &= compare(SpokenStream.of(codecs, AudioCodec.valueOf(name), seconds));
        }
        if (options.recorded()) {
            page.write();
        }
        return held;
    }

    private boolean compare(SpokenStream stream) throws InterruptedException {
        try (NetEqPage browser = new NetEqPage(stream.codec(), networks.size())) {
            List<BrowserLine> lines = browser.await();
            List<SrtpSession> sessions = lines.stream().map(BrowserLine::keyed).toList();
            long beganNanos = System.nanoTime() + AHEAD_NANOS;
            double beganMillis = epochMillis() + (beganNanos - System.nanoTime()) / (double) MILLI;
            List<List<Arrival>> arrivals = send(stream, lines, sessions, beganNanos);
            head(stream, browser.finish());
            List<Row> rows =
                    IntStream.range(0, networks.size())
                            .parallel()
                            .mapToObj(
                                    n ->
                                            new Row(
                                                    networks.get(n),
                                                    netEq(stream, n, browser, beganMillis),
                                                    ours(stream, networks.get(n), arrivals.get(n))))
                            .toList();
            rows.forEach(row -> page.print(row.text()));
            return judge(rows);
        }
    }

    /** What the table is to show: whoever hears ours understands no less, and no later. */
    private boolean judge(List<Row> rows) {
        String less = names(rows, row -> row.ours().estoi() < row.netEq().estoi() - CLEARLY_LESS);
        String later =
                names(
                        rows,
                        row ->
                                row.ours().delayMillis()
                                        > row.netEq().delayMillis() + CLEARLY_LATER_MILLIS);
        page.print("");
        page.print("- of ours less is understood, by more than " + CLEARLY_LESS + ": " + less);
        page.print("- ours is later, by more than " + CLEARLY_LATER_MILLIS + " ms: " + later);
        return less.equals(NOWHERE) && later.equals(NOWHERE);
    }

    private static String names(List<Row> rows, Predicate<Row> which) {
        List<String> names = rows.stream().filter(which).map(row -> row.network().name()).toList();
        return names.isEmpty() ? NOWHERE : String.join("; ", names);
    }

    /** Ours alone, as packets would come if this machine were always in time. */
    private void alone(SpokenStream stream) {
        head(stream, "ours alone");
        networks.parallelStream()
                .map(
                        network ->
                                new Row(
                                        network,
                                        Played.NONE,
                                        ours(stream, network, due(network, stream))))
                .toList()
                .forEach(row -> page.print(row.text()));
    }

    private static List<Arrival> due(TracedNetwork network, SpokenStream stream) {
        long[] due = network.arrivals(stream.packets());
        return IntStream.range(0, due.length)
                .filter(k -> !TracedNetwork.isLost(due[k]))
                .mapToObj(k -> new Arrival(k, due[k]))
                .sorted(Comparator.comparingLong(Arrival::nanos))
                .toList();
    }

    private static double epochMillis() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1e3 + now.getNano() / 1e6;
    }

    private record Flight(int line, int packet, long dueNanos) {}

    /** Sends all; when each packet really went, by connection. */
    private List<List<Arrival>> send(
            SpokenStream stream,
            List<BrowserLine> lines,
            List<SrtpSession> sessions,
            long beganNanos) {
        List<Flight> flights = new ArrayList<>();
        List<List<Arrival>> went = new ArrayList<>();
        for (int n = 0; n < lines.size(); n++) {
            went.add(new ArrayList<>());
            for (Arrival due : due(networks.get(n), stream)) {
                flights.add(new Flight(n, due.packet(), due.nanos()));
            }
        }
        flights.sort(Comparator.comparingLong(Flight::dueNanos));
        byte[] octets = new byte[MOST_OCTETS];
        RtpWriter writer = new RtpWriter();
        for (Flight flight : flights) {
            byte[] payload = stream.payloads().frames()[flight.packet()];
            writer.start(
                    octets,
                    0,
                    flight.packet() == 0,
                    stream.payloads().type(),
                    flight.packet(),
                    flight.packet() * stream.payloads().timestampStep(),
                    SSRC);
            int end = writer.end();
            System.arraycopy(payload, 0, octets, end, payload.length);
            int sealed = sessions.get(flight.line()).protectRtp(octets, 0, end + payload.length);
            await(beganNanos + flight.dueNanos());
            lines.get(flight.line()).send(octets, sealed);
            went.get(flight.line())
                    .add(new Arrival(flight.packet(), System.nanoTime() - beganNanos));
        }
        await(System.nanoTime() + TAIL_NANOS);
        return went;
    }

    private static void await(long nanos) {
        long left = nanos - System.nanoTime();
        while (left > 0) {
            if (left > AWAKE_NANOS) {
                LockSupport.parkNanos(left - AWAKE_NANOS);
            } else {
                Thread.onSpinWait();
            }
            left = nanos - System.nanoTime();
        }
    }

    private Played netEq(SpokenStream stream, int line, NetEqPage browser, double beganMillis) {
        NetEqPage.Sound sound = browser.sound(line);
        double fromMillis = pulledFromMillis(sound) - beganMillis;
        short[] heard = shifted(HeardSpeech.wide(sound.samples(), sound.rateHz()), fromMillis);
        double until = beganMillis + stream.packets() * TracedNetwork.FRAME_MILLIS;
        Played.Counts counts = counts(browser.figures(line), beganMillis + SETTLING_MILLIS, until);
        return Played.of(
                stream.said(), heard, counts, networks.get(line).driftPpm(), SETTLING_MILLIS);
    }

    /** Blocks are pulled evenly and come to the page some time after: so the fastest tell. */
    private static double pulledFromMillis(NetEqPage.Sound sound) {
        double[] began = new double[sound.moments().length];
        for (int i = 0; i < began.length; i++) {
            began[i] = sound.moments()[i] - i * BLOCK_MILLIS;
        }
        Arrays.sort(began);
        return began[began.length / 20];
    }

    private static Played.Counts counts(List<double[]> rows, double from, double until) {
        double[] first = rows.getFirst();
        double[] last = rows.getFirst();
        for (double[] row : rows) {
            first = row[0] <= from ? row : first;
            last = row[0] <= until ? row : last;
        }
        double samples = last[1] - first[1];
        return new Played.Counts(
                (last[2] - first[2]) / samples,
                (last[3] - first[3]) / samples,
                (last[4] - first[4]) / samples);
    }

    private Played ours(SpokenStream stream, TracedNetwork network, List<Arrival> arrivals) {
        Played[] phases = new Played[PHASES];
        for (int i = 0; i < PHASES; i++) {
            TracedPlayback.Heard heard =
                    TracedPlayback.of(
                            codecs,
                            stream,
                            arrivals.toArray(Arrival[]::new),
                            i * 20L * MILLI / PHASES,
                            SETTLING_MILLIS * MILLI);
            short[] shifted = shifted(heard.heard(), heard.fromNanos() / (double) MILLI);
            phases[i] =
                    Played.of(
                            stream.said(),
                            shifted,
                            heard.counts(),
                            network.driftPpm(),
                            SETTLING_MILLIS);
        }
        return Played.mean(phases);
    }

    /** From the moment on at which the fastest network brings the first packet. */
    private static short[] shifted(short[] heard, double fromMillis) {
        int ahead =
                (int) Math.round((TracedNetwork.FASTEST_MILLIS - fromMillis) * Played.RATE / 1e3);
        short[] out = new short[Math.max(0, heard.length - ahead)];
        for (int i = 0; i < out.length; i++) {
            out[i] = i + ahead >= 0 ? heard[i + ahead] : 0;
        }
        return out;
    }

    private void head(SpokenStream stream, String browser) {
        page.print("");
        page.print(stream.codec() + ", " + browser);
        page.print("");
        page.print(
                "| network | NetEq's delay / ours, median, ms | 95th percentile, ms | concealed, %"
                        + " | gone, ms a minute | ESTOI | slower and faster play, % |");
        page.print("|---|---|---|---|---|---|---|");
    }

    /** What both made of the same. */
    private record Row(TracedNetwork network, Played netEq, Played ours) {
        String text() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %.0f / %.0f | %.0f / %.0f | %.2f / %.2f | %.0f / %.0f | %.3f / %.3f"
                            + " | +%.1f −%.1f / +%.1f −%.1f |",
                    network.name(),
                    netEq.delayMillis(),
                    ours.delayMillis(),
                    netEq.mostMillis(),
                    ours.mostMillis(),
                    100 * netEq.concealed(),
                    100 * ours.concealed(),
                    netEq.goneMillis(),
                    ours.goneMillis(),
                    netEq.estoi(),
                    ours.estoi(),
                    100 * netEq.slower(),
                    100 * netEq.faster(),
                    100 * ours.slower(),
                    100 * ours.faster());
        }
    }
}
