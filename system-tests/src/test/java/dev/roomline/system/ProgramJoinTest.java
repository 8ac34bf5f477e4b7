package dev.roomline.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Joining by one POST: no page, no WebSocket, one audio line that carries a mix of the others. */
final class ProgramJoinTest {
    private static final double ADA_HZ = 437;
    private static final double GRACE_HZ = 1009;
    private static final double ROBOT_HZ = 1511;

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("program-join");

    @SuppressWarnings("NullAway.Init")
    private static Chromium chromium;

    @BeforeAll
    static void launchBrowser() {
        chromium = Chromium.launch();
    }

    @AfterAll
    static void closeBrowser() {
        chromium.close();
    }

    @Test
    void aProgramHearsAMixOfTheOthersAndLeavesByItsOwnAddress() {
        try (RoomPage grace = RoomPage.open(chromium, bridge, GRACE_HZ).join("Grace");
                RoomPage robot = idlePage();
                Baresip ada =
                        Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, ADA_HZ))
                                .call(bridge.sipUri(BridgeProcess.ROOM_CODE))) {
            List<?> answer = (List<?>) join(robot.page, "Robot");
            String location = String.valueOf(answer.get(1));

            assertThat(String.valueOf(answer.get(0))).startsWith("application/sdp");
            assertThat(grace.awaitParticipant("Robot")).hasAttribute("data-kind", "program");
            AudioMeasure.Tones heard = Ears.whenHeard(robot::listen, ADA_HZ, GRACE_HZ, ROBOT_HZ);
            assertThat(heard.levelDbfs(ADA_HZ)).as("%s", heard).isCloseTo(-12, within(3.0));
            assertThat(heard.levelDbfs(GRACE_HZ)).as("%s", heard).isCloseTo(-12, within(3.0));
            assertThat(heard.levelDbfs(ROBOT_HZ)).as("own tone: %s", heard).isLessThan(-62);
            AudioMeasure.Tones byAda = Ears.whenHeard(ada::listen, ROBOT_HZ, GRACE_HZ, ADA_HZ);
            assertThat(byAda.levelDbfs(ROBOT_HZ)).as("%s", byAda).isCloseTo(-12, within(3.0));

            assertThat(delete(location + "x").statusCode()).isIn(401, 403, 404);
            assertThat(grace.names()).contains("Robot");
            assertThat(delete(location).statusCode()).isEqualTo(204);
            grace.awaitAbsent("Robot");
            ada.hangUp();
            grace.leave();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "zzz-zzzz-zzz, application/sdp, v=0, 404",
        "abc-defg-hij, text/plain, v=0, 415",
        "abc-defg-hij, application/sdp, this is no SDP, 422",
        "abc-defg-hij, application/sdp, '', 422",
    })
    void whatCannotBeJoinedIsRefusedAsAProblem(String code, String type, String body, int status) {
        HttpResponse<String> response =
                bridge.send(
                        HttpRequest.newBuilder(participants(code))
                                .header("content-type", type)
                                .POST(BodyPublishers.ofString(body))
                                .build());

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type").orElse(""))
                .startsWith("application/problem+json");
    }

    private static RoomPage idlePage() {
        return RoomPage.open(
                chromium.pageWithTone(ROBOT_HZ), bridge.url("/join/not-used").toString());
    }

    private static Object join(Page page, String name) {
        try (var in = ProgramJoinTest.class.getResourceAsStream("/program-join.js")) {
            String script = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
            return page.evaluate(script, List.of(BridgeProcess.ROOM_CODE, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URI participants(String code) {
        return bridge.url("/v1/rooms/" + code + "/participants?name=Robot");
    }

    /** Without the admin token: the secret part of the address is the credential. */
    private static HttpResponse<String> delete(String location) {
        URI address = bridge.url("/").resolve(location);
        return bridge.send(HttpRequest.newBuilder(address).DELETE().build());
    }
}
