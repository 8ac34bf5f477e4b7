package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.time.Duration;
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
            HeardTalk before = HeardTalk.heard(talk, quietNanos);
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
            HeardTalk during = HeardTalk.heard(talk, floodNanos);
            Count flood = Count.now().minus(start);
            SippTimes whole = SippTimes.read(sipp.folder(), "whole");
            SippTimes setup = SippTimes.read(sipp.folder(), "setup");
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
}
