package dev.roomline.sip.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.SipUri;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What UDP should not carry goes by TCP, and by UDP where there is no TCP: RFC 3261 §18.1.1. */
@Tag("RFC3261§18.1.1")
class LargeRequestTest {
    private final Carrier carrier = new Carrier();
    private final Bench bench = carrier.bench;

    private void placeLarge() {
        String sdp = "v=0\r\ns=" + "x".repeat(1300) + "\r\n";
        carrier.offer = new Body("application/sdp", sdp.getBytes(UTF_8));
        carrier.place(Carrier.FIRST);
    }

    private List<SipEffect.Send> invites() {
        return bench.sent.stream()
                .filter(send -> new String(send.bytes(), UTF_8).startsWith("INVITE "))
                .toList();
    }

    private void tcpRefused() {
        bench.handle(
                new SipInput.TransportFailed(
                        bench.sent.getLast().ticket(), Tried.Why.NOT_SENT, "connection refused"));
    }

    private void answered() {
        carrier.pickUp("a");
        carrier.bye();
        carrier.answer(bench.lastSent(), 200, "");
    }

    @Test
    void aLargeInviteGoesByTcpToTheSameAddressAndSaysSo() {
        placeLarge();
        assertThat(invites())
                .singleElement()
                .satisfies(
                        send -> {
                            assertThat(send.hop().transport()).isEqualTo(TransportKind.TCP);
                            assertThat(send.hop().remote()).isEqualTo(Carrier.FIRST.address());
                        });
        assertThat(Bench.header(carrier.invite(), "Via")).startsWith("SIP/2.0/TCP ");
        assertThat(Bench.header(carrier.invite(), "Contact")).contains(";transport=tcp");
    }

    @Test
    void whoServesNoTcpGetsItByUdpAndTheNextOneAtOnce() {
        placeLarge();
        String first = carrier.invite();
        tcpRefused();
        assertThat(invites())
                .extracting(send -> send.hop().transport())
                .containsExactly(TransportKind.TCP, TransportKind.UDP);
        assertThat(Bench.header(carrier.invite(), "Via")).startsWith("SIP/2.0/UDP ");
        assertThat(Bench.header(carrier.invite(), "Call-ID"))
                .isEqualTo(Bench.header(first, "Call-ID"));
        assertThat(Bench.header(carrier.invite(), "CSeq")).isEqualTo(Bench.header(first, "CSeq"));
        answered();
        assertThat(bench.last(ClientEvent.Answered.class).tried())
                .containsExactly(
                        new Tried(
                                "carrier.example",
                                new Target(TransportKind.TCP, Carrier.FIRST.address()),
                                Tried.Why.NOT_SENT,
                                "connection refused"));

        bench.advanceToMillis(bench.millis() + 60_000);
        carrier.place(Carrier.FIRST);
        assertThat(invites()).hasSize(3);
        assertThat(invites().getLast().hop().transport()).isEqualTo(TransportKind.UDP);

        // an hour later it is tried again
        answered();
        bench.advanceToMillis(bench.millis() + 3_600_000);
        carrier.place(Carrier.FIRST);
        assertThat(invites().getLast().hop().transport()).isEqualTo(TransportKind.TCP);
    }

    @Test
    void whereTheAddressSaysUdpItIsUdp() {
        carrier.ways =
                List.of(new SipUri("sip", null, "carrier.example", -1, Map.of("transport", "udp")));
        placeLarge();
        assertThat(invites())
                .extracting(send -> send.hop().transport())
                .containsExactly(TransportKind.UDP);
    }

    @Test
    void aSmallOneGoesByUdp() {
        carrier.place(Carrier.FIRST);
        assertThat(invites().getLast().hop().transport()).isEqualTo(TransportKind.UDP);
    }
}
