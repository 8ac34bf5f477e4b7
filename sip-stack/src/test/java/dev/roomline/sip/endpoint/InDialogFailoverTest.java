package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * RFC 3263 §4.3 inside a call whose route set names a carrier with two targets, of which the first
 * has died since.
 */
class InDialogFailoverTest {
    private static final String ROUTE = "Record-Route: <sip:carrier.example;lr>\r\n";

    private final Carrier carrier = new Carrier();
    private final Bench bench = carrier.bench;

    /** The call stands; its ACK went to the first target. */
    private void established() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        pickUp();
        resolved();
        bench.ladder.clear();
        bench.sent.clear();
    }

    private void pickUp() {
        carrier.answer(carrier.invite(), 200, "b", Carrier.contact("b") + ROUTE, "v=0\r\n");
    }

    private void resolved() {
        carrier.resolved(Carrier.FIRST, Carrier.SECOND);
    }

    private void send(String method) {
        DialogId dialog = bench.last(ClientEvent.Answered.class).dialog();
        bench.command(new SipCommand.SendInDialog(dialog, 5, method, List.of(), null));
        resolved();
    }

    private void hangUp() {
        carrier.bye();
        resolved();
        carrier.answer(bench.lastSent(), 200, "");
    }

    private void expect(String name) {
        bench.advanceToMillis(bench.millis() + 300_000);
        bench.expect("road-" + name);
        bench.assertNothingLeft();
    }

    /** To whom each request of this method went, repetitions included. */
    private List<InetSocketAddress> roads(String method) {
        return bench.sent.stream()
                .filter(send -> text(send).startsWith(method + " "))
                .map(send -> send.hop().remote())
                .toList();
    }

    private static String text(SipEffect.Send send) {
        return new String(send.bytes(), StandardCharsets.UTF_8);
    }

    private void assertAnswered(int status) {
        assertThat(bench.last(SipEvent.ResponseReceived.class).status()).isEqualTo(status);
    }

    private void assertCallStands() {
        assertThat(bench.events).noneMatch(event -> event instanceof SipEvent.DialogEnded);
    }

    @Test
    @Tag("RFC3263§4.3")
    void after_four_seconds_of_silence_the_next_target_is_asked() {
        established();
        send("INFO");
        bench.advanceToMillis(3999);
        assertThat(roads("INFO")).containsOnly(Carrier.FIRST.address());
        String first = bench.lastSent();
        bench.advanceToMillis(4000);
        assertThat(roads("INFO").getLast()).isEqualTo(Carrier.SECOND.address());
        String second = bench.lastSent();
        assertThat(Bench.header(second, "CSeq")).isEqualTo(Bench.header(first, "CSeq"));
        assertThat(Bench.header(second, "Via")).isNotEqualTo(Bench.header(first, "Via"));
        carrier.answer(second, 200, "");
        assertCallStands();
        hangUp();
        expect("silence");
    }

    @Test
    @Tag("RFC3263§4.3")
    void what_is_asked_next_goes_to_the_one_that_answers() {
        established();
        send("INFO");
        bench.advanceToMillis(4000);
        carrier.answer(bench.lastSent(), 200, "");
        bench.sent.clear();
        send("UPDATE");
        carrier.answer(bench.lastSent(), 200, "");
        hangUp();
        assertThat(roads("UPDATE")).containsExactly(Carrier.SECOND.address());
        assertThat(roads("BYE")).containsExactly(Carrier.SECOND.address());
    }

    @Test
    @Tag("RFC3263§4.3")
    @Tag("RFC3261§12.2.1.2")
    void the_peer_is_lost_when_nobody_answers() {
        established();
        send("UPDATE");
        bench.advanceToMillis(35_999);
        assertCallStands();
        bench.advanceToMillis(36_000);
        assertAnswered(408);
        assertThat(bench.last(SipEvent.DialogEnded.class).cause())
                .isEqualTo(SipEvent.Cause.PEER_LOST);
        carrier.resolved(Carrier.SECOND, Carrier.FIRST);
        bench.advanceToMillis(40_000);
        assertThat(roads("BYE"))
                .startsWith(Carrier.SECOND.address())
                .endsWith(Carrier.FIRST.address());
        carrier.answer(bench.lastSent(), 200, "");
        bench.advanceToMillis(300_000);
        bench.assertNothingLeft();
    }

    @Test
    @Tag("RFC3263§4.3")
    @Tag("RFC3261§14.1")
    void a_reinvite_is_answered_by_the_next_target_and_acknowledged_there() {
        established();
        send("INVITE");
        bench.advanceToMillis(4000);
        pickUp();
        pickUp();
        assertAnswered(200);
        hangUp();
        assertThat(roads("ACK"))
                .containsExactly(Carrier.SECOND.address(), Carrier.SECOND.address());
        expect("reinvite");
    }

    @Test
    void a_target_that_answers_after_all_is_heard() {
        established();
        send("INVITE");
        String first = bench.lastSent();
        bench.advanceToMillis(5000);
        String second = bench.lastSent();
        carrier.answer(first, 100, "");
        bench.advanceToMillis(50_000);
        assertCallStands();
        carrier.answer(first, 200, "b", Carrier.contact("b"), "v=0\r\n");
        assertAnswered(200);
        assertThat(roads("ACK")).containsExactly(Carrier.FIRST.address());
        assertThat(Bench.header(second, "Via")).isNotEqualTo(Bench.header(first, "Via"));
        hangUp();
        bench.advanceToMillis(300_000);
        bench.assertNothingLeft();
    }

    @Test
    @Tag("RFC3263§4.3")
    @Tag("RFC3261§21.5.4")
    void unavailable_goes_to_the_next_and_is_told_when_it_was_the_last() {
        established();
        send("INVITE");
        carrier.answer(bench.lastSent(), 503, "", "Retry-After: 60\r\n", "");
        assertThat(roads("INVITE"))
                .containsExactly(Carrier.FIRST.address(), Carrier.SECOND.address());
        carrier.answer(bench.lastSent(), 503, "");
        assertAnswered(503);
        assertCallStands();
        hangUp();
        expect("unavailable");
    }

    @Test
    @Tag("RFC3263§4.3")
    void what_cannot_be_sent_goes_to_the_next_at_once() {
        established();
        send("INFO");
        bench.handle(new SipInput.TransportFailed(bench.sent.getLast().ticket()));
        assertThat(roads("INFO"))
                .containsExactly(Carrier.FIRST.address(), Carrier.SECOND.address());
        carrier.answer(bench.lastSent(), 200, "");
        assertAnswered(200);
    }

    @Test
    void nothing_is_asked_of_the_next_when_the_call_is_over() {
        established();
        send("INFO");
        bench.advanceToMillis(1000);
        hangUp();
        bench.advanceToMillis(300_000);
        assertThat(roads("INFO")).containsOnly(Carrier.FIRST.address());
        bench.assertNothingLeft();
    }

    @Test
    @Tag("RFC3263§4.3")
    @Tag("RFC3261§13.2.2.4")
    void the_ack_goes_to_the_next_target_with_each_2xx_that_comes_again() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        pickUp();
        resolved();
        bench.advanceToMillis(500);
        pickUp();
        bench.advanceToMillis(1500);
        pickUp();
        assertThat(roads("ACK"))
                .containsExactly(
                        Carrier.FIRST.address(), Carrier.SECOND.address(), Carrier.FIRST.address());
        List<String> acks = carrier.allSent("ACK");
        assertThat(acks.get(2)).isEqualTo(acks.get(0));
        assertThat(Bench.header(acks.get(1), "Via")).isNotEqualTo(Bench.header(acks.get(0), "Via"));
        hangUp();
        expect("ack");
    }

    @Test
    @Tag("RFC3263§4.3")
    void the_ack_passes_over_a_target_that_gave_the_invite_no_answer() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        bench.advanceToMillis(4000);
        pickUp();
        resolved();
        assertThat(roads("ACK")).containsExactly(Carrier.SECOND.address());
    }
}
