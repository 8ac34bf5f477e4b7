package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A call to a phone that is reached by the road of its registration alone (RFC 5626 §5.3). */
class RegisteredPhoneTest {
    private static final Flow ROAD = Bench.TCP;

    private final Carrier carrier = new Carrier();
    private final Bench bench = carrier.bench;

    private void place(Flow road) {
        Envelope envelope = Envelope.to("sip:1000@10.0.0.2:5060", "<sip:room@192.0.2.1>");
        bench.command(
                new ClientCommand.Invite(
                        Carrier.CALL, envelope.over(road), List.of(), Carrier.SDP, null));
    }

    private Hop lastHop() {
        return bench.sent.getLast().hop();
    }

    @Test
    @Tag("RFC5626§5.3")
    void the_invite_goes_down_the_phones_connection_and_nothing_is_resolved() {
        place(ROAD);
        assertThat(bench.resolves).isEmpty();
        assertThat(carrier.invite()).startsWith("INVITE sip:1000@10.0.0.2:5060 SIP/2.0\r\n");
        assertThat(lastHop()).isEqualTo(new Hop(TransportKind.TCP, Bench.LOCAL, Bench.PEER, 7));
        bench.flow = ROAD;
        carrier.answer(
                carrier.invite(), 200, "b", "Contact: <sip:1000@10.0.0.2:5060>\r\n", "v=0\r\n");
        assertThat(bench.lastSent()).startsWith("ACK sip:1000@10.0.0.2:5060 SIP/2.0\r\n");
        assertThat(lastHop().connection()).isEqualTo(7);
        bench.command(
                new SipCommand.Bye(bench.last(ClientEvent.Answered.class).dialog(), List.of()));
        assertThat(bench.lastSent()).startsWith("BYE sip:1000@10.0.0.2:5060 SIP/2.0\r\n");
        assertThat(lastHop().connection()).isEqualTo(7);
    }

    @Test
    @Tag("RFC3261§9.1")
    void a_cancel_follows_the_same_road() {
        Flow road = new Flow(TransportKind.UDP, Bench.LOCAL, Bench.PEER, 0);
        place(road);
        carrier.answer(carrier.invite(), 180, "b", "Contact: <sip:1000@10.0.0.2:5060>\r\n", "");
        carrier.cancel();
        assertThat(bench.lastSent()).startsWith("CANCEL sip:1000@10.0.0.2:5060");
        assertThat(lastHop()).isEqualTo(new Hop(TransportKind.UDP, Bench.LOCAL, Bench.PEER, 0));
    }

    @Test
    void a_connection_that_is_gone_is_no_way_and_no_other_is_sought() {
        place(ROAD);
        bench.handle(new SipInput.TransportFailed(bench.sent.getLast().ticket()));
        assertThat(bench.last(ClientEvent.Unreachable.class).tried())
                .containsExactly(
                        new Tried(
                                "", new Target(TransportKind.TCP, Bench.PEER), Tried.Why.NOT_SENT));
        assertThat(bench.resolves).isEmpty();
        bench.advanceToMillis(300_000);
        bench.assertNothingLeft();
    }

    @Test
    void a_keep_alive_is_an_empty_line_that_no_ladder_shows() {
        InetSocketAddress phone = new InetSocketAddress("203.0.113.7", 61_000);
        bench.command(new SipCommand.KeepAlive(new Flow(TransportKind.UDP, Bench.LOCAL, phone, 0)));
        assertThat(bench.lastSent()).isEqualTo("\r\n\r\n");
        assertThat(lastHop().remote()).isEqualTo(phone);
        assertThat(bench.sent.getLast().ticket()).isZero();
        bench.assertNothingLeft();
    }

    @Test
    void under_overload_registers_are_let_in_by_the_same_share_as_calls() {
        Bench busy =
                new Bench(
                        EndpointSettings.of("Roomline/0.1.0", Flow::local)
                                .serving(List.of("INVITE", "ACK", "REGISTER")));
        busy.endpoint.admit(0, 0);
        busy.receive(
                "REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5062"
                        + ";branch=z9hG4bK1\r\nFrom: <sip:a@example.com>;tag=1\r\n"
                        + "To: <sip:a@example.com>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n"
                        + "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n");
        assertThat(busy.lastSent()).startsWith("SIP/2.0 503 ");
        assertThat(Bench.header(busy.lastSent(), "Retry-After")).isNotEmpty();
        busy.assertNothingLeft();
    }
}
