package dev.roomline.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Locator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** A number dialled on the room page, with a real telephone behind the trunk. */
final class DialPadTest {
    private static final double CALLEE_HZ = 437;
    private static final double GRACE_HZ = 1009;
    private static final String GUEST_CODE = "gst-gues-gst";
    private static final String CALLED = "+15551234567";
    private static final String SHOWN = "+1 ••• ••• 4567";
    private static final int CARRIER = FreePorts.one();

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("dial-pad")
                    .section(
                            "rooms",
                            """
                            rooms:
                              - { name: Support, codes: [ { code: %s, role: host }, { code: %s, role: guest } ] }
                            """
                                    .formatted(BridgeProcess.ROOM_CODE, GUEST_CODE))
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: carrier, address: "127.0.0.1:%d", options_ping: 0s, numbers: ["+15550100000"] }
                            """
                                    .formatted(CARRIER));

    @SuppressWarnings("NullAway.Init")
    private static Chromium chromium;

    private final PlacedCalls calls = new PlacedCalls(bridge);

    @BeforeAll
    static void launchBrowser() {
        chromium = Chromium.launch();
    }

    @AfterAll
    static void closeBrowser() {
        chromium.close();
    }

    private static Baresip callee() {
        return Baresip.ringing(
                Baresip.Phone.of(bridge, Codec.PCMU, CALLEE_HZ).named(CALLED), CARRIER);
    }

    private static void dial(RoomPage page, String number) {
        page.page.locator("#dial-number").fill(number);
        page.page.locator("#dial").click();
    }

    private static JsonNode latestCall() {
        return bridge.get("/v1/calls?direction=outbound&limit=1").path("items").path(0);
    }

    @Test
    void aNumberIsDialledRingsIsHeardBothWaysAndHungUp() {
        try (Baresip callee = callee();
                RoomPage grace = RoomPage.open(chromium, bridge, GRACE_HZ).join("Grace")) {
            dial(grace, "+1 (555) 123-4567");

            Locator phone = grace.awaitParticipant(SHOWN);
            assertThat(phone).hasAttribute("data-state", "ringing");
            assertThat(phone.locator(".kind")).hasText("Phone · ringing …");
            assertThat(grace.page.locator("#dial-number")).hasValue("");
            callee.awaitEvent("CALL_INCOMING");
            callee.accept();
            assertThat(phone).hasAttribute("data-state", "joined");

            AudioMeasure.Tones byGrace = Ears.whenHeard(grace::listen, CALLEE_HZ, GRACE_HZ);
            assertThat(byGrace.levelDbfs(CALLEE_HZ)).as("%s", byGrace).isCloseTo(-12, within(3.0));
            assertThat(byGrace.levelDbfs(GRACE_HZ)).as("own tone: %s", byGrace).isLessThan(-50);
            AudioMeasure.Tones byCallee = Ears.whenHeard(callee::listen, GRACE_HZ, CALLEE_HZ);
            assertThat(byCallee.levelDbfs(GRACE_HZ)).as("%s", byCallee).isCloseTo(-12, within(3.0));
            assertThat(byCallee.levelDbfs(CALLEE_HZ)).as("own: %s", byCallee).isLessThan(-50);

            phone.locator(".hang-up").click();
            callee.awaitClosed();
            grace.awaitAbsent(SHOWN);
            assertThat(calls.awaitEnd(latestCall().path("id").asString(""))).isEqualTo("removed");
            assertThat(grace.complaints()).isEmpty();
            grace.leave();
        }
    }

    @Test
    void whatRingsIsHungUpBeforeItIsAnswered() {
        try (Baresip callee = callee();
                RoomPage grace = RoomPage.open(chromium, bridge, GRACE_HZ).join("Grace")) {
            dial(grace, CALLED);
            callee.awaitEvent("CALL_INCOMING");

            grace.awaitParticipant(SHOWN).locator(".hang-up").click();

            callee.awaitClosed();
            grace.awaitAbsent(SHOWN);
            assertThat(grace.page.locator("#announcements"))
                    .containsText(SHOWN + " was not called any more");
            assertThat(calls.awaitEnd(latestCall().path("id").asString(""))).isEqualTo("removed");
            grace.leave();
        }
    }

    @Test
    void whyNobodyIsCalledStandsBesideTheNumber() {
        try (RoomPage grace = RoomPage.open(chromium, bridge, GRACE_HZ).join("Grace")) {
            dial(grace, "+1 900 555 1234");
            assertThat(grace.page.locator("#dial-problem"))
                    .hasText("Numbers of premium ranges are not called (limits.denied_prefixes).");
            assertThat(grace.page.locator("#dial-number")).hasValue("+1 900 555 1234");
            assertThat(grace.page.locator("#participants > li")).hasCount(1);
            dial(grace, "my mother");
            assertThat(grace.page.locator("#dial-problem"))
                    .containsText("That is no telephone number.");
            grace.leave();
        }
    }

    @Test
    void aRoleThatMayNotDialSeesNoPadAndIsRefusedByTheServer() {
        String url = bridge.url("/join/" + GUEST_CODE).toString();
        try (RoomPage hedy = RoomPage.open(chromium.pageWithTone(GRACE_HZ), url).join("Hedy")) {
            assertThat(hedy.page.locator("#mute")).isVisible();
            assertThat(hedy.page.locator("#dial-form")).isHidden();

            Object answer =
                    hedy.page.evaluate(
                            """
                            async ([code, to]) => {
                                const { join } = await import("/roomline.js");
                                const room = await join({ code, name: "By script", audio: false });
                                try {
                                    return ["dialled", await room.dial(to)];
                                } catch (error) {
                                    return [error.reason, error.message];
                                } finally {
                                    await room.leave();
                                }
                            }
                            """,
                            List.of(GUEST_CODE, "+15559990000"));

            assertThat((List<?>) answer).first().as("%s", answer).isEqualTo("not_allowed");
            assertThat(bridge.get("/v1/calls?limit=50").toString()).doesNotContain("15559990000");
            hedy.leave();
        }
    }
}
