package dev.roomline.system;

import static dev.roomline.system.PlacedCalls.ANSWERED;
import static dev.roomline.system.PlacedCalls.TO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.system.PlacedCalls.Answer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A carrier that is known by its domain alone: NAPTR leads to SRV, SRV to two hosts. */
final class ServerLocationTest {
    private static final int FIRST = FreePorts.one();
    private static final int SECOND = FreePorts.one();
    private static final int DNS = FreePorts.one();

    private static final NameServer NAMES =
            new NameServer(
                    DNS,
                    """
                    carrier.test. 300 IN NAPTR 20 10 "s" "SIP+D2T" "" _sip._tcp.gw.carrier.test.
                    carrier.test. 300 IN NAPTR 10 10 "s" "SIP+D2U" "" _sip._udp.gw.carrier.test.
                    _sip._udp.gw.carrier.test. 300 IN SRV 2 100 %d b.carrier.test.
                    _sip._udp.gw.carrier.test. 300 IN SRV 1 0 %d a.carrier.test.
                    a.carrier.test. 300 IN A 127.0.0.1
                    b.carrier.test. 300 IN A 127.0.0.2
                    """
                            .formatted(SECOND, FIRST));

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("location")
                    .javaOption("-Ddns.server=127.0.0.1:" + DNS)
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: named, address: "carrier.test", options_ping: 0s, numbers: ["+15550100000"] }
                            """)
                    .set("calls.trace=all");

    private final PlacedCalls calls = new PlacedCalls(bridge);

    @AfterAll
    static void forgetNames() {
        NAMES.close();
    }

    @Test
    @Tag("RFC3263§4.1")
    @Tag("RFC3263§4.2")
    @Tag("RFC3263§4.3")
    @Tag("RFC2782§priority")
    void theNextHostIsCalledWhenTheFirstIsUnavailableAndTheNextCallBeginsThere() {
        try (Carrier first = Carrier.at("127.0.0.1", FIRST);
                Carrier second = Carrier.at("127.0.0.2", SECOND)) {
            CompletableFuture<Answer> asked = calls.placing("named", TO, ANSWERED);
            SipTrace.Message unheard = first.await("INVITE");
            assertThat(unheard.firstLine())
                    .isEqualTo("INVITE sip:+15551234567@carrier.test SIP/2.0");
            first.answer(unheard, "503 Service Unavailable");
            SipTrace.Message invite = second.await("INVITE");
            // the same request in another transaction
            assertThat(invite.firstLine()).isEqualTo(unheard.firstLine());
            assertThat(invite.header("Call-ID")).isEqualTo(unheard.header("Call-ID"));
            assertThat(invite.header("Via")).isNotEqualTo(unheard.header("Via"));
            second.answer(invite, "486 Busy Here");
            assertThat(asked.join().status()).isEqualTo(409);

            CompletableFuture<Answer> again = calls.placing("named", TO, ANSWERED);
            // who was unavailable is tried last for a while
            SipTrace.Message next = second.await("INVITE");
            second.answer(next, "486 Busy Here");
            assertThat(again.join().status()).isEqualTo(409);
            assertThat(next.header("Call-ID")).isNotEqualTo(invite.header("Call-ID"));
        }
    }
}
