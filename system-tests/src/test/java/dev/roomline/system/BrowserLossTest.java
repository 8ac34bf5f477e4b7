package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Chromium behind a network that loses: what its reports tell is seen where an operator looks. */
final class BrowserLossTest {
    private static final double PHONE_HERTZ = 437;
    private static final double BROWSER_HERTZ = 1009;
    private static final double TO_BROWSER = 0.3;
    private static final double TO_SERVER = 0.15;
    private static final String REPORTED = "roomline_media_packets_reported_lost_total";

    /** One loop, so that the WebRTC port is known. */
    @RegisterExtension
    static final BridgeProcess bridge = BridgeProcess.named("browser-loss").set("media.loops=1");

    @Test
    void whatABrowserLosesIsSeenInItsQualityAndInTheMetrics() {
        try (EventFeed feed = EventFeed.of(bridge);
                LossyUdpPath path = new LossyUdpPath(bridge.webrtcPort());
                Chromium chromium = Chromium.launch();
                Baresip ada =
                        Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, PHONE_HERTZ))
                                .call(bridge.sipUri(BridgeProcess.ROOM_CODE));
                RoomPage robot =
                        RoomPage.open(
                                chromium.pageWithTone(BROWSER_HERTZ),
                                bridge.url("/join/not-used").toString())) {
            join(robot.page, path.port());
            Ears.whenHeard(robot::listen, PHONE_HERTZ, BROWSER_HERTZ);
            // on a busy machine one may have come too late for the browser and been asked for
            double before = bridge.metric(REPORTED);
            assertThat(before).isLessThanOrEqualTo(1);

            path.losing(TO_BROWSER, TO_SERVER);
            // the share is of the whole stay, and reports come every 2.5 to 7.5 s
            JsonNode quality =
                    await("both directions' loss in the browser's quality")
                            .atMost(Duration.ofSeconds(20))
                            .pollInterval(Duration.ofMillis(250))
                            .pollInSameThread()
                            .until(
                                    BrowserLossTest::quality,
                                    known ->
                                            loss(known, "sent") > 0.1
                                                    && loss(known, "received") > 0.05);
            double lost = bridge.metric(REPORTED) - before;
            System.out.printf("quality %s, reported lost %.0f packets%n", quality, lost);

            assertThat(loss(quality, "sent")).isCloseTo(TO_BROWSER / 2, within(TO_BROWSER / 2));
            assertThat(quality.get("sent").get("mos").asDouble()).isBetween(1.0, 4.2);
            assertThat(quality.get("received").get("mos").asDouble()).isBetween(1.0, 4.3);
            assertThat(quality.get("rtt_ms").asDouble()).isBetween(0.0, 50.0);
            assertThat(lost).isGreaterThan(20);
            assertWhole(quality);

            remove();
            JsonNode left = feed.await("participant.left").get("data");
            System.out.printf("when it left: %s%n", left);
            assertThat(left.get("kind").asString()).isEqualTo("program");
            assertThat(left.get("reason").asString()).isEqualTo("removed");
            assertWhole(left.get("quality"));
            counted(left.get("quality"));
            ada.hangUp();
        }
    }

    /** Everything is known of both directions, and is what this network makes of it. */
    private static void assertWhole(JsonNode quality) {
        assertThat(loss(quality, "sent")).isBetween(0.05, TO_BROWSER + 0.05);
        assertThat(loss(quality, "received")).isBetween(0.02, TO_SERVER + 0.05);
        for (String direction : List.of("sent", "received")) {
            JsonNode known = quality.get(direction);
            assertThat(known.get("mos").asDouble()).as(direction).isBetween(1.0, 4.3);
            assertThat(known.get("jitter_ms").asDouble(-1)).as(direction).isBetween(0.0, 100.0);
        }
        JsonNode received = quality.get("received");
        assertThat(received.get("burst_ratio").asDouble(-1)).as("at random").isBetween(0.5, 2.0);
        assertThat(received.get("concealed").asDouble(-1)).isBetween(0.0, TO_SERVER + 0.1);
        assertThat(quality.get("rtt_ms").asDouble(-1)).isBetween(0.0, 100.0);
    }

    /** Metrics hold what the event told, each figure once. */
    private static void counted(JsonNode quality) {
        for (String direction : List.of("sent", "received")) {
            String label = "{direction=\"" + direction + "\"}";
            JsonNode known = quality.get(direction);
            assertSum("mos", label, known.get("mos").asDouble());
            assertSum("loss_ratio", label, known.get("loss").asDouble());
            assertSum("jitter_seconds", label, known.get("jitter_ms").asDouble() / 1_000);
        }
        JsonNode received = quality.get("received");
        assertSum("burst_ratio", "", received.get("burst_ratio").asDouble());
        assertSum("concealed_ratio", "", received.get("concealed").asDouble());
        assertSum("round_trip_seconds", "", quality.get("rtt_ms").asDouble() / 1_000);
    }

    private static void assertSum(String figure, String label, double told) {
        String name = "roomline_browsers_" + figure;
        assertThat(bridge.metric(name + "_count" + label)).as(name).isEqualTo(1);
        assertThat(bridge.metric(name + "_sum" + label)).as(name).isCloseTo(told, within(1e-9));
    }

    private static void remove() {
        String path =
                "/v1/rooms/"
                        + BridgeProcess.ROOM_CODE
                        + "/participants/"
                        + program().get("id").asString();
        assertThat(bridge.send(bridge.request(path).DELETE().build()).statusCode()).isEqualTo(204);
    }

    private static JsonNode quality() {
        return program().get("quality");
    }

    private static JsonNode program() {
        return bridge.get("/v1/rooms/" + BridgeProcess.ROOM_CODE + "/participants")
                .get("items")
                .valueStream()
                .filter(each -> each.get("kind").asString().equals("program"))
                .findFirst()
                .orElseThrow();
    }

    /** −1 while unknown. */
    private static double loss(JsonNode quality, String direction) {
        JsonNode share = quality.get(direction).get("loss");
        return share.isNull() ? -1 : share.asDouble();
    }

    /** As a program does, but told another port than the server's own. */
    private static void join(Page page, int port) {
        try (var in = BrowserLossTest.class.getResourceAsStream("/program-join.js")) {
            String script =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            page.evaluate(script, List.of(BridgeProcess.ROOM_CODE, "Robot", port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
