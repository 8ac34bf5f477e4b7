package dev.roomline.sip.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.ParsedRequest;
import dev.roomline.sip.message.SipParser;
import dev.roomline.sip.message.TortureMessage;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 3261 §10.3 in virtual time, REGISTERs as phones send them. */
class RegistrarTest {
    private static final InetSocketAddress US = new InetSocketAddress("192.0.2.1", 5060);
    private static final long SECOND = 1_000_000_000L;
    private static final String HOME = "<sip:1000@203.0.113.7:5070>";

    private final Registrar registrar = new Registrar(new RegistrarLimits(60, 300, 3, 5, 25));
    private final List<String> told = new ArrayList<>();
    private final List<String> contacts = new ArrayList<>();
    private String account = "alice";
    private String callId = "call-1";
    private long cseq;
    private long now = 77 * SECOND;

    private final RegistrarOutbox outbox =
            new RegistrarOutbox() {
                @Override
                public void answer(
                        Answer why, int status, @Nullable String phrase, List<HeaderField> more) {
                    told.add(status + " " + why + (phrase == null ? "" : " " + phrase));
                    contacts.clear();
                    for (HeaderField field : more) {
                        if (field.name().equals("Contact")) {
                            contacts.add(field.value());
                        } else {
                            told.add(field.name() + ": " + field.value());
                        }
                    }
                }

                @Override
                public void bound(Binding binding, boolean fresh) {
                    told.add((fresh ? "bound " : "kept ") + binding.contactUri());
                }

                @Override
                public void unbound(Binding binding, Unbound why) {
                    told.add("unbound " + binding.contactUri() + " " + why);
                }

                @Override
                public void keepAlive(Flow flow) {
                    told.add("keep alive " + flow.remote().getPort());
                }
            };

    private static Flow udp(String address, int port) {
        return new Flow(TransportKind.UDP, US, new InetSocketAddress(address, port), 0);
    }

    private static Flow tcp(long connection) {
        InetSocketAddress source = new InetSocketAddress("203.0.113.7", 40_000);
        return new Flow(TransportKind.TCP, US, source, connection);
    }

    private static final Flow PHONE = udp("203.0.113.7", 5070);

    private void register(Flow flow, String... headers) {
        cseq++;
        StringBuilder text =
                new StringBuilder("REGISTER sip:example.com SIP/2.0\r\n")
                        .append("Via: SIP/2.0/UDP 203.0.113.7:5070;branch=z9hG4bK")
                        .append(callId)
                        .append(cseq)
                        .append("\r\nMax-Forwards: 70\r\nFrom: <sip:alice@example.com>;tag=1\r\n")
                        .append("To: <sip:alice@example.com>\r\nCall-ID: ")
                        .append(callId)
                        .append("\r\nCSeq: ")
                        .append(cseq)
                        .append(" REGISTER\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        byte[] bytes =
                text.append("Content-Length: 0\r\n\r\n")
                        .toString()
                        .getBytes(StandardCharsets.UTF_8);
        assertThat(SipParser.parse(bytes, false)).isInstanceOf(ParsedRequest.class);
        if (SipParser.parse(bytes, false) instanceof ParsedRequest request) {
            told.clear();
            registrar.handle(new RegistrarInput.Register(account, request, flow), now, outbox);
        }
    }

    private void pass(long seconds) {
        long until = now + seconds * SECOND;
        told.clear();
        while (registrar.nextDeadlineNanos() <= until) {
            now = registrar.nextDeadlineNanos();
            registrar.handle(new RegistrarInput.DeadlineReached(), now, outbox);
        }
        now = until;
    }

    private List<String> reached() {
        return registrar.bindings(account).stream().map(Binding::contactUri).toList();
    }

    @Test
    @Tag("RFC3261§10.3")
    void a_phone_is_bound_for_the_time_it_asks_and_found_at_the_source_of_its_register() {
        register(udp("203.0.113.9", 61_000), "Contact: " + HOME, "Expires: 120");
        assertThat(told).containsExactly("bound sip:1000@203.0.113.7:5070", "200 BOUND");
        assertThat(contacts).containsExactly("<sip:1000@203.0.113.7:5070>;expires=120");
        assertThat(registrar.bindings("alice").getFirst().flow().remote())
                .isEqualTo(new InetSocketAddress("203.0.113.9", 61_000));
        assertThat(registrar.bindings("bob")).isEmpty();
    }

    @Test
    @Tag("RFC3261§10.3")
    void the_contacts_own_time_goes_before_the_header_and_both_before_ours() {
        register(PHONE, "Contact: " + HOME + ";expires=90", "Expires: 120");
        assertThat(contacts).containsExactly("<sip:1000@203.0.113.7:5070>;expires=90");
        register(PHONE, "Contact: " + HOME);
        assertThat(contacts).containsExactly("<sip:1000@203.0.113.7:5070>;expires=300");
    }

    @Test
    void too_long_a_wish_is_cut_and_one_that_cannot_be_read_is_none() {
        register(PHONE, "Contact: " + HOME, "Expires: 4294967295");
        assertThat(contacts).containsExactly("<sip:1000@203.0.113.7:5070>;expires=300");
        register(PHONE, "Contact: " + HOME, "Expires: tomorrow");
        assertThat(contacts).containsExactly("<sip:1000@203.0.113.7:5070>;expires=300");
        register(PHONE, "Contact: " + HOME + ";expires=-5", "Expires: 99999999999999999999");
        assertThat(contacts).containsExactly("<sip:1000@203.0.113.7:5070>;expires=300");
    }

    @Test
    @Tag("RFC3261§10.3")
    @Tag("RFC3261§21.4.18")
    void too_short_a_wish_gets_423_and_changes_nothing() {
        register(PHONE, "Contact: <sip:a@203.0.113.7>, " + HOME + ";expires=59", "Expires: 120");
        assertThat(told).containsExactly("423 TOO_BRIEF", "Min-Expires: 60");
        assertThat(reached()).isEmpty();
        register(PHONE, "Contact: " + HOME, "Expires: 1");
        assertThat(told).containsExactly("423 TOO_BRIEF", "Min-Expires: 60");
    }

    @Test
    void a_phone_that_does_not_come_again_is_forgotten_when_its_time_is_over() {
        register(PHONE, "Contact: " + HOME, "Expires: 60");
        pass(59);
        assertThat(reached()).hasSize(1);
        pass(1);
        assertThat(told).containsExactly("unbound sip:1000@203.0.113.7:5070 EXPIRED");
        assertThat(reached()).isEmpty();
        assertThat(registrar.size()).isZero();
        assertThat(registrar.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_refresh_moves_the_end_and_the_road() {
        register(PHONE, "Contact: " + HOME, "Expires: 60");
        pass(50);
        register(udp("203.0.113.7", 5099), "Contact: " + HOME, "Expires: 60");
        assertThat(told).containsExactly("kept sip:1000@203.0.113.7:5070", "200 BOUND");
        pass(50);
        assertThat(registrar.bindings("alice").getFirst().flow().remote().getPort())
                .isEqualTo(5099);
    }

    @Test
    @Tag("RFC3261§10.3")
    void a_query_changes_nothing_and_tells_what_time_is_left() {
        register(PHONE, "Contact: " + HOME, "Expires: 60");
        pass(20);
        register(PHONE);
        assertThat(told).containsExactly("200 QUERIED");
        assertThat(contacts).containsExactly("<sip:1000@203.0.113.7:5070>;expires=40");
    }

    @Test
    void one_contact_or_all_are_taken_back() {
        register(PHONE, "Contact: <sip:a@203.0.113.7>, <sip:b@203.0.113.7>, <sip:c@203.0.113.7>");
        register(PHONE, "Contact: <sip:b@203.0.113.7>;expires=0");
        assertThat(told).containsExactly("unbound sip:b@203.0.113.7 REMOVED", "200 REMOVED");
        assertThat(contacts).hasSize(2);
        register(PHONE, "Contact: *", "Expires: 0");
        assertThat(told).hasSize(3).endsWith("200 REMOVED");
        assertThat(reached()).isEmpty();
    }

    @Test
    @Tag("RFC3261§10.3")
    void a_star_goes_with_expires_0_and_alone() {
        register(PHONE, "Contact: " + HOME);
        register(PHONE, "Contact: *");
        assertThat(told).containsExactly("400 MALFORMED Contact: * without Expires: 0");
        register(PHONE, "Contact: *", "Expires: 60");
        assertThat(told).containsExactly("400 MALFORMED Contact: * without Expires: 0");
        register(PHONE, "Contact: <sip:b@203.0.113.7>, *", "Expires: 0");
        assertThat(told).containsExactly("400 MALFORMED Bad Contact: * beside others");
        assertThat(reached()).hasSize(1);
    }

    @Test
    void what_cannot_be_called_is_not_bound() {
        register(PHONE, "Contact: <tel:+15550100000>");
        assertThat(told).containsExactly("400 MALFORMED Bad Contact: only sip and sips are served");
        register(PHONE, "Contact: " + HOME + ", <sip:@@>");
        assertThat(told).containsExactly("400 MALFORMED Bad Contact: it cannot be read");
        assertThat(reached()).isEmpty();
    }

    @Test
    @Tag("RFC3261§10.3")
    void what_is_not_newer_than_known_is_refused_whole() {
        register(PHONE, "Contact: " + HOME);
        cseq -= 1;
        register(PHONE, "Contact: <sip:new@203.0.113.7>, " + HOME + ";expires=0");
        assertThat(told).containsExactly("500 OUT_OF_ORDER CSeq Out Of Order");
        cseq -= 1;
        register(PHONE, "Contact: *", "Expires: 0");
        assertThat(told).containsExactly("500 OUT_OF_ORDER CSeq Out Of Order");
        assertThat(reached()).containsExactly("sip:1000@203.0.113.7:5070");
        // a phone that was restarted counts anew under another Call-ID
        callId = "call-2";
        cseq = 0;
        register(PHONE, "Contact: " + HOME);
        assertThat(told).containsExactly("kept sip:1000@203.0.113.7:5070", "200 BOUND");
    }

    @Test
    void a_phone_too_many_takes_the_place_of_the_one_longest_not_heard_of() {
        for (String user : List.of("a", "b", "c")) {
            register(PHONE, "Contact: <sip:" + user + "@203.0.113.7>");
            pass(1);
        }
        register(PHONE, "Contact: <sip:a@203.0.113.7>");
        pass(1);
        register(PHONE, "Contact: <sip:d@203.0.113.7>");
        assertThat(told)
                .containsExactly(
                        "unbound sip:b@203.0.113.7 REPLACED",
                        "bound sip:d@203.0.113.7",
                        "200 BOUND");
        register(
                PHONE,
                "Contact: <sip:1@203.0.113.7>, <sip:2@203.0.113.7>",
                "Contact: <sip:3@203.0.113.7>, <sip:4@203.0.113.7>");
        assertThat(told).containsExactly("400 MALFORMED More Contacts than an account may have");
    }

    @Test
    void a_full_registrar_says_when_to_come_again() {
        for (String name : List.of("a", "b", "c", "d", "e")) {
            account = name;
            register(PHONE, "Contact: " + HOME);
        }
        account = "f";
        register(PHONE, "Contact: " + HOME);
        assertThat(told).containsExactly("503 FULL", "Retry-After: 60");
        account = "a";
        register(PHONE, "Contact: " + HOME);
        assertThat(told).endsWith("200 BOUND");
    }

    @Test
    void the_same_private_address_in_two_homes_is_two_phones() {
        register(udp("203.0.113.7", 1024), "Contact: <sip:1000@192.168.1.2>");
        register(udp("203.0.113.8", 1024), "Contact: <sip:1000@192.168.1.2>");
        assertThat(registrar.bindings("alice")).hasSize(2);
        register(udp("203.0.113.8", 1030), "Contact: <sip:1000@192.168.1.2>");
        assertThat(registrar.bindings("alice")).hasSize(2);
    }

    @Test
    @Tag("RFC5626§4.2")
    void a_phone_that_names_itself_is_one_wherever_it_is() {
        String name = ";+sip.instance=\"<urn:uuid:0>\";reg-id=1";
        register(udp("203.0.113.7", 1024), "Contact: <sip:1000@192.168.1.2>" + name);
        register(udp("203.0.113.8", 1024), "Contact: <sip:1000@10.0.0.2>" + name);
        assertThat(reached()).containsExactly("sip:1000@10.0.0.2");
        register(
                udp("203.0.113.8", 1024),
                "Contact: <sip:1000@10.0.0.2>" + name.replace("reg-id=1", "reg-id=2"));
        assertThat(reached()).hasSize(2);
    }

    @Test
    @Tag("RFC3261§19.1.4")
    void uris_are_the_same_as_rfc_3261_says_not_as_they_are_written() {
        register(PHONE, "Contact: <sip:1000@203.0.113.7:5070;ob>");
        register(PHONE, "Contact: <SIP:1000@203.0.113.7:5070;line=3>");
        assertThat(reached()).hasSize(1);
        register(PHONE, "Contact: <sip:1000@203.0.113.7:5070;line=4>");
        assertThat(reached()).as("line differs").hasSize(2);
        register(PHONE, "Contact: <sip:1000@203.0.113.7:5070;transport=tcp>");
        assertThat(reached()).as("transport tells").hasSize(3);
    }

    @Test
    void who_came_over_a_connection_goes_with_it() {
        register(tcp(4), "Contact: " + HOME);
        assertThat(registrar.needs(4)).isTrue();
        register(tcp(5), "Contact: " + HOME);
        assertThat(registrar.needs(4)).as("it came over another").isFalse();
        told.clear();
        registrar.handle(new RegistrarInput.FlowEnded(4), now, outbox);
        assertThat(told).isEmpty();
        registrar.handle(new RegistrarInput.FlowEnded(5), now, outbox);
        assertThat(told).containsExactly("unbound sip:1000@203.0.113.7:5070 FLOW_ENDED");
        assertThat(registrar.needs(5)).isFalse();
        assertThat(registrar.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_deleted_account_has_no_phones() {
        register(PHONE, "Contact: " + HOME);
        told.clear();
        registrar.handle(new RegistrarInput.Forget("bob"), now, outbox);
        assertThat(told).isEmpty();
        registrar.handle(new RegistrarInput.Forget("alice"), now, outbox);
        assertThat(told).containsExactly("unbound sip:1000@203.0.113.7:5070 FORGOTTEN");
    }

    @Test
    @Tag("RFC3261§20.10")
    void the_preferred_phone_comes_first_then_the_latest_heard_of() {
        register(PHONE, "Contact: <sip:a@203.0.113.7>;q=0.2, <sip:b@203.0.113.7>;q=0.9");
        pass(1);
        register(PHONE, "Contact: <sip:c@203.0.113.7>;q=0.9");
        assertThat(reached())
                .containsExactly("sip:c@203.0.113.7", "sip:b@203.0.113.7", "sip:a@203.0.113.7");
    }

    @Test
    void a_nat_is_kept_open_for_who_is_behind_it_and_for_nobody_else() {
        register(PHONE, "Contact: " + HOME, "Expires: 60");
        register(udp("203.0.113.8", 1030), "Contact: <sip:1000@192.168.1.2>", "Expires: 60");
        register(tcp(9), "Contact: <sip:tcp@192.168.1.2>", "Expires: 60");
        pass(59);
        assertThat(told).containsExactly("keep alive 1030", "keep alive 1030");
        pass(60);
        assertThat(told).hasSize(3).noneMatch(line -> line.startsWith("keep alive"));
    }

    /** RFC 4475: the registrations among the torture messages are bound as they are written. */
    @ParameterizedTest
    @CsvSource({
        "cparam01, sip:+19725552222@gw1.example.net, ''",
        "cparam02, sip:+19725552222@gw1.example.net;unknownparam, ''",
        "regescrt, sip:user@example.com?Route=%3Csip:sip.example.com%3E, ''",
        "dblreq, sip:j.user@host.example.com, ''",
        "escnull, sip:%00@host5.example.com, sip:%00%00@host5.example.com"
    })
    @Tag("RFC4475§3.3")
    void tortuous_contacts_are_bound_to_the_letter(String name, String first, String second) {
        ParsedRequest request =
                (ParsedRequest) SipParser.parse(TortureMessage.named(name).octets(), false);
        registrar.handle(new RegistrarInput.Register(account, request, PHONE), now, outbox);
        assertThat(told.getFirst()).as("%s", told).startsWith("bound ");
        assertThat(reached())
                .containsExactlyInAnyOrderElementsOf(
                        second.isEmpty() ? List.of(first) : List.of(first, second));
    }
}
