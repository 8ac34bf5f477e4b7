package dev.roomline.bench;

import dev.roomline.bench.Speech.Payloads;
import dev.roomline.bench.WebRtcPeer.Hearing;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.srtp.SrtpSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Added delay between phones and browsers, by bursts of a tone. Both ends are in this process, on
 * one clock, and neither has a jitter buffer. It is counted from the sending of the packet that
 * begins with the tone to the moment at which the tone begins in what has come, so the 20 ms that a
 * packet collects before it can be sent are not in it; the look-ahead of each Opus encoder on the
 * way is subtracted. What remains is what the server adds: jitter buffer, tick, work, and the way
 * through the kernel.
 */
final class LatencyBench implements Scenario {
    private static final int ROOMS = 12;
    private static final int WARM_UP_ROOMS = 3;

    /** Who may speak or hear. */
    private enum End {
        PCMU_PHONE("PCMU phone", false),
        OPUS_PHONE("Opus phone", true),
        PAGE("browser that hears each voice in a slot", true),
        PROGRAM("browser that hears one mix", true);

        private final String shown;
        private final boolean opus;

        End(String shown, boolean opus) {
            this.shown = shown;
            this.opus = opus;
        }

        boolean isPhone() {
            return this == PCMU_PHONE || this == OPUS_PHONE;
        }
    }

    private record Path(End from, End to) {
        /** Whatever is said goes into slots as it is, and to the phones that have its codec. */
        private boolean isForwarded() {
            return switch (to) {
                case PAGE -> true;
                case PROGRAM -> false;
                case PCMU_PHONE, OPUS_PHONE -> from.opus == to.opus;
            };
        }

        int opusEncoders() {
            return (from.opus ? 1 : 0) + (to.opus && !isForwarded() ? 1 : 0);
        }

        AudioCodec heardAs() {
            boolean opus = isForwarded() ? from.opus : to.opus;
            return opus ? AudioCodec.OPUS : AudioCodec.PCMU;
        }
    }

    /** What is measured at the same time. */
    private static final List<List<Path>> TURNS =
            List.of(
                    List.of(
                            new Path(End.PCMU_PHONE, End.PCMU_PHONE),
                            new Path(End.PCMU_PHONE, End.OPUS_PHONE),
                            new Path(End.OPUS_PHONE, End.PCMU_PHONE),
                            new Path(End.OPUS_PHONE, End.OPUS_PHONE)),
                    List.of(
                            new Path(End.PCMU_PHONE, End.PAGE),
                            new Path(End.OPUS_PHONE, End.PAGE),
                            new Path(End.PCMU_PHONE, End.PROGRAM)),
                    List.of(
                            new Path(End.PAGE, End.PCMU_PHONE),
                            new Path(End.PAGE, End.OPUS_PHONE),
                            new Path(End.PROGRAM, End.PCMU_PHONE)),
                    List.of(new Path(End.PAGE, End.PAGE), new Path(End.PAGE, End.PROGRAM)));

    private static final double MOST_FORWARDED_MILLIS = 5;
    private static final double MOST_MIXED_MILLIS = 45;

    private final Options options;
    private final Codecs codecs = Codecs.load();

    LatencyBench(Options options) {
        this.options = options;
    }

    @Override
    public List<Aim> run(PerformancePage page) throws InterruptedException {
        SrtpSession.chooseCipher();
        page.print("");
        page.print("| from | to | how | bursts | added delay, ms | p95, ms |");
        page.print("|---|---|---|---|---|---|");
        List<Aim> aims = new ArrayList<>();
        long lateTurns = 0;
        List<Path> all = TURNS.stream().flatMap(List::stream).toList();
        int rooms = all.size() * (ROOMS + WARM_UP_ROOMS);
        try (Server server = Server.start(Server.Setup.of(rooms).on(Machine.allCores()));
                SipCaller sip = new SipCaller(server.sipPort)) {
            // every path once, so that what is measured is not the compiler
            new Turn(server, sip, 0, WARM_UP_ROOMS).run(all, options.quick() ? 5_000 : 60_000, 0);
            int first = all.size() * WARM_UP_ROOMS;
            for (List<Path> paths : TURNS) {
                Turn turn = new Turn(server, sip, first, ROOMS);
                List<List<Burst>> bursts =
                        turn.run(paths, options.quick() ? 4_000 : 8_000, options.quick() ? 4 : 18);
                for (int i = 0; i < paths.size(); i++) {
                    aims.add(row(page, paths.get(i), bursts.get(i)));
                }
                lateTurns += turn.lateTurns;
                first += paths.size() * ROOMS;
            }
        }
        page.print("");
        page.print("The generator's own turns later than 10 ms while it measured: " + lateTurns);
        page.print("");
        return aims;
    }

    /** Some paths at once, each in some rooms, so that phases against ticks are of all kinds. */
    private final class Turn {
        private final Server server;
        private final SipCaller sip;
        private final int firstRoom;
        private final int roomsEach;
        private final Random random = new Random(7);
        private final List<Voice> voices = new ArrayList<>();
        private final List<Phone> phones = new ArrayList<>();
        private final List<WebRtcPeer> peers = new ArrayList<>();
        private final List<SipCaller.Call> calls = new ArrayList<>();
        private long lateTurns;

        Turn(Server server, SipCaller sip, int firstRoom, int roomsEach) {
            this.server = server;
            this.sip = sip;
            this.firstRoom = firstRoom;
            this.roomsEach = roomsEach;
        }

        /**
         * @return the bursts of each path; to be read now
         */
        List<List<Burst>> run(List<Path> paths, long settleMillis, int seconds)
                throws InterruptedException {
            List<List<Burst>> bursts = new ArrayList<>();
            int room = firstRoom;
            for (Path path : paths) {
                List<Burst> ofPath = new ArrayList<>();
                for (int i = 0; i < roomsEach; i++) {
                    ofPath.add(pair(path, room++));
                }
                bursts.add(ofPath);
            }
            Collections.shuffle(voices, random);
            try (PhoneLoop loop = new PhoneLoop("phones", voices)) {
                sip.listen(settleMillis);
                long late = loop.lateTurns;
                bursts.forEach(ofPath -> ofPath.forEach(Burst::forget));
                sip.listen(seconds * 1_000L);
                lateTurns = loop.lateTurns - late;
            }
            calls.forEach(sip::hangUp);
            phones.forEach(Phone::close);
            peers.forEach(WebRtcPeer::close);
            return bursts;
        }

        private Burst pair(Path path, int room) throws InterruptedException {
            Burst burst = new Burst(codecs, path.heardAs(), path.opusEncoders());
            Payloads talk = path.from().opus ? Burst.opus(codecs) : Burst.pcmu();
            Payloads silence = path.to().opus ? Burst.silentOpus(codecs) : Burst.silentPcmu();
            int offset = random.nextInt(talk.frames().length);
            String code = Server.code(room);
            if (path.from().isPhone()) {
                Phone phone =
                        new Phone(SipCaller.ADDRESS, talk, offset, 0x2000 + room, (_, _) -> {});
                phone.sending = burst;
                call(phone, code, path.from());
            } else {
                join(
                        path.from(),
                        code,
                        new WebRtcPeer.Talk(talk, Burst.levelsDbov(), offset, 0x2000 + room, burst),
                        (_, _, _) -> {});
            }
            if (path.to().isPhone()) {
                call(
                        new Phone(SipCaller.ADDRESS, silence, 0, 0x3000 + room, burst),
                        code,
                        path.to());
            } else {
                join(
                        path.to(),
                        code,
                        new WebRtcPeer.Talk(
                                silence, Burst.silentLevelsDbov(), 0, 0x3000 + room, (_, _) -> {}),
                        burst);
            }
            return burst;
        }

        private void call(Phone phone, String code, End as) {
            SipCaller.Call call =
                    sip.call(code, phone.port(), as.opus ? "111 opus/48000/2" : "0 PCMU/8000");
            phone.connect(call.rtp());
            phones.add(phone);
            voices.add(phone);
            calls.add(call);
        }

        private void join(End as, String code, WebRtcPeer.Talk talk, WebRtcPeer.Ear ear)
                throws InterruptedException {
            Hearing hearing = as == End.PAGE ? Hearing.SLOTS : Hearing.MIX;
            WebRtcPeer peer = WebRtcPeer.join(server, code, hearing, talk, ear);
            peers.add(peer);
            voices.add(peer);
        }
    }

    private static Aim row(PerformancePage page, Path path, List<Burst> bursts) {
        double[] millis =
                bursts.stream()
                        .flatMap(burst -> burst.delaysMillis().stream())
                        .mapToDouble(Double::doubleValue)
                        .sorted()
                        .toArray();
        Spread spread = Spread.of(millis);
        String how = path.isForwarded() ? "forwarded" : "mixed";
        page.print(
                String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %d | %s | %.1f |",
                        path.from().shown,
                        path.to().shown,
                        how,
                        millis.length,
                        spread.text(1),
                        Spread.quantile(millis, 0.95)));
        return Aim.atMost(
                        "added delay, %s: %s → %s"
                                .formatted(how, path.from().shown, path.to().shown)
                                .replace(": ", " "),
                        spread,
                        1,
                        path.isForwarded() ? MOST_FORWARDED_MILLIS : MOST_MIXED_MILLIS,
                        " ms")
                .providedThat(millis.length >= ROOMS, "bursts are heard");
    }
}
