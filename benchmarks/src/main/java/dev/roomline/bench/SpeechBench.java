package dev.roomline.bench;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * How much of speech is understood behind each server when the network before it is bad: rooms of a
 * PCMU and an Opus phone, both speaking, one room for each {@link BadNetwork}, the same packets at
 * the same moments to each server. Options: {@code repeats=5} turns, {@code spoken=20} seconds of
 * speech in each, {@code with=roomline,rtpengine,janus}.
 */
final class SpeechBench implements Scenario {
    private static final List<BadNetwork> NETWORKS =
            List.of(
                    BadNetwork.PERFECT,
                    BadNetwork.FIVE,
                    BadNetwork.FIFTEEN,
                    BadNetwork.BURSTS,
                    BadNetwork.JITTER,
                    BadNetwork.BOTH);

    /** Those that the others must be surpassed on. */
    private static final List<BadNetwork> JUDGED =
            List.of(BadNetwork.FIVE, BadNetwork.FIFTEEN, BadNetwork.JITTER);

    /** Silence before the first word: time to prove an address and to fill buffers. */
    private static final int LEAD_FRAMES = 100;

    private static final long TAIL_NANOS = 1_000_000_000L;
    private static final long TURN_NANOS = 200_000L;

    private final Options options;
    private final Codecs codecs;
    private final int repeats;
    private final int seconds;
    private final Speech.Payloads pcmu;
    private final Speech.Payloads opus;

    /** What is said, as a telephone carries it, at 16 kHz: by the PCMU phone, by the Opus phone. */
    private final short[] saidByPcmu;

    private final short[] saidByOpus;

    /**
     * @param voices at 8 kHz
     */
    SpeechBench(Options options, Codecs codecs, List<short[]> voices) {
        this.options = options;
        this.codecs = codecs;
        repeats = options.number("repeats", options.quick() ? 1 : 5);
        seconds = options.number("spoken", options.quick() ? 7 : 20);
        short[] one = led(voices.get(0), seconds * 8_000);
        short[] other = led(voices.get(2), seconds * 8_000);
        pcmu = Speech.pcmu(one);
        saidByPcmu = HeardSpeech.wide(one, 8_000);
        saidByOpus = HeardSpeech.wide(other, 8_000);
        opus = opus(saidByOpus);
    }

    /** At 8 kHz. */
    private static short[] led(short[] voice, int samples) {
        int most = Math.min(samples, voice.length);
        short[] led = new short[most + LEAD_FRAMES * 160];
        System.arraycopy(voice, 0, led, LEAD_FRAMES * 160, most);
        return led;
    }

    /** With FEC, as phones and browsers send it where loss is expected. */
    private Speech.Payloads opus(short[] samples) {
        byte[][] frames = new byte[samples.length / 320][];
        byte[] packet = new byte[1_500];
        try (OpusEncoder encoder =
                codecs.openOpusEncoder(new OpusSettings(16_000, 5, 24_000, true, 15, false))) {
            for (int i = 0; i < frames.length; i++) {
                int length = encoder.encode(samples, i * 320, 320, packet, 0);
                frames[i] = Arrays.copyOf(packet, length);
            }
        }
        return new Speech.Payloads(111, 960, frames);
    }

    /** What is compared: which way speech went, and what kind of phone hears it. */
    private enum Way {
        TO_OPUS("PCMU → Opus, plain phone"),
        TO_OPUS_CONCEALING("PCMU → Opus, concealing phone"),
        TO_PCMU("Opus → PCMU, plain phone"),
        TO_PCMU_CONCEALING("Opus → PCMU, concealing phone");

        final String told;

        Way(String told) {
            this.told = told;
        }
    }

    private record Case(String server, BadNetwork network, Way way) {}

    /** ESTOI of each turn. */
    private final Map<Case, List<Double>> figures = new HashMap<>();

    private final List<String> servers = new ArrayList<>();

    @Override
    public List<Aim> run(PerformancePage page) throws InterruptedException {
        List<MediaPlane> planes = new ArrayList<>();
        try {
            for (String name : options.text("with", "roomline,rtpengine,janus").split(",")) {
                planes.add(plane(name));
                servers.add(planes.getLast().name());
            }
            turn(planes.getFirst(), -1);
            for (int turn = 0; turn < repeats; turn++) {
                for (MediaPlane plane : planes) {
                    turn(plane, turn);
                }
            }
        } finally {
            planes.forEach(MediaPlane::close);
        }
        page.print("");
        page.print(
                "%d turns of %d s of speech each; medians, with least and greatest"
                        .formatted(repeats, seconds));
        tables(page);
        return aims();
    }

    private static MediaPlane plane(String name) throws InterruptedException {
        return switch (name) {
            case "roomline" ->
                    new RoomlineRooms("Roomline", Server.Setup.of(NETWORKS.size()).on("0"));
            case "rtpengine" -> new Rtpengine("0");
            case "janus" -> new JanusRooms("0");
            default -> throw new IllegalArgumentException("unknown: " + name);
        };
    }

    /**
     * All rooms at once.
     *
     * @param seed of the networks; negative: nothing is measured, the server warms up
     */
    private void turn(MediaPlane plane, int seed) throws InterruptedException {
        List<TracedPhone> phones = new ArrayList<>();
        List<TracedPhone.Flight> flights = new ArrayList<>();
        try {
            for (int room = 0; room < NETWORKS.size(); room++) {
                BadNetwork network = NETWORKS.get(room);
                DatagramChannel channel = TracedPhone.open();
                TracedPhone one =
                        new TracedPhone(
                                channel,
                                AudioCodec.PCMU,
                                pcmu,
                                network.arrivals(pcmu.frames().length, 100 + seed),
                                0x4000 + room);
                TracedPhone other =
                        new TracedPhone(
                                channel,
                                AudioCodec.OPUS,
                                opus,
                                network.arrivals(opus.frames().length, 200 + seed),
                                0x5000 + room);
                phones.add(one);
                phones.add(other);
                List<InetSocketAddress> places =
                        plane.join(room, List.of(AudioCodec.PCMU, AudioCodec.OPUS), one.port());
                one.connect(places.get(0));
                other.connect(places.get(1));
                one.addFlights(flights);
                other.addFlights(flights);
            }
            flights.sort(Comparator.comparingLong(TracedPhone.Flight::arrivalNanos));
            Thread traffic = new Thread(() -> fly(flights, phones), "phones");
            traffic.start();
            while (traffic.isAlive()) {
                plane.rest(100);
            }
            traffic.join();
        } finally {
            plane.leave();
            phones.forEach(TracedPhone::close);
        }
        for (int room = 0; room < NETWORKS.size() && seed >= 0; room++) {
            judge(plane, NETWORKS.get(room), phones.get(2 * room), phones.get(2 * room + 1));
        }
    }

    private static void fly(List<TracedPhone.Flight> flights, List<TracedPhone> phones) {
        ByteBuffer packet = ByteBuffer.allocateDirect(2_048);
        long began = System.nanoTime();
        long end = flights.getLast().arrivalNanos() + TAIL_NANOS;
        int next = 0;
        while (System.nanoTime() - began < end) {
            while (next < flights.size()
                    && flights.get(next).arrivalNanos() <= System.nanoTime() - began) {
                flights.get(next).from().arrive(flights.get(next).number(), packet);
                next++;
            }
            for (int i = 0; i < phones.size(); i += 2) {
                TracedPhone.listen(phones.get(i), phones.get(i + 1), packet, began);
            }
            LockSupport.parkNanos(TURN_NANOS);
        }
    }

    private void judge(MediaPlane plane, BadNetwork network, TracedPhone one, TracedPhone other) {
        for (Way way : Way.values()) {
            boolean toOpus = way == Way.TO_OPUS || way == Way.TO_OPUS_CONCEALING;
            HeardSpeech heard = toOpus ? other.heard : one.heard;
            short[] said = toOpus ? saidByPcmu : saidByOpus;
            double estoi =
                    heard.isEmpty()
                            ? 0
                            : switch (way) {
                                case TO_OPUS, TO_PCMU -> heard.plain(codecs, said);
                                case TO_OPUS_CONCEALING, TO_PCMU_CONCEALING ->
                                        heard.concealed(codecs, said);
                            };
            figures.computeIfAbsent(new Case(plane.name(), network, way), _ -> new ArrayList<>())
                    .add(estoi);
        }
    }

    private void tables(PerformancePage page) {
        for (Way way : Way.values()) {
            page.print("");
            page.print("| " + way.told + " | " + String.join(" | ", servers) + " |");
            page.print("|---".repeat(servers.size() + 1) + "|");
            for (BadNetwork network : NETWORKS) {
                List<String> cells = new ArrayList<>();
                for (String server : servers) {
                    cells.add(text(server, network, way));
                }
                page.print("| " + network.name() + " | " + String.join(" | ", cells) + " |");
            }
        }
        page.print("");
    }

    /** To be understood better than behind each of the others, each way and by each phone. */
    private List<Aim> aims() {
        List<Aim> aims = new ArrayList<>();
        for (String other : servers.subList(1, servers.size())) {
            for (BadNetwork network : JUDGED) {
                aims.add(aim(network, other));
            }
        }
        return aims;
    }

    /** The way on which least is gained decides. */
    private Aim aim(BadNetwork network, String other) {
        Way least =
                Arrays.stream(Way.values())
                        .min(Comparator.comparingDouble(way -> ahead(network, other, way)))
                        .orElseThrow();
        double ahead = ahead(network, other, least);
        return new Aim(
                "ESTOI with %s, beside %s's".formatted(network.name(), other),
                "above, each way and by each phone",
                String.format(
                        Locale.ROOT,
                        "%+.4f at worst, %s (%.4f and %.4f)",
                        ahead,
                        least.told,
                        median(servers.getFirst(), network, least),
                        median(other, network, least)),
                Aim.Verdict.of(ahead > 0));
    }

    private double ahead(BadNetwork network, String other, Way way) {
        return median(servers.getFirst(), network, way) - median(other, network, way);
    }

    private Spread spread(String server, BadNetwork network, Way way) {
        return Spread.of(figures.getOrDefault(new Case(server, network, way), List.of()));
    }

    private double median(String server, BadNetwork network, Way way) {
        return spread(server, network, way).median();
    }

    private String text(String server, BadNetwork network, Way way) {
        return spread(server, network, way).text(3);
    }
}
