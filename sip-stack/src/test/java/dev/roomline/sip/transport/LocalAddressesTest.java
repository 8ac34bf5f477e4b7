package dev.roomline.sip.transport;

import static dev.roomline.sip.transport.TransportsBench.LOOPBACK;
import static dev.roomline.sip.transport.TransportsBench.LOOPBACK_6;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.TransportKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalAddressesTest {
    @Test
    void peersOutsideAreToldThePublicAddress() {
        InetAddress ours = InetAddress.ofLiteral("203.0.113.80");
        LocalAddresses addresses =
                new LocalAddresses(
                        List.of(LOOPBACK), List.of(ours), transport -> 5060, System::nanoTime);
        assertThat(addresses.toldTo(InetAddress.ofLiteral("54.172.60.1"))).isEqualTo(ours);
        for (String inside :
                List.of("127.0.0.9", "10.1.2.3", "172.25.0.1", "192.168.1.1", "100.64.0.1")) {
            assertThat(addresses.toldTo(InetAddress.ofLiteral(inside)))
                    .as(inside)
                    .isEqualTo(LOOPBACK);
        }
    }

    @Test
    void whatHasNoSocketOfOursIsNotServed() {
        for (boolean alone : new boolean[] {true, false}) {
            LocalAddresses four = boundTo(alone ? "127.0.0.1" : "0.0.0.0");
            assertThat(four.serves(LOOPBACK)).isTrue();
            assertThat(four.serves(LOOPBACK_6)).isFalse();
        }
        assertThat(boundTo("::1").serves(LOOPBACK)).isFalse();
        assertThat(boundTo("::1").serves(LOOPBACK_6)).isTrue();
        assertThat(boundTo("::").serves(LOOPBACK)).as("both families by one socket").isTrue();
        assertThat(boundTo("::").serves(LOOPBACK_6)).isTrue();
    }

    @Test
    void theKernelSaysFromWhereWeWouldSend() {
        LocalAddresses any = boundTo("0.0.0.0", "::");
        assertThat(any.sourceFor(LOOPBACK)).isEqualTo(LOOPBACK);
        assertThat(any.sourceFor(LOOPBACK_6)).isEqualTo(LOOPBACK_6);
        InetAddress second = InetAddress.ofLiteral("127.0.0.2");
        assertThat(boundTo("127.0.0.2").sourceFor(LOOPBACK))
                .as("what is bound, whatever the route says")
                .isEqualTo(second);
    }

    @Test
    void ofSeveralAddressesTheOneThatWasReachedIsTold() {
        InetAddress second = InetAddress.ofLiteral("127.0.0.2");
        LocalAddresses two = boundTo("127.0.0.1", "127.0.0.2");
        assertThat(two.toldTo(reached(second)).getAddress()).isEqualTo(second);
        assertThat(two.toldTo(reached(LOOPBACK)).getAddress()).isEqualTo(LOOPBACK);
        InetAddress any = InetAddress.ofLiteral("0.0.0.0");
        assertThat(boundTo("0.0.0.0").toldTo(reached(any)).getAddress())
                .as("not known yet")
                .isEqualTo(LOOPBACK);
    }

    private static Flow reached(InetAddress ours) {
        return new Flow(
                TransportKind.UDP,
                new InetSocketAddress(ours, 5060),
                new InetSocketAddress(LOOPBACK, 5080),
                0);
    }

    private static LocalAddresses boundTo(String... addresses) {
        return new LocalAddresses(
                Arrays.stream(addresses).map(InetAddress::ofLiteral).toList(),
                List.of(),
                transport -> 5060,
                System::nanoTime);
    }
}
