package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Flows of RFC 3665 and the races of RFC 3261, 5407 and 6026 against ladders written from the RFCs.
 * A ladder under src/test/resources/ladders names its sections in comment lines.
 */
class LadderTest {
    private final Bench bench = new Bench();
    private final Phone phone = new Phone();

    private void expect(String name) {
        bench.expect(name);
    }

    private String answeredCall() {
        bench.receive(phone.invite(1, "i1"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        return Phone.tagOf(bench.sent("SIP/2.0 200"));
    }

    private String establishedCall() {
        String tag = answeredCall();
        bench.receive(phone.inDialog("ACK", 1, "a1", tag));
        return tag;
    }

    private DialogId dialog() {
        return bench.last(SipEvent.InviteReceived.class).dialog();
    }

    @Test
    @Tag("RFC3261§12.1.1")
    @Tag("RFC3261§13.3.1.1")
    @Tag("RFC3261§13.3.1.4")
    @Tag("RFC3261§15.1.2")
    void a_call_is_answered_and_the_caller_hangs_up() {
        bench.receive(phone.invite(1, "i1"));
        RequestId request = bench.last(SipEvent.InviteReceived.class).request();
        bench.advanceToMillis(200);
        bench.respond(request, 180);
        bench.advanceToMillis(1000);
        bench.respond(request, 200);
        String tag = Phone.tagOf(bench.sent("SIP/2.0 200"));
        bench.receive(phone.inDialog("ACK", 1, "a1", tag));
        bench.advanceToMillis(5000);
        bench.receive(phone.inDialog("BYE", 2, "b1", tag));
        bench.advanceToMillis(60_000);
        expect("success-bye-by-caller");
        assertThat(bench.endpoint.counts()).isEqualTo(new EndpointCounts(0, 0, 0, 0, 0, 0));
    }

    @Test
    @Tag("RFC3261§15.1.1")
    @Tag("RFC3261§17.1.2.2")
    void we_hang_up() {
        establishedCall();
        bench.advanceToMillis(5000);
        bench.command(new SipCommand.Bye(dialog(), List.of()));
        bench.receive(Phone.answer(bench.lastSent(), 200, ""));
        bench.advanceToMillis(60_000);
        expect("bye-by-us");
        assertThat(bench.endpoint.counts()).isEqualTo(new EndpointCounts(0, 0, 0, 0, 0, 0));
    }

    @Test
    @Tag("RFC3261§13.3.1.3")
    @Tag("RFC3261§17.2.1")
    void a_busy_room_is_486_until_acknowledged() {
        bench.receive(phone.invite(1, "i1"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 486);
        bench.advanceToMillis(1600);
        String tag = Phone.tagOf(bench.sent("SIP/2.0 486"));
        bench.receive(phone.inDialog("ACK", 1, "i1", tag));
        bench.advanceToMillis(60_000);
        expect("busy-lost-ack");
        assertThat(bench.endpoint.counts()).isEqualTo(new EndpointCounts(0, 0, 0, 0, 0, 0));
    }

    @Test
    @Tag("RFC3261§9.2")
    void the_caller_cancels_while_it_rings() {
        bench.receive(phone.invite(1, "i1"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 180);
        bench.advanceToMillis(3000);
        bench.receive(phone.cancel(1, "i1"));
        bench.receive(phone.inDialog("ACK", 1, "i1", Phone.tagOf(bench.sent("SIP/2.0 487"))));
        bench.advanceToMillis(60_000);
        expect("cancel");
        assertThat(bench.endpoint.counts()).isEqualTo(new EndpointCounts(0, 0, 0, 0, 0, 0));
    }

    @Test
    @Tag("RFC3261§9.2")
    @Tag("RFC5407§3.1")
    void a_cancel_that_crosses_our_200_changes_nothing() {
        String tag = answeredCall();
        bench.receive(phone.cancel(1, "i1"));
        bench.receive(phone.inDialog("ACK", 1, "a1", tag));
        bench.receive(phone.inDialog("BYE", 2, "b1", tag));
        bench.advanceToMillis(60_000);
        expect("cancel-crosses-200");
    }

    @Test
    @Tag("RFC3261§13.3.1.4")
    @Tag("RFC6026§7.1")
    void a_lost_200_is_sent_again_and_repeated_invites_are_absorbed() {
        String tag = answeredCall();
        bench.advanceToMillis(500);
        bench.receive(phone.invite(1, "i1"));
        bench.advanceToMillis(1600);
        bench.receive(phone.inDialog("ACK", 1, "a1", tag));
        bench.receive(phone.inDialog("ACK", 1, "a1", tag));
        bench.advanceToMillis(10_000);
        expect("lost-200");
    }

    @Test
    @Tag("RFC3261§13.3.1.4")
    void without_ack_for_64_t1_we_send_bye() {
        answeredCall();
        bench.advanceToMillis(33_000);
        bench.receive(Phone.answer(bench.lastSent(), 200, ""));
        bench.advanceToMillis(70_000);
        expect("no-ack");
        assertThat(bench.endpoint.counts()).isEqualTo(new EndpointCounts(0, 0, 0, 0, 0, 0));
    }

    @Test
    @Tag("RFC3261§15.1.1")
    void a_bye_wanted_before_the_ack_waits_for_it() {
        String tag = answeredCall();
        bench.advanceToMillis(100);
        bench.command(new SipCommand.Bye(dialog(), List.of()));
        bench.advanceToMillis(700);
        bench.receive(phone.inDialog("ACK", 1, "a1", tag));
        bench.receive(Phone.answer(bench.lastSent(), 200, ""));
        bench.advanceToMillis(40_000);
        expect("bye-waits-for-ack");
    }

    @Test
    @Tag("RFC3261§17.1.2.2")
    @Tag("RFC3261§12.2.1.2")
    void a_bye_that_nobody_answers_is_repeated_and_given_up() {
        establishedCall();
        bench.command(new SipCommand.Bye(dialog(), List.of()));
        bench.advanceToMillis(60_000);
        expect("bye-unanswered");
        assertThat(bench.endpoint.counts()).isEqualTo(new EndpointCounts(0, 0, 0, 0, 0, 0));
    }

    @Test
    @Tag("RFC3261§14.2")
    @Tag("RFC3261§9.2")
    void a_reinvite_holds_the_call_and_is_cancelled_without_harm() {
        String tag = establishedCall();
        bench.advanceToMillis(1000);
        bench.receive(phone.reinvite(2, "h1", tag));
        bench.respond(bench.last(SipEvent.ReinviteReceived.class).request(), 200);
        bench.receive(phone.inDialog("ACK", 2, "a2", tag));
        bench.advanceToMillis(2000);
        bench.receive(phone.reinvite(3, "h2", tag));
        bench.receive(phone.request("CANCEL", 3, "h2", Phone.to(tag), "", ""));
        bench.receive(phone.inDialog("ACK", 3, "h2", tag));
        bench.advanceToMillis(9000);
        bench.receive(phone.inDialog("BYE", 4, "b1", tag));
        bench.advanceToMillis(60_000);
        expect("reinvite-hold");
        assertThat(bench.endpoint.counts()).isEqualTo(new EndpointCounts(0, 0, 0, 0, 0, 0));
    }

    @Test
    @Tag("RFC3261§8.2.2.2")
    void the_same_request_by_another_path_is_482() {
        bench.receive(phone.invite(1, "i1"));
        bench.receive(phone.invite(1, "other"));
        bench.receive(phone.inDialog("ACK", 1, "other", Phone.tagOf(bench.sent("SIP/2.0 482"))));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        String tag = Phone.tagOf(bench.sent("SIP/2.0 200"));
        bench.receive(phone.inDialog("ACK", 1, "a1", tag));
        expect("merged");
    }

    @Test
    @Tag("RFC3261§14.2")
    @Tag("RFC3261§17.1.1.3")
    void glare_is_491_and_a_second_invite_is_500() {
        String tag = establishedCall();
        bench.command(new SipCommand.SendInDialog(dialog(), 5, "INVITE", List.of(), null));
        String ours = bench.lastSent();
        bench.receive(phone.reinvite(2, "h1", tag));
        bench.receive(phone.inDialog("ACK", 2, "h1", tag));
        bench.receive(Phone.answer(ours, 491, ""));
        bench.receive(phone.reinvite(3, "h2", tag));
        bench.receive(phone.reinvite(4, "h3", tag));
        bench.receive(phone.inDialog("ACK", 4, "h3", tag));
        bench.respond(bench.last(SipEvent.ReinviteReceived.class).request(), 200);
        bench.receive(phone.inDialog("ACK", 3, "a3", tag));
        bench.advanceToMillis(400);
        expect("glare");
        assertThat(Bench.header(bench.sent("SIP/2.0 500"), "Retry-After")).matches("10|[0-9]");
    }

    @Test
    @Tag("RFC3261§17.2.1")
    @Tag("RFC3261§13.3.1.4")
    void over_a_stream_finals_are_not_repeated_but_the_2xx_is() {
        bench.flow = Bench.TCP;
        phone.via = "SIP/2.0/TCP 192.0.2.9:5062";
        bench.receive(phone.invite(1, "i1"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 486);
        bench.advanceToMillis(2000);
        bench.receive(phone.inDialog("ACK", 1, "i1", Phone.tagOf(bench.sent("SIP/2.0 486"))));
        bench.receive(phone.invite(2, "i2"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        bench.advanceToMillis(3000);
        bench.receive(phone.inDialog("ACK", 2, "a2", Phone.tagOf(bench.sent("SIP/2.0 200"))));
        bench.advanceToMillis(9000);
        expect("stream");
    }

    @Test
    @Tag("RFC3261§15.1.2")
    void a_caller_may_end_its_early_dialog_by_bye() {
        bench.receive(phone.invite(1, "i1"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 180);
        String tag = Phone.tagOf(bench.sent("SIP/2.0 180"));
        bench.advanceToMillis(1000);
        bench.receive(phone.inDialog("BYE", 2, "b1", tag));
        bench.receive(phone.inDialog("ACK", 1, "i1", tag));
        bench.advanceToMillis(60_000);
        expect("bye-early");
        assertThat(bench.endpoint.counts()).isEqualTo(new EndpointCounts(0, 0, 0, 0, 0, 0));
    }
}
