package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** CANCEL in every state of the INVITE that it is for (RFC 3261 §9.2), against ladders. */
class CancelLadderTest {
    private final Conversation call = new Conversation();
    private final Bench bench = call.bench;
    private final Phone phone = call.phone;

    @Test
    @Tag("RFC3261§9.2")
    void a_cancel_before_ringing_ends_the_call_and_a_later_answer_is_ignored() {
        call.invited();
        call.at(150);
        call.receive(phone.cancel(1, "i1"));
        call.at(160);
        call.respond(180);
        call.respond(200);
        call.at(170);
        call.acknowledge(1, "i1", 487);
        call.expect("cancel-before-180");
        assertThat(bench.endpoint.counts().commandsIgnored()).isEqualTo(2);
    }

    @Test
    @Tag("RFC3261§9.2")
    @Tag("RFC3261§17.2.2")
    void a_repeated_cancel_is_answered_again_and_the_487_until_its_ack() {
        call.invited();
        call.respond(180);
        call.at(1000);
        call.receive(phone.cancel(1, "i1"));
        call.at(1500);
        call.receive(phone.cancel(1, "i1"));
        call.at(1600);
        call.receive(phone.invite(1, "i1"));
        call.at(2600);
        call.acknowledge(1, "i1", 487);
        call.at(2700);
        call.acknowledge(1, "i1", 487);
        call.at(2800);
        call.receive(phone.invite(1, "i1"));
        call.expect("cancel-repeated");
        assertThat(Phone.tagOf(bench.sent("SIP/2.0 487")))
                .as("§9.2: one To tag in the answers to INVITE and CANCEL")
                .isEqualTo(Phone.tagOf(bench.sent("SIP/2.0 200")));
    }

    @Test
    @Tag("RFC3261§9.2")
    void a_cancel_that_crosses_a_refusal_changes_nothing() {
        call.invited();
        call.at(100);
        call.respond(486);
        call.at(150);
        call.receive(phone.cancel(1, "i1"));
        call.at(700);
        call.acknowledge(1, "i1", 486);
        call.expect("cancel-crosses-486");
    }

    @Test
    @Tag("RFC3261§9.2")
    @Tag("RFC3261§17.2.3")
    void a_cancel_on_another_branch_is_481() {
        call.invited();
        call.at(100);
        call.receive(phone.cancel(1, "other"));
        call.at(200);
        call.respond(200);
        call.at(300);
        call.receive(phone.inDialog("ACK", 1, "a1", Phone.tagOf(bench.sent("SIP/2.0 200"))));
        call.expectLiving("cancel-other-branch");
    }

    @Test
    void a_cancel_after_the_ack_is_answered_and_a_very_late_one_is_481() {
        call.established();
        call.at(2000);
        call.receive(phone.cancel(1, "i1"));
        call.at(40_000);
        call.receive(phone.cancel(1, "i1"));
        call.at(50_000);
        call.receive(phone.inDialog("BYE", 2, "b1", call.tag));
        call.expect("cancel-after-ack");
    }

    @Test
    @Tag("RFC3261§17.2.1")
    void a_487_that_nobody_acknowledges_is_given_up() {
        call.invited();
        call.at(1000);
        call.receive(phone.cancel(1, "i1"));
        call.expect("cancel-487-unacknowledged");
    }

    @Test
    void a_cancel_of_an_invite_that_was_challenged_is_481() {
        bench.answerAtOnce(407);
        call.invited();
        call.at(100);
        call.receive(phone.cancel(1, "i1"));
        call.at(200);
        call.acknowledge(1, "i1", 407);
        call.expect("cancel-of-challenged");
    }

    @Test
    @Tag("RFC3261§8.2.2.3")
    void a_cancel_may_not_require_anything() {
        call.invited();
        call.at(150);
        String more = "Require: teleport\r\nProxy-Require: teleport\r\n";
        call.receive(phone.request("CANCEL", 1, "i1", Phone.to(null), more, ""));
        call.at(160);
        call.respond(180);
        call.respond(200);
        call.at(170);
        call.acknowledge(1, "i1", 487);
        call.expect("cancel-before-180");
    }

    @Test
    @Tag("RFC3261§14.2")
    @Tag("RFC6141§3")
    void a_cancelled_reinvite_has_changed_nothing() {
        call.established();
        call.at(1000);
        phone.contact = "<sip:alice@192.0.2.200>";
        call.receive(phone.reinvite(2, "h2", call.tag));
        RequestId reinvite = bench.last(SipEvent.ReinviteReceived.class).request();
        call.at(1100);
        call.receive(phone.request("CANCEL", 2, "h2", Phone.to(call.tag), "", ""));
        SipEvent.InviteCancelled told = bench.last(SipEvent.InviteCancelled.class);
        assertThat(told.request()).as("names which INVITE").isEqualTo(reinvite);
        assertThat(told.dialog()).isEqualTo(call.dialog());
        call.at(1150);
        call.respondAgain(200);
        call.at(1200);
        call.receive(phone.inDialog("ACK", 2, "h2", call.tag));
        call.at(3000);
        call.hangUp();
        assertThat(bench.lastSent()).startsWith("BYE sip:alice@192.0.2.9:5062 SIP/2.0\r\n");
        call.receive(Phone.answer(bench.lastSent(), 200, ""));
        call.expect("cancel-reinvite");
    }
}
