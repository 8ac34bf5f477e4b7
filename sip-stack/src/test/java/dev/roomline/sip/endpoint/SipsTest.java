package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who comes by sips is answered by sips, for as long as the call lasts. */
class SipsTest {
    private static final Flow TLS =
            new Flow(
                    TransportKind.TLS,
                    new InetSocketAddress("192.0.2.1", 5061),
                    new InetSocketAddress("192.0.2.9", 5062),
                    7);

    private final Bench bench = new Bench();
    private final Phone phone = new Phone();

    @ParameterizedTest(name = "{0}, Record-Route {1}, Contact {2}: ours is {3}")
    @Tag("RFC3261§12.1.1")
    @CsvSource({
        "sips, '', sip, sips",
        "sip, '', sips, sips",
        "sip, sips, sip, sips",
        "sip, sip, sips, sip",
        "sip, '', sip, sip"
    })
    void our_contact_is_sips_where_the_caller_came_by_it(
            String requestUri, String recordRoute, String contact, String ours) {
        bench.flow = TLS;
        phone.via = "SIP/2.0/TLS 192.0.2.9:5062";
        phone.contact = "<" + contact + ":alice@192.0.2.9:5062>";
        phone.recordRoute =
                recordRoute.isEmpty()
                        ? ""
                        : "Record-Route: \"P, q\" <" + recordRoute + ":192.0.2.9:5062;lr>\r\n";
        bench.receive(phone.invite(1, "i1").replace("INVITE sip:", "INVITE " + requestUri + ":"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        String more = ours.equals("sips") ? "" : ";transport=tls";
        assertThat(Bench.header(bench.sent("SIP/2.0 200"), "Contact"))
                .startsWith("<" + ours + ":192.0.2.1:")
                .endsWith(more + ">");
    }

    @Test
    @Tag("RFC3261§8.1.1.8")
    void our_own_requests_in_such_a_call_are_sips_too() {
        bench.flow = TLS;
        phone.via = "SIP/2.0/TLS 192.0.2.9:5062";
        phone.contact = "<sips:alice@192.0.2.9:5062>";
        bench.receive(phone.invite(1, "i1"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        bench.receive(phone.inDialog("ACK", 1, "a1", Phone.tagOf(bench.sent("SIP/2.0 200"))));
        bench.command(
                new SipCommand.SendInDialog(
                        bench.last(SipEvent.InviteReceived.class).dialog(),
                        1,
                        "INVITE",
                        List.of(),
                        Carrier.SDP));
        String again = bench.sent("INVITE");
        assertThat(again).startsWith("INVITE sips:alice@192.0.2.9:5062 SIP/2.0\r\n");
        assertThat(Bench.header(again, "Contact")).startsWith("<sips:192.0.2.1:");
    }

    @Test
    void where_no_tls_is_spoken_nobody_is_told_to_come_back_by_it() {
        bench.receive(phone.invite(1, "i1").replace("INVITE sip:", "INVITE sips:"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        assertThat(Bench.header(bench.sent("SIP/2.0 200"), "Contact")).startsWith("<sip:");
    }
}
