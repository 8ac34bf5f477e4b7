package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A machine that lacks libopus: one line says what that costs, and calls sound as they should. */
final class WithoutLibopusTest {
    private static final double ADA_HZ = 440;
    private static final double BOB_HZ = 700;

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("without-libopus").javaOption("-Droomline.libopus=/nowhere/at/all");

    @Test
    void anOpusPhoneAndAnotherHearEachOtherByJavasOwnOpus() {
        assertThat(bridge.log().lines().filter(line -> line.contains("opus=concentus")))
                .singleElement()
                .satisfies(
                        line ->
                                assertThat(line)
                                        .contains("WARN", "2 to 8 times more", "install libopus0"));
        try (Baresip ada = phone(Codec.OPUS, ADA_HZ);
                Baresip bob = phone(Codec.PCMU, BOB_HZ)) {
            assertHears(Ears.whenHeard(ada::listen, BOB_HZ, ADA_HZ), BOB_HZ);
            assertHears(Ears.whenHeard(bob::listen, ADA_HZ, BOB_HZ), ADA_HZ);
            ada.hangUp();
            bob.hangUp();
        }
    }

    private static void assertHears(AudioMeasure.Tones heard, double hertz) {
        assertThat(heard.levelDbfs(hertz))
                .as("%s", heard)
                .isCloseTo(Baresip.TONE_DBFS, within(3.0));
        assertThat(heard.snrDb()).as("%s", heard).isGreaterThan(20);
    }

    private static Baresip phone(Codec codec, double toneHertz) {
        return Baresip.start(Baresip.Phone.of(bridge, codec, toneHertz))
                .call(bridge.sipUri(BridgeProcess.ROOM_CODE));
    }
}
