package dev.roomline.sip.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomline.sip.endpoint.Target;
import dev.roomline.sip.message.SipUri;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 3263 §4.1 and §4.2 against a zone, and RFC 2782's order. */
class ServerSearchTest {
    private final Map<String, List<PointerRecord>> naptr = new HashMap<>();
    private final Map<String, List<ServiceRecord>> srv = new HashMap<>();
    private final Map<String, String> addresses = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    /** Questions that no server answers. */
    private final Set<String> mute = new HashSet<>();

    private final Random random = new Random(1);

    private final AddressLookup zone =
            new AddressLookup() {
                @Override
                public CompletionStage<List<InetAddress>> addressesOf(String host) {
                    String address = addresses.get(host);
                    return answer(
                            "A " + host,
                            address == null ? List.of() : List.of(InetAddress.ofLiteral(address)));
                }

                @Override
                public CompletionStage<List<ServiceRecord>> servicesOf(String name) {
                    return answer("SRV " + name, srv.getOrDefault(name, List.of()));
                }

                @Override
                public CompletionStage<List<PointerRecord>> pointersOf(String host) {
                    return answer("NAPTR " + host, naptr.getOrDefault(host, List.of()));
                }

                private <T> CompletionStage<List<T>> answer(String question, List<T> found) {
                    asked.add(question);
                    return mute.contains(question)
                            ? CompletableFuture.failedFuture(new IllegalStateException(question))
                            : CompletableFuture.completedFuture(found);
                }
            };

    private List<String> targets(String scheme, int port, Map<String, String> parameters) {
        SipUri uri = new SipUri(scheme, null, "c.example", port, parameters);
        TargetRules.Plan.Name name = (TargetRules.Plan.Name) TargetRules.plan(uri);
        List<Target> found =
                new ServerSearch(zone, random, AnySource.ROUTED)
                        .targets(name, parameters.containsKey("transport"))
                        .toCompletableFuture()
                        .join();
        return found.stream()
                .map(
                        target ->
                                target.transport()
                                        + " "
                                        + target.address().getAddress().getHostAddress()
                                        + ":"
                                        + target.address().getPort())
                .toList();
    }

    private void host(String name, String address) {
        addresses.put(name, address);
    }

    @Test
    @Tag("RFC3263§4.1")
    void naptr_says_the_transports_and_their_order() {
        naptr.put(
                "c.example",
                List.of(
                        new PointerRecord(50, 60, "s", "SIP+D2U", "_sip._udp.c.example"),
                        new PointerRecord(50, 50, "S", "sip+d2t", "_sip._tcp.gw.example"),
                        new PointerRecord(10, 10, "s", "SIPS+D2T", "_sips._tcp.c.example"),
                        new PointerRecord(1, 1, "u", "E2U+sip", "")));
        srv.put("_sip._udp.c.example", List.of(new ServiceRecord(1, 0, 5060, "a.c.example")));
        srv.put("_sip._tcp.gw.example", List.of(new ServiceRecord(1, 0, 5070, "b.c.example")));
        srv.put("_sips._tcp.c.example", List.of(new ServiceRecord(1, 0, 5061, "s.c.example")));
        host("a.c.example", "192.0.2.1");
        host("s.c.example", "192.0.2.3");
        host("b.c.example", "192.0.2.2");
        assertThat(targets("sip", -1, Map.of()))
                .containsExactly("TLS 192.0.2.3:5061", "TCP 192.0.2.2:5070", "UDP 192.0.2.1:5060");
        assertThat(asked).doesNotContain("A c.example");
    }

    @Test
    @Tag("RFC3263§4.1")
    void without_naptr_srv_is_asked_for_each_transport() {
        srv.put("_sip._tcp.c.example", List.of(new ServiceRecord(1, 0, 5080, "a.c.example")));
        host("a.c.example", "192.0.2.1");
        assertThat(targets("sip", -1, Map.of())).containsExactly("TCP 192.0.2.1:5080");
    }

    @Test
    @Tag("RFC3263§4.1")
    @Tag("RFC3263§4.2")
    void without_both_it_is_udp_and_5060() {
        host("c.example", "192.0.2.1");
        assertThat(targets("sip", -1, Map.of())).containsExactly("UDP 192.0.2.1:5060");
        assertThat(asked)
                .containsExactly(
                        "NAPTR c.example",
                        "SRV _sip._udp.c.example",
                        "SRV _sip._tcp.c.example",
                        "A c.example");
    }

    @Test
    void a_server_that_knows_no_naptr_stops_nobody() {
        mute.add("NAPTR c.example");
        mute.add("SRV _sip._udp.c.example");
        host("c.example", "192.0.2.1");
        assertThat(targets("sip", -1, Map.of())).containsExactly("UDP 192.0.2.1:5060");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NAPTR c.example",
                "SRV _sip._tcp.c.example",
                "A a.c.example",
            })
    void a_question_that_nobody_answers_is_no_word_that_there_is_nothing(String question) {
        srv.put("_sip._udp.c.example", List.of(new ServiceRecord(1, 0, 5060, "a.c.example")));
        assertThat(targets("sip", -1, Map.of())).isEmpty();
        mute.add(question);
        assertThatThrownBy(() -> targets("sip", -1, Map.of())).hasRootCauseMessage(question);
    }

    @Test
    @Tag("RFC3263§4.1")
    void a_transport_in_the_uri_needs_no_naptr() {
        srv.put("_sip._tcp.c.example", List.of(new ServiceRecord(1, 0, 5080, "a.c.example")));
        host("a.c.example", "192.0.2.1");
        assertThat(targets("sip", -1, Map.of("transport", "tcp")))
                .containsExactly("TCP 192.0.2.1:5080");
        assertThat(asked).containsExactly("SRV _sip._tcp.c.example", "A a.c.example");
    }

    @Test
    @Tag("RFC3263§4.1")
    @Tag("RFC3261§26.2.2")
    void sips_asks_for_tls_alone() {
        srv.put("_sips._tcp.c.example", List.of(new ServiceRecord(1, 0, 5061, "a.c.example")));
        host("a.c.example", "192.0.2.1");
        assertThat(targets("sips", -1, Map.of())).containsExactly("TLS 192.0.2.1:5061");
    }

    @Test
    @Tag("RFC3263§4.2")
    void a_port_in_the_uri_leaves_srv_out() {
        host("c.example", "192.0.2.1");
        assertThat(targets("sip", 5090, Map.of())).containsExactly("UDP 192.0.2.1:5090");
        assertThat(asked).containsExactly("A c.example");
    }

    @Test
    @Tag("RFC2782§target")
    void a_service_that_is_declared_absent_has_no_targets() {
        srv.put("_sip._udp.c.example", List.of(new ServiceRecord(0, 0, 0, ".")));
        host("c.example", "192.0.2.1");
        assertThat(targets("sip", -1, Map.of())).isEmpty();
    }

    @Test
    void a_host_without_address_is_left_out() {
        srv.put(
                "_sip._udp.c.example",
                List.of(
                        new ServiceRecord(1, 0, 5060, "gone.example"),
                        new ServiceRecord(2, 0, 5060, "a.c.example")));
        host("a.c.example", "192.0.2.1");
        assertThat(targets("sip", -1, Map.of())).containsExactly("UDP 192.0.2.1:5060");
    }

    @Test
    @Tag("RFC2782§priority")
    @Tag("RFC2782§weight")
    void priorities_are_kept_and_weights_share() {
        List<ServiceRecord> records =
                List.of(
                        new ServiceRecord(20, 100, 1, "backup"),
                        new ServiceRecord(10, 75, 1, "big"),
                        new ServiceRecord(10, 25, 1, "small"));
        int big = 0;
        for (int i = 0; i < 10_000; i++) {
            List<ServiceRecord> ordered = ServiceRecord.ordered(records, random);
            assertThat(ordered).hasSize(3);
            assertThat(ordered.getLast().host()).isEqualTo("backup");
            big += ordered.getFirst().host().equals("big") ? 1 : 0;
        }
        assertThat(big).isBetween(7_200, 7_800);
    }

    @Test
    @Tag("RFC3263§4.1")
    void for_sips_only_secure_services_of_naptr_are_followed() {
        naptr.put(
                "c.example",
                List.of(
                        new PointerRecord(10, 10, "s", "SIP+D2U", "_sip._udp.c.example"),
                        new PointerRecord(20, 10, "s", "SIP+D2T", "_sip._tcp.c.example"),
                        new PointerRecord(90, 10, "s", "SIPS+D2T", "_sips._tcp.gw.example")));
        srv.put("_sip._udp.c.example", List.of(new ServiceRecord(1, 0, 5060, "a.c.example")));
        srv.put("_sips._tcp.gw.example", List.of(new ServiceRecord(1, 0, 5071, "b.c.example")));
        host("a.c.example", "192.0.2.1");
        host("b.c.example", "192.0.2.2");
        assertThat(targets("sips", -1, Map.of())).containsExactly("TLS 192.0.2.2:5071");
        assertThat(asked).doesNotContain("SRV _sip._udp.c.example", "SRV _sip._tcp.c.example");
    }

    @Test
    @Tag("RFC3263§4.2")
    void sips_without_any_record_is_tls_at_5061() {
        host("c.example", "192.0.2.1");
        assertThat(targets("sips", -1, Map.of())).containsExactly("TLS 192.0.2.1:5061");
    }

    /** RFC 2782: the first whose running sum is not below a number from 0 to the sum of all. */
    @Test
    @Tag("RFC2782§weight")
    void each_number_that_chance_may_give_picks_the_record_of_the_algorithm() {
        List<ServiceRecord> records =
                List.of(
                        new ServiceRecord(1, 75, 1, "three quarters"),
                        new ServiceRecord(1, 0, 1, "nothing"),
                        new ServiceRecord(1, 25, 1, "a quarter"));
        for (int number = 0; number <= 100; number++) {
            int drawn = number;
            RandomGenerator chance =
                    new RandomGenerator() {
                        private boolean first = true;

                        @Override
                        public int nextInt(int bound) {
                            assertThat(!first || bound == 101).isTrue();
                            int given = first ? drawn : 0;
                            first = false;
                            return given;
                        }

                        @Override
                        public long nextLong() {
                            throw new AssertionError("not asked for");
                        }
                    };
            assertThat(ServiceRecord.ordered(records, chance).getFirst().host())
                    .as("number %d", number)
                    .isEqualTo(
                            number == 0
                                    ? "nothing"
                                    : number <= 25 ? "a quarter" : "three quarters");
        }
    }
}
