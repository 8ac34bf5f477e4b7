package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.system.DualStackNetwork.Family;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Browsers on IPv6 alone, and on both families of which one is blocked, in a room with a phone on
 * IPv6.
 */
final class BrowserFamiliesTest {
    private static final double ADA_HZ = 437;
    private static final double GRACE_HZ = 1009;

    /** The addresses of the pair that was chosen, the browser's own first. */
    private static final String CHOSEN_PAIR =
            """
            async () => {
              const stats = await window.earConnections[0].getStats();
              const transport = [...stats.values()].find((each) => each.type === "transport");
              const pair = stats.get(transport.selectedCandidatePairId);
              return [pair.localCandidateId, pair.remoteCandidateId].map((id) => stats.get(id).address).join(" ");
            }
            """;

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("families")
                    .bind("0.0.0.0\", \"::")
                    .section("calls", "calls: { trace: all }");

    @SuppressWarnings("NullAway.Init")
    private DualStackNetwork network;

    @BeforeEach
    void buildNetwork() {
        network = new DualStackNetwork();
    }

    @AfterEach
    void removeNetwork() {
        network.close();
    }

    @Test
    void aBrowserOnIpv6AloneHearsAPhoneOnIpv6AndIsHeardByIt() {
        network.leaveIpv6Alone();
        hearEachOtherOver(Family.IPV6);
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void ofBothFamiliesTheOneThatIsNotBlockedIsChosen(Family open) {
        Family blocked = open == Family.IPV4 ? Family.IPV6 : Family.IPV4;
        network.block(blocked, bridge.webrtcPort(), bridge.webrtcPort() + 3);
        hearEachOtherOver(open);
    }

    private void hearEachOtherOver(Family family) {
        String origin = "http://" + host(family) + ":" + bridge.httpPort();
        try (Chromium chromium = Chromium.launchIn(network.namespace(), origin);
                RoomPage grace =
                        RoomPage.open(
                                        chromium.pageWithTone(GRACE_HZ),
                                        origin + "/join/" + BridgeProcess.ROOM_CODE)
                                .join("Grace");
                Baresip ada = phone()) {
            grace.awaitParticipant("Ada Lovelace");
            hears(Ears.whenHeard(ada::listen, GRACE_HZ, ADA_HZ), GRACE_HZ, ADA_HZ);
            hears(Ears.whenHeard(grace::listen, ADA_HZ, GRACE_HZ), ADA_HZ, GRACE_HZ);

            assertThat(offeredTo(grace)).contains(address(Family.IPV4), address(Family.IPV6));
            assertThat(grace.page.evaluate(CHOSEN_PAIR))
                    .isEqualTo(network.peopleAddress(family) + " " + address(family));
            assertThat(grace.complaints()).isEmpty();
            phoneIsDescribedOverIpv6();
            ada.hangUp();
            grace.leave();
        }
    }

    private Baresip phone() {
        return Baresip.in(
                        network.namespace(),
                        network.peopleAddress(Family.IPV6),
                        Baresip.Phone.of(bridge, Codec.PCMU, ADA_HZ))
                .call(
                        "sip:%s@%s:%d"
                                .formatted(
                                        BridgeProcess.ROOM_CODE,
                                        host(Family.IPV6),
                                        bridge.sipPort()));
    }

    private void phoneIsDescribedOverIpv6() {
        String id =
                bridge.get("/v1/calls?state=answered").path("items").get(0).path("id").asString();
        assertThat(bridge.get("/v1/calls/" + id + "/trace").toString())
                .contains("c=IN IP6 " + network.peopleAddress(Family.IPV6) + "\\r\\n")
                .contains("c=IN IP6 " + address(Family.IPV6) + "\\r\\n")
                .doesNotContain("IN IP4");
    }

    private String address(Family family) {
        return network.serverAddress(family);
    }

    private String host(Family family) {
        return family == Family.IPV6 ? "[" + address(family) + "]" : address(family);
    }

    private static List<String> offeredTo(RoomPage page) {
        String description =
                (String) page.page.evaluate("() => earConnections[0].remoteDescription.sdp");
        return description
                .lines()
                .filter(line -> line.startsWith("a=candidate:"))
                .map(line -> line.split(" ")[4])
                .toList();
    }

    private static void hears(AudioMeasure.Tones heard, double hertz, double ownHertz) {
        assertThat(heard.levelDbfs(hertz)).isGreaterThan(Baresip.TONE_DBFS - 3);
        assertThat(heard.levelDbfs(ownHertz)).isLessThan(-50);
    }
}
