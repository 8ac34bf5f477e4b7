package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.message.Body;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** UPDATE from the peer and from us (RFC 3311), and what crosses it (RFC 3261 §14, RFC 6337 §2). */
class UpdateLadderTest {
    private static final Body SDP =
            new Body("application/sdp", "v=0\r\n".getBytes(StandardCharsets.US_ASCII));

    private final Conversation call = new Conversation();
    private final Bench bench = call.bench;
    private final Phone phone = call.phone;

    private void update(long cseq, boolean offer) {
        call.receive(
                phone.request(
                        "UPDATE",
                        cseq,
                        "u" + cseq,
                        Phone.to(call.tag),
                        "Contact: " + phone.contact + "\r\n",
                        offer ? "v=0\r\n" : ""));
    }

    private void send(String method, @Nullable Body body) {
        bench.command(new SipCommand.SendInDialog(call.dialog(), 5, method, List.of(), body));
    }

    @Test
    @Tag("RFC3311§5.2")
    void anOfferByUpdateIsAnsweredInIts200AndNeedsNoAck() {
        call.established();
        update(2, true);
        bench.respond(bench.last(SipEvent.ReinviteReceived.class).request(), 200);
        String ok = bench.lastSent();
        assertThat(ok).startsWith("SIP/2.0 200").endsWith("v=0\r\n");
        assertThat(Bench.header(ok, "Contact")).isEqualTo("<sip:192.0.2.1:5060>");
        assertThat(Bench.header(ok, "CSeq")).isEqualTo("2 UPDATE");
        int sent = bench.sent.size();
        call.at(40_000);
        assertThat(bench.sent).as("not repeated: nobody acknowledges it").hasSize(sent);
    }

    @Test
    void anAcceptedUpdateMovesTheTargetAndARefusedOneDoesNot() {
        call.established();
        phone.contact = "<sip:alice@192.0.2.9:7777>";
        update(2, true);
        bench.respond(bench.last(SipEvent.ReinviteReceived.class).request(), 488);
        send("INFO", null);
        assertThat(bench.lastSent()).startsWith("INFO sip:alice@192.0.2.9:5062 ");
        call.receive(Phone.answer(bench.lastSent(), 200, ""));
        update(3, false);
        bench.respond(bench.last(SipEvent.RequestReceived.class).request(), 200);
        send("INFO", null);
        assertThat(bench.lastSent()).startsWith("INFO sip:alice@192.0.2.9:7777 ");
    }

    @Test
    @Tag("RFC3311§5.2")
    void aSecondUpdateBeforeTheFirstIsAnsweredIs500() {
        call.established();
        update(2, true);
        update(3, false);
        assertThat(bench.lastSent()).startsWith("SIP/2.0 500 ");
        assertThat(Bench.header(bench.lastSent(), "Retry-After")).matches("10|[0-9]");
        bench.respond(bench.last(SipEvent.ReinviteReceived.class).request(), 200);
        update(4, true);
        bench.respond(bench.last(SipEvent.ReinviteReceived.class).request(), 200);
        assertThat(Bench.header(bench.lastSent(), "CSeq")).isEqualTo("4 UPDATE");
    }

    /** The table of {@link OfferAnswer}: what is under way, what comes, its answer; 0: served. */
    @ParameterizedTest
    @CsvSource({
        "their INVITE, INVITE, 500",
        "their INVITE, UPDATE offer, 500",
        "their INVITE, UPDATE, 0",
        "their UPDATE, INVITE, 500",
        "their UPDATE, UPDATE offer, 500",
        "their UPDATE, UPDATE, 500",
        "our INVITE, INVITE, 491",
        "our INVITE, UPDATE offer, 491",
        "our INVITE, UPDATE, 0",
        "our UPDATE offer, INVITE, 491",
        "our UPDATE offer, UPDATE offer, 491",
        "our UPDATE offer, UPDATE, 0",
        "our UPDATE, INVITE, 0",
        "our UPDATE, UPDATE offer, 0",
        "our UPDATE, UPDATE, 0",
        "our offer in a 200, INVITE, 491",
        "our offer in a 200, UPDATE offer, 491",
        "our offer in a 200, UPDATE, 0",
    })
    @Tag("RFC3261§14.2")
    @Tag("RFC3311§5.2")
    void whatCrossesIsAnsweredByTheTable(String underWay, String comes, int status) {
        call.established();
        switch (underWay) {
            case "their INVITE" -> call.receive(phone.reinvite(2, "r2", call.tag));
            case "their UPDATE" -> update(2, true);
            case "our INVITE" -> send("INVITE", SDP);
            case "our UPDATE offer" -> send("UPDATE", SDP);
            case "our UPDATE" -> send("UPDATE", null);
            default -> {
                phone.body = "";
                call.receive(phone.reinvite(2, "r2", call.tag));
                call.respondAgain(200);
            }
        }
        int told = bench.events.size();
        switch (comes) {
            case "INVITE" -> call.receive(phone.reinvite(3, "r3", call.tag));
            case "UPDATE offer" -> update(3, true);
            default -> update(3, false);
        }
        if (status == 0) {
            assertThat(bench.events).hasSize(told + 1);
        } else {
            assertThat(bench.events).hasSize(told);
            assertThat(bench.lastSent()).startsWith("SIP/2.0 " + status + " ");
            assertThat(bench.lastSent().contains("Retry-After")).isEqualTo(status == 500);
        }
    }

    /** What of ours may not leave is as if the peer had answered 491. */
    @ParameterizedTest
    @CsvSource({
        "their INVITE, INVITE, false",
        "their INVITE, UPDATE offer, false",
        "their INVITE, UPDATE, true",
        "their UPDATE, INVITE, false",
        "their UPDATE, UPDATE offer, false",
        "their UPDATE, UPDATE, true",
        "our INVITE, INVITE, false",
        "our INVITE, UPDATE offer, false",
        "our INVITE, UPDATE, true",
        "our UPDATE, INVITE, false",
        "our UPDATE, UPDATE, false",
        "our UPDATE, INFO, true",
    })
    @Tag("RFC3261§14.1")
    @Tag("RFC3311§5.1")
    void ofOursOnlyWhatMayLeavesLeaves(String underWay, String wanted, boolean leaves) {
        call.established();
        switch (underWay) {
            case "their INVITE" -> call.receive(phone.reinvite(2, "r2", call.tag));
            case "their UPDATE" -> update(2, true);
            case "our INVITE" -> send("INVITE", SDP);
            default -> send("UPDATE", null);
        }
        int sent = bench.sent.size();
        String[] words = wanted.split(" ", -1);
        send(words[0], words.length > 1 ? SDP : null);
        assertThat(bench.sent).hasSize(sent + (leaves ? 1 : 0));
        if (!leaves) {
            assertThat(bench.last(SipEvent.ResponseReceived.class).status()).isEqualTo(491);
        }
    }

    @Test
    @Tag("RFC3311§5.1")
    void anUpdateOfOursBringsTheAnswerAndANewTarget() {
        call.established();
        send("UPDATE", SDP);
        String ours = bench.lastSent();
        assertThat(Bench.header(ours, "Allow")).contains("UPDATE");
        call.receive(Phone.answer(ours, 200, "Contact: <sip:alice@192.0.2.9:8888>\r\n"));
        assertThat(bench.last(SipEvent.ResponseReceived.class).status()).isEqualTo(200);
        send("INFO", null);
        assertThat(bench.lastSent()).startsWith("INFO sip:alice@192.0.2.9:8888 ");
    }

    @Test
    void anUpdateThatTheApplicationNeverAnswersDoesNotBlockTheNext() {
        call.established();
        update(2, true);
        call.at(33_000);
        update(3, true);
        bench.respond(bench.last(SipEvent.ReinviteReceived.class).request(), 200);
        assertThat(Bench.header(bench.lastSent(), "CSeq")).isEqualTo("3 UPDATE");
    }

    @Test
    void anUpdateOfADialogThatIsNotThereIs481() {
        call.receive(phone.request("UPDATE", 2, "u2", Phone.to("nobody"), "", ""));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 481 ");
    }

    @Test
    @Tag("RFC3311§5.2")
    void beforeTheAnswerAnUpdateWithoutOfferMovesTheTargetAndOneWithAnOfferMustWait() {
        call.invited();
        call.respond(180);
        call.tag = Phone.tagOf(bench.sent("SIP/2.0 180"));
        update(2, true);
        assertThat(bench.lastSent()).startsWith("SIP/2.0 500 ");
        phone.contact = "<sip:alice@192.0.2.9:7777>";
        update(3, false);
        bench.respond(bench.last(SipEvent.RequestReceived.class).request(), 200);
        assertThat(bench.lastSent()).startsWith("SIP/2.0 200").doesNotContain("Session-Expires");
        call.respond(200);
        call.receive(phone.inDialog("ACK", 1, "a1", call.tag));
        call.hangUp();
        assertThat(bench.lastSent()).startsWith("BYE sip:alice@192.0.2.9:7777 ");
    }
}
