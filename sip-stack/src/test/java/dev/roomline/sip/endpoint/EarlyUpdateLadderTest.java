package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** UPDATE from whom we call, before it answers (RFC 3311 §5.2), and what its answer makes of it. */
@Tag("RFC3311§5.2")
class EarlyUpdateLadderTest {
    private final Carrier carrier = new Carrier();
    private final Bench bench = carrier.bench;

    private void update(long cseq, String tag, String body) {
        carrier.request("UPDATE", tag, cseq, "Contact: <sip:moved@192.0.2.9:5062>\r\n", body);
    }

    private void offer(long cseq) {
        update(cseq, "a", "v=0\r\n");
    }

    private void respond(int status) {
        bench.respond(bench.last(SipEvent.ReinviteReceived.class).request(), status);
    }

    private void assertAnswered(int status, long cseq) {
        assertThat(bench.lastSent()).startsWith("SIP/2.0 " + status + " ");
        assertThat(Bench.header(bench.lastSent(), "CSeq")).isEqualTo(cseq + " UPDATE");
        assertThat(bench.lastSent().contains("Retry-After: ")).isEqualTo(status == 500);
    }

    /** Our INVITE's offer is answered by a reliable provisional response. */
    private void described() {
        carrier.place(Carrier.FIRST);
        carrier.reliable(183, "a", 11, "v=0\r\n");
        carrier.answer(bench.sent("PRACK"), 200, "a");
    }

    private void hangUp() {
        carrier.bye();
        carrier.answer(bench.sent("BYE"), 200, "a");
        bench.advanceToMillis(bench.millis() + 60_000);
        bench.assertNothingLeft();
    }

    @Test
    @Tag("RFC3262§5")
    void whomWeCallOffersAnewBeforeItAnswers() {
        described();
        offer(1);
        respond(200);
        assertAnswered(200, 1);
        assertThat(bench.lastSent()).contains("Contact: <sip:").endsWith("v=0\r\n");
        assertThat(bench.last(SipEvent.ReinviteReceived.class).invite().from().tag())
                .isEqualTo("a");
        carrier.answer(carrier.invite(), 200, "a");
        hangUp();
        bench.expect("out-early-update");
    }

    @Test
    void whatIsRefusedLetsTheNextBeServed() {
        described();
        offer(1);
        respond(488);
        assertAnswered(488, 1);
        update(2, "a", "");
        var update = bench.last(SipEvent.RequestReceived.class);
        assertThat(update.dialog()).isEqualTo(bench.last(ClientEvent.Placed.class).dialog());
        bench.respond(update.request(), 200);
        assertAnswered(200, 2);
        update(3, "another", "");
        assertAnswered(481, 3);
        carrier.pickUp("a");
        hangUp();
    }

    @Test
    void whileOurOfferHasNoReliableAnswerItIs491() {
        carrier.place(Carrier.FIRST);
        carrier.reliable(180, "a", 10, "");
        offer(1);
        assertAnswered(491, 1);
        carrier.answer(carrier.invite(), 183, "a", Carrier.contact("a"), "v=0\r\n");
        offer(2);
        assertAnswered(491, 2);
        carrier.reliable(183, "a", 11, "v=0\r\n");
        offer(3);
        respond(200);
        assertAnswered(200, 3);
        carrier.pickUp("a");
        hangUp();
    }

    @Test
    void theAnswerInThe2xxEndsThat() {
        carrier.place(Carrier.FIRST);
        carrier.reliable(180, "a", 10, "");
        carrier.pickUp("a");
        offer(1);
        respond(200);
        assertAnswered(200, 1);
        hangUp();
    }

    @Test
    void whileItsOwnOfferHasNoAnswerItIs500() {
        carrier.offer = null;
        carrier.place(Carrier.FIRST);
        carrier.reliable(183, "a", 10, "v=0\r\n");
        offer(1);
        assertAnswered(500, 1);
        bench.command(new ClientCommand.Prack(Carrier.CALL, "a", Carrier.SDP));
        offer(2);
        offer(3);
        assertAnswered(500, 3);
        respond(200);
        assertAnswered(200, 2);
        carrier.pickUp("a");
        hangUp();
    }

    @Test
    void whileTheOfferInIts2xxHasNoAnswerItIs500() {
        carrier.offer = null;
        carrier.place(Carrier.FIRST);
        carrier.pickUp("a");
        offer(1);
        assertAnswered(500, 1);
        bench.command(new ClientCommand.Acknowledge(Carrier.CALL, Carrier.SDP));
        offer(2);
        respond(200);
        assertAnswered(200, 2);
        hangUp();
    }

    @Test
    @Tag("RFC3261§13.2.2.4")
    void whatIsPendingWhenItAnswersStaysPendingAndItsNumbersCountOn() {
        described();
        offer(5);
        carrier.pickUp("a");
        carrier.request("INFO", "a", 4);
        assertThat(bench.lastSent()).startsWith("SIP/2.0 500 CSeq Out Of Order");
        offer(6);
        assertAnswered(500, 6);
        respond(200);
        assertAnswered(200, 5);
        offer(7);
        respond(200);
        assertAnswered(200, 7);
        hangUp();
    }
}
