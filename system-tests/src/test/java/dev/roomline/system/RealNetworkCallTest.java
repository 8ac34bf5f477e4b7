package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import java.io.IOException;
import java.net.DatagramPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Phones behind bad networks, heard by phones behind good ones: four codecs at once, a room each.
 * What is measured is printed.
 */
final class RealNetworkCallTest {
    private static final double HERTZ = 437;
    private static final double BURST_HERTZ = 1009;
    private static final int AMPLITUDE = 10_000;
    private static final int SECONDS = 5;

    /** What a cut in the tone leaves of its amplitude is far more, what a bend leaves far less. */
    private static final double CLICK = 0.35;

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("real-network")
                    // what is judged is our own jitter buffer: no packets as they came
                    .set("media.passthrough=never")
                    .section(
                            "rooms",
                            """
                            rooms:
                              - { name: pcmu, codes: [ { code: net-pcmu, role: guest } ] }
                              - { name: pcma, codes: [ { code: net-pcma, role: guest } ] }
                              - { name: g722, codes: [ { code: net-g722, role: guest } ] }
                              - { name: opus, codes: [ { code: net-opus, role: guest } ] }
                            """);

    record Network(String name, double loss, double ppm, Consumer<ImpairedPath> path) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Network> networks() {
        return Stream.of(
                new Network("5 % loss", 0.05, 0, path -> path.losing(0.05)),
                new Network("15 % loss", 0.15, 0, path -> path.losing(0.15)),
                new Network("a clock 200 ppm fast", 0, -200, path -> {}),
                new Network(
                        "40 ms of jitter, overtaking, 10 % twice",
                        0, 200, path -> path.jittering(40).doubling(0.1)));
    }

    private static Recording tone(int rateHz) {
        return Recording.of(
                rateHz,
                SECONDS,
                n -> AMPLITUDE / 32_768.0 * Math.sin(2 * Math.PI * HERTZ * n / rateHz));
    }

    /** One room: who speaks over a bad network, and who hears it. */
    private static final class Pair implements AutoCloseable {
        final AudioCodec codec;
        final RtpPhone talker = new RtpPhone(bridge);
        final RtpPhone listener = new RtpPhone(bridge);
        final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        final ImpairedPath path;

        /** A permit for each packet that was due. */
        final Semaphore due = new Semaphore(0);

        Pair(AudioCodec codec, Network network) {
            this.codec = codec;
            String code = "net-" + codec.name().toLowerCase(Locale.ROOT);
            listener.call(code);
            talker.callUpToAnswer(code, SpokenPackets.offer(codec, talker.rtp().getLocalPort()));
            talker.acknowledge();
            path = new ImpairedPath(talker.rtp(), talker.mediaPort(), 42);
            network.path().accept(path);
        }

        void talk(List<byte[]> payloads, double ppm) {
            AtomicInteger sequence = new AtomicInteger(65_400);
            ScheduledFuture<?> _ =
                    pace.scheduleAtFixedRate(
                            () -> {
                                int i = sequence.getAndIncrement();
                                path.send(
                                        SpokenPackets.packet(
                                                codec, i, payloads.get(i % payloads.size())));
                                due.release();
                            },
                            0,
                            (long) (20_000_000 * (1 + ppm / 1e6)),
                            TimeUnit.NANOSECONDS);
        }

        /** Waits until it has said so much more. */
        void says(int millis) {
            due.drainPermits();
            try {
                assertThat(due.tryAcquire(millis / 20, 3L * millis, TimeUnit.MILLISECONDS))
                        .as("the talker keeps its pace")
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }

        @Override
        public void close() {
            pace.shutdownNow();
            path.close();
            talker.hangUp();
            listener.hangUp();
            talker.close();
            listener.close();
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aToneIsCarriedWithoutAClick(Network network) {
        List<Pair> pairs = new ArrayList<>();
        try {
            for (AudioCodec codec : AudioCodec.values()) {
                // 437 Hz turn wholly in a second, so the voice may begin again after five
                Pair pair = new Pair(codec, network);
                pairs.add(pair);
                pair.talk(
                        SpokenPackets.payloads(codec, tone(SpokenPackets.rateOf(codec))),
                        network.ppm());
            }
            // settles, and fills the listeners' sockets
            pairs.getLast().says(1_500);
            pairs.forEach(pair -> RtpPhone.receiveAll(pair.listener.rtp(), Duration.ofMillis(80)));
            pairs.getLast().says(SECONDS * 1_000);
            JsonNode calls = bridge.get("/v1/calls?state=answered").get("items");
            for (Pair pair : pairs) {
                Recording heard =
                        RtpPhone.sound(
                                RtpPhone.receiveAll(pair.listener.rtp(), Duration.ofMillis(80)));
                check(network, pair.codec, heard, qualityOf(calls, pair.codec));
            }
        } finally {
            pairs.forEach(Pair::close);
        }
    }

    private static void check(
            Network network, AudioCodec codec, Recording heard, JsonNode quality) {
        AudioMeasure.Tones tones = AudioMeasure.fit(heard, HERTZ);
        int clicks = AudioMeasure.cuts(heard, HERTZ, CLICK * AMPLITUDE / 32_768);
        System.out.printf(
                "%s, %s: %.1f s heard, %s, clicks %d, quality %s%n",
                codec, network, heard.seconds(), tones, clicks, quality);
        assertThat(heard.seconds()).isGreaterThan(SECONDS - 0.5);
        assertThat(tones.levelDbfs(HERTZ)).isBetween(-12.5, -9.0);
        assertThat(clicks).isZero();
        JsonNode received = quality.get("received");
        double loss = received.get("loss").asDouble();
        assertThat(loss).isBetween(network.loss() * 0.4, network.loss() * 1.8 + 0.01);
        double mos = received.get("mos").asDouble();
        assertThat(mos).isBetween(network.loss() > 0.1 ? 2.0 : 3.4, 4.45);
        assertThat(quality.get("rtt_ms").isNull()).as("this phone sends no RTCP").isTrue();
        assertThat(quality.get("sent").get("mos").isNull()).isTrue();
    }

    /** The talker's call in the room of that codec: the one that lost, or jittered, the most. */
    private static JsonNode qualityOf(JsonNode calls, AudioCodec codec) {
        return calls.valueStream()
                .filter(
                        call ->
                                call.get("to")
                                        .asString()
                                        .contains(codec.name().toLowerCase(Locale.ROOT)))
                .map(call -> call.get("quality"))
                .filter(quality -> !quality.get("received").get("loss").isNull())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no quality in " + calls));
    }

    @Test
    void theDelayIsBackAfterAHoldUp() {
        Network good = new Network("good", 0, 0, path -> {});
        try (Pair pair = new Pair(AudioCodec.PCMU, good)) {
            List<Long> sent = new ArrayList<>();
            AtomicInteger sequence = new AtomicInteger();
            ScheduledFuture<?> _ =
                    pair.pace.scheduleAtFixedRate(
                            () -> {
                                int i = sequence.getAndIncrement();
                                boolean burst = i % 40 >= 35;
                                if (i % 40 == 35) {
                                    sent.add(System.nanoTime());
                                }
                                byte[] packet =
                                        RtpPhone.frame(0x77, i, burst ? BURST_HERTZ : HERTZ);
                                pair.path.send(packet);
                                pair.due.release();
                            },
                            0,
                            20,
                            TimeUnit.MILLISECONDS);
            pair.says(2_000);
            List<Double> before = delays(pair, sent, 2_500);
            pair.path.holdUp(350);
            List<Double> during = delays(pair, sent, 1_700);
            double usual = median(before);
            pair.says(6_000);
            List<Double> after = delays(pair, sent, 2_500);
            // a busy machine holds packets up by itself: each time the delay may rise once more
            for (int again = 0; again < 12 && median(after) >= usual + 6; again++) {
                after = delays(pair, sent, 2_500);
            }

            System.out.printf(
                    "burst delay before %s ms, after a hold-up of 350 ms %s ms, in the end %s ms%n",
                    before, during, after);
            assertThat(during).anySatisfy(delay -> assertThat(delay).isGreaterThan(usual + 80));
            assertThat(median(after)).isLessThan(usual + 6);
            assertThat(usual).isLessThan(110);
        }
    }

    private static double median(List<Double> delays) {
        assertThat(delays).isNotEmpty();
        return delays.stream().sorted().toList().get(delays.size() / 2);
    }

    /** From when a burst's first packet is sent to when its first packet comes out. */
    private static List<Double> delays(Pair pair, List<Long> sent, int millis) {
        RtpPhone.receiveAll(pair.listener.rtp(), Duration.ofMillis(80));
        long from = System.nanoTime();
        long until = from + millis * 1_000_000L;
        List<Double> delays = new ArrayList<>();
        int quiet = 0;
        try {
            while (System.nanoTime() < until) {
                pair.listener.rtp().setSoTimeout(200);
                DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
                pair.listener.rtp().receive(packet);
                long now = System.nanoTime();
                byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
                Recording frame = RtpPhone.sound(List.of(bytes));
                boolean loud =
                        frame.samples().length > 0
                                && AudioMeasure.levelDbfs(frame, BURST_HERTZ) > -22;
                long last = sent.isEmpty() ? 0 : sent.getLast();
                if (loud && quiet > 10 && last > from) {
                    delays.add((now - last) / 1e6);
                }
                quiet = loud ? 0 : quiet + 1;
            }
        } catch (IOException silent) {
            throw new AssertionError("the listener hears nothing", silent);
        }
        return delays;
    }
}
