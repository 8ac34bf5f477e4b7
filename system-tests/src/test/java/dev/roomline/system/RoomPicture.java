package dev.roomline.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Takes the picture of the README: a real room with real phones. Not part of the suite; when the
 * page has changed:
 *
 * <pre>
 * mvn -B verify -pl system-tests -am -Dtest=RoomPicture -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
final class RoomPicture {
    /** So slow that nothing of it is heard. */
    private static final double SILENT_HZ = 1e-9;

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("picture")
                    .section(
                            "rooms",
                            """
                            rooms:
                              - { name: Support, codes: [ { code: %s, role: guest } ] }
                            """
                                    .formatted(BridgeProcess.ROOM_CODE));

    @Test
    void takePicture() {
        try (Chromium chromium = Chromium.launch();
                RoomPage hedy = RoomPage.open(chromium, bridge, SILENT_HZ);
                RoomPage grace = RoomPage.open(chromium, bridge, SILENT_HZ);
                Baresip ada = Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, 437));
                SippRunner.Running caller = unnamedCaller()) {
            ada.call(bridge.sipUri(BridgeProcess.ROOM_CODE));
            hedy.join("Hedy Lamarr");
            grace.page.evaluate(
                    "() => { navigator.mediaDevices.enumerateDevices = async () => []; }");
            grace.page.setViewportSize(1000, 720);
            grace.join("Grace Hopper");
            assertThat(grace.awaitParticipant("Ada Lovelace")).hasAttribute("data-talking", "true");
            grace.awaitParticipant("+1 ••• ••• 0123");
            hedy.mute();
            assertThat(grace.awaitParticipant("Hedy Lamarr")).hasAttribute("data-muted", "true");
            grace.page.locator("#quality").waitFor();
            grace.page
                    .locator(".toast")
                    .last()
                    .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
            Path picture = Workspace.projectRoot().resolve("docs/images/room-page.png");
            grace.page.screenshot(new Page.ScreenshotOptions().setPath(picture));
            ada.hangUp();
            bridge.removeEverybody("phone");
            caller.await().assertPassed();
        }
    }

    private static SippRunner.Running unnamedCaller() {
        return SippRunner.scenario("named-caller.xml", bridge.sipPort())
                .dial(BridgeProcess.ROOM_CODE)
                .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD)
                .key("name_header", "X-Other")
                .key("name_value", "none")
                .start();
    }
}
