package dev.roomline.sip.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.SipInput;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.TransportCounters.Drop;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets on the loopback interface; every wait is for something that must come. */
class SipTransportsTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress LOOPBACK_6 = InetAddress.ofLiteral("::1");
    private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_6 = InetAddress.ofLiteral("::");
    private static final String MESSAGE = "OPTIONS sip:a@b SIP/2.0\r\nl: 2\r\n\r\nhi";

    private record Received(Flow flow, String text) {}

    private @Nullable SignalLoop signal;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final Set<Long> needed = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Long> closed = new LinkedBlockingQueue<>();
    private final BlockingQueue<SendFailure> failed = new LinkedBlockingQueue<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothWildcardsServeBothFamiliesOnOnePort(boolean epoll) throws Exception {
        SipTransports transports = open(epoll, List.of(ANY, ANY_6), StreamLimits.usual());
        int port = transports.port(TransportKind.UDP).orElseThrow();
        for (InetAddress address : List.of(LOOPBACK, LOOPBACK_6)) {
            try (DatagramSocket peer = new DatagramSocket(0, address)) {
                send(peer, MESSAGE, address, port);
                Received got = next();
                assertThat(got.text()).isEqualTo(MESSAGE);
                assertThat(got.flow().remote()).isEqualTo(peer.getLocalSocketAddress());
                assertThat(got.flow().local()).isEqualTo(new InetSocketAddress(address, port));
                answer(transports, got.flow(), "SIP/2.0 200 OK\r\n\r\n");
                assertThat(receive(peer)).isEqualTo("SIP/2.0 200 OK\r\n\r\n");
            }
            int tcpPort = transports.port(TransportKind.TCP).orElseThrow();
            try (Socket peer = new Socket(address, tcpPort)) {
                write(peer, MESSAGE);
                Received got = next();
                assertThat(got.flow().local()).isEqualTo(new InetSocketAddress(address, tcpPort));
                assertThat(got.flow().connection()).isPositive();
            }
        }
    }

    @Test
    void aTransportThatIsOffHasNoPort() throws Exception {
        SipTransports transports =
                open(
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
                                    open(
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
        SipTransports transports = open(true, List.of(LOOPBACK), StreamLimits.usual());
        int port = transports.port(TransportKind.UDP).orElseThrow();
        try (DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
            send(peer, "x".repeat(65_507), LOOPBACK, port);
            send(peer, "\r\n\r\n", LOOPBACK, port);
            send(peer, "", LOOPBACK, port);
            send(peer, MESSAGE, LOOPBACK, port);
            assertThat(next().text()).isEqualTo(MESSAGE);
        }
        TransportCounters counters = transports.counters();
        assertThat(counters.dropped(Drop.DATAGRAM_TOO_LARGE)).isEqualTo(1);
        assertThat(counters.dropped(Drop.DATAGRAM_EMPTY)).isEqualTo(1);
        assertThat(counters.keepAlives()).isEqualTo(1);
        assertThat(counters.received(TransportKind.UDP)).isEqualTo(1);
    }

    @Test
    void aStreamIsCutAndAnsweredOnItsOwnConnection() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), StreamLimits.usual());
        try (Socket peer = connect(transports)) {
            write(peer, MESSAGE + MESSAGE.substring(0, 9));
            Received first = next();
            assertThat(first.text()).isEqualTo(MESSAGE);
            write(peer, MESSAGE.substring(9));
            assertThat(next().flow()).isEqualTo(first.flow());
            answer(transports, first.flow(), "answer");
            assertThat(new String(peer.getInputStream().readNBytes(6), ISO_8859_1))
                    .isEqualTo("answer");
        }
    }

    @Test
    @Tag("RFC5626§4.4.1")
    void aDoubleLineEndIsAnsweredByOne() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), StreamLimits.usual());
        try (Socket peer = connect(transports)) {
            write(peer, "\r\n\r\n");
            assertThat(peer.getInputStream().readNBytes(2)).containsExactly('\r', '\n');
        }
    }

    @Test
    void whatCannotBeCutIsAnsweredAndThenClosed() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), StreamLimits.usual());
        try (Socket peer = connect(transports)) {
            write(peer, "OPTIONS sip:a@b SIP/2.0\r\n\r\n" + MESSAGE.repeat(1000));
            assertThat(new String(peer.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo("refused MISSING_CONTENT_LENGTH");
        }
        assertThat(received).isEmpty();
    }

    @Test
    void aSenderThatTakesTooLongIsClosed() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), hasty());
        try (Socket peer = connect(transports)) {
            write(peer, MESSAGE.substring(0, 30));
            assertThat(new String(peer.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo("refused TOO_SLOW");
        }
        assertThat(transports.counters().dropped(Drop.TOO_SLOW)).isEqualTo(1);
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), hasty());
        try (Socket peer = connect(transports)) {
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(transports.counters().dropped(Drop.IDLE)).isEqualTo(1);
    }

    @Test
    void moreConnectionsThanASourceMayHaveAreClosedUnread() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), hasty());
        try (Socket first = connect(transports);
                Socket second = connect(transports);
                Socket third = connect(transports)) {
            assertThat(readQuietly(third)).isEqualTo(-1);
            assertThat(transports.counters().dropped(Drop.SOURCE_LIMIT)).isEqualTo(1);
            write(second, MESSAGE);
            assertThat(next().text()).isEqualTo(MESSAGE);
            assertThat(first.isConnected()).isTrue();
        }
    }

    @Test
    void aConnectionIsOpenedOnceForAllThatGoesToOnePeer() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), StreamLimits.usual());
        try (ServerSocket peer = new ServerSocket(0, 5, LOOPBACK)) {
            Hop hop =
                    new Hop(
                            TransportKind.TCP,
                            null,
                            new InetSocketAddress(LOOPBACK, peer.getLocalPort()),
                            0);
            send(transports, hop, "one", 1);
            send(transports, hop, "two", 2);
            peer.setSoTimeout(5000);
            try (Socket accepted = peer.accept()) {
                accepted.setSoTimeout(5000);
                assertThat(new String(accepted.getInputStream().readNBytes(6), ISO_8859_1))
                        .isEqualTo("onetwo");
                // what comes back by it belongs to it
                write(accepted, MESSAGE);
                assertThat(next().flow().remote()).isEqualTo(hop.remote());
            }
        }
        assertThat(failed).isEmpty();
    }

    @Test
    @Tag("RFC3261§18.4")
    void aClosedConnectionIsOpenedAnewAndARefusedOneIsTold() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), StreamLimits.usual());
        int freePort;
        try (ServerSocket closing = new ServerSocket(0, 5, LOOPBACK)) {
            freePort = closing.getLocalPort();
        }
        Hop gone =
                new Hop(TransportKind.TCP, null, new InetSocketAddress(LOOPBACK, freePort), 4711);
        send(transports, gone, "lost", 5);
        assertThat(failed.poll(5, TimeUnit.SECONDS)).isEqualTo(SendFailure.CONNECT_FAILED);
        try (ServerSocket peer = new ServerSocket(freePort, 5, LOOPBACK)) {
            send(transports, gone, "found", 6);
            peer.setSoTimeout(5000);
            try (Socket accepted = peer.accept()) {
                accepted.setSoTimeout(5000);
                assertThat(new String(accepted.getInputStream().readNBytes(5), ISO_8859_1))
                        .isEqualTo("found");
            }
        }
    }

    @Test
    void aPeerThatDoesNotReadIsNotWrittenToWithoutEnd() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), StreamLimits.usual());
        try (Socket peer = connect(transports)) {
            write(peer, MESSAGE);
            Flow flow = next().flow();
            Hop hop = new Hop(flow.transport(), flow.local(), flow.remote(), flow.connection());
            String large = "x".repeat(60_000);
            for (int i = 0; i < 1000 && failed.isEmpty(); i++) {
                send(transports, hop, large, 9);
            }
            assertThat(failed.poll(5, TimeUnit.SECONDS)).isEqualTo(SendFailure.CONGESTED);
            assertThat(transports.counters().dropped(Drop.NOT_READING)).isPositive();
            while (transports.counters().openConnections() > 0) {
                // what is posted runs behind the closing
                signalled();
            }
        }
    }

    @Test
    void aPeerThatPipelinesAndNeverReadsIsCutOff() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), StreamLimits.usual());
        try (Socket peer = connect(transports)) {
            write(peer, MESSAGE);
            Flow flow = next().flow();
            String answer = "SIP/2.0 200 OK\r\nX: " + "y".repeat(8000) + "\r\n\r\n";
            long most = 0;
            for (int i = 0; i < 2000 && transports.counters().dropped(Drop.NOT_READING) == 0; i++) {
                answer(transports, flow, answer);
                signalled();
                most++;
            }
            assertThat(transports.counters().dropped(Drop.NOT_READING)).isEqualTo(1);
            assertThat(most).isLessThan(2000);
        }
    }

    @Test
    void whoHoldsConnectionsAndUsesNoneMakesRoom() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), places(3, Duration.ofMinutes(1)));
        try (Socket calling = connect(transports);
                Socket silent = connect(transports);
                Socket talking = connect(transports)) {
            write(calling, MESSAGE);
            needed.add(next().flow().connection());
            write(silent, MESSAGE);
            next();
            write(talking, MESSAGE);
            next();
            // three are open, and the limit of one source is no lower: the fourth is from another
            try (Socket newcomer = connectFrom("127.0.0.2", transports)) {
                write(newcomer, MESSAGE);
                assertThat(next().text()).isEqualTo(MESSAGE);
                assertThat(readQuietly(silent)).as("the longest silent").isEqualTo(-1);
                write(calling, MESSAGE);
                assertThat(next().text()).as("a call's connection stays").isEqualTo(MESSAGE);
                write(talking, MESSAGE);
                assertThat(next().text()).isEqualTo(MESSAGE);
            }
            assertThat(transports.counters().dropped(Drop.MADE_ROOM)).isEqualTo(1);
        }
    }

    @Test
    void whereEveryConnectionIsNeededTheNewcomerIsTurnedAway() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), places(1, Duration.ofMinutes(1)));
        try (Socket calling = connect(transports)) {
            write(calling, MESSAGE);
            needed.add(next().flow().connection());
            try (Socket newcomer = connectFrom("127.0.0.2", transports)) {
                assertThat(readQuietly(newcomer)).isEqualTo(-1);
            }
            write(calling, MESSAGE);
            assertThat(next().text()).isEqualTo(MESSAGE);
        }
    }

    @Test
    void theEndOfAConnectionIsToldOnce() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), places(4, Duration.ofMinutes(1)));
        long connection;
        try (Socket phone = connect(transports)) {
            write(phone, MESSAGE);
            connection = next().flow().connection();
            assertThat(closed).isEmpty();
        }
        assertThat(closed.poll(5, TimeUnit.SECONDS)).isEqualTo(connection);
        transports.close();
        assertThat(closed).isEmpty();
    }

    @Test
    void aConnectionThatADialogNeedsOutlivesItsSilence() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), places(4, Duration.ofMillis(150)));
        try (Socket calling = connect(transports);
                Socket done = connect(transports)) {
            write(calling, MESSAGE);
            needed.add(next().flow().connection());
            write(done, MESSAGE);
            next();
            assertThat(readQuietly(done)).isEqualTo(-1);
            write(calling, MESSAGE);
            assertThat(next().text()).isEqualTo(MESSAGE);
            assertThat(transports.counters().dropped(Drop.IDLE)).isEqualTo(1);
        }
    }

    /** Waits until the loop has done what was given to it before. */
    private void signalled() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Objects.requireNonNull(signal).execute(done::countDown);
        assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
    }

    private static Socket connectFrom(String address, SipTransports transports) throws IOException {
        Socket socket =
                new Socket(
                        LOOPBACK,
                        transports.port(TransportKind.TCP).orElseThrow(),
                        InetAddress.ofLiteral(address),
                        0);
        socket.setSoTimeout(5000);
        return socket;
    }

    @Test
    void aHopWithoutASocketFails() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), StreamLimits.usual());
        InetSocketAddress peer = new InetSocketAddress(LOOPBACK_6, 5060);
        send(transports, new Hop(TransportKind.UDP, null, peer, 0), "x", 1);
        assertThat(failed.poll(5, TimeUnit.SECONDS)).isEqualTo(SendFailure.NO_TRANSPORT);
        send(transports, new Hop(TransportKind.WS, null, peer, 0), "x", 2);
        assertThat(failed.poll(5, TimeUnit.SECONDS)).isEqualTo(SendFailure.CONNECTION_GONE);
    }

    @Test
    void aThousandConnectionsCutInTheMiddleLeaveNothingBehind() throws Exception {
        SipTransports transports = open(true, List.of(LOOPBACK), StreamLimits.usual());
        for (int i = 0; i < 1000; i++) {
            try (Socket peer = connect(transports)) {
                peer.setSoLinger(true, 0);
                write(peer, MESSAGE.substring(0, i % MESSAGE.length()));
            }
        }
        try (Socket peer = connect(transports)) {
            write(peer, MESSAGE);
            assertThat(next().text()).isEqualTo(MESSAGE);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (transports.counters().openConnections() > 1 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(transports.counters().openConnections()).isEqualTo(1);
        }
    }

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

    private static StreamLimits hasty() {
        return new StreamLimits(
                8192,
                65_536,
                Duration.ofMillis(100),
                Duration.ofMillis(400),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                100,
                2,
                Duration.ZERO,
                1 << 18);
    }

    private static StreamLimits places(int connections, Duration idle) {
        return new StreamLimits(
                8192,
                65_536,
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                idle,
                Duration.ofSeconds(1),
                connections,
                connections,
                Duration.ZERO,
                1 << 18);
    }

    private SipTransports open(boolean epoll, List<InetAddress> bind, StreamLimits limits)
            throws IOException {
        return open(
                SignalLoop.start(epoll, 1000),
                new TransportSettings(bind, List.of(), 0, 0, 1 << 18, limits, TlsSettings.NONE));
    }

    private SipTransports open(TransportSettings settings) throws IOException {
        return open(SignalLoop.start(), settings);
    }

    private SipTransports open(SignalLoop loop, TransportSettings settings) throws IOException {
        opened.add(loop);
        SipTransports transports = new SipTransports(loop, settings, new SplittableRandom(1));
        signal = loop;
        transports.open(
                new SipTransports.Receiver() {
                    @Override
                    public void received(Flow flow, byte[] message, SipInput.Standing standing) {
                        assertThat(loop.inLoop()).isTrue();
                        received.add(new Received(flow, new String(message, ISO_8859_1)));
                    }

                    @Override
                    public void overdue(Flow flow, byte[] message) {
                        received(flow, message, SipInput.Standing.STRANGER);
                    }

                    @Override
                    public void unframeable(Flow flow, byte[] head, FramingFault fault) {
                        Hop hop =
                                new Hop(
                                        flow.transport(),
                                        flow.local(),
                                        flow.remote(),
                                        flow.connection());
                        transports.send(hop, ("refused " + fault.name()).getBytes(ISO_8859_1), 0);
                    }

                    @Override
                    public boolean needs(long connection) {
                        return needed.contains(connection);
                    }

                    @Override
                    public void closed(long connection) {
                        closed.add(connection);
                    }

                    @Override
                    public void handshakeFailed(Flow flow, String why) {
                        throw new AssertionError("no TLS here: " + why);
                    }

                    @Override
                    public void sendFailed(long ticket, SendFailure why, String detail) {
                        failed.add(why);
                    }
                });
        opened.add(transports);
        return transports;
    }

    private void answer(SipTransports transports, Flow flow, String text) {
        send(
                transports,
                new Hop(flow.transport(), flow.local(), flow.remote(), flow.connection()),
                text,
                0);
    }

    private void send(SipTransports transports, Hop hop, String text, long ticket) {
        Objects.requireNonNull(signal)
                .execute(() -> transports.send(hop, text.getBytes(ISO_8859_1), ticket));
    }

    private Received next() throws InterruptedException {
        Received got = received.poll(5, TimeUnit.SECONDS);
        if (got == null) {
            throw new AssertionError("nothing came");
        }
        return got;
    }

    private static Socket connect(SipTransports transports) throws IOException {
        Socket socket = new Socket(LOOPBACK, transports.port(TransportKind.TCP).orElseThrow());
        socket.setSoTimeout(5000);
        return socket;
    }

    private static void write(Socket peer, String text) throws IOException {
        peer.getOutputStream().write(text.getBytes(ISO_8859_1));
        peer.getOutputStream().flush();
    }

    private static int readQuietly(Socket peer) throws IOException {
        InputStream in = peer.getInputStream();
        try {
            return in.read();
        } catch (SocketException reset) {
            return -1;
        }
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
