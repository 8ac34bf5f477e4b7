package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What crosses and overtakes inside a dialog (RFC 3261 §12–§15, RFC 5407), against ladders. */
class InDialogLadderTest {
    private final Conversation call = new Conversation();
    private final Bench bench = call.bench;
    private final Phone phone = call.phone;

    @Test
    @Tag("RFC5407§3.2")
    void a_reinvite_that_overtakes_the_ack_is_served() {
        call.answered();
        call.at(300);
        call.receive(phone.reinvite(2, "r2", call.tag));
        call.at(310);
        call.respondAgain(200);
        call.at(400);
        call.receive(phone.inDialog("ACK", 1, "a1", call.tag));
        call.at(900);
        call.receive(phone.inDialog("ACK", 2, "a2", call.tag));
        call.expectLiving("reinvite-before-ack");
    }

    @Test
    @Tag("RFC5407§3.1")
    void a_bye_before_the_ack_ends_the_call() {
        call.answered();
        call.at(300);
        call.receive(phone.inDialog("BYE", 2, "b2", call.tag));
        call.at(400);
        call.receive(phone.inDialog("ACK", 1, "a1", call.tag));
        call.at(800);
        call.receive(phone.inDialog("BYE", 2, "b2", call.tag));
        call.expect("bye-before-ack");
    }

    @Test
    @Tag("RFC5407§3.3")
    @Tag("RFC3261§15.1.2")
    void byes_that_cross_are_both_answered_and_the_end_is_told_once() {
        call.established();
        call.at(1000);
        call.hangUp();
        String ours = bench.lastSent();
        call.at(1010);
        call.receive(phone.inDialog("BYE", 2, "b2", call.tag));
        call.at(1020);
        call.receive(Phone.answer(ours, 200, ""));
        call.expect("bye-crosses-bye");
    }

    @Test
    @Tag("RFC5407§3.3")
    void a_bye_that_crosses_our_reinvite_ends_the_call() {
        call.established();
        call.at(1000);
        call.reinviteFromUs();
        String ours = bench.lastSent();
        call.at(1010);
        call.receive(phone.inDialog("BYE", 2, "b2", call.tag));
        call.at(1020);
        call.receive(Phone.answer(ours, 481, ""));
        call.expect("bye-crosses-our-reinvite");
    }

    @Test
    void no_bye_follows_when_nobody_answers_our_reinvite_after_theirs() {
        call.established();
        call.at(1000);
        call.reinviteFromUs();
        call.at(1010);
        call.receive(phone.inDialog("BYE", 2, "b2", call.tag));
        call.expect("bye-crosses-our-mute-reinvite");
    }

    @Test
    void a_reinvite_of_ours_that_only_rings_is_not_kept_for_ever() {
        call.established();
        call.at(1000);
        call.reinviteFromUs();
        String ours = bench.lastSent();
        call.at(1005);
        call.receive(Phone.answer(ours, 100, ""));
        call.at(1010);
        call.receive(phone.inDialog("BYE", 2, "b2", call.tag));
        call.expect("bye-crosses-our-ringing-reinvite");
    }

    @Test
    @Tag("RFC5407§3.3")
    void a_reinvite_that_crosses_our_bye_is_481() {
        call.established();
        call.at(1000);
        call.hangUp();
        String ours = bench.lastSent();
        call.at(1010);
        call.receive(phone.reinvite(2, "r2", call.tag));
        call.at(1015);
        call.receive(phone.inDialog("ACK", 2, "r2", call.tag));
        call.at(1020);
        call.receive(Phone.answer(ours, 200, ""));
        call.expect("bye-crosses-their-reinvite");
    }

    @Test
    @Tag("RFC3261§15.1.2")
    void a_bye_ends_the_reinvite_that_is_being_answered() {
        call.established();
        call.at(1000);
        call.receive(phone.reinvite(2, "r2", call.tag));
        call.at(1050);
        call.receive(phone.inDialog("BYE", 3, "b3", call.tag));
        call.at(1060);
        call.respondAgain(200);
        call.at(1100);
        call.receive(phone.inDialog("ACK", 2, "r2", call.tag));
        call.expect("bye-ends-their-reinvite");
    }

    @Test
    @Tag("RFC3261§12.2.2")
    @Tag("RFC3261§12.3")
    void in_a_dialog_that_is_over_everything_is_481() {
        call.established();
        call.at(1000);
        call.receive(phone.inDialog("BYE", 2, "b2", call.tag));
        call.at(1500);
        call.receive(phone.inDialog("BYE", 2, "b2", call.tag));
        call.at(2000);
        call.receive(phone.inDialog("INFO", 3, "n3", call.tag));
        call.receive(phone.reinvite(4, "r4", call.tag));
        call.at(2100);
        call.receive(phone.inDialog("ACK", 4, "r4", call.tag));
        call.at(2200);
        call.receive(phone.inDialog("BYE", 5, "b5", call.tag));
        call.expect("dead-dialog");
    }

    @Test
    @Tag("RFC3261§12.2.2")
    void a_reinvite_with_a_lower_cseq_is_500_and_the_next_is_served() {
        call.receive(phone.invite(10, "i1"));
        call.respond(200);
        String tag = Phone.tagOf(bench.sent("SIP/2.0 200"));
        call.receive(phone.inDialog("ACK", 10, "a1", tag));
        call.at(1000);
        call.receive(phone.reinvite(9, "r9", tag));
        call.at(1100);
        call.receive(phone.inDialog("ACK", 9, "r9", tag));
        call.at(2000);
        call.receive(phone.reinvite(11, "r11", tag));
        call.respondAgain(488);
        call.at(2100);
        call.receive(phone.inDialog("ACK", 11, "r11", tag));
        call.expectLiving("reinvite-low-cseq");
    }

    @Test
    @Tag("RFC3261§14.2")
    @Tag("RFC3261§13.3.1.4")
    void a_reinvite_whose_2xx_is_never_acknowledged_ends_the_call() {
        call.established();
        call.at(1000);
        call.receive(phone.reinvite(2, "r2", call.tag));
        call.respondAgain(200);
        call.at(33_000);
        call.receive(Phone.answer(bench.lastSent(), 200, ""));
        call.expect("reinvite-no-ack");
    }

    @Test
    @Tag("RFC3261§14.1")
    void our_reinvite_waits_for_theirs() {
        call.established();
        call.at(1000);
        call.receive(phone.reinvite(2, "r2", call.tag));
        call.reinviteFromUs();
        call.respondAgain(200);
        call.reinviteFromUs();
        call.at(1100);
        call.receive(phone.inDialog("ACK", 2, "a2", call.tag));
        call.reinviteFromUs();
        String ours = bench.lastSent();
        call.at(1200);
        call.receive(Phone.answer(ours, 200, "Contact: <sip:alice@192.0.2.9:5062>\r\n"));
        call.at(1300);
        call.receive(Phone.answer(ours, 200, "Contact: <sip:alice@192.0.2.9:5062>\r\n"));
        call.expectLiving("own-invite-waits");
    }

    @Test
    @Tag("RFC3261§12.2.2")
    void other_requests_are_answered_and_leave_the_call_alone() {
        call.established();
        call.at(1000);
        String options = phone.inDialog("OPTIONS", 2, "o2", call.tag);
        call.receive(options);
        bench.respond(bench.last(SipEvent.RequestReceived.class).request(), 200);
        assertThat(Bench.header(bench.lastSent(), "Allow"))
                .isEqualTo("INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK");
        call.at(1500);
        call.receive(options);
        call.at(2000);
        call.receive(phone.inDialog("NOTIFY", 3, "n3", call.tag));
        assertThat(Bench.header(bench.lastSent(), "Allow"))
                .isEqualTo("INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK");
        call.at(3000);
        call.receive(phone.inDialog("SING", 4, "s4", call.tag));
        call.at(4000);
        phone.extra = "Require: teleport\r\n";
        call.receive(phone.reinvite(5, "r5", call.tag));
        assertThat(Bench.header(bench.lastSent(), "Unsupported")).isEqualTo("teleport");
        call.at(4100);
        call.receive(phone.inDialog("ACK", 5, "r5", call.tag));
        call.at(5000);
        phone.extra = "Proxy-Require: teleport\r\n";
        call.receive(phone.reinvite(6, "r6", call.tag));
        call.respondAgain(200);
        call.at(5100);
        String require = "Require: teleport\r\n";
        call.receive(phone.request("ACK", 6, "a6", Phone.to(call.tag), require, ""));
        call.at(6000);
        call.receive(phone.inDialog("BYE", 7, "b7", call.tag));
        call.expect("in-dialog-others");
    }

    @Test
    void a_peer_whose_connection_broke_is_answered_down_the_one_it_came_back_on() {
        bench.flow = Bench.TCP;
        phone.via = "SIP/2.0/TCP 10.0.0.5:40000";
        phone.contact = "<sip:alice@10.0.0.5:40000;transport=tcp>";
        call.established();
        assertThat(bench.endpoint.needs(7)).isTrue();
        bench.flow = new Flow(TransportKind.TCP, Bench.LOCAL, Bench.PEER, 8);
        call.receive(phone.inDialog("INFO", 2, "n2", call.tag));
        bench.respond(bench.last(SipEvent.RequestReceived.class).request(), 415);
        assertThat(bench.endpoint.needs(7)).isFalse();
        assertThat(bench.endpoint.needs(8)).isTrue();
        call.hangUp();
        assertThat(bench.sent.getLast().hop().connection()).isEqualTo(8);
        call.receive(Phone.answer(bench.lastSent(), 200, ""));
        assertThat(bench.endpoint.needs(8)).isFalse();
        call.at(60_000);
        bench.assertNothingLeft();
    }

    @Test
    @Tag("RFC6141§4.6")
    void over_udp_only_an_accepted_target_refresh_moves_the_road() {
        call.established();
        bench.flow =
                new Flow(
                        TransportKind.UDP,
                        Bench.LOCAL,
                        new java.net.InetSocketAddress("192.0.2.9", 9999),
                        0);
        phone.contact = "<sip:alice@10.0.0.5>";
        call.receive(phone.inDialog("INFO", 2, "n2", call.tag));
        bench.respond(bench.last(SipEvent.RequestReceived.class).request(), 415);
        bench.command(new SipCommand.SendInDialog(call.dialog(), 1, "INFO", List.of(), null));
        assertThat(bench.sent.getLast().hop().remote()).isEqualTo(Bench.PEER);
    }
}
