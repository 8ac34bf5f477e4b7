package dev.roomline.sip.transport;

import static dev.roomline.sip.transport.TransportsBench.LOOPBACK;
import static dev.roomline.sip.transport.TransportsBench.LOOPBACK_6;
import static dev.roomline.sip.transport.TransportsBench.MESSAGE;
import static dev.roomline.sip.transport.TransportsBench.write;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.TransportCounters.Drop;
import dev.roomline.sip.transport.TransportsBench.Failed;
import dev.roomline.sip.transport.TransportsBench.Received;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets on the loopback interface; every wait is for something that must come. */
class SipTransportsTest {
    private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_6 = InetAddress.ofLiteral("::");

    private final TransportsBench bench = new TransportsBench();

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothWildcardsServeBothFamiliesOnOnePort(boolean epoll) throws Exception {
        SipTransports transports = bench.open(epoll, List.of(ANY, ANY_6), StreamLimits.usual());
        int port = transports.port(TransportKind.UDP).orElseThrow();
        for (InetAddress address : List.of(LOOPBACK, LOOPBACK_6)) {
            try (DatagramSocket peer = new DatagramSocket(0, address)) {
                send(peer, MESSAGE, address, port);
                Received got = bench.next();
                assertThat(got.text()).isEqualTo(MESSAGE);
                assertThat(got.flow().remote()).isEqualTo(peer.getLocalSocketAddress());
                assertThat(got.flow().local()).isEqualTo(new InetSocketAddress(address, port));
                bench.answer(transports, got.flow(), "SIP/2.0 200 OK\r\n\r\n");
                assertThat(receive(peer)).isEqualTo("SIP/2.0 200 OK\r\n\r\n");
            }
            int tcpPort = transports.port(TransportKind.TCP).orElseThrow();
            try (Socket peer = new Socket(address, tcpPort)) {
                write(peer, MESSAGE);
                Received got = bench.next();
                assertThat(got.flow().local()).isEqualTo(new InetSocketAddress(address, tcpPort));
                assertThat(got.flow().connection()).isPositive();
            }
        }
    }

    @Test
    void aTransportThatIsOffHasNoPort() throws Exception {
        SipTransports transports =
                bench.open(
                        new TransportSettings(
                                List.of(LOOPBACK),
                                List.of(),
                                TransportSettings.ANY_FREE_PORT,
                                TransportSettings.OFF,
                                1 << 16,
                                StreamLimits.usual(),
                                TlsSettings.NONE));
        assertThat(transports.port(TransportKind.TCP)).isEmpty();
        assertThat(transports.port(TransportKind.UDP)).isPresent();
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, LOOPBACK)) {
            assertThatThrownBy(
                            () ->
                                    bench.open(
                                            TransportSettings.of(
                                                    List.of(LOOPBACK),
                                                    List.of(),
                                                    taken.getLocalPort(),
                                                    TransportSettings.OFF)))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("UDP")
                    .hasMessageContaining("127.0.0.1 port " + taken.getLocalPort())
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void aDatagramOf65507BytesIsDroppedByItsSize() throws Exception {
        SipTransports transports = bench.open(true, List.of(LOOPBACK), StreamLimits.usual());
        int port = transports.port(TransportKind.UDP).orElseThrow();
        try (DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
            send(peer, "x".repeat(65_507), LOOPBACK, port);
            send(peer, "\r\n\r\n", LOOPBACK, port);
            send(peer, "", LOOPBACK, port);
            send(peer, MESSAGE, LOOPBACK, port);
            assertThat(bench.next().text()).isEqualTo(MESSAGE);
        }
        TransportCounters counters = transports.counters();
        assertThat(counters.dropped(Drop.DATAGRAM_TOO_LARGE)).isEqualTo(1);
        assertThat(counters.dropped(Drop.DATAGRAM_EMPTY)).isEqualTo(1);
        assertThat(counters.keepAlives()).isEqualTo(1);
        assertThat(counters.received(TransportKind.UDP)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"UDP", "TCP", "TLS"})
    void aHopOfAFamilyThatIsNotBoundFailsAndSaysSo(TransportKind transport) throws Exception {
        SipTransports four = bench.open(true, List.of(LOOPBACK), StreamLimits.usual());
        bench.send(four, hop(transport, LOOPBACK_6), "x", 1);
        assertThat(bench.failure())
                .isEqualTo(new Failed(SendFailure.NO_TRANSPORT, "no IPv6 address is bound here"));
        SipTransports six = bench.open(true, List.of(LOOPBACK_6), StreamLimits.usual());
        bench.send(six, hop(transport, LOOPBACK), "x", 2);
        assertThat(bench.failure())
                .isEqualTo(new Failed(SendFailure.NO_TRANSPORT, "no IPv4 address is bound here"));
    }

    @Test
    void aHopWithoutAWebSocketFails() throws Exception {
        SipTransports transports = bench.open(true, List.of(LOOPBACK), StreamLimits.usual());
        bench.send(transports, hop(TransportKind.WS, LOOPBACK_6), "x", 2);
        assertThat(bench.failure().why()).isEqualTo(SendFailure.CONNECTION_GONE);
    }

    private static Hop hop(TransportKind transport, InetAddress peer) {
        return new Hop(transport, null, new InetSocketAddress(peer, 5060), 0);
    }

    private static void send(DatagramSocket from, String text, InetAddress address, int port)
            throws IOException {
        byte[] bytes = text.getBytes(ISO_8859_1);
        from.send(new DatagramPacket(bytes, bytes.length, address, port));
    }

    private static String receive(DatagramSocket at) throws IOException {
        at.setSoTimeout(5000);
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        at.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
    }
}
