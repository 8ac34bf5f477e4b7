package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.auth.ClientIdentity;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    private int others;

    private String second(String replaces) {
        Phone other = new Phone();
        other.callId = "second-" + ++others;
        other.extra = "Replaces: " + replaces + "\r\n";
        return other.invite(1, "second" + others);
    }

    private SipEvent.@Nullable Replaced replaced(String replaces) {
        bench.receive(second(replaces));
        return bench.last(SipEvent.InviteReceived.class).replaces();
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
    @Tag("RFC5057§4.1")
    @Tag("RFC6665§4.5.2")
    void a_notify_that_comes_after_the_bye_is_481_and_harms_nothing() {
        EndpointSettings settings = EndpointSettings.of("Roomline/0.1.0", flow -> Bench.LOCAL);
        Conversation refers =
                new Conversation(
                        new Bench(
                                settings.serving(
                                        List.of("INVITE", "ACK", "CANCEL", "BYE", "NOTIFY"))));
        refers.established();
        refers.at(1000);
        refers.bench.command(
                new SipCommand.SendInDialog(refers.dialog(), 7, "REFER", List.of(), null));
        refers.receive(Phone.answer(refers.bench.lastSent(), 202, ""));
        refers.receive(refers.phone.inDialog("NOTIFY", 2, "n2", refers.tag));
        refers.bench.respond(refers.bench.last(SipEvent.RequestReceived.class).request(), 200);
        refers.at(2000);
        refers.hangUp();
        String bye = refers.bench.lastSent();
        refers.receive(refers.phone.inDialog("NOTIFY", 3, "n3", refers.tag));
        refers.receive(Phone.answer(bye, 200, ""));
        refers.at(3000);
        refers.receive(refers.phone.inDialog("NOTIFY", 4, "n4", refers.tag));
        refers.at(3500);
        refers.receive(refers.phone.inDialog("NOTIFY", 4, "n4", refers.tag));
        refers.expect("notify-after-bye");
    }

    @Test
    @Tag("RFC3891§3")
    void an_invite_that_replaces_a_dialog_names_it_by_its_three_names() {
        call.established();
        DialogId first = call.dialog();
        String callId = call.phone.callId;
        String fromTag = ";from-tag=" + call.phone.fromTag;
        String whole = callId + ";to-tag=" + call.tag + fromTag;
        assertThat(replaced(whole)).isEqualTo(new SipEvent.Replaced(first, true, false));
        assertThat(replaced(whole + ";early-only"))
                .isEqualTo(new SipEvent.Replaced(first, true, true));
        for (String other :
                List.of(
                        "x" + whole,
                        callId + ";to-tag=x" + fromTag,
                        callId + ";to-tag=" + call.tag + ";from-tag=x")) {
            assertThat(replaced(other)).isEqualTo(new SipEvent.Replaced(null, false, false));
        }
        for (String bad : List.of("x", "x;to-tag=a", whole + "\r\nReplaces: " + whole)) {
            bench.receive(second(bad));
            assertThat(bench.lastSent()).startsWith("SIP/2.0 400 Bad Replaces\r\n");
        }
    }

    @Test
    @Tag("RFC5589§7.2")
    void an_attended_refer_names_the_other_dialog_as_its_peer_knows_it() {
        call.established();
        DialogId first = call.dialog();
        String tag = call.tag;
        Phone other = new Phone();
        other.callId = "other@phone";
        other.contact = "<sip:bob@192.0.2.10:5064;transport=udp?x=y>";
        bench.receive(other.invite(1, "o1"));
        DialogId second = call.dialog();
        bench.respond(bench.last(SipEvent.InviteReceived.class).request(), 200);
        String otherTag = Phone.tagOf(bench.lastSent());
        bench.receive(other.inDialog("ACK", 1, "o2", otherTag));
        bench.command(new SipCommand.SendInDialog(first, 7, "REFER", List.of(), null, second));
        assertThat(Bench.header(bench.lastSent(), "Refer-To"))
                .isEqualTo(
                        "<sip:bob@192.0.2.10:5064;transport=udp?Replaces=other%40phone%3Bto-tag%3D"
                                + other.fromTag
                                + "%3Bfrom-tag%3D"
                                + otherTag
                                + ">");
        assertThat(Bench.header(bench.lastSent(), "To")).contains(call.phone.fromTag);
        assertThat(tag).isNotEqualTo(otherTag);
        bench.command(
                new SipCommand.SendInDialog(first, 8, "REFER", List.of(), null, new DialogId(999)));
        assertThat(bench.last(SipEvent.ResponseReceived.class).status()).isEqualTo(404);
    }

    private static String challenge(String realm) {
        return "Proxy-Authenticate: Digest realm=\"%s\", nonce=\"n1\", qop=\"auth\"\r\n"
                .formatted(realm);
    }

    /** Of the carrier that the call came from. */
    @Test
    @Tag("RFC3261§22.2")
    void a_challenge_of_our_refer_is_answered_where_we_have_a_name_for_it() {
        call.established();
        bench.command(
                new SipCommand.Identify(
                        call.dialog(),
                        ClientIdentity.ofPeer("us", "secret", "sip.carrier.example")));
        String refer = send("REFER");
        assertThat(refer).doesNotContain("Proxy-Authorization");
        bench.receive(Phone.answer(refer, 407, challenge("carrier.example")));
        String again = bench.lastSent();
        assertThat(again).startsWith("REFER ").contains("\r\nProxy-Authorization: Digest ");
        assertThat(again).contains("username=\"us\"", "realm=\"carrier.example\"");
        assertThat(Bench.header(again, "CSeq")).isNotEqualTo(Bench.header(refer, "CSeq"));
        assertThat(bench.events).noneMatch(SipEvent.ResponseReceived.class::isInstance);
        bench.receive(Phone.answer(again, 202, ""));
        assertThat(bench.last(SipEvent.ResponseReceived.class).status()).isEqualTo(202);
        // what was answered once is answered ahead
        String info = send("INFO");
        assertThat(info).contains("\r\nProxy-Authorization: Digest ");
        bench.receive(Phone.answer(info, 200, ""));
        lives();
    }

    @Test
    @Tag("RFC3261§22.2")
    void a_challenge_of_somebody_else_is_told_and_the_call_goes_on() {
        call.established();
        for (boolean named : List.of(false, true)) {
            if (named) {
                bench.command(
                        new SipCommand.Identify(
                                call.dialog(),
                                ClientIdentity.ofPeer("us", "secret", "sip.carrier.example")));
            }
            String refer = send("REFER");
            bench.receive(Phone.answer(refer, 407, challenge("other.example")));
            assertThat(bench.lastSent()).isEqualTo(refer);
            assertThat(bench.last(SipEvent.ResponseReceived.class).status()).isEqualTo(407);
        }
        lives();
    }

    /** The source of its INVITE was the carrier's: over UDP anybody can forge that. */
    @Test
    @Tag("RFC3261§22.2")
    void whoever_a_contact_leads_to_gets_no_credentials_whatever_realm_it_names() {
        for (String peer : List.of("sip.carrier.example", "192.0.2.9")) {
            Conversation forged = new Conversation();
            forged.phone.contact = "<sip:x@198.51.100.66>";
            forged.established();
            identify(forged, ClientIdentity.ofPeer("us", "secret", peer));
            forged.hangUp();
            String bye = forged.bench.lastSent();
            assertThat(forged.bench.sent.getLast().hop().remote().getHostString())
                    .isEqualTo("198.51.100.66");
            forged.bench.flow = from("198.51.100.66");
            forged.receive(Phone.answer(bye, 401, challenge("carrier.example")));
            assertThat(forged.bench.lastSent()).as(peer).isEqualTo(bye);
            assertThat(forged.bench.last(SipEvent.DialogEnded.class).cause())
                    .isEqualTo(SipEvent.Cause.BYE_SENT);
        }
    }

    @Test
    @Tag("RFC3261§22.2")
    void what_was_answered_the_carrier_is_not_sent_ahead_to_whom_a_later_contact_names() {
        call.established();
        identify(call, ClientIdentity.ofPeer("us", "secret", "sip.carrier.example"));
        bench.receive(Phone.answer(send("INFO"), 407, challenge("carrier.example")));
        assertThat(bench.lastSent()).contains("\r\nProxy-Authorization: Digest ");
        bench.receive(Phone.answer(bench.lastSent(), 200, ""));
        call.phone.contact = "<sip:x@198.51.100.66>";
        call.receive(call.phone.reinvite(2, "i2", call.tag));
        call.respondAgain(200);
        call.receive(call.phone.inDialog("ACK", 2, "a2", call.tag));
        assertThat(send("INFO"))
                .startsWith("INFO sip:x@198.51.100.66 ")
                .doesNotContain("Authorization");
    }

    /** The first realm that is seen is the trunk's for good, so that nobody else may show one. */
    @Test
    @Tag("RFC3261§22.2")
    void a_call_that_came_in_teaches_no_realm() {
        ClientIdentity us = ClientIdentity.ofPeer("us", "secret", "192.0.2.9");
        call.established();
        identify(call, us);
        String refer = send("REFER");
        bench.receive(Phone.answer(refer, 407, challenge("poison")));
        assertThat(bench.lastSent()).isEqualTo(refer);
        Carrier carrier = new Carrier();
        carrier.identity = us;
        carrier.place(Carrier.FIRST);
        carrier.answer(carrier.invite(), 407, "", challenge("asterisk"), "");
        assertThat(Bench.header(carrier.invite(), "Proxy-Authorization"))
                .contains("realm=\"asterisk\"");
    }

    /** It is not where the INVITE came from, and yet the carrier. */
    @Test
    @Tag("RFC3261§22.2")
    void where_the_trunks_own_host_led_a_challenge_is_answered() {
        ClientIdentity us = ClientIdentity.ofPeer("us", "secret", "carrier.example");
        Carrier carrier = new Carrier();
        carrier.identity = us;
        carrier.place(Carrier.SECOND, Carrier.THIRD);
        call.phone.contact = "<sip:x@192.0.2.11>";
        call.established();
        identify(call, us);
        bench.flow = from("192.0.2.11");
        bench.receive(Phone.answer(send("REFER"), 407, challenge("carrier.example")));
        assertThat(bench.lastSent()).contains("\r\nProxy-Authorization: Digest ");

        // since then it has moved
        Carrier later = new Carrier();
        later.identity = us;
        later.place(Carrier.SECOND);
        assertThat(send("INFO")).doesNotContain("Authorization");
    }

    private static void identify(Conversation call, ClientIdentity us) {
        call.bench.command(new SipCommand.Identify(call.dialog(), us));
    }

    private static Flow from(String address) {
        return new Flow(TransportKind.UDP, Bench.LOCAL, new InetSocketAddress(address, 5060), 0);
    }

    /** RFC 3261 §20.10: a Contact may name a host alone. */
    @Test
    @Tag("RFC3261§12.2.1.1")
    void a_phone_whose_contact_has_no_user_is_asked_at_its_host() {
        call.phone.contact = "<sip:192.0.2.10:5062>";
        call.established();
        String refer = send("REFER");
        assertThat(refer).startsWith("REFER sip:192.0.2.10:5062 SIP/2.0\r\n");
        bench.receive(Phone.answer(refer, 202, ""));
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
