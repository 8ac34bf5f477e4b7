package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.roomline.system.PlacedCalls.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * Calls by G.722: what is above a telephone's band is heard by those who can, and by them alone.
 */
final class WideCallTest {
    private static final double HIGH = 5_003;

    /** Where the high tone would be at 8 kHz without a filter before it. */
    private static final double IMAGE = 8_000 - HIGH;

    private static final double MIDDLE = 1_009;
    private static final double LOW = 437;
    private static final double OTHER = 661;
    private static final double NOT_HEARD_DBFS = Baresip.TONE_DBFS - 50;
    private static final int CARRIER = FreePorts.one();

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("wide")
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: wide, address: "127.0.0.1:%d", options_ping: 0s, codecs: [g722, pcma], numbers: ["+15550100000"] }
                            """
                                    .formatted(CARRIER))
                    .set("calls.trace=all");

    private static Baresip phone(Codec codec, double hertz) {
        return Baresip.start(Baresip.Phone.of(bridge, codec, hertz))
                .call(bridge.sipUri(BridgeProcess.ROOM_CODE));
    }

    private static void hears(AudioMeasure.Tones heard, double... hertz) {
        System.out.println(heard);
        for (double each : hertz) {
            assertThat(heard.levelDbfs(each))
                    .as("%s Hz in: %s", each, heard)
                    .isCloseTo(Baresip.TONE_DBFS, within(3.0));
        }
    }

    private static void hearsNothingOf(AudioMeasure.Tones heard, double hertz) {
        assertThat(heard.levelDbfs(hertz))
                .as("%s Hz in: %s", hertz, heard)
                .isLessThan(NOT_HEARD_DBFS);
    }

    @Test
    void fiveKilohertzPassFromG722ToG722AndOpusAndNotToPcmu() {
        try (Baresip ada = phone(Codec.G722, HIGH);
                Baresip bob = phone(Codec.G722, MIDDLE)) {
            AudioMeasure.Tones byAda = Ears.whenHeard(ada::listen, MIDDLE, HIGH);
            AudioMeasure.Tones byBob = Ears.whenHeard(bob::listen, HIGH, MIDDLE);
            hears(byAda, MIDDLE);
            hearsNothingOf(byAda, HIGH);
            assertThat(byAda.snrDb()).isGreaterThan(30);
            hears(byBob, HIGH);
            hearsNothingOf(byBob, MIDDLE);
            assertThat(byBob.snrDb()).isGreaterThan(15);

            try (Baresip carol = phone(Codec.PCMU, LOW);
                    Baresip dan = phone(Codec.OPUS, OTHER)) {
                AudioMeasure.Tones byCarol = Ears.whenHeard(carol::listen, MIDDLE, OTHER, IMAGE);
                hears(byCarol, MIDDLE, OTHER);
                hearsNothingOf(byCarol, IMAGE);
                hears(Ears.whenHeard(dan::listen, MIDDLE, LOW, HIGH, OTHER), MIDDLE, LOW, HIGH);
                hears(Ears.whenHeard(bob::listen, HIGH, LOW, OTHER, MIDDLE), HIGH, LOW, OTHER);
                dan.hangUp();
                carol.hangUp();
            }

            ada.hold(true);
            hearsNothingOf(Ears.whenSilent(bob::listen, HIGH), HIGH);
            ada.hold(false);
            hears(Ears.whenHeard(bob::listen, HIGH, MIDDLE), HIGH);
            ada.hangUp();
            bob.hangUp();
        }
    }

    @Test
    void aTrunkIsOfferedItsOwnCodecsInItsOwnOrder() {
        Baresip.Phone far = Baresip.Phone.of(bridge, Codec.G722, HIGH);
        try (Baresip callee = Baresip.answering(far, CARRIER);
                Baresip ada = phone(Codec.G722, MIDDLE)) {
            Answer answer =
                    new PlacedCalls(bridge)
                            .place("wide", "sip:alice@127.0.0.1", ", \"wait\": \"answered\"");
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);

            hears(Ears.whenHeard(ada::listen, HIGH, MIDDLE), HIGH);
            hears(Ears.whenHeard(callee::listen, MIDDLE, HIGH), MIDDLE);

            String call = answer.text("id");
            JsonNode codecs = bridge.get("/v1/calls/" + call).get("codecs");
            assertThat(codecs.get("sent").asString()).isEqualTo("G722");
            assertThat(codecs.get("received").asString()).isEqualTo("G722");
            assertThat(bridge.get("/v1/calls/" + call + "/trace").toString())
                    .contains("we offer G722/8000, PCMA/8000, telephone-event/8000;");
            callee.hangUp();
            ada.hangUp();
        }
    }
}
