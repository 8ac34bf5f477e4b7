package dev.roomline.bench;

import dev.roomline.bench.MediaRound.Voices;
import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.AudioCodec;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Many phones on one server that has the whole machine: one room of 300, half of them Opus, of whom
 * three talk and 297 send the noise of a quiet room; and 300 rooms of two PCMU phones that speak at
 * each other, once as it is configured by default, where their packets are handed on and nothing
 * ticks, once mixed. All that is due must be sent, ticks must begin in time, and where nothing
 * ticks packets must come in time to the phones; judged by the seconds in which the machine left
 * the server its cores. Options: {@code phones=300}, {@code long=40} seconds each, {@code
 * warmup=30}.
 */
final class ManyPhones implements Scenario {
    private static final double MOST_MISSING = 0.001;

    /** Between two calls: some 50 a second. */
    private static final int SETUP_MILLIS = 20;

    private final Options options;
    private final Voices voices;

    ManyPhones(Options options, Voices voices) {
        this.options = options;
        this.voices = voices;
    }

    private record Shape(
            String words, int rooms, List<AudioCodec> phones, int talking, String media) {
        /** Else its rooms hand packets on. */
        boolean isMixed() {
            return rooms == 1 || !media.isEmpty();
        }
    }

    @Override
    public List<Aim> run(PerformancePage page) throws InterruptedException {
        int many = options.number("phones", options.quick() ? 60 : 300);
        List<AudioCodec> mixed =
                IntStream.range(0, many)
                        .mapToObj(i -> i % 2 == 0 ? AudioCodec.PCMU : AudioCodec.OPUS)
                        .toList();
        List<AudioCodec> pair = List.of(AudioCodec.PCMU, AudioCodec.PCMU);
        page.print("");
        page.print(
                "| what | ticks | later than 5 / 10 / 20 / 50 ms | seconds judged | of their ticks > 20 ms late | sent to it in them | not sent by it | at the phones > 20 ms late | CPU, % of a core | machine busy, stolen, % | sent to it late |");
        page.print("|---|---|---|---|---|---|---|---|---|---|---|");
        List<Aim> aims = new ArrayList<>();
        aims.add(measure(page, new Shape("one room of " + many + " phones", 1, mixed, 3, "")));
        String rooms = many + " rooms of two phones";
        aims.add(measure(page, new Shape(rooms, many, pair, 2, "")));
        aims.add(measure(page, new Shape(rooms + ", mixed", many, pair, 2, "passthrough: never")));
        page.print("");
        return aims;
    }

    private Aim measure(PerformancePage page, Shape shape) throws InterruptedException {
        try (RoomlineRooms ours =
                        new RoomlineRooms(
                                "Roomline",
                                Server.Setup.of(shape.rooms())
                                        .media(shape.media())
                                        .on(Machine.allCores()));
                PhoneWire wire = new PhoneWire();
                Witness witness = new Witness()) {
            List<PhoneStream> phones = new ArrayList<>();
            for (int room = 0; room < shape.rooms(); room++) {
                for (int i = 0; i < shape.phones().size(); i++) {
                    AudioCodec codec = shape.phones().get(i);
                    Payloads says = voices.of(codec, i < shape.talking(), room + i);
                    InetSocketAddress place =
                            ours.join(room, List.of(codec), wire.port()).getFirst();
                    PhoneStream phone =
                            new PhoneStream(
                                    says,
                                    phones.size() * 53,
                                    0x10000 + phones.size(),
                                    (_, _) -> {});
                    phone.connect(place);
                    phones.add(phone);
                    ours.rest(SETUP_MILLIS);
                }
            }
            try (Crowd crowd = new Crowd("phones", wire, phones)) {
                ours.rest(1_000L * options.number("warmup", options.quick() ? 10 : 30));
                return listen(page, shape, ours, phones, crowd, witness);
            } finally {
                ours.leave();
            }
        }
    }

    private Aim listen(
            PerformancePage page,
            Shape shape,
            RoomlineRooms ours,
            List<PhoneStream> phones,
            Crowd crowd,
            Witness witness)
            throws InterruptedException {
        phones.forEach(PhoneStream::forget);
        crowd.forget();
        ours.rest(200);
        CpuTime cpu = new CpuTime(ours.pid());
        Neighbours machine = new Neighbours();
        Scrape before = ours.server().metrics();
        long used = cpu.nanos();
        long began = System.nanoTime();
        WatchedSeconds watched = new WatchedSeconds(ours.server(), phones);
        watched.watch(
                options.number("long", options.quick() ? 5 : 40),
                millis -> {
                    ours.rest(millis);
                    cpu.nanos();
                });
        double share = (double) (cpu.nanos() - used) / (System.nanoTime() - began);
        Neighbours.Look look = machine.look();
        Scrape after = ours.server().metrics();
        double ticks =
                after.sum("roomline_media_ticks_total") - before.sum("roomline_media_ticks_total");
        WatchedSeconds.Judgement found = watched.judge(witness);
        page.print(
                String.format(
                        Locale.ROOT,
                        "| %s, %d talking in each | %.0f | %.0f / %.0f / %.0f / %.0f | %d of %d | %.0f / %.0f | %d | %d | %d | %.0f | %.0f, %.1f | %d |",
                        shape.words(),
                        shape.talking(),
                        ticks,
                        WatchedSeconds.lateTicks(after, before, "5"),
                        WatchedSeconds.lateTicks(after, before, "10"),
                        WatchedSeconds.lateTicks(after, before, "20"),
                        WatchedSeconds.lateTicks(after, before, "50"),
                        found.judged(),
                        found.seconds(),
                        found.lateTicks(),
                        found.ticks(),
                        found.sent(),
                        found.missing(),
                        found.receivedLate(),
                        100 * share,
                        look.busyPercent(),
                        look.stealPercent(),
                        crowd.late));
        return (shape.isMixed()
                        ? found.ticksInTime(shape.words())
                        : found.packetsInTime(shape.words()))
                .providedThat(
                        found.missingShare() <= MOST_MISSING && ours.endedByServer() == 0,
                        "all are carried");
    }
}
