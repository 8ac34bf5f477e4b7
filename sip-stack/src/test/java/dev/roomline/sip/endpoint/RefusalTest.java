package dev.roomline.sip.endpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.SipEvent.Refusal;
import dev.roomline.sip.message.HeaderField;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered without reaching the application, and what answers look like. */
class RefusalTest {
    private final Bench bench = new Bench();
    private final Phone phone = new Phone();

    private void refused(Refusal reason) {
        assertThat(bench.last(SipEvent.MessageRefused.class).reason()).isEqualTo(reason);
        assertThat(bench.endpoint.counts().serverTransactions()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"REGISTER", "SUBSCRIBE", "NOTIFY", "MESSAGE", "PUBLISH", "REFER"})
    void a_known_method_that_is_not_served_is_405_with_exactly_what_is(String method) {
        bench.receive(phone.request(method, 1, "r1", Phone.to(null), "", ""));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 405 Method Not Allowed\r\n");
        assertThat(Bench.header(bench.lastSent(), "Allow"))
                .isEqualTo("INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK");
        refused(Refusal.METHOD_NOT_ALLOWED);
    }

    @Test
    @Tag("RFC3261§8.2.1")
    void an_unknown_method_is_501() {
        bench.receive(phone.request("SING", 1, "r1", Phone.to(null), "", ""));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 501 Not Implemented\r\n");
        refused(Refusal.UNKNOWN_METHOD);
    }

    @Test
    @Tag("RFC3261§8.2.2.1")
    @Tag("RFC3261§19.1.6")
    void another_scheme_is_416_and_tel_is_taken() {
        String invite = phone.invite(1, "i1");
        bench.receive(invite.replace("INVITE sip:abc-defg-hij@192.0.2.1", "INVITE fax:+123"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 416 Unsupported URI Scheme\r\n");
        refused(Refusal.UNSUPPORTED_SCHEME);
        bench.receive(
                invite.replace("INVITE sip:abc-defg-hij@192.0.2.1", "INVITE tel:+15551234567"));
        assertThat(bench.last(SipEvent.InviteReceived.class).invite().requestUri().user())
                .isEqualTo("+15551234567");
    }

    @Test
    @Tag("RFC3261§7.1")
    void another_version_is_505() {
        bench.receive(
                phone.invite(1, "i1").replace("192.0.2.1 SIP/2.0\r\n", "192.0.2.1 SIP/3.0\r\n"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 505 Version Not Supported\r\n");
        refused(Refusal.UNSUPPORTED_VERSION);
    }

    @Test
    @Tag("RFC3261§8.2.2.3")
    void a_required_extension_is_420_and_named() {
        phone.extra = "Require: 100rel, gin\r\nRequire: precondition\r\n";
        bench.receive(phone.invite(1, "i1"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 420 Bad Extension\r\n");
        assertThat(Bench.header(bench.lastSent(), "Unsupported")).isEqualTo("gin, precondition");
        refused(Refusal.UNSUPPORTED_EXTENSION);
    }

    @Test
    void a_malformed_request_is_400_with_the_fault_in_its_phrase() {
        bench.receive(phone.invite(1, "i1").replace("CSeq: 1 INVITE", "CSeq: 1 OPTIONS"));
        assertThat(bench.lastSent())
                .startsWith("SIP/2.0 400 The method of CSeq is not that of the request\r\n");
        refused(Refusal.MALFORMED);
    }

    @Test
    void what_cannot_be_answered_is_only_counted() {
        bench.receive("INVITE sip:a@b SIP/2.0\r\n\r\n");
        assertThat(bench.sent).isEmpty();
        refused(Refusal.MALFORMED);
        bench.receive("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(bench.sent).isEmpty();
    }

    @Test
    void a_malformed_ack_is_never_answered() {
        bench.receive(phone.inDialog("ACK", 1, "a", "t").replace("CSeq: 1 ACK", "CSeq: x ACK"));
        assertThat(bench.sent).isEmpty();
    }

    @Test
    @Tag("RFC3261§7.5")
    @Tag("RFC5626§3.5.1")
    void keep_alives_are_nothing() {
        bench.handle(
                new SipInput.MessageReceived(
                        Bench.UDP, "\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        bench.handle(new SipInput.MessageReceived(Bench.UDP, new byte[0]));
        assertThat(bench.ladder).isEmpty();
    }

    @Test
    @Tag("RFC3261§12.2.2")
    void a_request_with_a_tag_of_no_dialog_is_481_and_its_ack_is_absorbed() {
        for (String method : List.of("BYE", "INFO", "OPTIONS")) {
            bench.receive(phone.inDialog(method, 7, "x" + method, "unknown"));
            assertThat(bench.lastSent()).startsWith("SIP/2.0 481 ");
        }
        bench.receive(phone.reinvite(8, "x", "unknown"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 481 ");
        refused(Refusal.NO_DIALOG);
        int sent = bench.sent.size();
        bench.receive(phone.inDialog("ACK", 8, "x", "unknown"));
        assertThat(bench.sent).hasSize(sent);
        assertThat(bench.endpoint.counts().acksAbsorbed()).isEqualTo(1);
    }

    @Test
    @Tag("RFC3261§9.2")
    @Tag("RFC3261§15.1.2")
    void a_cancel_of_nothing_is_481_and_a_bye_without_tag_too() {
        bench.receive(phone.cancel(1, "nothing"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 481 ");
        refused(Refusal.NO_TRANSACTION);
        bench.receive(phone.request("BYE", 1, "b", Phone.to(null), "", ""));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 481 ");
    }

    @Test
    @Tag("RFC6026§8.4")
    void a_stray_response_is_dropped_without_a_word() {
        String response =
                phone.invite(1, "i1").replaceFirst("INVITE \\S+ SIP/2.0", "SIP/2.0 200 OK");
        bench.receive(response);
        assertThat(bench.sent).isEmpty();
        refused(Refusal.STRAY_RESPONSE);
    }

    @Test
    void above_the_bound_requests_are_503_without_state_and_a_known_one_still_lives() {
        Bench small =
                new Bench(
                        new EndpointSettings(
                                "Roomline/0.1.0",
                                Flow::local,
                                EndpointSettings.SERVED,
                                Set.of(),
                                dev.roomline.sip.transaction.TimerSettings.RFC3261,
                                1800,
                                1,
                                10));
        small.receive(phone.invite(1, "i1"));
        Phone other = new Phone();
        other.callId = "other";
        small.receive(other.invite(1, "o1"));
        assertThat(small.lastSent()).startsWith("SIP/2.0 503 Service Unavailable\r\n");
        assertThat(Integer.parseInt(Bench.header(small.lastSent(), "Retry-After")))
                .isBetween(5, 15);
        assertThat(small.endpoint.counts().serverTransactions()).isEqualTo(1);
        small.receive(phone.invite(1, "i1"));
        assertThat(small.lastSent()).startsWith("SIP/2.0 100 Trying\r\n");
        small.respond(small.last(SipEvent.InviteReceived.class).request(), 200);
        String tag = Phone.tagOf(small.sent("SIP/2.0 200"));
        small.receive(phone.inDialog("ACK", 1, "a1", tag));
        small.receive(phone.inDialog("BYE", 2, "b1", tag));
        assertThat(small.last(SipEvent.DialogEnded.class).cause())
                .as("a call may be hung up when nothing new is taken")
                .isEqualTo(SipEvent.Cause.BYE_RECEIVED);
    }

    @Test
    @Tag("RFC3261§8.2.7")
    void answers_without_state_are_the_same_each_time() {
        String request = phone.request("SING", 1, "r1", Phone.to(null), "", "");
        bench.receive(request);
        String first = bench.lastSent();
        bench.receive(request);
        assertThat(bench.lastSent()).isEqualTo(first);
        bench.receive(request.replace("z9hG4bKr1", "z9hG4bKr2"));
        assertThat(Phone.tagOf(bench.lastSent())).isNotEqualTo(Phone.tagOf(first));
    }

    @ParameterizedTest(name = "Via {0} from {1} is answered at {2}")
    @CsvSource({
        "192.0.2.9:5062;rport, 192.0.2.9:5062, 192.0.2.9:5062, ;rport=5062;received=192.0.2.9",
        "10.0.0.5:5060;rport, 192.0.2.9:33333, 192.0.2.9:33333, ;rport=33333;received=192.0.2.9",
        "10.0.0.5:5070, 192.0.2.9:33333, 192.0.2.9:5070, ;received=192.0.2.9",
        "phone.example.com, 192.0.2.9:33333, 192.0.2.9:5060, ;received=192.0.2.9",
        "10.0.0.5;rport;maddr=203.0.113.66, 192.0.2.9:33333, 192.0.2.9:33333, ;rport=33333;received=192.0.2.9",
        "10.0.0.5;received=203.0.113.66;rport=9, 192.0.2.9:33333, 192.0.2.9:33333, ;rport=33333;received=192.0.2.9"
    })
    @Tag("RFC3581§4")
    @Tag("RFC3261§18.2.1")
    @Tag("RFC3261§18.2.2")
    @Tag("RFC3261§20.42")
    void answers_go_to_the_source(String sentBy, String source, String answered, String added) {
        int colon = source.indexOf(':');
        InetSocketAddress remote =
                new InetSocketAddress(
                        source.substring(0, colon), Integer.parseInt(source.substring(colon + 1)));
        bench.flow = new Flow(TransportKind.UDP, Bench.LOCAL, remote, 0);
        String request = phone.request("OPTIONS", 1, "o1", Phone.to(null), "", "");
        bench.receive(
                request.replaceFirst(
                        "Via: .*\r\n", "Via: SIP/2.0/UDP " + sentBy + ";branch=z9hG4bKo1\r\n"));
        bench.respond(bench.last(SipEvent.RequestReceived.class).request(), 404);
        InetSocketAddress to = bench.sent.getLast().hop().remote();
        assertThat(to.getAddress().getHostAddress() + ":" + to.getPort()).isEqualTo(answered);
        assertThat(Bench.header(bench.lastSent(), "Via"))
                .endsWith(added)
                .doesNotContain("received=203");
    }

    @Test
    @Tag("RFC3261§18.2.1")
    void an_ipv6_source_that_is_the_sent_by_needs_no_received() {
        InetSocketAddress six = new InetSocketAddress("2001:db8::9", 5060);
        bench.flow =
                new Flow(TransportKind.UDP, new InetSocketAddress("2001:db8::1", 5060), six, 0);
        String request = phone.request("OPTIONS", 1, "o1", Phone.to(null), "", "");
        bench.receive(
                request.replaceFirst(
                        "Via: .*\r\n", "Via: SIP/2.0/UDP [2001:db8::9];branch=z9hG4bKo1\r\n"));
        bench.respond(bench.last(SipEvent.RequestReceived.class).request(), 200);
        assertThat(Bench.header(bench.lastSent(), "Via"))
                .isEqualTo("SIP/2.0/UDP [2001:db8::9];branch=z9hG4bKo1");
        assertThat(Bench.header(bench.lastSent(), "Contact")).isEqualTo("<sip:[2001:db8::1]:5060>");
    }

    @Test
    @Tag("RFC3261§8.2.6.2")
    @Tag("RFC3261§12.1.1")
    void every_via_and_record_route_comes_back_in_order() {
        phone.recordRoute =
                "Record-Route: <sip:p1.example.com;lr>\r\nRecord-Route: <sip:p2.example.com;lr>\r\n";
        String invite =
                phone.invite(1, "i1")
                        .replace(
                                "Max-Forwards",
                                "Via: SIP/2.0/TCP p.example.com;branch=z9hG4bKp , SIP/2.0/UDP q;branch=z9hG4bKq\r\nMax-Forwards");
        bench.receive(invite);
        bench.respond(
                bench.last(SipEvent.InviteReceived.class).request(),
                200,
                new HeaderField("X-Room", "abc"));
        String ok = bench.sent("SIP/2.0 200");
        assertThat(ok)
                .containsSubsequence(
                        "received=192.0.2.9\r\n",
                        "Via: SIP/2.0/TCP p.example.com;branch=z9hG4bKp , SIP/2.0/UDP q;branch=z9hG4bKq\r\n",
                        "Record-Route: <sip:p1.example.com;lr>\r\nRecord-Route: <sip:p2.example.com;lr>\r\n")
                .contains("Contact: <sip:192.0.2.1:5060>\r\n")
                .contains("Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK\r\n")
                .contains("Server: Roomline/0.1.0\r\n")
                .contains("X-Room: abc\r\n")
                .contains("Supported: 100rel, timer\r\n");
        assertThat(bench.sent("SIP/2.0 100")).doesNotContain(";tag=" + Phone.tagOf(ok));
    }

    @Test
    @Tag("RFC3261§12.2.2")
    void a_request_out_of_order_in_a_dialog_is_500() {
        bench.receive(phone.invite(10, "i1"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        String tag = Phone.tagOf(bench.sent("SIP/2.0 200"));
        bench.receive(phone.inDialog("ACK", 10, "a1", tag));
        bench.receive(phone.inDialog("INFO", 9, "n1", tag));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 500 CSeq Out Of Order\r\n");
        bench.receive(phone.inDialog("INFO", 11, "n2", tag));
        bench.respond(bench.last(SipEvent.RequestReceived.class).request(), 404);
        assertThat(bench.lastSent()).startsWith("SIP/2.0 404 ");
    }

    @Test
    void an_options_that_the_application_never_answers_is_let_go() {
        bench.receive(phone.request("OPTIONS", 1, "o1", Phone.to(null), "", ""));
        assertThat(bench.endpoint.counts().serverTransactions()).isEqualTo(1);
        bench.advanceToMillis(40_000);
        assertThat(bench.endpoint.counts().serverTransactions()).isZero();
        bench.respond(bench.last(SipEvent.RequestReceived.class).request(), 200);
        assertThat(bench.sent).isEmpty();
    }

    @Test
    @Tag("RFC3261§8.2.7")
    void an_options_is_answered_without_state_and_its_repetition_again() {
        String options = phone.request("OPTIONS", 1, "o1", Phone.to(null), "", "");
        for (int i = 0; i < 2; i++) {
            bench.receive(options);
            bench.respond(bench.last(SipEvent.RequestReceived.class).request(), 200);
            assertThat(bench.endpoint.counts().serverTransactions()).isZero();
        }
        assertThat(bench.lastSent())
                .startsWith("SIP/2.0 200 ")
                .contains("Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK\r\n")
                .contains("Contact: ");
        assertThat(Phone.tagOf(bench.lastSent()))
                .isEqualTo(Phone.tagOf(new String(bench.sent.getFirst().bytes(), US_ASCII)));
        bench.advanceToMillis(40_000);
        assertThat(bench.sent).hasSize(2);
    }

    private static SipCommand once(RequestId request) {
        return new SipCommand.Respond(
                request, 503, null, List.of(new HeaderField("Retry-After", "5")), null, true);
    }

    @Test
    void a_refusal_after_a_provisional_is_kept_until_its_ack_since_nobody_asks_again() {
        bench.receive(phone.invite(1, "i1"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 100 ");
        bench.advanceToMillis(20);
        bench.command(once(bench.last(SipEvent.InviteReceived.class).request()));
        bench.advanceToMillis(600);
        assertThat(bench.sent).as("100, 503 and 503 again").hasSize(3);
        bench.receive(phone.inDialog("ACK", 1, "i1", Phone.tagOf(bench.lastSent())));
        bench.advanceToMillis(40_000);
        assertThat(bench.sent).hasSize(3);
        bench.assertNothingLeft();
    }

    @Test
    void a_refusal_that_is_said_once_is_not_repeated_and_its_ack_is_absorbed() {
        bench.atOnce(
                event -> {
                    if (event instanceof SipEvent.InviteReceived invite) {
                        bench.command(once(invite.request()));
                    }
                });
        bench.receive(phone.invite(1, "i1"));
        String refusal = bench.lastSent();
        assertThat(refusal).startsWith("SIP/2.0 503 ").contains("Retry-After: 5\r\n");
        assertThat(bench.endpoint.counts().serverTransactions()).isZero();
        assertThat(bench.endpoint.counts().dialogs()).isZero();
        bench.advanceToMillis(40_000);
        assertThat(bench.sent).as("the refusal alone").hasSize(1);
        bench.receive(phone.inDialog("ACK", 1, "i1", Phone.tagOf(refusal)));
        assertThat(bench.events).noneMatch(SipEvent.MessageRefused.class::isInstance);
    }

    @Test
    @Tag("RFC3261§18.3")
    void a_stream_that_cannot_be_cut_is_told_why() {
        String head = phone.invite(1, "i1");
        byte[] bytes = head.substring(0, head.indexOf("v=0")).getBytes(StandardCharsets.US_ASCII);
        bench.flow = Bench.TCP;
        bench.handle(
                new SipInput.FramingFailed(Bench.TCP, bytes, true, "Content-Length above 65535"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 513 Content-Length above 65535\r\n");
        refused(Refusal.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"From", "To", "Call-ID", "CSeq", "Contact"})
    @Tag("RFC3261§8.1.1")
    void a_request_that_lacks_a_header_is_told_which(String name) {
        bench.receive(phone.invite(1, "i1").replaceFirst("(?m)^" + name + ":.*\r\n", ""));
        assertThat(bench.lastSent())
                .startsWith("SIP/2.0 400 No " + name + " header\r\nVia: ")
                .doesNotContain("\r\n" + name + ":");
        refused(Refusal.MALFORMED);
    }

    @Test
    @Tag("RFC3261§22.1")
    void a_challenge_costs_no_state_and_its_ack_is_absorbed() {
        bench.answerAtOnce(407, new HeaderField("Proxy-Authenticate", "Digest realm=\"x\""));
        bench.receive(phone.invite(1, "i1"));
        String challenge = bench.lastSent();
        assertThat(challenge).startsWith("SIP/2.0 407 ").contains("Proxy-Authenticate: Digest");
        assertThat(bench.endpoint.counts()).isEqualTo(new EndpointCounts(0, 0, 0, 0, 0, 0));
        assertThat(bench.endpoint.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        bench.receive(phone.inDialog("ACK", 1, "i1", Phone.tagOf(challenge)));
        assertThat(bench.endpoint.counts().acksAbsorbed()).isEqualTo(1);
        assertThat(bench.events).noneMatch(e -> e instanceof SipEvent.MessageRefused);
        bench.answerAtOnce(200);
        bench.receive(phone.invite(2, "i2"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 200 ");
    }

    @Test
    void control_characters_do_not_come_back_in_the_400() {
        bench.receive(phone.invite(1, "i1").replace("Call-ID: ", "Call-ID: x\u0000\ry"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 400 A control character");
        assertThat(bench.lastSent().replace("\r\n", "")).doesNotContain("\u0000", "\r", "\n");
    }
}
