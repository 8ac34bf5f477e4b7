package dev.roomline.media.loop;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who sent a datagram, by the kernel's word. */
final class SourceAddressesTest {
    private static final short AF_INET = 2;
    private static final short AF_INET6 = 10;

    private final SourceAddresses sources = new SourceAddresses();
    private final MemorySegment address = Arena.ofAuto().allocate(28, 8);

    private InetSocketAddress source(InetAddress host, int port, int scope) {
        boolean v6 = host instanceof Inet6Address;
        byte[] octets = host.getAddress();
        address.fill((byte) 0);
        address.set(JAVA_SHORT, 0, v6 ? AF_INET6 : AF_INET);
        address.set(JAVA_SHORT, 2, Short.reverseBytes((short) port));
        MemorySegment.copy(octets, 0, address, JAVA_BYTE, v6 ? 8 : 4, octets.length);
        if (v6) {
            address.set(JAVA_INT, 24, scope);
        }
        return sources.of(address);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 5060",
        "192.0.2.17, 65535",
        "255.255.255.255, 1",
        "::1, 40000",
        "2001:db8::ff00:42:8329, 50000"
    })
    void anAddressIsReadAsItStands(String host, int port) {
        InetAddress literal = InetAddress.ofLiteral(host);

        assertThat(source(literal, port, 0)).isEqualTo(new InetSocketAddress(literal, port));
    }

    @Test
    void whoeverSendsAgainIsNotMadeAnew() {
        InetAddress one = InetAddress.ofLiteral("192.0.2.1");
        InetSocketAddress first = source(one, 4_000, 0);
        source(InetAddress.ofLiteral("2001:db8::1"), 4_000, 0);

        assertThat(source(one, 4_000, 0)).isSameAs(first);
        assertThat(source(one, 4_001, 0).getPort()).isEqualTo(4_001);
    }

    @Test
    void manyBehindOneAddressAreToldApartByTheirPorts() {
        InetAddress nat = InetAddress.ofLiteral("192.0.2.1");

        for (int port = 1; port <= 5 * SourceAddresses.PLACES; port++) {
            assertThat(source(nat, port, 0).getPort()).isEqualTo(port);
        }
    }

    @Test
    void anAddressOfALinkKeepsItsInterface() {
        InetAddress link = InetAddress.ofLiteral("fe80::1");

        assertThat(((Inet6Address) source(link, 9, 1).getAddress()).getScopeId()).isEqualTo(1);
        assertThat(((Inet6Address) source(link, 9, 2).getAddress()).getScopeId()).isEqualTo(2);
    }

    @Test
    void ofManyMoreThanHavePlaceNoneIsTakenForAnother() throws Exception {
        Random random = new Random(7);
        InetSocketAddress[] sent = new InetSocketAddress[5 * SourceAddresses.PLACES];
        for (int i = 0; i < sent.length; i++) {
            byte[] octets = new byte[i % 2 == 0 ? 4 : 16];
            random.nextBytes(octets);
            octets[0] = 32;
            sent[i] =
                    new InetSocketAddress(InetAddress.getByAddress(octets), random.nextInt(65_536));
        }

        for (int round = 0; round < 2; round++) {
            for (InetSocketAddress each : sent) {
                assertThat(source(each.getAddress(), each.getPort(), 0)).isEqualTo(each);
            }
        }
    }
}
