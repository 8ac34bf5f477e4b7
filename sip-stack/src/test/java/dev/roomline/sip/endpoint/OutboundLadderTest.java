package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Calls that we place, against ladders from RFC 3261 §9, §13.2 and §17.1.1, RFC 3262 and RFC 6026.
 */
class OutboundLadderTest {
    private final Carrier carrier = new Carrier();
    private final Bench bench = carrier.bench;

    private void expect(String name) {
        bench.advanceToMillis(bench.millis() + 300_000);
        bench.expect("out-" + name);
        bench.assertNothingLeft();
    }

    private void answered() {
        carrier.place(Carrier.FIRST);
        carrier.answer(carrier.invite(), 100, "");
        carrier.ring("b");
        bench.advanceToMillis(2000);
        carrier.pickUp("b");
    }

    private void hangUp() {
        carrier.bye();
        carrier.answer(bench.lastSent(), 200, "");
    }

    @Test
    @Tag("RFC3261§12.1.2")
    @Tag("RFC3261§13.2.1")
    @Tag("RFC3261§13.2.2.4")
    void a_call_rings_is_answered_and_we_hang_up() {
        answered();
        bench.advanceToMillis(5000);
        hangUp();
        expect("answered");
        assertThat(Bench.header(bench.sent("BYE"), "To")).endsWith(";tag=b");
        assertThat(bench.sent("BYE")).startsWith("BYE sip:b@192.0.2.9:5062 SIP/2.0\r\n");
        assertThat(bench.sent("ACK")).startsWith("ACK sip:b@192.0.2.9:5062 SIP/2.0\r\n");
    }

    @Test
    @Tag("RFC3261§8.1.1.7")
    void each_transaction_of_ours_has_a_branch_of_its_own() {
        answered();
        hangUp();
        assertThat(Stream.of("INVITE", "ACK", "BYE").map(bench::sent))
                .extracting(request -> Bench.header(request, "Via"))
                .extracting(via -> via.replaceFirst(".*;branch=([^;]*).*", "$1"))
                .allMatch(branch -> branch.startsWith("z9hG4bK"))
                .doesNotHaveDuplicates();
    }

    @Test
    void the_callee_hangs_up() {
        answered();
        bench.advanceToMillis(5000);
        carrier.request("BYE", "b", 1);
        expect("callee-hangs-up");
    }

    @Test
    @Tag("RFC3261§13.2.2.4")
    @Tag("RFC6026§7.2")
    void a_lost_ack_is_sent_again_for_each_2xx() {
        answered();
        bench.advanceToMillis(2500);
        carrier.pickUp("b");
        bench.advanceToMillis(3500);
        carrier.pickUp("b");
        hangUp();
        expect("lost-ack");
    }

    @Test
    @Tag("RFC3261§17.1.1.2")
    void an_invite_that_nobody_answers_is_repeated_for_64_t1() {
        carrier.place(Carrier.FIRST);
        expect("silence");
    }

    @Test
    @Tag("RFC3261§17.1.1.3")
    @Tag("RFC3261§13.2.2.3")
    void busy_is_acknowledged_and_told_once() {
        carrier.place(Carrier.FIRST);
        carrier.ring("b");
        bench.advanceToMillis(3000);
        carrier.answer(carrier.invite(), 486, "b");
        bench.advanceToMillis(3500);
        carrier.answer(carrier.invite(), 486, "b");
        expect("busy");
        assertThat(Bench.header(bench.sent("ACK"), "Via"))
                .isEqualTo(Bench.header(carrier.invite(), "Via"));
    }

    @Test
    @Tag("RFC3261§8.1.3.4")
    @Tag("RFC3261§13.2.2.2")
    @Tag("RFC3261§20.10")
    void a_redirect_hands_its_contacts_up_the_preferred_first() {
        carrier.place(Carrier.FIRST);
        carrier.answer(
                carrier.invite(),
                302,
                "b",
                "Contact: <sip:a@carrier.example>;q=0.5, \"B, b\" <sip:b@carrier.example>;q=0.75\r\n"
                        + "Contact: sip:c@evil.example;q=0.1\r\n",
                "");
        expect("redirect");
    }

    @Test
    @Tag("RFC3261§13.2.2.4")
    void of_three_forks_the_first_2xx_is_kept_and_the_others_are_ended() {
        carrier.place(Carrier.FIRST);
        carrier.ring("a");
        carrier.ring("b");
        carrier.pickUp("b");
        carrier.pickUp("c");
        carrier.pickUp("a");
        for (String bye : carrier.allSent("BYE")) {
            carrier.answer(bye, 200, "");
        }
        bench.advanceToMillis(500);
        carrier.pickUp("c");
        bench.advanceToMillis(9000);
        hangUp();
        expect("forks");
        assertThat(carrier.allSent("BYE"))
                .extracting(bye -> bye.substring(0, 9))
                .containsExactly("BYE sip:c", "BYE sip:a", "BYE sip:b");
    }

    @Test
    @Tag("RFC3261§9.1")
    void a_cancel_waits_for_the_first_provisional_answer() {
        carrier.place(Carrier.FIRST);
        bench.advanceToMillis(700);
        carrier.cancel();
        bench.advanceToMillis(1200);
        String invite = carrier.invite();
        carrier.answer(invite, 100, "");
        String cancel = bench.sent("CANCEL");
        carrier.answer(cancel, 200, "b");
        carrier.answer(invite, 487, "b");
        expect("cancel-waits");
        assertThat(Bench.header(cancel, "Via")).isEqualTo(Bench.header(invite, "Via"));
        assertThat(Bench.header(cancel, "To")).isEqualTo(Bench.header(invite, "To"));
        assertThat(Bench.header(cancel, "CSeq").split(" ")[0])
                .isEqualTo(Bench.header(invite, "CSeq").split(" ")[0]);
    }

    @Test
    @Tag("RFC3261§9.1")
    @Tag("RFC3261§15.1.1")
    void a_2xx_that_crosses_the_cancel_is_acknowledged_and_ended() {
        carrier.place(Carrier.FIRST);
        carrier.ring("b");
        bench.advanceToMillis(3000);
        carrier.cancel();
        carrier.pickUp("b");
        carrier.answer(bench.sent("CANCEL"), 200, "b");
        carrier.answer(bench.sent("BYE"), 200, "");
        expect("cancel-crosses-200");
    }

    @Test
    @Tag("RFC3261§9.1")
    void an_invite_that_is_cancelled_but_never_finalised_is_gone_after_64_t1() {
        carrier.place(Carrier.FIRST);
        carrier.answer(carrier.invite(), 100, "");
        bench.advanceToMillis(60_000);
        carrier.cancel();
        carrier.answer(bench.sent("CANCEL"), 200, "b");
        expect("cancel-unconfirmed");
    }

    @Test
    void a_cancel_that_a_busy_crosses_is_confirmed() {
        carrier.place(Carrier.FIRST);
        carrier.ring("b");
        carrier.cancel();
        carrier.answer(carrier.invite(), 486, "b");
        carrier.answer(bench.sent("CANCEL"), 481, "b");
        expect("cancel-crosses-486");
    }

    @Test
    void a_cancel_before_the_name_is_known_sends_nothing() {
        bench.command(
                new ClientCommand.Invite(
                        Carrier.CALL, carrier.envelope(), List.of(), Carrier.SDP, null));
        carrier.cancel();
        carrier.resolved(Carrier.FIRST);
        expect("cancel-unsent");
    }

    @Test
    @Tag("RFC3262§4")
    void reliable_provisionals_are_acknowledged_in_order_for_each_early_dialog() {
        carrier.place(Carrier.FIRST);
        carrier.reliable(183, "a", 10, "v=0\r\n");
        carrier.answer(bench.sent("PRACK"), 200, "");
        carrier.reliable(183, "a", 10, "v=0\r\n");
        carrier.reliable(180, "a", 12, "");
        carrier.reliable(180, "a", 11, "");
        carrier.answer(bench.sent("PRACK"), 200, "");
        carrier.reliable(180, "b", 77, "");
        carrier.answer(bench.sent("PRACK"), 200, "");
        carrier.pickUp("a");
        hangUp();
        expect("prack");
        assertThat(carrier.allSent("PRACK"))
                .extracting(prack -> Bench.header(prack, "RAck").split(" ")[0])
                .containsExactly("10", "11", "77");
        long first = Long.parseLong(Bench.header(carrier.invite(), "CSeq").split(" ")[0]);
        assertThat(Bench.header(bench.sent("PRACK"), "RAck")).isEqualTo("77 " + first + " INVITE");
        assertThat(Bench.header(bench.sent("BYE"), "CSeq")).isEqualTo((first + 3) + " BYE");
        assertThat(Bench.header(carrier.invite(), "Supported")).isEqualTo("100rel, timer");
    }

    @Test
    @Tag("RFC3261§13.2.1")
    @Tag("RFC3261§13.2.2.4")
    void an_offer_in_a_2xx_waits_for_our_answer_before_the_ack() {
        carrier.offer = null;
        carrier.place(Carrier.FIRST);
        carrier.pickUp("b");
        bench.advanceToMillis(500);
        carrier.pickUp("b");
        bench.command(new ClientCommand.Acknowledge(Carrier.CALL, Carrier.SDP));
        assertThat(bench.lastSent()).startsWith("ACK").endsWith("\r\n\r\nv=0\r\n");
        bench.advanceToMillis(1500);
        carrier.pickUp("b");
        hangUp();
        expect("late-offer");
    }

    @Test
    void a_bye_instead_of_the_answer_sends_the_ack_first() {
        carrier.offer = null;
        carrier.place(Carrier.FIRST);
        carrier.pickUp("b");
        hangUp();
        expect("late-offer-refused");
    }

    @Test
    @Tag("RFC3262§5")
    void an_offer_in_a_reliable_provisional_waits_for_our_answer_in_its_prack() {
        carrier.offer = null;
        carrier.place(Carrier.FIRST);
        carrier.reliable(183, "b", 1, "v=0\r\n");
        bench.command(new ClientCommand.Prack(Carrier.CALL, "b", Carrier.SDP));
        assertThat(bench.lastSent()).startsWith("PRACK").endsWith("\r\n\r\nv=0\r\n");
        carrier.answer(bench.lastSent(), 200, "");
        carrier.pickUp("b");
        hangUp();
        expect("prack-answer");
    }

    @Test
    @Tag("RFC3261§12.1.2")
    @Tag("RFC3261§13.2.2.4")
    void a_route_set_is_taken_backwards_and_the_ack_follows_it() {
        carrier.place(Carrier.FIRST);
        carrier.answer(
                carrier.invite(),
                200,
                "b",
                "Record-Route: <sip:192.0.2.30;lr>\r\nRecord-Route: <sip:192.0.2.20:5070;lr>\r\n"
                        + "Contact: <sip:b@10.0.0.5>\r\n",
                "v=0\r\n");
        assertThat(bench.lastSent()).startsWith("ACK sip:b@10.0.0.5 SIP/2.0\r\n");
        assertThat(bench.lastSent())
                .contains("Route: <sip:192.0.2.20:5070;lr>\r\nRoute: <sip:192.0.2.30;lr>\r\n");
        assertThat(bench.sent.getLast().hop().remote().getPort()).isEqualTo(5070);
    }

    @Test
    @Tag("RFC3261§13.2.2.4")
    void an_ack_to_a_name_waits_for_its_address() {
        carrier.place(Carrier.FIRST);
        carrier.answer(
                carrier.invite(), 200, "b", "Contact: <sip:b@gw.carrier.example>\r\n", "v=0\r\n");
        assertThat(carrier.allSent("ACK")).isEmpty();
        carrier.resolved(Carrier.SECOND);
        assertThat(bench.lastSent()).startsWith("ACK sip:b@gw.carrier.example SIP/2.0\r\n");
        assertThat(bench.sent.getLast().hop().remote()).isEqualTo(Carrier.SECOND.address());
    }

    @Test
    void a_2xx_without_tag_and_contact_is_still_a_call_that_can_be_ended() {
        carrier.place(Carrier.FIRST);
        carrier.answer(carrier.invite(), 200, "", "", "v=0\r\n");
        carrier.resolved(Carrier.FIRST);
        carrier.bye();
        carrier.resolved(Carrier.FIRST);
        assertThat(bench.lastSent()).startsWith("BYE sip:+15551234567@carrier.example SIP/2.0");
        carrier.answer(bench.lastSent(), 200, "");
        expect("nameless");
    }

    @Test
    void our_reinvite_in_a_call_that_we_placed_is_answered_and_acknowledged() {
        answered();
        bench.advanceToMillis(5000);
        DialogId dialog = bench.last(ClientEvent.Answered.class).dialog();
        bench.command(new SipCommand.SendInDialog(dialog, 5, "INVITE", List.of(), Carrier.SDP));
        carrier.pickUp("b");
        bench.advanceToMillis(5500);
        carrier.pickUp("b");
        hangUp();
        expect("reinvite");
    }

    @Test
    @Tag("RFC3261§17.1.1.2")
    void a_stream_carries_a_call_without_repetitions() {
        Target stream = new Target(TransportKind.TCP, Bench.PEER);
        bench.flow = Bench.TCP;
        carrier.place(stream);
        bench.advanceToMillis(5000);
        carrier.ring("b");
        carrier.pickUp("b");
        hangUp();
        expect("stream");
        assertThat(bench.sent("INVITE")).contains("Via: SIP/2.0/TCP 192.0.2.1:5060;branch=");
        assertThat(bench.sent("INVITE")).contains("Contact: <sip:192.0.2.1:5060;transport=tcp>");
        assertThat(bench.sent.getLast().hop().connection()).isEqualTo(7);
    }
}
