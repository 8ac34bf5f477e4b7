package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where our BYE goes, and how it is written: RFC 3261 §12.2.1.1 and phones behind NAT. */
class InDialogRoadTest {
    private final Bench bench = new Bench();
    private final Phone phone = new Phone();

    private void hangUp() {
        bench.receive(phone.invite(1, "i1"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        bench.receive(phone.inDialog("ACK", 1, "a1", Phone.tagOf(bench.sent("SIP/2.0 200"))));
        bench.command(
                new SipCommand.Bye(bench.last(SipEvent.InviteReceived.class).dialog(), List.of()));
    }

    private String road() {
        Hop hop = bench.sent.getLast().hop();
        InetSocketAddress to = hop.remote();
        return hop.transport()
                + " "
                + to.getAddress().getHostAddress()
                + ":"
                + to.getPort()
                + (hop.connection() == 0 ? "" : " #" + hop.connection());
    }

    @ParameterizedTest(name = "Contact {0} over {1}: {2}")
    @CsvSource({
        "sip:a@192.0.2.77:5070, UDP, UDP 192.0.2.77:5070",
        "sip:a@192.0.2.9, UDP, UDP 192.0.2.9:5060",
        "sip:a@10.0.0.5:5060, UDP, UDP 192.0.2.9:5062",
        "sip:a@192.168.1.5:5060, UDP, UDP 192.0.2.9:5062",
        "sip:a@172.25.0.1, UDP, UDP 192.0.2.9:5062",
        "sip:a@100.64.3.3, UDP, UDP 192.0.2.9:5062",
        "sip:a@127.0.0.1:7000, UDP, UDP 192.0.2.9:5062",
        "sip:a@[fd00::5]:7000, UDP, UDP 192.0.2.9:5062",
        "sip:a@172.32.0.1, UDP, UDP 172.32.0.1:5060",
        "sip:a@df7jal23ls0d.invalid, UDP, UDP 192.0.2.9:5062",
        "sip:a@10.0.0.5;transport=tcp, TCP, TCP 192.0.2.9:5062 #7",
        "sip:a@192.0.2.9:5060;transport=tcp, TCP, TCP 192.0.2.9:5060 #7",
        "sip:a@192.0.2.9:5060, TCP, TCP 192.0.2.9:5060 #7",
        "sip:a@192.0.2.77;transport=tcp, TCP, TCP 192.0.2.77:5060",
        "sip:a@192.0.2.77;transport=udp, TCP, UDP 192.0.2.77:5060"
    })
    void the_contact_says_where_unless_it_cannot_be_reached(
            String contact, TransportKind over, String road) {
        bench.flow = over == TransportKind.TCP ? Bench.TCP : Bench.UDP;
        phone.contact = "<" + contact + ">";
        hangUp();
        assertThat(bench.lastSent()).startsWith("BYE " + contact + " SIP/2.0\r\n");
        assertThat(road()).isEqualTo(road);
    }

    @ParameterizedTest(name = "Record-Route {0}, known as {1}: {2}")
    @Tag("RFC5922§4")
    @CsvSource({
        "sip:192.0.2.9:5062, carrier.example, carrier.example",
        "sip:192.0.2.30:5061, carrier.example, carrier.example",
        "sip:192.0.2.30:5061, '', ''",
        "sip:sbc.other.example:5061, carrier.example, sbc.other.example"
    })
    void a_trunk_that_names_an_address_must_prove_to_be_the_trunk(
            String route, String trunk, String name) {
        bench.flow = new Flow(TransportKind.TLS, Bench.LOCAL, Bench.PEER, 7);
        phone.via = "SIP/2.0/TLS 192.0.2.9:5062";
        phone.recordRoute = "Record-Route: <" + route + ";transport=tls;lr>\r\n";
        bench.receive(phone.invite(1, "i1"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        DialogId dialog = bench.last(SipEvent.InviteReceived.class).dialog();
        bench.command(new SipCommand.NamePeer(dialog, trunk));
        bench.receive(phone.inDialog("ACK", 1, "a1", Phone.tagOf(bench.sent("SIP/2.0 200"))));
        bench.command(new SipCommand.Bye(dialog, List.of()));
        bench.resolves.forEach(
                asked ->
                        bench.handle(
                                new SipInput.Resolved(
                                        asked.query(),
                                        List.of(new Target(TransportKind.TLS, Bench.PEER)))));
        assertThat(bench.lastSent()).startsWith("BYE ");
        assertThat(bench.sent.getLast().hop().transport()).isEqualTo(TransportKind.TLS);
        assertThat(bench.sent.getLast().hop().name()).isEqualTo(name);
    }

    @Test
    void a_private_source_with_its_own_address_is_taken_at_its_word() {
        bench.flow =
                new Flow(
                        TransportKind.UDP,
                        new InetSocketAddress("10.0.0.1", 5060),
                        new InetSocketAddress("10.0.0.5", 40000),
                        0);
        phone.contact = "<sip:a@10.0.0.5:5060>";
        hangUp();
        assertThat(road()).isEqualTo("UDP 10.0.0.5:5060");
    }

    @Test
    @Tag("RFC3261§12.2.1.1")
    void a_loose_route_set_is_followed_whatever_the_contact() {
        phone.recordRoute =
                "Record-Route: <sip:198.51.100.1;lr;ftag=1>\r\nRecord-Route: <sip:198.51.100.2:5080;lr>\r\n";
        phone.contact = "<sip:+1555@172.25.9.9:5060>";
        hangUp();
        assertThat(bench.lastSent())
                .startsWith("BYE sip:+1555@172.25.9.9:5060 SIP/2.0\r\n")
                .contains(
                        "Route: <sip:198.51.100.1;lr;ftag=1>\r\nRoute: <sip:198.51.100.2:5080;lr>\r\n");
        assertThat(road()).isEqualTo("UDP 198.51.100.1:5060");
    }

    @Test
    @Tag("RFC3261§12.2.1.1")
    void a_strict_router_gets_itself_as_request_uri_and_the_target_last() {
        phone.recordRoute = "Record-Route: <sip:198.51.100.1>, <sip:198.51.100.2;lr>\r\n";
        hangUp();
        assertThat(bench.lastSent())
                .startsWith("BYE sip:198.51.100.1 SIP/2.0\r\n")
                .contains("Route: <sip:198.51.100.2;lr>\r\nRoute: <sip:alice@192.0.2.9:5062>\r\n");
        assertThat(road()).isEqualTo("UDP 198.51.100.1:5060");
    }

    @Test
    @Tag("RFC3261§12.2.1.1")
    @Tag("RFC3261§12.1.1")
    void a_bye_names_the_dialog_and_us() {
        hangUp();
        String ok = bench.sent("SIP/2.0 200");
        assertThat(bench.lastSent())
                .contains("From: <sip:abc-defg-hij@192.0.2.1>;tag=" + Phone.tagOf(ok) + "\r\n")
                .contains("To: Alice <sip:alice@example.com>;tag=1928301774\r\n")
                .contains("Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK")
                .contains("User-Agent: Roomline/0.1.0\r\n")
                .contains("Max-Forwards: 70\r\n");
    }

    @Test
    @Tag("RFC3263§4.3")
    void a_name_is_resolved_and_the_next_target_tried_when_one_fails() {
        phone.contact = "<sip:a@phone.example.com>";
        hangUp();
        assertThat(bench.resolves).hasSize(1);
        bench.handle(
                new SipInput.Resolved(
                        bench.resolves.getFirst().query(),
                        List.of(
                                new Target(
                                        TransportKind.TCP,
                                        new InetSocketAddress("192.0.2.50", 5060)),
                                new Target(
                                        TransportKind.UDP,
                                        new InetSocketAddress("192.0.2.51", 5060)))));
        assertThat(road()).isEqualTo("TCP 192.0.2.50:5060");
        String first = Bench.header(bench.lastSent(), "Via");
        bench.handle(new SipInput.TransportFailed(bench.sent.getLast().ticket()));
        assertThat(road()).isEqualTo("UDP 192.0.2.51:5060");
        assertThat(Bench.header(bench.lastSent(), "Via")).isNotEqualTo(first);
        bench.handle(new SipInput.TransportFailed(bench.sent.getLast().ticket()));
        assertThat(bench.last(SipEvent.DialogEnded.class).cause())
                .isEqualTo(SipEvent.Cause.BYE_SENT);
        assertThat(bench.endpoint.counts().dialogs()).isZero();
        assertThat(bench.endpoint.counts().clientTransactions()).isZero();
    }

    @Test
    void a_name_that_nobody_knows_falls_back_to_where_the_invite_came_from() {
        phone.contact = "<sip:a@alices-laptop>";
        hangUp();
        bench.handle(new SipInput.Resolved(bench.resolves.getFirst().query(), List.of()));
        assertThat(road()).isEqualTo("UDP 192.0.2.9:5062");
    }

    @Test
    void an_answer_about_a_name_that_never_comes_is_not_waited_for() {
        phone.contact = "<sip:a@phone.example.com>";
        hangUp();
        long query = bench.resolves.getFirst().query();
        bench.advanceToMillis(bench.millis() + 8_000);
        assertThat(road()).isEqualTo("UDP 192.0.2.9:5062");
        int sent = bench.sent.size();
        bench.handle(
                new SipInput.Resolved(
                        query,
                        List.of(
                                new Target(
                                        TransportKind.UDP,
                                        new InetSocketAddress("192.0.2.51", 5060)))));
        assertThat(bench.sent).hasSize(sent);
        bench.advanceToMillis(bench.millis() + 33_000);
        assertThat(bench.last(SipEvent.DialogEnded.class).cause())
                .isEqualTo(SipEvent.Cause.BYE_SENT);
        assertThat(bench.endpoint.counts().dialogs()).isZero();
    }

    @Test
    @Tag("RFC3261§12.2.2")
    @Tag("RFC6141§3")
    void an_accepted_reinvite_moves_the_target_and_a_refused_one_does_not() {
        bench.receive(phone.invite(1, "i1"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        String tag = Phone.tagOf(bench.sent("SIP/2.0 200"));
        bench.receive(phone.inDialog("ACK", 1, "a1", tag));
        phone.contact = "<sip:alice@192.0.2.200>";
        bench.receive(phone.reinvite(2, "r2", tag));
        bench.respond(bench.last(SipEvent.ReinviteReceived.class).request(), 488);
        bench.receive(phone.inDialog("ACK", 2, "r2", tag));
        phone.contact = "<sip:alice@192.0.2.201>";
        bench.receive(phone.reinvite(3, "r3", tag));
        bench.respond(bench.last(SipEvent.ReinviteReceived.class).request(), 200);
        bench.receive(phone.inDialog("ACK", 3, "a3", tag));
        DialogId dialog = bench.last(SipEvent.InviteReceived.class).dialog();
        bench.command(new SipCommand.SendInDialog(dialog, 1, "INFO", List.of(), null));
        assertThat(road()).isEqualTo("UDP 192.0.2.201:5060");
    }

    @Test
    @Tag("RFC3261§17.2.4")
    void a_2xx_that_cannot_be_sent_ends_the_call() {
        bench.flow = Bench.TCP;
        bench.receive(phone.invite(1, "i1"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        bench.handle(new SipInput.TransportFailed(bench.sent.getLast().ticket()));
        assertThat(bench.last(SipEvent.DialogEnded.class).cause())
                .isEqualTo(SipEvent.Cause.TRANSPORT_LOST);
        bench.advanceToMillis(60_000);
        assertThat(bench.endpoint.counts()).isEqualTo(new EndpointCounts(0, 0, 0, 0, 0, 0));
    }

    @Test
    @Tag("RFC3261§12.2.1.2")
    void a_481_to_our_info_ends_the_dialog_and_a_timeout_sends_bye() {
        hangUpFreeCall();
        DialogId dialog = bench.last(SipEvent.InviteReceived.class).dialog();
        bench.command(new SipCommand.SendInDialog(dialog, 1, "INFO", List.of(), null));
        bench.advanceToMillis(33_000);
        assertThat(bench.last(SipEvent.ResponseReceived.class).status()).isEqualTo(408);
        assertThat(bench.last(SipEvent.DialogEnded.class).cause())
                .isEqualTo(SipEvent.Cause.PEER_LOST);
        assertThat(bench.sent("BYE")).isNotNull();
        bench.advanceToMillis(90_000);
        assertThat(bench.endpoint.counts().dialogs()).isZero();
    }

    private void hangUpFreeCall() {
        bench.receive(phone.invite(1, "i1"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        bench.receive(phone.inDialog("ACK", 1, "a1", Phone.tagOf(bench.sent("SIP/2.0 200"))));
    }

    @Test
    @Tag("RFC3261§14.1")
    @Tag("RFC3261§13.2.2.4")
    void our_reinvite_is_acknowledged_once_for_each_2xx() {
        hangUpFreeCall();
        DialogId dialog = bench.last(SipEvent.InviteReceived.class).dialog();
        bench.command(new SipCommand.SendInDialog(dialog, 9, "INVITE", List.of(), null));
        String ok = Phone.answer(bench.lastSent(), 200, "Contact: <sip:alice@192.0.2.222>\r\n");
        bench.receive(ok);
        bench.receive(ok);
        assertThat(bench.ladder.stream().filter(line -> line.contains("<- ACK"))).hasSize(2);
        assertThat(bench.lastSent()).startsWith("ACK sip:alice@192.0.2.222 SIP/2.0\r\n");
        assertThat(bench.events.stream().filter(e -> e instanceof SipEvent.ResponseReceived))
                .hasSize(1);
    }

    @Test
    void a_reinvite_that_only_gets_100_does_not_block_the_dialog_for_ever() {
        hangUpFreeCall();
        DialogId dialog = bench.last(SipEvent.InviteReceived.class).dialog();
        bench.command(new SipCommand.SendInDialog(dialog, 9, "INVITE", List.of(), null));
        bench.receive(Phone.answer(bench.lastSent(), 100, ""));
        bench.advanceToMillis(179_000);
        assertThat(bench.events).noneMatch(e -> e instanceof SipEvent.ResponseReceived);
        bench.advanceToMillis(181_000);
        assertThat(bench.last(SipEvent.ResponseReceived.class).status()).isEqualTo(408);
        assertThat(bench.sent("BYE")).isNotNull();
    }

    @Test
    @Tag("RFC3261§17.1.3")
    @Tag("RFC3261§18.1.2")
    void a_response_with_another_sent_by_or_branch_is_not_ours() {
        hangUp();
        String ok = Phone.answer(bench.lastSent(), 200, "");
        bench.receive(ok.replace("UDP 192.0.2.1:5060", "UDP 192.0.2.1:5061"));
        bench.receive(ok.replace("branch=z9hG4bK", "branch=z9hG4bK0"));
        bench.receive(ok.replace(" BYE\r\n", " INFO\r\n"));
        assertThat(bench.events.stream().filter(e -> e instanceof SipEvent.MessageRefused))
                .hasSize(3);
        bench.receive(ok);
        assertThat(bench.last(SipEvent.DialogEnded.class).cause())
                .isEqualTo(SipEvent.Cause.BYE_SENT);
    }
}
