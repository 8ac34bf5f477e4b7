package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * A phone whose Contact is its private address: our BYE must go where its INVITE came from, since
 * there is no way to what it tells (the contract's in-dialog rule).
 */
final class NatPhoneTest {
    private static NatNetwork network;

    @BeforeAll
    static void buildNetwork() {
        network = new NatNetwork();
    }

    @AfterAll
    static void removeNetwork() {
        network.close();
    }

    @ParameterizedTest
    @CsvSource({"udp,api", "tcp,api", "udp,sigterm", "tcp,sigterm"})
    void ourByeReachesThePhone(String transport, String by) {
        BridgeProcess bridge = BridgeProcess.named("nat").bind("0.0.0.0");
        bridge.start();
        boolean stopped = false;
        SippRunner sipp =
                SippRunner.scenario("call-hung-up-by-us.xml", bridge.sipPort())
                        .inNamespace(
                                network.phoneNamespace(),
                                NatNetwork.PHONE_ADDRESS,
                                network.serverAddress())
                        .dial(BridgeProcess.ROOM_CODE)
                        .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD);
        try (SippRunner.Running running =
                (transport.equals("tcp") ? sipp.overTcp() : sipp).start()) {
            String call = awaitAnswered(bridge);
            if (by.equals("api")) {
                assertThat(
                                bridge.send(bridge.request("/v1/calls/" + call).DELETE().build())
                                        .statusCode())
                        .isEqualTo(204);
            } else {
                stopped = true;
                assertThat(bridge.stop()).as("a call was cut").isEqualTo(3);
            }
            SipTrace trace = SipTrace.ofSipp(running.await().assertPassed().messages());

            assertThat(trace.requests("BYE")).isNotEmpty();
            assertThat(trace.messages().getFirst().header("Contact"))
                    .as("what the phone told")
                    .contains(NatNetwork.PHONE_ADDRESS);
            SipTrace.Message answer = trace.responses(200).getFirst();
            assertThat(answer.header("Via"))
                    .as("where it came from (RFC 3581)")
                    .contains("received=" + network.natAddress())
                    .matches(".*rport=45\\d\\d\\d.*");
            assertThat(answer.header("Contact")).contains(network.serverAddress());
            assertThat(answer.body()).contains("c=IN IP4 " + network.serverAddress());
        } finally {
            if (!stopped) {
                bridge.stop();
            }
        }
    }

    private static String awaitAnswered(BridgeProcess bridge) {
        await().atMost(Duration.ofSeconds(10)).until(() -> !answered(bridge).isEmpty());
        return answered(bridge).getFirst().get("id").asString();
    }

    private static List<JsonNode> answered(BridgeProcess bridge) {
        return bridge.get("/v1/calls?state=answered").get("items").valueStream().toList();
    }
}
