package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.ParsedRequest;
import dev.roomline.sip.message.SipParser;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** INVITEs and ACKs that come twice, late, or by several paths, against ladders. */
class InviteLadderTest {
    private final Conversation call = new Conversation();
    private final Bench bench = call.bench;
    private final Phone phone = call.phone;

    @Test
    @Tag("RFC3261§17.2.1")
    @Tag("RFC6026§7.1")
    void a_repeated_invite_gets_the_latest_provisional_and_nothing_after_the_2xx() {
        call.invited();
        call.at(500);
        call.receive(phone.invite(1, "i1"));
        call.at(600);
        call.respond(180);
        call.at(1500);
        call.receive(phone.invite(1, "i1"));
        call.at(1600);
        call.respond(200);
        call.tag = Phone.tagOf(bench.sent("SIP/2.0 200"));
        call.at(1700);
        call.receive(phone.invite(1, "i1"));
        call.at(1800);
        call.receive(phone.inDialog("ACK", 1, "a1", call.tag));
        call.at(1900);
        call.receive(phone.invite(1, "i1"));
        call.expectLiving("invite-repeated");
        assertThat(bench.endpoint.counts().requestsRepeated()).isEqualTo(4);
    }

    @Test
    @Tag("RFC3261§13.3.1.4")
    void the_answer_to_our_offer_comes_with_the_ack() {
        phone.body = "";
        call.invited();
        call.at(100);
        call.respond(200);
        call.tag = Phone.tagOf(bench.sent("SIP/2.0 200"));
        phone.body = "v=0\r\n";
        call.at(300);
        call.receive(phone.reinvite(2, "r2", call.tag));
        call.at(350);
        call.receive(phone.inDialog("ACK", 2, "r2", call.tag));
        call.at(700);
        String ack = phone.request("ACK", 1, "a1", Phone.to(call.tag), "", "v=0\r\ns=-\r\n");
        call.receive(ack);
        call.at(800);
        call.receive(ack);
        call.expectLiving("late-offer");
        Body answer = bench.last(SipEvent.AckReceived.class).body();
        assertThat(answer).isNotNull();
        assertThat(answer == null ? "" : new String(answer.bytes(), StandardCharsets.US_ASCII))
                .isEqualTo("v=0\r\ns=-\r\n");
    }

    @Test
    void an_ack_on_the_branch_of_its_invite_is_taken_for_the_2xx_too() {
        call.answered();
        call.receive(phone.inDialog("ACK", 1, "i1", call.tag));
        assertThat(bench.last(SipEvent.AckReceived.class).dialog()).isEqualTo(call.dialog());
        call.at(10_000);
        assertThat(bench.sent).as("100 and 200").hasSize(2);
    }

    @Test
    @Tag("RFC3261§8.2.2.2")
    void copies_by_other_paths_are_482_and_one_call_comes_of_them() {
        call.invited();
        call.at(10);
        call.receive(phone.invite(1, "other"));
        call.at(20);
        call.acknowledge(1, "other", 482);
        call.at(30);
        call.respond(200);
        String tag = Phone.tagOf(bench.sent("SIP/2.0 200"));
        call.at(40);
        call.receive(phone.invite(1, "other"));
        call.at(50);
        call.receive(phone.inDialog("ACK", 1, "a1", tag));
        call.at(60);
        call.receive(phone.invite(1, "third"));
        call.at(70);
        call.acknowledge(1, "third", 482);
        call.expectLiving("forked");
    }

    @Test
    @Tag("RFC3261§8.2.2.2")
    void two_calls_of_one_phone_that_differ_in_anything_are_not_merged() {
        call.invited();
        phone.callId = "another";
        call.receive(phone.invite(1, "i2"));
        phone.fromTag = "another";
        call.receive(phone.invite(1, "i3"));
        call.receive(phone.invite(2, "i4"));
        assertThat(bench.events).hasSize(4).allMatch(SipEvent.InviteReceived.class::isInstance);
    }

    @Test
    @Tag("RFC3261§20.22")
    void a_request_whose_hops_are_used_up_has_arrived() {
        // RFC 3261 §16.3: 483 is a forwarding element's word; RFC 4475 §3.1.2.1: an endpoint serves
        // it
        String last = phone.invite(1, "i1").replace("Max-Forwards: 70", "Max-Forwards: 0");
        call.receive(last);
        call.respond(200);
        assertThat(bench.lastSent()).startsWith("SIP/2.0 200 ");
        call.receive(
                phone.request("OPTIONS", 7, "o", Phone.to(null), "", "")
                        .replace("Max-Forwards: 70", "Max-Forwards: 0"));
        assertThat(bench.last(SipEvent.RequestReceived.class).message().method())
                .isEqualTo("OPTIONS");
    }

    @Test
    @Tag("RFC3261§20.29")
    void what_is_asked_of_proxies_is_not_asked_of_us() {
        call.receive(
                phone.invite(1, "i1")
                        .replace("Max-Forwards", "Proxy-Require: nobody-has-this\r\nMax-Forwards"));
        call.respond(200);
        assertThat(bench.lastSent()).startsWith("SIP/2.0 200 ");
    }

    @Test
    @Tag("RFC3261§8.2.6.1")
    void a_100_has_no_tag_and_brings_the_timestamp_back() {
        call.receive(
                phone.invite(1, "i1").replace("Max-Forwards", "Timestamp: 54.2\r\nMax-Forwards"));
        String trying = bench.sent("SIP/2.0 100");
        assertThat(Bench.header(trying, "To")).doesNotContain("tag=");
        assertThat(Bench.header(trying, "Timestamp")).isEqualTo("54.2");
        call.respond(180);
        assertThat(Phone.tagOf(bench.sent("SIP/2.0 180"))).isNotBlank();
    }

    @Test
    @Tag("RFC3261§8.2.7")
    void whoever_is_challenged_gets_one_message_for_one_however_often_he_asks() {
        bench.answerAtOnce(407);
        for (int i = 1; i <= 5; i++) {
            call.invited();
            assertThat(bench.sent).hasSize(i);
            assertThat(bench.lastSent()).startsWith("SIP/2.0 407 ");
        }
        bench.assertNothingLeft();
    }

    @Test
    void what_lingers_after_its_answer_holds_nothing_of_its_request() {
        call.established();
        call.receive(phone.inDialog("BYE", 2, "b1", call.tag));
        for (ParsedRequest request :
                new ParsedRequest[] {
                    (ParsedRequest) SipParser.parse(bytes(phone.invite(1, "i1")), false),
                    (ParsedRequest)
                            SipParser.parse(bytes(phone.inDialog("BYE", 2, "b1", call.tag)), false)
                }) {
            InboundRequest lingering = bench.endpoint.lingering(request);
            assertThat(lingering).isNotNull();
            if (lingering != null) {
                assertThatThrownBy(lingering::request).isInstanceOf(IllegalStateException.class);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void names_that_a_peer_invents_do_not_become_labels() {
        for (String method : new String[] {"SING", "DANCE", "X1", "X2"}) {
            call.receive(phone.request(method, 1, "r" + method, Phone.to(null), "", ""));
        }
        call.receive(
                phone.request("SING", 1, "s", Phone.to(null), "", "")
                        .replaceFirst("SING \\S+ SIP/2.0", "SIP/2.0 200 OK"));
        call.receive(phone.request("HUM", 1, "h", Phone.to(null), "", "").replace("70", "x"));
        assertThat(bench.events)
                .hasSize(6)
                .allSatisfy(
                        event ->
                                assertThat(((SipEvent.MessageRefused) event).method())
                                        .isEqualTo("other"));
        assertThat(bench.endpoint.tables()).contains(entry("tickets", 0));
    }
}
