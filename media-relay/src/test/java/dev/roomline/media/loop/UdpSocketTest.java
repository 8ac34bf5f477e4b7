package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.leg.DropCounters;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves by a socket of a loop, to real sockets. */
final class UdpSocketTest {
    private static final byte[] OCTETS = {9, 8, 1, 2, 3, 7};

    private final DropCounters drops = new DropCounters();
    private final MediaLoop loop = TestLoop.counting(drops);
    private final CompletableFuture<String> unreachable = new CompletableFuture<>();
    private final UdpSocket socket =
            new UdpSocket(
                    loop,
                    new UdpSocket.Sink() {
                        @Override
                        public void onDatagram(
                                byte[] bytes, int length, InetSocketAddress source, long now) {}

                        @Override
                        public void onPortUnreachable(long nowNanos) {
                            unreachable.complete("told");
                        }
                    },
                    1);

    @AfterEach
    void close() {
        loop.post(socket::close);
        loop.shutdown().awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private void bind(InetAddress here) {
        bind(new InetSocketAddress(here, 0));
    }

    private void bind(InetSocketAddress here) {
        var binding = Sockets.bind(loop.group(), here, socket, 64 * 1_024);
        assertThat(binding.awaitUninterruptibly(5, TimeUnit.SECONDS)).isTrue();
        loop.post(() -> socket.opened(binding.channel()));
    }

    /** A port that is free. */
    private static InetSocketAddress nobodyAt(InetAddress here) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, here)) {
            return new InetSocketAddress(here, socket.getLocalPort());
        }
    }

    private void send(InetSocketAddress to) {
        loop.post(() -> socket.send(to, OCTETS, 2, 3));
    }

    private static void assertComes(DatagramSocket far, int fromPort) throws IOException {
        far.setSoTimeout(5_000);
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        far.receive(packet);
        assertThat(Arrays.copyOf(packet.getData(), packet.getLength())).containsExactly(1, 2, 3);
        assertThat(packet.getPort()).isEqualTo(fromPort);
    }

    private int ownPort() throws Exception {
        CompletableFuture<Integer> port = new CompletableFuture<>();
        loop.post(() -> port.complete(socket.localAddress().getPort()));
        return port.get(5, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aDatagramReachesWhoIsNamedAndWhomTheSocketIsConnectedTo(String host) throws Exception {
        InetAddress here = InetAddress.ofLiteral(host);
        try (DatagramSocket far = new DatagramSocket(0, here)) {
            InetSocketAddress to = new InetSocketAddress(here, far.getLocalPort());
            bind(here);

            send(to);
            assertComes(far, ownPort());

            loop.post(() -> socket.connect(to));
            send(to);
            assertComes(far, ownPort());
        }
    }

    /** Who has been silent for a second may come from elsewhere: it is sent to all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aSocketThatIsOpenToAllAgainStillSends(String host) throws Exception {
        InetAddress here = InetAddress.ofLiteral(host);
        try (DatagramSocket far = new DatagramSocket(0, here)) {
            InetSocketAddress to = new InetSocketAddress(here, far.getLocalPort());
            // a port that the kernel chose would be given back
            bind(nobodyAt(here));

            loop.post(() -> socket.connect(to));
            loop.post(() -> socket.connect(null));
            send(to);
            assertComes(far, ownPort());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void whereNobodyListensTheOwnerIsToldAndNothingFails(String host) throws Exception {
        InetAddress here = InetAddress.ofLiteral(host);
        InetSocketAddress closed = nobodyAt(here);
        bind(here);
        loop.post(() -> socket.connect(closed));

        for (int i = 0; i < 5; i++) {
            send(closed);
        }

        assertThat(unreachable.get(5, TimeUnit.SECONDS)).isEqualTo("told");
    }
}
