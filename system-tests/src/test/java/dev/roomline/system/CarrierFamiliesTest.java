package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.system.PlacedCalls.Answer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A carrier whose name leads to addresses of both families, of which IPv6 is broken. */
final class CarrierFamiliesTest {
    private static final int PORT = FreePorts.one();
    private static final int DNS = FreePorts.one();
    private static final String TO = "+15551234567";

    private static final NameServer NAMES =
            new NameServer(
                    DNS,
                    """
                    dual.test. 300 IN AAAA ::1
                    dual.test. 300 IN A 127.0.0.1
                    """);

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("families")
                    .bind("127.0.0.1\", \"::1")
                    .javaOption("-Ddns.server=127.0.0.1:" + DNS)
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: dual, address: "dual.test:%d;transport=udp", options_ping: 0s, numbers: ["+15550100000"] }
                            """
                                    .formatted(PORT))
                    .set("calls.trace=all");

    private final PlacedCalls calls = new PlacedCalls(bridge);

    @AfterAll
    static void forgetNames() {
        NAMES.close();
    }

    @Test
    @Tag("RFC3263§4.3")
    void theOtherFamilyIsOfferedAnAddressThatItCanSendTo() {
        try (Carrier broken = Carrier.at("::1", PORT)) {
            assertTakesTheCall(
                    () -> assertThat(broken.await("INVITE").body()).contains("c=IN IP6 ::1"));
            // what said nothing is asked last
            assertTakesTheCall(() -> {});
            assertThat(broken.hearsNothing(Duration.ofMillis(100))).isTrue();
        }
    }

    /** The carrier at its IPv4 address answers and hangs up. */
    private void assertTakesTheCall(Runnable before) {
        try (SippRunner.Running sound =
                SippRunner.scenario("carrier-answers.xml", bridge.sipPort())
                        .localPort(PORT)
                        .start()) {
            CompletableFuture<Answer> asked = calls.placing("dual", TO, ", \"wait\": \"answered\"");
            before.run();
            Answer answer = asked.join();
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
            assertThat(calls.awaitEnd(answer.text("id"))).isEqualTo("hangup_callee");
            assertThat(sound.await().assertPassed().messages())
                    .contains("c=IN IP4 127.0.0.1")
                    .doesNotContain("IN IP6");
        }
    }
}
