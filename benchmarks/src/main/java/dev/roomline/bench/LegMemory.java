package dev.roomline.bench;

import dev.roomline.bench.MediaRound.Voices;
import dev.roomline.media.codec.AudioCodec;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a leg costs in memory, and how many threads come with it: rooms of a PCMU and an Opus phone
 * that speak, first few, then many; the difference is the legs'. Memory is the heap in use after a
 * collection and what is allocated outside it (native codecs' states, buffers).
 */
final class LegMemory implements Scenario {
    private static final double MOST_MEGABYTES = 0.3;
    private static final double MEGABYTE = 1024 * 1024;
    private static final List<AudioCodec> PAIR = List.of(AudioCodec.PCMU, AudioCodec.OPUS);

    private final Options options;
    private final Voices voices;

    LegMemory(Options options, Voices voices) {
        this.options = options;
        this.voices = voices;
    }

    private record Held(int legs, double heap, double outside, int threads) {
        double all() {
            return heap + outside;
        }
    }

    @Override
    public List<Aim> run(PerformancePage page) throws InterruptedException {
        int few = options.number("few", 20);
        int many = options.number("rooms", options.quick() ? 40 : 70);
        try (RoomlineRooms ours =
                        new RoomlineRooms(
                                "Roomline",
                                Server.Setup.of(many).on(Machine.allCores()).countNative());
                PhoneWire wire = new PhoneWire()) {
            List<PhoneStream> phones = new ArrayList<>();
            // all once, so that what is loaded and started lazily is there before it is counted
            Held _ = hold(ours, wire, phones, many, options.quick() ? 5 : 20);
            ours.leave();
            phones.clear();
            Held first = hold(ours, wire, phones, few, 5);
            Held last = hold(ours, wire, phones, many, options.quick() ? 5 : 15);
            ours.leave();
            return judge(page, first, last);
        }
    }

    private static List<Aim> judge(PerformancePage page, Held first, Held last) {
        page.print("");
        page.print("| legs | heap in use, MB | outside the heap, MB | threads |");
        page.print("|---|---|---|---|");
        for (Held held : List.of(first, last)) {
            page.print(
                    String.format(
                            Locale.ROOT,
                            "| %d | %.1f | %.1f | %d |",
                            held.legs(),
                            held.heap() / MEGABYTE,
                            held.outside() / MEGABYTE,
                            held.threads()));
        }
        page.print("");
        int legs = last.legs() - first.legs();
        int threads = last.threads() - first.threads();
        return List.of(
                Aim.atMost(
                        "memory per leg",
                        Spread.of((last.all() - first.all()) / MEGABYTE / legs),
                        3,
                        MOST_MEGABYTES,
                        " MB"),
                new Aim(
                        "threads that came with %d legs".formatted(legs),
                        "0",
                        Integer.toString(Math.max(0, threads)),
                        Aim.Verdict.of(threads <= 0)));
    }

    /** Rooms up to so many, speaking for so long. */
    private Held hold(
            RoomlineRooms ours, PhoneWire wire, List<PhoneStream> phones, int rooms, int seconds)
            throws InterruptedException {
        for (int room = phones.size() / 2; room < rooms; room++) {
            List<InetSocketAddress> places = ours.join(room, PAIR, wire.port());
            for (int i = 0; i < PAIR.size(); i++) {
                PhoneStream phone =
                        new PhoneStream(
                                voices.of(PAIR.get(i), true, room + i),
                                phones.size() * 53,
                                0x10000 + phones.size(),
                                (_, _) -> {});
                phone.connect(places.get(i));
                phones.add(phone);
            }
        }
        try (Crowd _ = new Crowd("phones", wire, phones)) {
            ours.rest(seconds * 1_000L);
            Server server = ours.server();
            server.collectGarbage();
            ours.rest(500);
            Scrape now = server.metrics();
            return new Held(
                    phones.size(),
                    now.sum("jvm_memory_used_bytes", "area=\"heap\""),
                    server.nativeBytes(),
                    server.threads());
        }
    }
}
