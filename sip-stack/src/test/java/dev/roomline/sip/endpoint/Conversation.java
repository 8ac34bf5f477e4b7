package dev.roomline.sip.endpoint;

import java.util.List;

/** A phone and the endpoint, and how far they have come with one call. */
final class Conversation {
    final Bench bench;
    final Phone phone = new Phone();

    /** Our tag, once there is one. */
    String tag = "";

    Conversation() {
        this(new Bench());
    }

    Conversation(Bench bench) {
        this.bench = bench;
    }

    void at(long millis) {
        bench.advanceToMillis(millis);
    }

    void receive(String message) {
        bench.receive(message);
    }

    /** An INVITE that the application has been told. */
    void invited() {
        receive(phone.invite(1, "i1"));
    }

    void answered() {
        invited();
        respond(200);
        tag = Phone.tagOf(bench.sent("SIP/2.0 200"));
    }

    void established() {
        answered();
        receive(phone.inDialog("ACK", 1, "a1", tag));
    }

    /** The application answers the caller's first INVITE. */
    void respond(int status) {
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), status);
    }

    /** The application answers the latest re-INVITE. */
    void respondAgain(int status) {
        bench.respond(bench.last(SipEvent.ReinviteReceived.class).request(), status);
    }

    DialogId dialog() {
        return bench.last(SipEvent.InviteReceived.class).dialog();
    }

    void hangUp() {
        bench.command(new SipCommand.Bye(dialog(), List.of()));
    }

    void reinviteFromUs() {
        bench.command(new SipCommand.SendInDialog(dialog(), 5, "INVITE", List.of(), null));
    }

    /** The ACK of a 300–699: on the INVITE's branch, with the tag of its answer. */
    void acknowledge(long cseq, String branch, int status) {
        receive(phone.inDialog("ACK", cseq, branch, Phone.tagOf(bench.sent("SIP/2.0 " + status))));
    }

    /** Long after, nothing more has passed than the file says, and nothing is left. */
    void expect(String ladder) {
        at(bench.millis() + 300_000);
        bench.expect(ladder);
        bench.assertNothingLeft();
    }

    /** As {@link #expect}, of a call that lives on: it is hung up after the comparison. */
    void expectLiving(String ladder) {
        at(bench.millis() + 40_000);
        bench.expect(ladder);
        hangUp();
        receive(Phone.answer(bench.lastSent(), 200, ""));
        at(bench.millis() + 300_000);
        bench.assertNothingLeft();
    }
}
