package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Phones that are found by ICE: baresip's, by sound. */
final class IceCallTest {
    private static final double ADA_HZ = 437;
    private static final double BOB_HZ = 661;
    private static final BridgeProcess bridge =
            BridgeProcess.named("ice").bind("0.0.0.0").section("calls", "calls: { trace: all }");
    private static OwnNetwork network;

    @BeforeAll
    static void start() {
        network = new OwnNetwork();
        bridge.start();
    }

    @AfterAll
    static void stop() {
        try {
            assertThat(bridge.stop()).isZero();
        } finally {
            bridge.close();
            network.close();
        }
    }

    /** The others are heard only if ICE was: what it describes is where it is. */
    @ParameterizedTest
    @ValueSource(strings = {"", "srtp-mand", "dtls_srtp"})
    @Tag("RFC8445§12.1")
    void aPhoneThatOffersIceIsHeardByThePairThatItNominated(String encryption) {
        try (Baresip ada =
                        Baresip.byIce(
                                        Baresip.Phone.of(bridge, Codec.PCMU, ADA_HZ),
                                        network.address(),
                                        encryption)
                                .call(uri());
                Baresip bob =
                        Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, BOB_HZ))
                                .call(bridge.sipUri(BridgeProcess.ROOM_CODE))) {
            hears(bob, ADA_HZ, BOB_HZ);
            hears(ada, BOB_HZ, ADA_HZ);

            List<JsonNode> calls =
                    bridge.get("/v1/calls?state=answered").path("items").valueStream().toList();
            assertThat(calls).hasSize(2);
            List<String> traces =
                    calls.stream()
                            .map(call -> "/v1/calls/" + call.path("id").asString("") + "/trace")
                            .map(path -> bridge.get(path).toString())
                            .toList();
            assertThat(traces)
                    .as("one by ICE, the other as ever")
                    .anySatisfy(
                            trace ->
                                    assertThat(trace)
                                            .contains("the pair that it nominated by ICE")
                                            .contains("a=ice-lite")
                                            .contains(" " + network.address() + " ")
                                            .doesNotContain("a=ice-mismatch"))
                    .anySatisfy(
                            trace ->
                                    assertThat(trace)
                                            .contains("the address and port that its SDP names")
                                            .doesNotContain("a=ice"));
            ada.hangUp();
            bob.hangUp();
        }
    }

    private static String uri() {
        return "sip:" + BridgeProcess.ROOM_CODE + "@" + network.address() + ":" + bridge.sipPort();
    }

    private static void hears(Baresip listener, double hertz, double ownHertz) {
        AudioMeasure.Tones heard = Ears.whenHeard(listener::listen, hertz, ownHertz);
        assertThat(heard.levelDbfs(hertz)).isGreaterThan(Baresip.TONE_DBFS - 3);
        assertThat(heard.levelDbfs(ownHertz)).isLessThan(-50);
    }
}
