package dev.roomline.bench;

import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.Codecs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Added delay from phone to phone, by bursts of a tone. Both phones are in this process, on one
 * clock. It is counted from the sending of the packet that begins with the tone to the moment at
 * which the tone begins in what is heard, so the 20 ms that a packet collects before it can be sent
 * are not in it; the look-ahead of Opus encoders, ours and the server's, is subtracted. What
 * remains is what the server adds: jitter buffer, tick, work, and the way through the kernel.
 */
final class LatencyBench {
    private static final int ROOMS = 20;

    private final Options options;
    private final List<String> page = new ArrayList<>();

    LatencyBench(Options options) {
        this.options = options;
    }

    boolean run() throws InterruptedException {
        print("Machine: " + Machine.description() + "; load " + Machine.load());
        print("");
        print("| from | to | bursts | added delay, ms | p95, ms |");
        print("|---|---|---|---|---|");
        boolean heard = true;
        try (Server server = Server.start(Server.Setup.of(3 * ROOMS));
                SipCaller sip = new SipCaller(server.sipPort)) {
            Codecs codecs = Codecs.load();
            heard &= path(sip, codecs, 0, false, false);
            heard &= path(sip, codecs, 1, false, true);
            heard &= path(sip, codecs, 2, true, false);
        }
        if (options.recorded()) {
            PerformancePage.write("latency", page);
        }
        return heard;
    }

    /** One pair of phones in each of 20 rooms, so that phases against ticks are of all kinds. */
    private boolean path(SipCaller sip, Codecs codecs, int index, boolean fromOpus, boolean toOpus)
            throws InterruptedException {
        Payloads talk = fromOpus ? Burst.opus(codecs) : Burst.pcmu();
        Payloads silence = toOpus ? Burst.silentOpus(codecs) : Burst.silentPcmu();
        List<Phone> phones = new ArrayList<>();
        List<Burst> bursts = new ArrayList<>();
        List<SipCaller.Call> calls = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < ROOMS; i++) {
            Burst burst = new Burst(codecs, fromOpus, toOpus);
            Phone talker =
                    new Phone(
                            SipCaller.ADDRESS,
                            talk,
                            random.nextInt(talk.frames().length),
                            0x2000 + i,
                            (_, _) -> {});
            talker.sending = burst;
            Phone listener = new Phone(SipCaller.ADDRESS, silence, 0, 0x3000 + i, burst);
            for (Phone phone : List.of(talker, listener)) {
                boolean opus = phone == talker ? fromOpus : toOpus;
                SipCaller.Call call =
                        sip.call(
                                Server.code(index * ROOMS + i),
                                phone.port(),
                                opus ? "111 opus/48000/2" : "0 PCMU/8000");
                phone.connect(call.rtp());
                phones.add(phone);
                calls.add(call);
            }
            bursts.add(burst);
        }
        Collections.shuffle(phones, random);
        try (PhoneLoop _ = new PhoneLoop("phones", phones)) {
            sip.listen(options.quick() ? 4_000 : 10_000);
            bursts.forEach(Burst::forget);
            sip.listen(options.quick() ? 4_000 : 20_000);
        }
        calls.forEach(sip::hangUp);
        phones.forEach(Phone::close);
        double[] millis =
                bursts.stream()
                        .flatMap(burst -> burst.delaysMillis().stream())
                        .mapToDouble(Double::doubleValue)
                        .sorted()
                        .toArray();
        print(
                String.format(
                        Locale.ROOT,
                        "| %s phone | %s phone | %d | %s | %.1f |",
                        fromOpus ? "Opus" : "PCMU",
                        toOpus ? "Opus" : "PCMU",
                        millis.length,
                        Spread.of(millis).text(1),
                        Spread.quantile(millis, 0.95)));
        return millis.length >= ROOMS;
    }

    private void print(String line) {
        System.out.println(line);
        page.add(line);
    }
}
