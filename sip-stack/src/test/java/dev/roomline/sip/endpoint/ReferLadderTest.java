package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** REFER and NOTIFY are usages of a call's dialog, and end without it (RFC 5057 §5). */
class ReferLadderTest {
    private final Conversation call = new Conversation();
    private final Bench bench = call.bench;

    private String send(String method) {
        bench.command(new SipCommand.SendInDialog(call.dialog(), 7, method, List.of(), null));
        return bench.lastSent();
    }

    private void lives() {
        assertThat(bench.endpoint.counts().dialogs()).isEqualTo(1);
        call.hangUp();
        String bye = bench.lastSent();
        assertThat(bye).startsWith("BYE ");
        bench.receive(Phone.answer(bye, 200, ""));
        call.at(bench.millis() + 300_000);
        bench.assertNothingLeft();
    }

    @Test
    void both_say_where_we_are_reached() {
        call.established();
        for (String method : List.of("REFER", "NOTIFY")) {
            String request = send(method);
            assertThat(request).startsWith(method + " ").contains("\r\nContact: <sip:");
            bench.receive(Phone.answer(request, 200, ""));
        }
        lives();
    }

    @Test
    @Tag("RFC5057§5.2")
    void a_notify_that_the_peer_refuses_ends_the_subscription_and_no_call() {
        call.established();
        for (int status : List.of(481, 489, 404)) {
            bench.receive(Phone.answer(send("NOTIFY"), status, ""));
            assertThat(bench.last(SipEvent.ResponseReceived.class).status()).isEqualTo(status);
        }
        lives();
    }

    @Test
    void a_notify_or_refer_without_an_answer_ends_no_call() {
        call.established();
        for (String method : List.of("NOTIFY", "REFER")) {
            send(method);
            call.at(bench.millis() + 40_000);
            assertThat(bench.last(SipEvent.ResponseReceived.class).status()).isEqualTo(408);
        }
        lives();
    }

    @Test
    void a_refer_whose_dialog_the_peer_does_not_know_ends_the_call() {
        call.established();
        bench.receive(Phone.answer(send("REFER"), 481, ""));
        assertThat(bench.last(SipEvent.DialogEnded.class).cause())
                .isEqualTo(SipEvent.Cause.PEER_LOST);
    }
}
