package dev.roomline.bench;

import static java.util.stream.Collectors.joining;

import dev.roomline.bench.CpuTime.Part;
import dev.roomline.bench.CpuTime.PerCall;
import dev.roomline.bench.Floors.Floor;
import dev.roomline.bench.MediaRound.Voices;
import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.srtp.SrtpSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rooms of a PCMU phone and a browser that speak at each other, SRTP included: the phone's packets
 * go into the browser's slot as they come, the browser's Opus is decoded, halved and coded for the
 * phone. Its CPU beside the sum of what cannot be left out ({@link Floors}), measured in the same
 * run before each turn and taken as often as packets of that turn needed it. In one room more a
 * tone goes either way, to hear that they are clear and to count that nothing is missing.
 */
final class PhoneAndBrowser implements Scenario {
    private static final String CORE = "0";
    private static final double MOST_OF_FLOOR = 1.5;
    private static final double MOST_MISSING = 0.005;
    private static final double LEAST_SNR_DB = 20;
    private static final double FROM_PHONE_HERTZ = 700;
    private static final double FROM_BROWSER_HERTZ = 440;
    private static final int TONE_DBOV = -13;
    private static final int PROFILED_SECONDS = 6;

    /** After the last room is gone, before it is seen what the server uses at rest. */
    private static final int SETTLE_MILLIS = 3_000;

    private final Options options;
    private final Voices voices;
    private final List<short[]> spoken;
    private final ToneEar fromPhone;
    private final ToneEar fromBrowser;
    private final List<Turn> turns = new ArrayList<>();
    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong otherwise = new AtomicLong();
    private final AtomicLong tonePassed = new AtomicLong();

    /**
     * One turn.
     *
     * @param spentMicros of the server, what it uses at rest included
     * @param floorMicros of the same packets
     * @param said packets of phones; as many came from browsers
     * @param atPhones packets
     * @param atBrowsers packets: pauses of phones are not sent
     * @param toneSaid by the phone that never pauses
     * @param toneHeard by its browser
     * @param parts what its threads used of it, and of its idle time, in microseconds
     */
    private record Turn(
            double seconds,
            double spentMicros,
            double floorMicros,
            long said,
            long atPhones,
            long atBrowsers,
            long toneSaid,
            long toneHeard,
            long late,
            Map<Part, Double> parts) {
        double cpuMicros(double idle) {
            return spentMicros - idle * seconds * 1e6;
        }

        boolean isCarried() {
            return toneHeard >= (1 - MOST_MISSING) * toneSaid - 2
                    && atPhones >= (1 - MOST_MISSING) * said;
        }
    }

    PhoneAndBrowser(Options options, Voices voices, List<short[]> spoken) {
        this.options = options;
        this.voices = voices;
        this.spoken = spoken;
        fromPhone = new ToneEar(voices.codecs(), AudioCodec.PCMU, FROM_PHONE_HERTZ);
        fromBrowser = new ToneEar(voices.codecs(), AudioCodec.PCMU, FROM_BROWSER_HERTZ);
    }

    @Override
    public List<Aim> run(PerformancePage page) throws InterruptedException {
        String cipher = SrtpSession.chooseCipher();
        int rooms = options.number("browsers", options.quick() ? 10 : 40);
        int repeats = options.number("repeats", options.quick() ? 1 : 5);
        int seconds = options.number("seconds", options.quick() ? 4 : 8);
        int warmUp = options.number("warmup", options.quick() ? 10 : 45);
        double idle;
        try (Floors floors = new Floors(rooms + 1, voices.codecs(), voices.opus().getFirst());
                Server server = Server.start(Server.Setup.of(rooms + 1).on(CORE));
                SipCaller sip = new SipCaller(server.sipPort)) {
            Visit visit = new Visit(server, sip, rooms);
            visit.talk(warmUp, repeats, seconds, floors);
            sip.listen(SETTLE_MILLIS);
            idle = Beside.idle(new CpuTime(server.pid()));
            floorTable(page, floors, cipher);
            page.print("");
            visit.profile.forEach(page::print);
        }
        table(page, rooms, idle);
        Spread ratio =
                Spread.of(turns.stream().map(t -> t.cpuMicros(idle) / t.floorMicros).toList());
        return List.of(
                Aim.ratio(
                                "phone + browser, pass-through, SRTP included, CPU of the floors' sum",
                                ratio,
                                MOST_OF_FLOOR)
                        .providedThat(turns.stream().allMatch(Turn::isCarried), "all is carried")
                        .providedThat(otherwise.get() == 0, "browsers get the phones' own PCMU")
                        .providedThat(isClear(), "both ways are clear"));
    }

    private boolean isClear() {
        return fromPhone.heard().snrDb() > LEAST_SNR_DB
                && fromBrowser.heard().snrDb() > LEAST_SNR_DB;
    }

    private static void floorTable(PerformancePage page, Floors floors, String cipher) {
        page.print("");
        page.print("| floor, alone in a loop | µs |");
        page.print("|---|---|");
        for (Floor floor : Floor.values()) {
            page.print("| %s | %s |".formatted(floor.words, floors.micros(floor).text(2)));
        }
        page.print("");
        page.print("SRTP is AEAD_AES_128_GCM by " + cipher + ".");
    }

    private void table(PerformancePage page, int rooms, double idle) {
        page.print("");
        page.print(
                "| rooms | CPU of a room's 20 ms, µs | floors of the same, µs | CPU, % of a core | idle, % | packets from phones | at phones | at browsers | of them not the phone's own | tone at browser / phone: SNR, dB | sent to it late |");
        page.print("|---|---|---|---|---|---|---|---|---|---|---|");
        page.print(
                String.format(
                        Locale.ROOT,
                        "| %d | %s | %s | %s | %.2f | %d | %d | %d | %d | %.0f / %.0f | %d |",
                        rooms + 1,
                        Spread.of(turns.stream().map(t -> t.cpuMicros(idle) / t.said).toList())
                                .text(1),
                        Spread.of(turns.stream().map(t -> t.floorMicros / t.said).toList()).text(1),
                        Spread.of(
                                        turns.stream()
                                                .map(t -> t.cpuMicros(idle) / t.seconds / 1e4)
                                                .toList())
                                .text(1),
                        100 * idle,
                        turns.stream().mapToLong(Turn::said).sum(),
                        turns.stream().mapToLong(Turn::atPhones).sum(),
                        turns.stream().mapToLong(Turn::atBrowsers).sum(),
                        otherwise.get(),
                        fromPhone.heard().snrDb(),
                        fromBrowser.heard().snrDb(),
                        turns.stream().mapToLong(Turn::late).sum()));
        page.print("");
        page.print("The same by the server's threads, µs, what it uses at rest included:");
        page.print("");
        page.print("| " + Part.words(" | ") + " |");
        page.print("|" + "---|".repeat(Part.values().length));
        page.print(
                Arrays.stream(Part.values())
                        .map(part -> micros(part).text(1))
                        .collect(joining(" | ", "| ", " |")));
        page.print("");
    }

    /** Of a room's 20 ms. */
    private Spread micros(Part part) {
        return Spread.of(
                turns.stream().map(t -> t.parts.getOrDefault(part, 0.0) / t.said).toList());
    }

    /** All rooms, for the whole run: what their calls cost to set up is not the price of sound. */
    private final class Visit {
        private final Server server;
        private final SipCaller sip;
        private final int rooms;
        private final List<PhoneStream> phones = new ArrayList<>();
        private final List<WebRtcPeer> peers = new ArrayList<>();
        private final List<SipCaller.Call> calls = new ArrayList<>();
        private List<String> profile = List.of();

        Visit(Server server, SipCaller sip, int rooms) {
            this.server = server;
            this.sip = sip;
            this.rooms = rooms;
        }

        void talk(int warmUp, int repeats, int measured, Floors floors)
                throws InterruptedException {
            try (PhoneWire wire = new PhoneWire()) {
                for (int room = 0; room < rooms; room++) {
                    speakers(wire, room);
                }
                tones(wire);
                try (Crowd crowd = new Crowd("phones", wire, phones);
                        PhoneLoop loop = new PhoneLoop("browsers", peers)) {
                    sip.listen(warmUp * 1_000L);
                    otherwise.set(0);
                    for (int i = 0; i < repeats; i++) {
                        floors.measure();
                        turns.add(turn(crowd, loop, measured, floors));
                    }
                    profile = new CpuProfile(server.pid()).take(PROFILED_SECONDS);
                }
            } finally {
                calls.forEach(sip::hangUp);
                peers.forEach(WebRtcPeer::close);
            }
        }

        private void speakers(PhoneWire wire, int room) throws InterruptedException {
            int voice = room % spoken.size();
            Payloads other = voices.pcmu().get((room + 1) % voices.pcmu().size());
            call(wire, room, new PhoneStream(other, room * 71, 0x10000 + room, (_, _) -> {}));
            join(
                    room,
                    new WebRtcPeer.Talk(
                            voices.opus().get(voice),
                            Speech.levelsDbov(spoken.get(voice), 48_000),
                            room * 113,
                            0x20000 + room,
                            (_, _) -> {}),
                    (codec, _, _) -> count(codec));
        }

        private void tones(PhoneWire wire) throws InterruptedException {
            call(
                    wire,
                    rooms,
                    new PhoneStream(
                            ToneEar.pcmu(FROM_PHONE_HERTZ), 0, 0x10000 + rooms, fromBrowser));
            Payloads tone = ToneEar.opus(voices.codecs(), FROM_BROWSER_HERTZ);
            int[] levels = new int[tone.frames().length];
            Arrays.fill(levels, TONE_DBOV);
            join(
                    rooms,
                    new WebRtcPeer.Talk(tone, levels, 0, 0x20000 + rooms, (_, _) -> {}),
                    (codec, payload, nanos) -> {
                        count(codec);
                        tonePassed.incrementAndGet();
                        fromPhone.heard(codec, payload, nanos);
                    });
        }

        private void count(AudioCodec codec) {
            (codec == AudioCodec.PCMU ? passed : otherwise).incrementAndGet();
        }

        private void call(PhoneWire wire, int room, PhoneStream phone) {
            SipCaller.Call call = sip.call(Server.code(room), wire.port(), "0 PCMU/8000");
            calls.add(call);
            phone.connect(call.rtp());
            phones.add(phone);
        }

        private void join(int room, WebRtcPeer.Talk talk, WebRtcPeer.Ear ear)
                throws InterruptedException {
            peers.add(
                    WebRtcPeer.join(
                            server, Server.code(room), WebRtcPeer.Hearing.SLOTS, talk, ear));
        }

        private Turn turn(Crowd crowd, PhoneLoop loop, int seconds, Floors floors) {
            CpuTime cpu = new CpuTime(server.pid());
            Counts first = Counts.of(phones, passed.get() + otherwise.get(), tonePassed.get());
            long late = crowd.late + loop.lateTurns;
            long began = System.nanoTime();
            Map<Part, Long> used = cpu.nanosByPart();
            for (int i = 0; i < seconds; i++) {
                sip.listen(1_000);
                cpu.nanos();
            }
            double took = System.nanoTime() - began;
            PerCall spent = cpu.perCall(used, 1, 0);
            Counts last = Counts.of(phones, passed.get() + otherwise.get(), tonePassed.get());
            late = crowd.late + loop.lateTurns - late;
            return last.since(first, took / 1e9, spent, floors, late);
        }
    }

    /** What was said and heard so far. */
    private record Counts(
            long said, long atPhones, long atBrowsers, long toneSaid, long toneHeard) {
        static Counts of(List<PhoneStream> phones, long atBrowsers, long toneHeard) {
            return new Counts(
                    phones.stream().mapToLong(p -> p.sent).sum(),
                    phones.stream().mapToLong(p -> p.received).sum(),
                    atBrowsers,
                    phones.getLast().sent,
                    toneHeard);
        }

        Turn since(Counts first, double seconds, PerCall spent, Floors floors, long late) {
            long more = said - first.said;
            long phonesHeard = atPhones - first.atPhones;
            long browsersHeard = atBrowsers - first.atBrowsers;
            double in =
                    2 * floors.last(Floor.RECEIVE)
                            + floors.last(Floor.UNPROTECT)
                            + floors.last(Floor.DECODE)
                            + floors.last(Floor.HALVE)
                            + floors.last(Floor.ENCODE);
            double floor =
                    more * in
                            + phonesHeard * floors.last(Floor.SEND)
                            + browsersHeard
                                    * (floors.last(Floor.SEND) + floors.last(Floor.PROTECT));
            return new Turn(
                    seconds,
                    spent.micros(),
                    floor,
                    more,
                    phonesHeard,
                    browsersHeard,
                    toneSaid - first.toneSaid,
                    toneHeard - first.toneHeard,
                    late,
                    spent.parts());
        }
    }
}
