package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Under overload: the share that is not let in is told so at once, and living calls are served. */
class SheddingTest {
    private final Bench bench = new Bench();
    private final Phone phone = new Phone();

    @Test
    @Tag("RFC3261§21.5.4")
    @Tag("RFC3261§20.33")
    void a_new_call_is_503_with_a_spread_of_times_to_come_back_and_leaves_no_state() {
        bench.endpoint.admit(0, 0);
        List<Integer> seconds = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            phone.callId = "call-" + i;
            bench.receive(phone.invite(1, "b" + i));
            assertThat(bench.lastSent()).startsWith("SIP/2.0 503 Service Unavailable\r\n");
            seconds.add(Integer.valueOf(Bench.header(bench.lastSent(), "Retry-After")));
        }

        assertThat(seconds).allMatch(s -> s >= 5 && s <= 15);
        assertThat(seconds.stream().distinct().count()).isGreaterThan(8);
        assertThat(bench.endpoint.counts().serverTransactions()).isZero();
        assertThat(bench.endpoint.counts().dialogs()).isZero();
        assertThat(bench.events)
                .hasSize(200)
                .allMatch(
                        e ->
                                e instanceof SipEvent.MessageRefused refused
                                        && refused.reason() == SipEvent.Refusal.OVERLOADED);
    }

    @Test
    void the_ack_of_a_503_is_absorbed_without_a_word() {
        bench.endpoint.admit(0, 0);
        bench.receive(phone.invite(1, "i1"));
        String tag = Phone.tagOf(bench.lastSent());
        int events = bench.events.size();

        bench.receive(phone.inDialog("ACK", 1, "i1", tag));
        assertThat(bench.endpoint.counts().acksAbsorbed()).isEqualTo(1);
        assertThat(bench.events).hasSize(events);
        assertThat(bench.lastSent()).startsWith("SIP/2.0 503 ");
    }

    @Test
    @Tag("RFC3261§11.2")
    void options_say_that_no_calls_are_taken_while_a_share_of_them_still_is() {
        bench.endpoint.admit(0.99, 0.99);
        bench.receive(phone.request("OPTIONS", 1, "o1", Phone.to(null), "", ""));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 503 ");
    }

    @Test
    void a_living_call_is_held_resumed_and_hung_up_as_ever() {
        bench.receive(phone.invite(1, "i1"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        String tag = Phone.tagOf(bench.lastSent());
        bench.endpoint.admit(0, 0);

        bench.receive(phone.inDialog("ACK", 1, "a1", tag));
        bench.receive(phone.reinvite(2, "i2", tag));
        bench.respond(bench.last(SipEvent.ReinviteReceived.class).request(), 200);
        assertThat(bench.lastSent()).startsWith("SIP/2.0 200 ");
        bench.receive(phone.inDialog("ACK", 2, "a2", tag));
        bench.receive(phone.inDialog("BYE", 3, "b3", tag));

        assertThat(bench.lastSent()).startsWith("SIP/2.0 200 ");
        assertThat(bench.last(SipEvent.DialogEnded.class).cause())
                .isEqualTo(SipEvent.Cause.BYE_RECEIVED);
    }

    @Test
    void a_call_being_set_up_may_be_cancelled_and_its_invite_repeated() {
        bench.receive(phone.invite(1, "i1"));
        bench.endpoint.admit(0, 0);
        bench.receive(phone.invite(1, "i1"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 100 ");

        bench.receive(phone.cancel(1, "i1"));

        assertThat(bench.lastSent()).startsWith("SIP/2.0 487 ");
    }

    @Test
    void a_share_is_let_in_and_whoever_is_in_it_comes_through_with_credentials_too() {
        bench.endpoint.admit(0.3, 0.3);
        int admitted = 0;
        for (int i = 0; i < 1_000; i++) {
            phone.callId = "call-" + i;
            boolean first = isLetIn(1, "a" + i);
            boolean again = isLetIn(2, "b" + i);
            assertThat(again).isEqualTo(first);
            admitted += first ? 1 : 0;
        }
        assertThat(admitted).isBetween(250, 350);

        bench.endpoint.admit(1, 1);
        assertThat(isLetIn(3, "c")).isTrue();
    }

    @Test
    void who_was_asked_for_credentials_is_served_when_it_gives_them_though_the_share_has_shrunk() {
        bench.endpoint.admit(0.3, 0.3);
        int admitted = 0;
        int served = 0;
        for (int i = 0; i < 200; i++) {
            phone.callId = "call-" + i;
            bench.endpoint.admit(0.3, 0.3);
            if (isLetIn(1, "a" + i)) {
                bench.endpoint.admit(0.01, 0.01);
                admitted++;
                served += isLetIn(2, "b" + i) ? 1 : 0;
            }
        }
        assertThat(admitted).isPositive().isEqualTo(served);
    }

    @Test
    void a_new_call_that_has_waited_too_long_is_503_though_everybody_is_let_in() {
        overdue(phone.invite(1, "i1"));

        assertThat(bench.lastSent())
                .startsWith("SIP/2.0 503 Service Unavailable\r\n")
                .contains("Retry-After: ");
        assertThat(bench.last(SipEvent.MessageRefused.class).detail()).isEqualTo("waited too long");
        bench.assertNothingLeft();
    }

    @Test
    void a_repetition_that_has_waited_too_long_has_the_answer_of_what_it_repeats() {
        bench.receive(phone.invite(1, "i1"));
        overdue(phone.invite(1, "i1"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 100 ");

        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        overdue(phone.invite(1, "i1"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 200 ");
    }

    /** Its first copy was challenged, and the call may have been answered since. */
    @Test
    void a_repetition_that_has_waited_too_long_is_challenged_again_and_not_503() {
        bench.answerAtOnce(407);
        bench.receive(phone.invite(1, "i1"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 407 ");

        overdue(phone.invite(1, "i1"));

        assertThat(bench.lastSent()).startsWith("SIP/2.0 407 ");
    }

    @Test
    void a_repetition_of_what_was_shed_is_503_though_everybody_is_let_in_by_now() {
        bench.endpoint.admit(0, 0);
        bench.receive(phone.invite(1, "i1"));
        bench.endpoint.admit(0.999, 0.999);
        bench.receive(phone.invite(1, "i1"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 503 ");
        bench.endpoint.admit(1, 1);
        bench.receive(phone.invite(1, "i1"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 503 ").contains("Retry-After: ");
        assertThat(bench.events).noneMatch(SipEvent.InviteReceived.class::isInstance);

        bench.receive(phone.invite(2, "i2"));
        assertThat(bench.last(SipEvent.InviteReceived.class)).isNotNull();
    }

    @Test
    void what_is_inside_a_dialog_or_ends_what_was_begun_is_never_too_late() {
        bench.receive(phone.invite(1, "i1"));
        overdue(phone.cancel(1, "i1"));

        assertThat(bench.lastSent()).startsWith("SIP/2.0 487 ");
    }

    @Test
    void who_is_known_is_let_in_while_strangers_are_not() {
        bench.endpoint.admit(1, 0);
        bench.receive(phone.invite(1, "i1"));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 503 ");

        phone.callId = "another";
        bench.handle(
                new SipInput.MessageReceived(
                        bench.flow,
                        phone.invite(1, "i2").getBytes(StandardCharsets.UTF_8),
                        SipInput.Standing.KNOWN));

        assertThat(bench.last(SipEvent.InviteReceived.class)).isNotNull();
    }

    private void overdue(String message) {
        bench.handle(
                new SipInput.MessageOverdue(bench.flow, message.getBytes(StandardCharsets.UTF_8)));
    }

    /** Half of the hash at most: the whole would tell more of it than the tag needs. */
    @Test
    @Tag("RFC3261§19.3")
    @Tag("RFC3261§8.2.7")
    void the_tag_of_an_answer_without_state_is_32_bits_and_the_same_for_a_repetition() {
        bench.endpoint.admit(0, 0);
        bench.receive(phone.invite(1, "i1"));
        String tag = Phone.tagOf(bench.lastSent());
        bench.receive(phone.invite(1, "i1"));

        assertThat(tag).matches("sl-[0-9a-f]{8}").isEqualTo(Phone.tagOf(bench.lastSent()));
    }

    private boolean isLetIn(long cseq, String branch) {
        int before = bench.events.size();
        bench.receive(phone.invite(cseq, branch));
        SipEvent raised = bench.events.get(before);
        if (raised instanceof SipEvent.InviteReceived invited) {
            bench.respond(invited.request(), 407);
            return true;
        }
        return false;
    }

    @Test
    void what_is_sent_again_is_counted() {
        bench.receive(phone.invite(1, "i1"));
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        assertThat(bench.endpoint.sentAgain()).isZero();

        bench.advanceToMillis(1_600);

        // 0.5 s and 1.5 s after the first
        assertThat(bench.endpoint.sentAgain()).isEqualTo(2);
    }
}
