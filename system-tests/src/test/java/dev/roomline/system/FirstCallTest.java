package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The product's main job: phones and browsers in one room hear one another, tones in and measures
 * out. Nobody hears oneself.
 */
final class FirstCallTest {
    private static final double ADA_HZ = 437;
    private static final double BOB_HZ = 661;
    private static final double GRACE_HZ = 1009;
    private static final double HEDY_HZ = 1511;

    /** Where the sound is coded anew by Opus on the way, its own distortion is the limit. */
    private static final double OPUS_SNR_DB = 25;

    private static final double LINEAR_SNR_DB = 30;
    private static final double OWN_TONE_DB = -50;

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("first-call");

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
    @EnumSource(Codec.class)
    void aPhoneAndABrowserHearEachOther(Codec codec) {
        try (RoomPage grace = RoomPage.open(chromium, bridge, GRACE_HZ).join("Grace");
                Baresip ada = phone(codec, ADA_HZ)) {
            grace.awaitParticipant("Ada Lovelace");

            AudioMeasure.Tones heardByPhone = hear(ada, GRACE_HZ, ADA_HZ);
            AudioMeasure.Tones heardByBrowser = hear(grace, ADA_HZ, GRACE_HZ);

            assertHears(heardByPhone, GRACE_HZ, OPUS_SNR_DB);
            assertSilent(heardByPhone, ADA_HZ);
            assertHears(heardByBrowser, ADA_HZ, OPUS_SNR_DB);
            assertSilent(heardByBrowser, GRACE_HZ);

            ada.hangUp();
            grace.awaitAbsent("Ada Lovelace");
            grace.leave();
            assertThat(grace.complaints()).isEmpty();
        }
    }

    @Test
    void twoPhonesHearEachOtherWithNothingLostInBetween() {
        try (Baresip ada = phone(Codec.PCMU, ADA_HZ);
                Baresip bob = phone(Codec.PCMA, BOB_HZ)) {
            AudioMeasure.Tones heardByAda = hear(ada, BOB_HZ, ADA_HZ);
            AudioMeasure.Tones heardByBob = hear(bob, ADA_HZ, BOB_HZ);

            assertHears(heardByAda, BOB_HZ, LINEAR_SNR_DB);
            assertSilent(heardByAda, ADA_HZ);
            assertHears(heardByBob, ADA_HZ, LINEAR_SNR_DB);
            assertSilent(heardByBob, BOB_HZ);
            ada.hangUp();
            bob.hangUp();
        }
    }

    @Test
    void twoBrowsersHearEachOther() {
        try (RoomPage grace = RoomPage.open(chromium, bridge, GRACE_HZ).join("Grace");
                RoomPage hedy = RoomPage.open(chromium, bridge, HEDY_HZ).join("Hedy")) {
            AudioMeasure.Tones heardByGrace = hear(grace, HEDY_HZ, GRACE_HZ);
            assertHears(heardByGrace, HEDY_HZ, OPUS_SNR_DB);
            assertSilent(heardByGrace, GRACE_HZ);
            AudioMeasure.Tones heardByHedy = hear(hedy, GRACE_HZ, HEDY_HZ);
            assertHears(heardByHedy, GRACE_HZ, OPUS_SNR_DB);
            assertSilent(heardByHedy, HEDY_HZ);
            grace.leave();
            hedy.leave();
        }
    }

    @Test
    void ofTwoBrowsersAndTwoPhonesEverybodyHearsTheOtherThree() {
        try (RoomPage grace = RoomPage.open(chromium, bridge, GRACE_HZ).join("Grace");
                RoomPage hedy = RoomPage.open(chromium, bridge, HEDY_HZ).join("Hedy");
                Baresip ada = phone(Codec.PCMU, ADA_HZ);
                Baresip bob = phone(Codec.OPUS, BOB_HZ)) {
            assertHearsOthers(hear(ada, BOB_HZ, GRACE_HZ, HEDY_HZ, ADA_HZ), ADA_HZ);
            assertHearsOthers(hear(bob, ADA_HZ, GRACE_HZ, HEDY_HZ, BOB_HZ), BOB_HZ);
            assertHearsOthers(hear(grace, ADA_HZ, BOB_HZ, HEDY_HZ, GRACE_HZ), GRACE_HZ);
            assertHearsOthers(hear(hedy, ADA_HZ, BOB_HZ, GRACE_HZ, HEDY_HZ), HEDY_HZ);
            assertThat(grace.names()).hasSize(4);

            ada.hangUp();
            bob.hangUp();
            grace.leave();
            hedy.leave();
        }
    }

    private static Baresip phone(Codec codec, double toneHertz) {
        return Baresip.start(Baresip.Phone.of(bridge, codec, toneHertz))
                .call(bridge.sipUri(BridgeProcess.ROOM_CODE));
    }

    /** Two seconds, once the first of the tones is there: until then media may be starting. */
    private static AudioMeasure.Tones hear(Baresip phone, double... hertz) {
        return Ears.whenHeard(phone::listen, hertz);
    }

    private static AudioMeasure.Tones hear(RoomPage page, double... hertz) {
        return Ears.whenHeard(page::listen, hertz);
    }

    private static void assertHears(AudioMeasure.Tones heard, double hertz, double snrDb) {
        assertThat(heard.levelDbfs(hertz))
                .as("level of %s Hz in: %s", hertz, heard)
                .isCloseTo(Baresip.TONE_DBFS, within(3.0));
        assertThat(heard.snrDb()).as("%s", heard).isGreaterThanOrEqualTo(snrDb);
    }

    private static void assertSilent(AudioMeasure.Tones heard, double ownHertz) {
        assertThat(heard.levelDbfs(ownHertz))
                .as("own tone in: %s", heard)
                .isLessThanOrEqualTo(Baresip.TONE_DBFS + OWN_TONE_DB);
    }

    private static void assertHearsOthers(AudioMeasure.Tones heard, double ownHertz) {
        for (double hertz : heard.hertz()) {
            if (hertz != ownHertz) {
                assertThat(heard.levelDbfs(hertz))
                        .as("level of %s Hz in: %s", hertz, heard)
                        .isCloseTo(Baresip.TONE_DBFS, within(3.0));
            }
        }
        assertSilent(heard, ownHertz);
    }
}
