package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From target to target: RFC 3263 §4.3, RFC 3261 §8.1.2, §21.5.4. */
class OutboundFailoverTest {
    private final Carrier carrier = new Carrier();
    private final Bench bench = carrier.bench;

    private void expect(String name) {
        bench.advanceToMillis(bench.millis() + 300_000);
        bench.expect("out-" + name);
        bench.assertNothingLeft();
    }

    private void notSent() {
        bench.handle(new SipInput.TransportFailed(bench.sent.getLast().ticket()));
    }

    @Test
    @Tag("RFC3263§4.3")
    @Tag("RFC3261§8.1.2")
    void after_four_seconds_of_silence_the_next_target_is_called() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        bench.advanceToMillis(4000);
        carrier.from(Carrier.SECOND);
        carrier.ring("b");
        carrier.pickUp("b");
        carrier.bye();
        carrier.answer(bench.lastSent(), 200, "");
        expect("failover-silence");
        assertThat(carrier.invited())
                .containsExactly(Carrier.FIRST.address(), Carrier.SECOND.address());
        String first = carrier.allSent("INVITE").getFirst();
        assertThat(Bench.header(carrier.invite(), "CSeq")).isEqualTo(Bench.header(first, "CSeq"));
        assertThat(Bench.header(carrier.invite(), "Call-ID"))
                .isEqualTo(Bench.header(first, "Call-ID"));
        assertThat(Bench.header(carrier.invite(), "Via")).isNotEqualTo(Bench.header(first, "Via"));
    }

    @Test
    void a_target_that_was_given_up_and_rings_first_after_all_has_the_call() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        String first = carrier.invite();
        bench.advanceToMillis(5000);
        carrier.answer(first, 180, "a");
        String second = carrier.invite();
        carrier.from(Carrier.SECOND);
        carrier.answer(second, 180, "b");
        assertThat(Bench.header(bench.sent("CANCEL"), "Via"))
                .isEqualTo(Bench.header(second, "Via"));
        carrier.answer(bench.sent("CANCEL"), 200, "b");
        carrier.answer(second, 487, "b");
        carrier.from(Carrier.FIRST);
        carrier.answer(first, 200, "a");
        carrier.bye();
        carrier.answer(bench.lastSent(), 200, "");
        expect("failover-taken-back");
    }

    @Test
    void a_target_that_rings_after_another_one_is_cancelled() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        String first = carrier.invite();
        bench.advanceToMillis(4500);
        carrier.from(Carrier.SECOND);
        carrier.ring("b");
        carrier.from(Carrier.FIRST);
        carrier.answer(first, 180, "a");
        assertThat(Bench.header(bench.sent("CANCEL"), "Via")).isEqualTo(Bench.header(first, "Via"));
        carrier.answer(bench.sent("CANCEL"), 200, "a");
        carrier.answer(first, 487, "a");
        carrier.from(Carrier.SECOND);
        carrier.pickUp("b");
        carrier.bye();
        carrier.answer(bench.lastSent(), 200, "");
        expect("failover-late-ringing");
    }

    @Test
    void of_two_targets_the_first_to_answer_has_the_call() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        String first = carrier.invite();
        bench.advanceToMillis(4500);
        String second = carrier.invite();
        carrier.from(Carrier.SECOND);
        carrier.answer(second, 180, "b");
        carrier.from(Carrier.FIRST);
        carrier.answer(first, 200, "a");
        carrier.from(Carrier.SECOND);
        carrier.answer(bench.sent("CANCEL"), 200, "b");
        carrier.answer(second, 200, "b");
        carrier.answer(bench.sent("BYE"), 200, "");
        carrier.from(Carrier.FIRST);
        carrier.bye();
        carrier.answer(bench.lastSent(), 200, "");
        expect("failover-late-answer");
    }

    @Test
    @Tag("RFC3263§4.3")
    @Tag("RFC3261§8.1.3.1")
    @Tag("RFC3261§17.1.4")
    void what_cannot_be_sent_goes_to_the_next_at_once() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        notSent();
        carrier.from(Carrier.SECOND);
        carrier.answer(carrier.invite(), 486, "b");
        expect("failover-unsendable");
    }

    @Test
    @Tag("RFC3263§4.3")
    @Tag("RFC3261§21.5.4")
    void unavailable_goes_to_the_next_and_is_told_when_it_was_the_last() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        carrier.answer(carrier.invite(), 503, "a", "Retry-After: 120\r\n", "");
        carrier.from(Carrier.SECOND);
        carrier.answer(carrier.invite(), 503, "b", "Retry-After: 60\r\n", "");
        expect("failover-503");
        assertThat(bench.last(ClientEvent.Refused.class).response().header("Retry-After"))
                .contains("60");
    }

    @Test
    void nothing_is_tried_elsewhere_once_it_rang() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        carrier.ring("b");
        carrier.answer(carrier.invite(), 503, "b");
        expect("failover-503-after-ringing");
    }

    @Test
    void a_100_and_then_silence_waits_for_the_application() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        carrier.answer(carrier.invite(), 100, "");
        bench.advanceToMillis(60_000);
        carrier.cancel();
        expect("failover-100-only");
    }

    @Test
    @Tag("RFC3263§4.3")
    void busy_is_an_answer_and_nobody_else_is_asked() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        carrier.answer(carrier.invite(), 486, "b");
        expect("failover-busy");
    }

    @Test
    void a_name_without_address_goes_to_the_next_way_and_no_target_is_tried_twice() {
        carrier.ways =
                List.of(Carrier.uri("none.example"), Carrier.uri("a.example"), Carrier.uri("b"));
        carrier.place();
        carrier.resolved(Carrier.FIRST, Carrier.FIRST);
        bench.advanceToMillis(4000);
        carrier.resolved(Carrier.FIRST, Carrier.SECOND);
        bench.advanceToMillis(5000);
        notSent();
        expect("failover-names");
        assertThat(bench.resolves)
                .extracting(resolve -> resolve.uri().host())
                .containsExactly("none.example", "a.example", "b");
    }

    @Test
    void a_look_up_that_nobody_answers_is_given_up() {
        bench.command(
                new ClientCommand.Invite(
                        Carrier.CALL, carrier.envelope(), List.of(), Carrier.SDP, null));
        expect("failover-no-dns");
    }

    @Test
    void a_cancel_ends_the_search() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        bench.advanceToMillis(1000);
        carrier.cancel();
        expect("failover-cancelled");
    }

    @Test
    @Tag("RFC3263§4.3")
    void the_next_call_tries_a_dead_target_last_and_a_live_one_first_again() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        notSent();
        carrier.answer(carrier.invite(), 486, "b");
        place(8, Carrier.FIRST, Carrier.SECOND);
        assertThat(bench.sent.getLast().hop().remote()).isEqualTo(Carrier.SECOND.address());
        notSent();
        assertThat(bench.sent.getLast().hop().remote()).isEqualTo(Carrier.FIRST.address());
        carrier.answer(carrier.invite(), 486, "b");
        place(9, Carrier.SECOND, Carrier.FIRST);
        assertThat(bench.sent.getLast().hop().remote()).isEqualTo(Carrier.FIRST.address());
        carrier.answer(carrier.invite(), 486, "b");
        bench.advanceToMillis(31_000);
        place(10, Carrier.SECOND, Carrier.FIRST);
        assertThat(bench.sent.getLast().hop().remote()).isEqualTo(Carrier.SECOND.address());
    }

    @Test
    @Tag("RFC3261§21.5.4")
    @Tag("RFC3261§20.33")
    void a_target_that_said_for_how_long_is_left_alone_for_that_long() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        carrier.answer(carrier.invite(), 503, "a", "Retry-After: 120 (full)\r\n", "");
        carrier.answer(carrier.invite(), 486, "b");
        bench.advanceToMillis(119_000);
        place(8, Carrier.FIRST, Carrier.SECOND);
        assertThat(bench.sent.getLast().hop().remote()).isEqualTo(Carrier.SECOND.address());
        carrier.answer(carrier.invite(), 486, "b");
        bench.advanceToMillis(120_000);
        place(9, Carrier.FIRST, Carrier.SECOND);
        assertThat(bench.sent.getLast().hop().remote()).isEqualTo(Carrier.FIRST.address());
    }

    @Test
    @Tag("RFC3263§4.3")
    void targets_that_are_known_are_not_looked_up_and_tried_in_their_order() {
        placeToward(false, Carrier.SECOND, Carrier.FIRST);
        assertThat(bench.resolves).isEmpty();
        notSent();
        assertThat(carrier.invited())
                .containsExactly(Carrier.SECOND.address(), Carrier.FIRST.address());
        bench.advanceToMillis(31_999);
        assertThat(bench.events).noneMatch(event -> event instanceof ClientEvent.Unreachable);
        bench.advanceToMillis(32_000);
        assertThat(bench.last(ClientEvent.Unreachable.class).tried()).hasSize(2);
    }

    @Test
    @Tag("RFC3263§4.3")
    void a_silent_target_is_not_waited_for_when_its_caller_has_others() {
        placeToward(true, Carrier.FIRST);
        String invite = carrier.invite();
        bench.advanceToMillis(4000);
        assertThat(bench.last(ClientEvent.Unreachable.class).tried())
                .extracting(Tried::why)
                .containsExactly(Tried.Why.NO_ANSWER);
        // it rings after all, and is not wanted any more
        bench.advanceToMillis(5000);
        carrier.answer(invite, 180, "a");
        carrier.answer(bench.sent("CANCEL"), 200, "a");
        carrier.answer(invite, 487, "a");
        bench.advanceToMillis(300_000);
        bench.assertNothingLeft();
    }

    @Test
    void a_call_that_went_elsewhere_is_hung_up_where_it_is_answered_after_all() {
        placeToward(true, Carrier.FIRST);
        String invite = carrier.invite();
        bench.advanceToMillis(4000);
        bench.advanceToMillis(5000);
        carrier.answer(invite, 200, "a");
        assertThat(carrier.allSent("ACK")).hasSize(1);
        carrier.answer(bench.sent("BYE"), 200, "a");
        assertThat(bench.events).noneMatch(event -> event instanceof ClientEvent.Answered);
        bench.advanceToMillis(300_000);
        bench.assertNothingLeft();
    }

    private void placeToward(boolean others, Target... targets) {
        bench.command(
                new ClientCommand.Invite(
                        Carrier.CALL,
                        carrier.envelope().toward(List.of(targets), others),
                        List.of(),
                        Carrier.SDP,
                        null));
    }

    private void place(long handle, Target... targets) {
        bench.command(
                new ClientCommand.Invite(
                        new CallHandle(handle), carrier.envelope(), List.of(), Carrier.SDP, null));
        carrier.resolved(targets);
    }
}
