package dev.roomline.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people see on the room page, in the words and marks that it shows them. */
final class RoomPageTest {
    private static final double GRACE_HZ = 1009;
    private static final double HEDY_HZ = 1511;

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("room-page");

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-100ms-Display-Name | J%C3%B6rg%20%E2%98%8E%20M%C3%BCller | Jörg ☎ Müller",
                "X-Roomline-Display-Name | Reception desk | Reception desk",
                "X-100ms-Display-Name | <img src=x onerror=alert(1)> | <img src=x onerror=alert(1)>",
                "X-100ms-Display-Name | %3Cscript%3Ealert(1)%3C/script%3E | <script>alert(1)</script>",
                "X-Other | none | +1 ••• ••• 0123",
            })
    void aPhoneIsShownByTheNameInItsHeadersAndAsText(String header, String value, String shown) {
        try (RoomPage grace = RoomPage.open(chromium, bridge, GRACE_HZ).join("Grace");
                SippRunner.Running call =
                        SippRunner.scenario("named-caller.xml", bridge.sipPort())
                                .dial(BridgeProcess.ROOM_CODE)
                                .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD)
                                .key("name_header", header)
                                .key("name_value", value)
                                .start()) {
            Locator phone = grace.awaitParticipant(shown);

            assertThat(phone).hasAttribute("data-kind", "phone");
            assertThat(grace.page.locator("#participants img, #participants script")).hasCount(0);
            assertThat(grace.page.content()).doesNotContain("5550100123");
            assertThat(grace.complaints()).as("dialogs, script errors").isEmpty();

            phone.waitFor();
            bridge.removeEverybody("phone");
            grace.awaitAbsent(shown);
            call.await().assertPassed();
            grace.leave();
        }
    }

    @Test
    void whoComesSpeaksMutesAndLeavesIsSeenByTheOthers() {
        try (RoomPage grace = RoomPage.open(chromium, bridge, GRACE_HZ).join("Grace")) {
            try (RoomPage hedy = RoomPage.open(chromium, bridge, HEDY_HZ).join("Hedy")) {
                Locator hedyAsSeen = grace.awaitParticipant("Hedy");
                assertThat(hedyAsSeen).hasAttribute("data-kind", "browser");
                assertThat(hedyAsSeen).hasAttribute("data-talking", "true");

                hedy.mute();
                assertThat(hedyAsSeen).hasAttribute("data-muted", "true");
                assertThat(hedyAsSeen).hasAttribute("data-talking", "false");
                assertThat(hedy.page.locator("#mute")).hasAttribute("aria-pressed", "true");
                assertThat(grace.page.locator("#participants > li[data-self=true] .name"))
                        .hasText("Grace");
                AudioMeasure.Tones heard = Ears.whenSilent(grace::listen, HEDY_HZ);
                assertThat(heard.levelDbfs(HEDY_HZ)).isLessThan(-60);

                hedy.page.keyboard().press("m");
                assertThat(hedyAsSeen).hasAttribute("data-muted", "false");
                assertThat(hedyAsSeen).hasAttribute("data-talking", "true");

                hedy.leave();
                assertThat(hedy.page.locator("#ended")).hasAttribute("data-reason", "left");
                grace.awaitAbsent("Hedy");
            }
            grace.leave();
            assertThat(grace.complaints()).isEmpty();
        }
    }

    @Test
    void whoClosesTheTabIsGoneForTheOthers() {
        try (RoomPage grace = RoomPage.open(chromium, bridge, GRACE_HZ).join("Grace")) {
            RoomPage hedy = RoomPage.open(chromium, bridge, HEDY_HZ).join("Hedy");
            grace.awaitParticipant("Hedy");
            hedy.page.navigate("about:blank");
            grace.awaitAbsent("Hedy");
            hedy.close();
            grace.leave();
        }
    }

    @Test
    void whoIsRemovedByTheApplicationIsToldSo() {
        try (RoomPage grace = RoomPage.open(chromium, bridge, GRACE_HZ).join("Grace")) {
            bridge.removeEverybody("browser");
            assertThat(grace.page.locator("#ended")).hasAttribute("data-reason", "removed");
            assertThat(grace.page.locator("#ended-title"))
                    .hasText("You were removed from the room");
        }
    }

    @Test
    void aDroppedSocketIsResumedAndNobodyElseNotices() {
        try (CutProxy proxy = new CutProxy(bridge.url("/").getPort());
                RoomPage grace = RoomPage.open(chromium, bridge, GRACE_HZ).join("Grace");
                RoomPage hedy =
                        RoomPage.open(
                                        chromium.pageWithTone(HEDY_HZ),
                                        "http://localhost:%d/join/%s"
                                                .formatted(proxy.port(), BridgeProcess.ROOM_CODE))
                                .join("Hedy")) {
            String before = grace.awaitParticipant("Hedy").getAttribute("data-id");

            proxy.cut();
            hedy.page.locator("body[data-connection=reconnecting]").waitFor();
            hedy.page.locator("body[data-connection=connected]").waitFor();

            hedy.mute();
            Locator hedyAsSeen = grace.awaitParticipant("Hedy");
            assertThat(hedyAsSeen).hasAttribute("data-muted", "true");
            assertThat(hedyAsSeen).hasAttribute("data-id", String.valueOf(before));
            assertThat(grace.page.locator("#announcements")).not().containsText("Hedy left");
            hedy.leave();
            grace.awaitAbsent("Hedy");
            grace.leave();
        }
    }

    @Test
    void aChangeOfNetworkRestartsIceAndTheSoundGoesOn() {
        try (RoomPage grace = RoomPage.open(chromium, bridge, GRACE_HZ).join("Grace");
                RoomPage hedy = RoomPage.open(chromium, bridge, HEDY_HZ).join("Hedy")) {
            String before = remoteUfrag(hedy.page);

            hedy.page.evaluate("() => dispatchEvent(new Event('online'))");
            hedy.page.waitForCondition(() -> !remoteUfrag(hedy.page).equals(before));

            AudioMeasure.Tones byGrace = Ears.whenHeard(grace::listen, HEDY_HZ, GRACE_HZ);
            AudioMeasure.Tones byHedy = Ears.whenHeard(hedy::listen, GRACE_HZ, HEDY_HZ);
            assertThat(byGrace.levelDbfs(HEDY_HZ)).isGreaterThan(RoomPage.TONE_DBFS - 3);
            assertThat(byHedy.levelDbfs(GRACE_HZ)).isGreaterThan(RoomPage.TONE_DBFS - 3);
            assertThat(hedy.page.locator("body")).hasAttribute("data-connection", "connected");
            hedy.leave();
            grace.leave();
        }
    }

    private static String remoteUfrag(Page page) {
        return String.valueOf(
                page.evaluate(
                        "() => earConnections[0].remoteDescription.sdp.match(/ice-ufrag:(.*)/)[1]"));
    }

    @Test
    void anUnknownCodeIsExplainedAndTheNameIsKept() {
        String url = bridge.url("/join/zzz-zzzz-zzz").toString();
        try (RoomPage page = RoomPage.open(chromium.pageWithTone(GRACE_HZ), url)) {
            page.page.locator("#name").fill("Grace");
            page.page.locator("#join").click();

            assertThat(page.problem()).isEqualTo("unknown_room");
            assertThat(page.page.locator("#problem")).containsText("No room answers to this code");
            page.page.reload();
            assertThat(page.page.locator("#name")).hasValue("Grace");
        }
    }

    @Test
    void whoRefusesTheMicrophoneIsToldHowAndMayStillListen() {
        String url = bridge.url("/join/" + BridgeProcess.ROOM_CODE).toString();
        try (RoomPage page = RoomPage.open(chromium.page(false), url);
                RoomPage hedy = RoomPage.open(chromium, bridge, HEDY_HZ).join("Hedy")) {
            page.page.locator("#name").fill("Grace");
            page.page.locator("#join").click();
            assertThat(page.problem()).isEqualTo("microphone_refused");

            page.listen("Grace");

            AudioMeasure.Tones heard = Ears.whenHeard(page::listen, HEDY_HZ, GRACE_HZ);
            assertThat(heard.levelDbfs(HEDY_HZ)).isGreaterThan(RoomPage.TONE_DBFS - 3);
            hedy.awaitParticipant("Grace");
            page.leave();
            hedy.leave();
        }
    }

    @Test
    void aMachineWithoutMicrophoneIsToldSo() {
        String url = bridge.url("/join/" + BridgeProcess.ROOM_CODE).toString();
        try (Chromium deaf = Chromium.launchWithoutMicrophone();
                RoomPage page = RoomPage.open(deaf.page(true), url)) {
            page.page.locator("#join").click();
            assertThat(page.problem()).isEqualTo("microphone_missing");
        }
    }

    @Test
    void aPageThatIsNotSecureOffersToListen() {
        String url =
                "http://%s:%d/join/%s"
                        .formatted(
                                Chromium.INSECURE_HOST,
                                bridge.url("/").getPort(),
                                BridgeProcess.ROOM_CODE);
        try (RoomPage page = RoomPage.open(chromium.page(true), url);
                RoomPage hedy = RoomPage.open(chromium, bridge, HEDY_HZ).join("Hedy")) {
            assertThat(page.problem()).isEqualTo("insecure");
            assertThat(page.page.locator("#join")).isHidden();

            page.listen("Grace");

            AudioMeasure.Tones heard = Ears.whenHeard(page::listen, HEDY_HZ, GRACE_HZ);
            assertThat(heard.levelDbfs(HEDY_HZ)).isGreaterThan(RoomPage.TONE_DBFS - 3);
            page.leave();
            hedy.leave();
        }
    }

    @Test
    void theStartPageLeadsToTheRoom() {
        try (RoomPage start =
                RoomPage.open(chromium.page(true), bridge.url("/join/x").toString())) {
            Page page = start.page;
            page.navigate(bridge.url("/").toString());
            assertThat(page.locator("#health")).hasText("Ready for calls");
            assertThat(page.locator("#sip"))
                    .hasText("sip:abc-defg-hij@localhost:" + bridge.sipPort());
            page.locator("#code").fill(BridgeProcess.ROOM_CODE);
            page.locator("#open").click();
            page.waitForURL("**/join/" + BridgeProcess.ROOM_CODE);
            assertThat(start.complaints()).isEmpty();
        }
    }
}
