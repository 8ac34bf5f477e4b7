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
        try (LossyUdpPath path = new LossyUdpPath(bridge.webrtcPort());
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
            assertThat(bridge.metric(REPORTED)).isZero();

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
            double lost = bridge.metric(REPORTED);
            System.out.printf("quality %s, reported lost %.0f packets%n", quality, lost);

            assertThat(loss(quality, "sent")).isCloseTo(TO_BROWSER / 2, within(TO_BROWSER / 2));
            assertThat(quality.get("sent").get("mos").asDouble()).isBetween(1.0, 4.2);
            assertThat(quality.get("received").get("mos").asDouble()).isBetween(1.0, 4.3);
            assertThat(quality.get("rtt_ms").asDouble()).isBetween(0.0, 50.0);
            assertThat(lost).isGreaterThan(20);
            ada.hangUp();
        }
    }

    private static JsonNode quality() {
        return bridge.get("/v1/rooms/" + BridgeProcess.ROOM_CODE + "/participants")
                .get("items")
                .valueStream()
                .filter(each -> each.get("kind").asString().equals("program"))
                .findFirst()
                .orElseThrow()
                .get("quality");
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
