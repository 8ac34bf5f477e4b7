package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Several times more calls than the server bears, for real: those that it takes are set up fast,
 * who talks hears no difference, the rest are told 503 at once, and afterwards everything is as
 * before. The flood follows what is answered, so that it is three times the capacity on any
 * machine.
 */
final class OverloadTest {
    private static final int FORGED_NETWORKS = 300;
    private static final int FORGED_PER_SECOND = 4_000;
    private static final int CALLS_BEFORE = 20;
    private static final int CALLS_IN_FLOOD = 30;
    private static final Duration CALIBRATION = Duration.ofSeconds(5);
    private static final Duration FLOOD = Duration.ofSeconds(11);

    /** Rooms into which it calls, so that none of them grows large. */
    private static final List<String> CODES =
            IntStream.range(0, 60).mapToObj(i -> "flood-" + (100 + i)).toList();

    private static final String ANSWERED =
            "roomline_calls_setup_seconds_count{direction=\"inbound\"}";
    private static final String SHED = "roomline_sip_refusals_total{reason=\"overloaded\"}";

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("overload").rtpPortPairs(2_000).section("rooms", rooms());

    @BeforeEach
    void calm() {
        await("a server that takes calls")
                .atMost(Duration.ofSeconds(20))
                .until(
                        () ->
                                Watch.ready() == 200
                                        && bridge.metric("roomline_overload_active") == 0);
    }

    @Test
    void underAFloodAcceptedCallsKeepTheirSetUpAndTheirSoundAndTheRestGet503() {
        try (Conversation talk = new Conversation(bridge, BridgeProcess.ROOM_CODE)) {
            long quietNanos = System.nanoTime();
            double borne = callsPerSecondWithoutHaste();
            Sound before = Sound.heard(talk, quietNanos);
            Count start = Count.now();

            long floodNanos = System.nanoTime();
            int control = FreePorts.one();
            SippRunner sipp =
                    flood(control, 30_000).option("-r", Integer.toString((int) (3 * borne)));
            Watch watch = new Watch(borne);
            SippRunner.Result result;
            try (SippRunner.Running running = sipp.start()) {
                watch.over(FLOOD, control);
                result = running.await();
            }
            double seconds = (System.nanoTime() - floodNanos) / 1e9;
            Sound during = Sound.heard(talk, floodNanos);
            Count flood = Count.now().minus(start);
            Times whole = Times.read(sipp.folder(), "whole");
            Times setup = Times.read(sipp.folder(), "setup");
            System.out.printf(
                    "overload: %.0f calls/s borne; %.0f answered and %.0f told 503 in %.1f s (%.0f/s"
                            + " of %.0f/s); INVITE to 200 %s, with credentials %s;%n"
                            + "  sound before %s, during %s; longest wait for the core %s%n",
                    borne,
                    flood.answered(),
                    flood.shed(),
                    seconds,
                    flood.answered() / seconds,
                    flood.offered() / seconds,
                    whole,
                    setup,
                    before,
                    during,
                    watch.longestWaits());

            assertThat(result.exit())
                    .as("each call was answered and hung up, or told 503: %s", result.errors())
                    .isZero();
            assertThat(flood.answered() / seconds)
                    .as("calls are taken still, a second")
                    .isGreaterThan(0.2 * borne);
            assertThat(flood.offered() / seconds).isGreaterThan(2.5 * borne);
            assertThat(setup.size()).as("what SIPp saw answered").isEqualTo((int) flood.answered());
            assertThat(whole.quantile(0.99)).as("p99 of set-up, ms").isLessThan(1_500);
            assertThat(setup.quantile(0.5)).as("median of set-up, ms").isLessThan(400);
            during.assertAsGoodAs(before);
            watch.assertTold();
            assertThat(bridge.metric("roomline_sip_transactions{side=\"server\"}"))
                    .as("who is told 503 leaves nothing behind")
                    .isLessThan(4 * flood.answered() + 100);
            recovers(talk);
        }
    }

    @Test
    void aFloodFromManyForgedAddressesKeepsOutNobodyWhoHoldsANonce() {
        List<Double> times = new ArrayList<>();
        int sent;
        try (SipPeer phone = SipPeer.overUdp(bridge.sipPort())) {
            String first = invite(phone);
            phone.send(first);
            SipTrace.Message challenge = phone.receiveFinal(Duration.ofSeconds(5)).orElseThrow();
            assertThat(challenge.status()).isEqualTo(407);
            phone.send(SipText.ack(first, challenge));
            int count = 0;
            while (count < CALLS_BEFORE) {
                callMillis(phone, challenge, ++count);
            }
            try (ForgedFlood flood =
                    new ForgedFlood(
                            FORGED_NETWORKS,
                            FORGED_PER_SECOND,
                            bridge.sipPort(),
                            CODES.getFirst())) {
                // it has begun to shed, if it ever will
                sleep(Duration.ofSeconds(3));
                while (times.size() < CALLS_IN_FLOOD) {
                    times.add(callMillis(phone, challenge, ++count));
                }
                sent = flood.sent();
            }
        }
        times.sort(null);
        System.out.printf(
                "overload: %d forged INVITEs from %d networks, %.0f told 503, %.0f dropped;"
                        + " %d calls with a nonce: INVITE to 200 median %.0f max %.0f ms%n",
                sent,
                FORGED_NETWORKS,
                bridge.metric(SHED),
                bridge.metric("roomline_sip_drops_total{reason=\"queue_full\"}"),
                times.size(),
                times.get(times.size() / 2),
                times.getLast());
        assertThat(times.getLast()).as("the slowest, ms").isLessThan(1_000);
        assertThat(times.get(times.size() / 2)).as("the median, ms").isLessThan(500);
        assertThat(bridge.get("/v1/refusals").get("items").size())
                .as("what is kept of them")
                .isLessThanOrEqualTo(512);
        await("nothing of it is left")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> {
                            assertThat(bridge.metric("roomline_overload_active")).isZero();
                            assertThat(bridge.metric("roomline_sip_dialogs")).isZero();
                        });
    }

    private static String invite(SipPeer phone) {
        return SipText.withBody(
                SipText.request(
                        "INVITE",
                        CODES.getLast(),
                        bridge.sipPort(),
                        "UDP",
                        phone.port(),
                        SipText.unique()),
                SipText.offer("127.0.0.1", 9));
    }

    /** A call that is set up, and hung up at once; from its INVITE to the 200. */
    private static double callMillis(SipPeer phone, SipTrace.Message challenge, int count) {
        String invite =
                SipText.answering(
                        invite(phone),
                        challenge,
                        BridgeProcess.USERNAME,
                        BridgeProcess.PASSWORD,
                        count);
        long fromNanos = System.nanoTime();
        SipTrace.Message answer = ask(phone, invite);
        double millis = (System.nanoTime() - fromNanos) / 1e6;
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        phone.send(SipText.inDialog("ACK", 2, invite, answer));
        assertThat(ask(phone, SipText.inDialog("BYE", 3, invite, answer)).status()).isEqualTo(200);
        return millis;
    }

    /** Repeats it as a phone does until its own final answer comes. */
    private static SipTrace.Message ask(SipPeer phone, String request) {
        String cseq = new SipTrace.Message(false, request).header("CSeq");
        String callId = new SipTrace.Message(false, request).header("Call-ID");
        for (int waitMillis = 500; waitMillis < 16_000; waitMillis *= 2) {
            phone.send(request);
            var got = phone.receiveFinal(Duration.ofMillis(waitMillis));
            while (got.isPresent()
                    && !(got.get().header("CSeq").equals(cseq)
                            && got.get().header("Call-ID").equals(callId))) {
                got = phone.receiveFinal(Duration.ofMillis(waitMillis));
            }
            if (got.isPresent()) {
                return got.get();
            }
        }
        throw new AssertionError("no answer to\n" + request);
    }

    /** Of callers who wait for one another: it also warms the server up. */
    private static double callsPerSecondWithoutHaste() {
        int control = FreePorts.one();
        try (SippRunner.Running running = flood(control, 25).option("-r", "1000").start();
                SippControl sipp = new SippControl(control)) {
            sleep(CALIBRATION.dividedBy(2));
            Count from = Count.now();
            long fromNanos = System.nanoTime();
            sleep(CALIBRATION.dividedBy(2));
            Count borne = Count.now().minus(from);
            double seconds = (System.nanoTime() - fromNanos) / 1e9;
            sipp.endWithItsCalls();
            running.await().assertPassed();
            return borne.answered() / seconds;
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** One for the two who talk, and many for those who only come and go. */
    private static String rooms() {
        StringBuilder rooms = new StringBuilder("rooms:\n");
        rooms.append("  - { name: talk, codes: [ { code: abc-defg-hij, role: guest } ] }\n");
        for (String code : CODES) {
            rooms.append(
                    "  - { name: %s, codes: [ { code: %s, role: guest } ] }%n"
                            .formatted(code, code));
        }
        return rooms.toString();
    }

    /**
     * @param atOnce calls at most
     */
    private static SippRunner flood(int control, int atOnce) {
        return SippRunner.scenario("flood.xml", bridge.sipPort())
                .fields(
                        Stream.concat(Stream.of("SEQUENTIAL"), CODES.stream())
                                .toArray(String[]::new))
                .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD)
                .calls(1_000_000)
                .untraced()
                .limit(Duration.ofSeconds(60))
                .option("-cp", Integer.toString(control), "-l", Integer.toString(atOnce))
                .option("-trace_rtt", "-rtt_freq", "1");
    }

    private static void recovers(Conversation talk) {
        await("the end of overload")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> {
                            assertThat(bridge.metric("roomline_overload_active")).isZero();
                            assertThat(Watch.ready()).isEqualTo(200);
                        });
        assertThat(bridge.get("/v1/server").get("overloaded").asBoolean()).isFalse();
        assertThat(bridge.log()).contains("event=overload_ended");
        SippRunner.scenario("call.xml", bridge.sipPort())
                .dial(BridgeProcess.ROOM_CODE)
                .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD)
                .run()
                .assertPassed();
        talk.hangUp();
        await("nothing is left")
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> {
                            assertThat(bridge.get("/v1/server").get("calls").asInt()).isZero();
                            assertThat(bridge.metric("roomline_sip_dialogs")).isZero();
                            assertThat(bridge.metric("roomline_rooms_participants")).isZero();
                            for (String rank : List.of("living", "known", "stranger")) {
                                assertThat(waiting("messages", rank)).as(rank).isZero();
                            }
                        });
    }

    private static double waiting(String what, String rank) {
        return bridge.metric("roomline_sip_queue_" + what + "{rank=\"" + rank + "\"}");
    }

    private record Count(double answered, double shed) {
        static Count now() {
            return new Count(bridge.metric(ANSWERED), bridge.metric(SHED));
        }

        Count minus(Count before) {
            return new Count(answered - before.answered, shed - before.shed);
        }

        double offered() {
            return answered + shed;
        }
    }

    /** Looks on while SIPp floods, and sees to it that it does so with enough and not with more. */
    private static final class Watch {
        private static final double TIMES = 3.5;
        private static final int MOST_PER_SECOND = 4_000;

        private final double borne;
        private boolean notReady;
        private boolean joinRefused;
        private double longestLiving;
        private double longestKnown;
        private double longestStranger;

        /**
         * @param borne calls a second that it answered when nobody was in haste
         */
        Watch(double borne) {
            this.borne = borne;
        }

        void over(Duration time, int control) {
            long untilNanos = System.nanoTime() + time.toNanos();
            Count last = Count.now();
            long lastNanos = System.nanoTime();
            try (SippControl sipp = new SippControl(control)) {
                while (System.nanoTime() < untilNanos) {
                    sleep(Duration.ofSeconds(1));
                    Count now = Count.now();
                    double seconds = (System.nanoTime() - lastNanos) / 1e9;
                    double answered = now.minus(last).answered() / seconds;
                    last = now;
                    lastNanos = System.nanoTime();
                    double rate = TIMES * Math.max(borne, answered);
                    sipp.callsPerSecond((int) Math.min(rate, MOST_PER_SECOND));
                    look();
                }
                sipp.endWithItsCalls();
            }
        }

        private void look() {
            longestLiving = Math.max(longestLiving, waiting("wait_seconds", "living"));
            longestKnown = Math.max(longestKnown, waiting("wait_seconds", "known"));
            longestStranger = Math.max(longestStranger, waiting("wait_seconds", "stranger"));
            if (!joinRefused && ready() == 503) {
                notReady = true;
                HttpRequest join =
                        HttpRequest.newBuilder(
                                        bridge.url(
                                                "/v1/rooms/"
                                                        + BridgeProcess.ROOM_CODE
                                                        + "/participants?name=Eve"))
                                .header("Content-Type", "application/sdp")
                                .POST(HttpRequest.BodyPublishers.ofString("v=0\r\n"))
                                .build();
                joinRefused = bridge.send(join).statusCode() == 503;
            }
        }

        String longestWaits() {
            return "%.0f ms (living), %.0f ms (known), %.0f ms (strangers)"
                    .formatted(1e3 * longestLiving, 1e3 * longestKnown, 1e3 * longestStranger);
        }

        void assertTold() {
            assertThat(notReady).as("/readyz said 503").isTrue();
            assertThat(joinRefused).as("a program that joins was told 503").isTrue();
            assertThat(bridge.metric("roomline_overload_entered_total")).isPositive();
            assertThat(bridge.log().lines().filter(l -> l.contains("event=overload_began")))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("because=\"") && line.contains("limit"));
            assertThat(bridge.get("/v1/refusals?limit=500").get("items").valueStream())
                    .as("one source fills one entry a reason")
                    .filteredOn(item -> item.get("source").asString().startsWith("127.0.0.1"))
                    .hasSizeBetween(1, 20);
        }

        static int ready() {
            return bridge.send(bridge.request("/readyz").GET().build()).statusCode();
        }
    }

    /** What both who talk have heard of each other. */
    private record Sound(
            double longestGapMillis, int lost, int packets, double levelDbfs, double quietShare) {
        private static final double SLICE_SECONDS = 0.1;
        private static final double QUIET_DBFS = -20;

        static Sound heard(Conversation talk, long sinceNanos) {
            double longest = 0;
            int lost = 0;
            int packets = 0;
            List<Double> levels = new ArrayList<>();
            for (int side = 0; side < 2; side++) {
                List<Conversation.Arrival> heard = talk.heardSince(side, sinceNanos);
                packets += heard.size();
                for (int i = 1; i < heard.size(); i++) {
                    Conversation.Arrival before = heard.get(i - 1);
                    Conversation.Arrival now = heard.get(i);
                    longest = Math.max(longest, (now.nanos() - before.nanos()) / 1e6);
                    lost += Math.max(0, (short) (now.sequence() - before.sequence()) - 1);
                }
                Recording sound =
                        RtpPhone.sound(heard.stream().map(Conversation.Arrival::packet).toList());
                for (double at = 0; at + SLICE_SECONDS < sound.seconds(); at += SLICE_SECONDS) {
                    Recording slice = sound.slice(at, at + SLICE_SECONDS);
                    levels.add(AudioMeasure.levelDbfs(slice, Conversation.toneHeardBy(side)));
                }
            }
            levels.sort(null);
            double quiet = levels.stream().filter(level -> level < QUIET_DBFS).count();
            return new Sound(
                    longest, lost, packets, levels.get(levels.size() / 2), quiet / levels.size());
        }

        void assertAsGoodAs(Sound before) {
            assertThat(longestGapMillis).as("longest gap, ms").isLessThan(400);
            assertThat(lost).as("packets lost of " + packets).isLessThanOrEqualTo(packets / 500);
            assertThat(levelDbfs).as("level, dBFS").isCloseTo(before.levelDbfs, within(1.0));
            assertThat(quietShare).as("tenths of a second without the tone").isLessThan(0.05);
        }

        @Override
        public String toString() {
            return "%d packets, %d lost, longest gap %.0f ms, %.1f dBFS, %.1f %% quiet"
                    .formatted(packets, lost, longestGapMillis, levelDbfs, 100 * quietShare);
        }
    }

    /** Milliseconds, as SIPp wrote them down. */
    private record Times(List<Double> sorted) {
        static Times read(Path folder, String name) {
            List<Double> times = new ArrayList<>();
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(f -> f.toString().endsWith("_rtt.csv")).toList()) {
                    for (String line : Files.readAllLines(file)) {
                        String[] columns = line.split(";");
                        if (columns.length >= 3 && columns[2].equals(name)) {
                            times.add(Double.valueOf(columns[1]));
                        }
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            times.sort(null);
            return new Times(times);
        }

        int size() {
            return sorted.size();
        }

        double quantile(double share) {
            assertThat(sorted).isNotEmpty();
            return sorted.get((int) Math.min(sorted.size() - 1L, (long) (sorted.size() * share)));
        }

        @Override
        public String toString() {
            return "p50 %.0f p99 %.0f max %.0f ms"
                    .formatted(quantile(0.5), quantile(0.99), quantile(1));
        }
    }
}
