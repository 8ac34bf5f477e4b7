package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roomline.media.leg.DropCounters;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What comes to sockets of a loop, taken without Netty. All is done in one turn of the loop, so
 * that nobody else takes it first.
 */
final class DirectReceiveTest implements DirectReceive.Sink {
    private final DropCounters drops = new DropCounters();
    private final MediaLoop loop = TestLoop.counting(drops);
    private final byte[] octets = new byte[MediaLoop.DATAGRAM_OCTETS];
    private final List<String> came = new ArrayList<>();
    private final List<InetSocketAddress> from = new ArrayList<>();
    private final List<UdpSocket> open = new ArrayList<>();
    private final DirectReceive receive = new DirectReceive(octets, this);

    @BeforeEach
    void onLinuxAlone() {
        assumeTrue(DirectReceive.isAvailable(), "epoll is Linux'");
    }

    @AfterEach
    void close() {
        loop.post(() -> open.forEach(UdpSocket::close));
        loop.shutdown().awaitUninterruptibly(5, TimeUnit.SECONDS);
        receive.close();
    }

    @Override
    public void received(UdpSocket by, int length, InetSocketAddress source) {
        came.add(open.indexOf(by) + Arrays.toString(Arrays.copyOf(octets, length)));
        from.add(source);
    }

    @Override
    public void refused(UdpSocket by) {
        came.add(open.indexOf(by) + " refused");
    }

    private UdpSocket bind(InetAddress here, int readsPerTurn) throws Exception {
        UdpSocket.Sink nobody =
                new UdpSocket.Sink() {
                    @Override
                    public void onDatagram(
                            byte[] bytes, int length, InetSocketAddress source, long now) {}

                    @Override
                    public void onPortUnreachable(long nowNanos) {}
                };
        UdpSocket socket = new UdpSocket(loop, nobody, readsPerTurn);
        var binding =
                Sockets.bind(loop.group(), new InetSocketAddress(here, 0), socket, 64 * 1_024);
        assertThat(binding.awaitUninterruptibly(5, TimeUnit.SECONDS)).isTrue();
        onLoop(
                () -> {
                    socket.opened(binding.channel());
                    receive.add(socket, socket.descriptor());
                    return receive.seesAll();
                });
        open.add(socket);
        return socket;
    }

    private <T> T onLoop(Callable<T> asked) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.post(
                () -> {
                    try {
                        done.complete(asked.call());
                    } catch (Exception | AssertionError fault) {
                        done.completeExceptionally(fault);
                    }
                });
        return done.get(5, TimeUnit.SECONDS);
    }

    private static void send(DatagramSocket by, UdpSocket to, int... numbers) throws Exception {
        for (int number : numbers) {
            by.send(new DatagramPacket(new byte[] {(byte) number}, 1, to.localAddress()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void eachSocketThatHasSomethingIsReadAndItsSenderKnown(String host) throws Exception {
        InetAddress here = InetAddress.ofLiteral(host);
        try (DatagramSocket far = new DatagramSocket(0, here)) {
            UdpSocket one = bind(here, 1);
            bind(here, 1);
            UdpSocket three = bind(here, 1);

            onLoop(
                    () -> {
                        send(far, three, 7);
                        send(far, one, 8);
                        return receive.take();
                    });

            assertThat(came).containsExactlyInAnyOrder("2[7]", "0[8]");
            assertThat(from)
                    .containsOnly(new InetSocketAddress(here, far.getLocalPort()))
                    .allSatisfy(each -> assertThat(each).isSameAs(from.getFirst()));
        }
    }

    @Test
    void ofABurstASocketTakesAsMuchAsItMayBeforeTheOthersHaveTheirTurn() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (DatagramSocket far = new DatagramSocket(0, here)) {
            UdpSocket phone = bind(here, 1);
            UdpSocket shared = bind(here, 3);

            List<Integer> ready =
                    onLoop(
                            () -> {
                                send(far, phone, 1, 2);
                                send(far, shared, 3, 4, 5, 6);
                                return List.of(receive.take(), receive.take(), receive.take());
                            });

            assertThat(ready).containsExactly(2, 2, 0);
            assertThat(came.subList(0, 4)).contains("0[1]", "1[3]", "1[4]", "1[5]");
            assertThat(came.subList(4, 6)).containsExactlyInAnyOrder("0[2]", "1[6]");
        }
    }

    @Test
    void aSocketThatWasForgottenIsLeftAlone() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (DatagramSocket far = new DatagramSocket(0, here)) {
            UdpSocket phone = bind(here, 1);

            int ready =
                    onLoop(
                            () -> {
                                receive.remove(phone.descriptor());
                                send(far, phone, 1);
                                return receive.take();
                            });

            assertThat(ready).isZero();
            assertThat(came).isEmpty();
        }
    }

    @Test
    void whereTheKernelRefusesASocketNettyIsToBeAsked() throws Exception {
        UdpSocket phone = bind(InetAddress.getLoopbackAddress(), 1);
        assertThat(onLoop(receive::seesAll)).isTrue();

        onLoop(
                () -> {
                    // the same once more
                    receive.add(phone, phone.descriptor());
                    return 0;
                });

        assertThat(onLoop(receive::seesAll)).isFalse();
    }

    @Test
    void aClosedPortIsToldOf() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        InetSocketAddress closed;
        try (DatagramSocket far = new DatagramSocket(0, here)) {
            closed = new InetSocketAddress(here, far.getLocalPort());
        }
        UdpSocket phone = bind(here, 1);

        onLoop(
                () -> {
                    phone.connect(closed);
                    phone.send(closed, new byte[] {1}, 0, 1);
                    return receive.take();
                });

        assertThat(came).containsExactly("0 refused");
    }
}
