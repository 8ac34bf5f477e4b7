package dev.roomline.sip.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.message.SipUri;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** RFC 3263 §4.1 and §4.2. */
class TargetRulesTest {

    private record Row(String name, SipUri uri, String expected) {}

    @TestFactory
    @Tag("RFC3263§4.1")
    @Tag("RFC3263§4.2")
    @Tag("RFC3261§26.2.2")
    List<DynamicTest> decides() {
        return List.of(
                        new Row(
                                "an address alone: UDP, 5060",
                                uri("sip", "192.0.2.1", -1),
                                "UDP 192.0.2.1 5060"),
                        new Row(
                                "its own port",
                                uri("sip", "192.0.2.1", 5080),
                                "UDP 192.0.2.1 5080"),
                        new Row(
                                "transport=tcp",
                                uri("sip", "192.0.2.1", -1, "transport", "tcp"),
                                "TCP 192.0.2.1 5060"),
                        new Row(
                                "transport in capitals",
                                uri("sip", "192.0.2.1", -1, "transport", "TCP"),
                                "TCP 192.0.2.1 5060"),
                        new Row(
                                "transport=tls: 5061",
                                uri("sip", "192.0.2.1", -1, "transport", "tls"),
                                "TLS 192.0.2.1 5061"),
                        new Row(
                                "sips: TLS, 5061",
                                uri("sips", "192.0.2.1", -1),
                                "TLS 192.0.2.1 5061"),
                        new Row(
                                "sips over tcp is TLS",
                                uri("sips", "192.0.2.1", -1, "transport", "tcp"),
                                "TLS 192.0.2.1 5061"),
                        new Row(
                                "sips over udp is nothing",
                                uri("sips", "192.0.2.1", -1, "transport", "udp"),
                                "impossible"),
                        new Row(
                                "IPv6",
                                uri("sip", "2001:db8::1", -1),
                                "UDP 2001:db8:0:0:0:0:0:1 5060"),
                        new Row(
                                "IPv6 in brackets",
                                uri("sip", "[2001:db8::1]", 5070),
                                "UDP 2001:db8:0:0:0:0:0:1 5070"),
                        new Row(
                                "maddr goes first",
                                uri("sip", "name.example", -1, "maddr", "192.0.2.2"),
                                "UDP 192.0.2.2 5060"),
                        new Row(
                                "a name without a port",
                                uri("sip", "name.example", -1),
                                "UDP name.example 5060 open"),
                        new Row(
                                "a name with a port",
                                uri("sip", "name.example", 5060),
                                "UDP name.example 5060 decided"),
                        new Row(
                                "a number that is no address",
                                uri("sip", "999.1.2.3", -1),
                                "UDP 999.1.2.3 5060 open"),
                        new Row(
                                "an unknown transport",
                                uri("sip", "192.0.2.1", -1, "transport", "sctp"),
                                "impossible"),
                        new Row("tel", uri("tel", "", -1), "impossible"),
                        new Row("no host", uri("sip", "", -1), "impossible"),
                        new Row("port 0", uri("sip", "192.0.2.1", 0), "impossible"),
                        new Row("port 65536", uri("sip", "192.0.2.1", 65_536), "impossible"))
                .stream()
                .map(
                        row ->
                                DynamicTest.dynamicTest(
                                        row.name(),
                                        () ->
                                                assertThat(text(TargetRules.plan(row.uri())))
                                                        .isEqualTo(row.expected())))
                .toList();
    }

    private static String text(TargetRules.Plan plan) {
        return switch (plan) {
            case TargetRules.Plan.Address(TransportKind transport, var address, int port) ->
                    transport + " " + address.getHostAddress() + " " + port;
            case TargetRules.Plan.Name(
                            TransportKind transport,
                            String host,
                            int port,
                            boolean decided) ->
                    transport + " " + host + " " + port + (decided ? " decided" : " open");
            case TargetRules.Plan.Impossible ignored -> "impossible";
        };
    }

    private static SipUri uri(String scheme, String host, int port) {
        return new SipUri(scheme, "user", host, port, Map.of());
    }

    private static SipUri uri(String scheme, String host, int port, String name, String value) {
        return new SipUri(scheme, "user", host, port, Map.of(name, value));
    }
}
