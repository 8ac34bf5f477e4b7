package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.auth.ClientIdentity;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Challenges to calls that we place: RFC 3261 §22.2–§22.4, RFC 8760. */
class OutboundChallengeTest {
    private final Carrier carrier = new Carrier();
    private final Bench bench = carrier.bench;

    @BeforeEach
    void withCredentials() {
        carrier.identity = ClientIdentity.ofPeer("bob", "zanzibar", "carrier.example");
    }

    private void expect(String name) {
        bench.advanceToMillis(bench.millis() + 300_000);
        bench.expect("out-" + name);
        bench.assertNothingLeft();
    }

    private static String proxy(String realm, String nonce, String more) {
        return "Proxy-Authenticate: Digest realm=\""
                + realm
                + "\", nonce=\""
                + nonce
                + "\", qop=\"auth\""
                + more
                + "\r\n";
    }

    private static String server(String realm, String nonce, String more) {
        return proxy(realm, nonce, more).replace("Proxy-", "WWW-");
    }

    private void challenge(int status, String headers) {
        carrier.answer(carrier.invite(), status, "c" + status, headers, "");
    }

    @Test
    @Tag("RFC3261§22.3")
    @Tag("RFC3261§8.1.3.5")
    @Tag("RFC3261§22.1")
    void a_407_is_answered_with_the_next_cseq_and_the_ack_and_bye_carry_credentials() {
        carrier.place(Carrier.FIRST);
        challenge(407, proxy("carrier.example", "n1", ""));
        String second = carrier.invite();
        carrier.pickUp("b");
        assertThat(Bench.header(bench.lastSent(), "Proxy-Authorization"))
                .isEqualTo(Bench.header(second, "Proxy-Authorization"));
        carrier.bye();
        assertThat(Bench.header(bench.lastSent(), "Proxy-Authorization"))
                .contains("nonce=\"n1\"", "uri=\"sip:b@192.0.2.9:5062\"", "nc=00000002");
        carrier.answer(bench.lastSent(), 200, "");
        expect("challenge-407");
        List<String> invites = carrier.allSent("INVITE");
        assertThat(Bench.header(invites.get(0), "Call-ID"))
                .isEqualTo(Bench.header(second, "Call-ID"));
        assertThat(Bench.header(invites.get(0), "From")).isEqualTo(Bench.header(second, "From"));
        assertThat(Bench.header(second, "To")).doesNotContain("tag");
        assertThat(Bench.header(invites.get(0), "Via")).isNotEqualTo(Bench.header(second, "Via"));
    }

    @Test
    @Tag("RFC3261§22.2")
    @Tag("RFC3261§22.3")
    @Tag("RFC8760§2.4")
    void a_proxy_and_then_the_server_behind_it_are_answered_with_sha_256() {
        carrier.place(Carrier.FIRST);
        challenge(407, proxy("carrier.example", "p", ", algorithm=SHA-256"));
        challenge(401, server("pbx.carrier.example", "s", ", algorithm=SHA-256"));
        assertThat(Bench.header(carrier.invite(), "Authorization"))
                .contains("realm=\"pbx.carrier.example\"", "algorithm=SHA-256");
        assertThat(Bench.header(carrier.invite(), "Proxy-Authorization"))
                .contains("realm=\"carrier.example\"", "algorithm=SHA-256", "nc=00000002");
        carrier.pickUp("b");
        carrier.bye();
        carrier.answer(bench.lastSent(), 200, "");
        expect("challenge-proxy-and-server");
    }

    @Test
    @Tag("RFC3261§22.1")
    void wrong_credentials_are_tried_twice_and_then_told() {
        carrier.place(Carrier.FIRST);
        challenge(407, proxy("carrier.example", "n1", ""));
        challenge(407, proxy("carrier.example", "n2", ", stale=true"));
        challenge(407, proxy("carrier.example", "n3", ""));
        expect("challenge-wrong");
    }

    @Test
    @Tag("RFC3261§22.2")
    void a_foreign_realm_is_told_and_gets_no_answer() {
        carrier.place(Carrier.FIRST);
        challenge(407, proxy("evil.example", "n1", ""));
        expect("challenge-foreign");
        assertThat(carrier.allSent("INVITE")).hasSize(1);
    }

    @Test
    void without_credentials_a_challenge_is_told() {
        carrier.identity = null;
        carrier.place(Carrier.FIRST);
        challenge(401, server("carrier.example", "n1", ""));
        expect("challenge-nobody");
    }

    @Test
    @Tag("RFC3261§22.1")
    void a_challenged_bye_is_sent_again_with_credentials() {
        carrier.place(Carrier.FIRST);
        challenge(407, proxy("carrier.example", "n1", ""));
        carrier.pickUp("b");
        carrier.bye();
        carrier.answer(
                bench.lastSent(), 407, "", proxy("carrier.example", "n2", ", stale=true"), "");
        assertThat(Bench.header(bench.lastSent(), "Proxy-Authorization")).contains("nonce=\"n2\"");
        carrier.answer(bench.lastSent(), 200, "");
        expect("challenge-bye");
    }

    /** §22.1 has the ACK repeat them: to whom it goes the callee says. */
    @Test
    @Tag("RFC3261§22.1")
    @Tag("RFC3261§22.2")
    void whoever_a_callees_contact_names_gets_no_credentials() {
        carrier.identity = ClientIdentity.ofPeer("bob", "zanzibar", "192.0.2.9");
        carrier.place(Carrier.FIRST);
        challenge(407, proxy("asterisk", "n1", ""));
        assertThat(Bench.header(carrier.invite(), "Proxy-Authorization")).contains("asterisk");
        carrier.answer(carrier.invite(), 200, "b", "Contact: <sip:b@198.51.100.66>\r\n", "v=0\r\n");
        assertThat(bench.lastSent())
                .startsWith("ACK sip:b@198.51.100.66")
                .doesNotContain("Authorization");
        carrier.bye();
        String bye = bench.lastSent();
        assertThat(bye).startsWith("BYE sip:b@198.51.100.66").doesNotContain("Authorization");
        carrier.answer(bye, 407, "", proxy("asterisk", "n2", ", stale=true"), "");
        assertThat(bench.lastSent()).isEqualTo(bye);
        bench.advanceToMillis(bench.millis() + 300_000);
        bench.assertNothingLeft();
    }

    /** A proxy of the carrier's own names itself as the route. */
    @Test
    @Tag("RFC3261§22.2")
    void a_route_within_the_carriers_house_gets_credentials() {
        carrier.place(Carrier.FIRST, Carrier.SECOND);
        challenge(407, proxy("carrier.example", "n1", ""));
        carrier.answer(
                carrier.invite(),
                200,
                "b",
                "Record-Route: <sip:192.0.2.10;lr>\r\nContact: <sip:b@198.51.100.66>\r\n",
                "v=0\r\n");
        assertThat(bench.lastSent()).startsWith("ACK ").contains("\r\nProxy-Authorization: ");
        carrier.bye();
        assertThat(bench.lastSent()).startsWith("BYE ").contains("\r\nProxy-Authorization: ");
    }

    @Test
    void a_bye_that_is_challenged_for_ever_ends_the_call_all_the_same() {
        carrier.place(Carrier.FIRST);
        carrier.pickUp("b");
        carrier.bye();
        for (int i = 0; i < 3; i++) {
            carrier.answer(bench.lastSent(), 401, "", server("carrier.example", "n" + i, ""), "");
        }
        expect("challenge-bye-for-ever");
    }

    @Test
    void a_challenged_reinvite_is_sent_again_and_told_once() {
        carrier.place(Carrier.FIRST);
        carrier.pickUp("b");
        DialogId dialog = bench.last(ClientEvent.Answered.class).dialog();
        bench.command(new SipCommand.SendInDialog(dialog, 5, "INVITE", List.of(), Carrier.SDP));
        carrier.answer(bench.lastSent(), 401, "", server("carrier.example", "n1", ""), "");
        assertThat(bench.lastSent()).startsWith("INVITE").endsWith("\r\n\r\nv=0\r\n");
        assertThat(Bench.header(bench.lastSent(), "Authorization")).contains("nonce=\"n1\"");
        carrier.pickUp("b");
        carrier.bye();
        carrier.answer(bench.lastSent(), 200, "");
        expect("challenge-reinvite");
    }

    @Test
    void a_challenge_to_a_cancelled_call_ends_it() {
        carrier.place(Carrier.FIRST);
        carrier.cancel();
        challenge(407, proxy("carrier.example", "n1", ""));
        expect("challenge-cancelled");
    }

    @Test
    @Tag("RFC4028§7.3")
    void a_422_that_wants_what_we_asked_for_is_handed_up() {
        carrier.place(Carrier.FIRST);
        carrier.answer(carrier.invite(), 422, "b", "Min-SE: 1800\r\n", "");
        assertThat(bench.last(ClientEvent.Refused.class).response().header("Min-SE"))
                .contains("1800");
        expect("422");
    }
}
