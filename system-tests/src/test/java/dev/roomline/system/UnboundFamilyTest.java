package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roomline.system.PlacedCalls.Answer;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A carrier at an address of a family of which the server has none. */
final class UnboundFamilyTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1, [::1], ::1, IPv6", "::1, 127.0.0.1, 127.0.0.1, IPv4"})
    void theCallAndTheTrunkSaySo(String bound, String carrier, String called, String family) {
        int port = FreePorts.one();
        BridgeProcess bridge =
                BridgeProcess.named("unbound")
                        .bind(bound)
                        .section(
                                "trunks",
                                """
                                trunks:
                                  - { id: udp, address: "%1$s:%2$d", options_ping: 1s, numbers: ["+15550100000"] }
                                  - { id: tcp, address: "%1$s:%2$d;transport=tcp", options_ping: 1s, numbers: ["+15550100000"] }
                                """
                                        .formatted(carrier, port));
        bridge.start();
        try {
            PlacedCalls calls = new PlacedCalls(bridge);
            for (String trunk : new String[] {"udp", "tcp"}) {
                Answer answer = calls.place(trunk, "+15551234567", ", \"wait\": \"answered\"");
                assertThat(answer.status()).isEqualTo(502);
                assertThat(answer.text("detail"))
                        .isEqualTo(
                                "%s is called, and network.bind has no %s address to call it from.",
                                called, family);
                calls.assertListed(answer, "carrier_unreachable", "us");
                await("the trunk to be down")
                        .atMost(Duration.ofSeconds(15))
                        .untilAsserted(
                                () ->
                                        assertThat(
                                                        bridge.get("/v1/trunks/" + trunk)
                                                                .path("last_error")
                                                                .asString(""))
                                                .contains(
                                                        "no " + family + " address is bound here"));
            }
            assertThat(bridge.stop()).isZero();
        } finally {
            bridge.close();
        }
    }
}
