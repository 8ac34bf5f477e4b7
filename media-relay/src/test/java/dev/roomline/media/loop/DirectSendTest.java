package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roomline.media.measure.AllocatedOctets;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** What a datagram that is sent without Netty costs, and where it goes. */
final class DirectSendTest {
    private static final int NO_SOCKET = -1;
    private static final int BAD_DESCRIPTOR = 9;
    private static final int DATAGRAMS = 40_000;
    private static final int MOST_ROUNDS = 500;

    private final TargetAddresses targets = new TargetAddresses();
    private final SourceAddresses sources = new SourceAddresses();

    /** Everything up to the kernel's refusal. */
    @Test
    void sendingToManyInTurnAllocatesNothing() {
        assumeTrue(DirectSend.isAvailable());
        DirectSend send = new DirectSend();
        InetSocketAddress[] peers = {
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4_000),
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4_001),
            new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 4_000)
        };
        byte[] packet = new byte[172];
        double octets = Double.MAX_VALUE;
        // until it is compiled, which takes its time on a busy machine
        for (int round = 0; round < MOST_ROUNDS && octets > 0; round++) {
            octets =
                    AllocatedOctets.perTurn(
                            DATAGRAMS,
                            i -> assertRefused(send.send(NO_SOCKET, peers[i % 3], packet, 0, 172)));
        }
        assertThat(octets).isLessThan(0.5);
    }

    private static void assertRefused(int fault) {
        if (fault != BAD_DESCRIPTOR) {
            throw new AssertionError("errno " + fault);
        }
    }

    private InetSocketAddress read(InetSocketAddress to) {
        MemorySegment address = targets.of(to);
        assertThat(TargetAddresses.octets(to))
                .isEqualTo(to.getAddress() instanceof Inet6Address ? 28 : 16);
        return sources.of(address);
    }

    @Test
    void anAddressIsWrittenAsTheKernelReadsIt() {
        for (String host : new String[] {"127.0.0.1", "255.255.255.255", "::1", "2001:db8::ff"}) {
            InetSocketAddress to = new InetSocketAddress(InetAddress.ofLiteral(host), 65_535);
            assertThat(read(to)).isEqualTo(to);
            assertThat(read(to)).as("found again").isEqualTo(to);
        }
    }

    @Test
    void ofManyMoreThanHavePlaceNoneIsTakenForAnother() {
        InetAddress four = InetAddress.ofLiteral("192.0.2.1");
        InetAddress six = InetAddress.ofLiteral("2001:db8::1");
        for (int port = 1; port <= 5 * TargetAddresses.PLACES; port++) {
            InetSocketAddress to = new InetSocketAddress(port % 2 == 0 ? four : six, port);
            assertThat(read(to)).isEqualTo(to);
        }
    }

    @Test
    void anAddressOfALinkKeepsItsInterface() throws Exception {
        byte[] link = InetAddress.ofLiteral("fe80::1").getAddress();
        for (int scope : new int[] {1, 2, 1}) {
            InetAddress host = Inet6Address.getByAddress(null, link, scope);
            InetAddress seen = read(new InetSocketAddress(host, 9)).getAddress();
            assertThat(((Inet6Address) seen).getScopeId()).isEqualTo(scope);
        }
    }
}
