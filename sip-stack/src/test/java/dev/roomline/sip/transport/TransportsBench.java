package dev.roomline.sip.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.SipInput;
import dev.roomline.sip.endpoint.TransportKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
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

/** Transports on the loopback, what they tell the core, and sockets that speak with them. */
final class TransportsBench {
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    static final InetAddress LOOPBACK_6 = InetAddress.ofLiteral("::1");
    static final String MESSAGE = "OPTIONS sip:a@b SIP/2.0\r\nl: 2\r\n\r\nhi";

    record Received(Flow flow, String text) {}

    record Failed(SendFailure why, String detail) {}

    final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    final BlockingQueue<Failed> failed = new LinkedBlockingQueue<>();
    final BlockingQueue<Long> closed = new LinkedBlockingQueue<>();

    /** Why handshakes of peers failed. */
    final BlockingQueue<String> refused = new LinkedBlockingQueue<>();

    /** Connections that a dialog needs. */
    final Set<Long> needed = ConcurrentHashMap.newKeySet();

    private final List<AutoCloseable> opened = new ArrayList<>();
    private @Nullable SignalLoop signal;

    SipTransports open(boolean epoll, List<InetAddress> bind, StreamLimits limits)
            throws IOException {
        return open(
                SignalLoop.start(epoll, 1000),
                new TransportSettings(bind, List.of(), 0, 0, 1 << 18, limits, TlsSettings.NONE));
    }

    SipTransports open(TransportSettings settings) throws IOException {
        return open(SignalLoop.start(), settings);
    }

    private SipTransports open(SignalLoop loop, TransportSettings settings) throws IOException {
        opened.add(loop);
        SipTransports transports = new SipTransports(loop, settings, new SplittableRandom(1));
        signal = loop;
        transports.open(new Listening(loop, transports));
        opened.add(transports);
        return transports;
    }

    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    /** The next message that comes. */
    Received next() throws InterruptedException {
        return Objects.requireNonNull(received.poll(5, TimeUnit.SECONDS), "nothing came");
    }

    /** The next message that could not be sent. */
    Failed failure() throws InterruptedException {
        return Objects.requireNonNull(failed.poll(5, TimeUnit.SECONDS), "nothing failed");
    }

    /** Waits until the loop has done what was given to it before. */
    void signalled() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Objects.requireNonNull(signal).execute(done::countDown);
        assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
    }

    void send(SipTransports transports, Hop hop, String text, long ticket) {
        Objects.requireNonNull(signal)
                .execute(() -> transports.send(hop, text.getBytes(ISO_8859_1), ticket));
    }

    void answer(SipTransports transports, Flow flow, String text) {
        send(transports, back(flow), text, 0);
    }

    static Hop back(Flow flow) {
        return new Hop(flow.transport(), flow.local(), flow.remote(), flow.connection());
    }

    static Socket connect(SipTransports transports) throws IOException {
        Socket socket = new Socket(LOOPBACK, transports.port(TransportKind.TCP).orElseThrow());
        socket.setSoTimeout(5000);
        return socket;
    }

    static Socket connectFrom(String address, SipTransports transports) throws IOException {
        Socket socket =
                new Socket(
                        LOOPBACK,
                        transports.port(TransportKind.TCP).orElseThrow(),
                        InetAddress.ofLiteral(address),
                        0);
        socket.setSoTimeout(5000);
        return socket;
    }

    static void write(Socket peer, String text) throws IOException {
        peer.getOutputStream().write(text.getBytes(ISO_8859_1));
        peer.getOutputStream().flush();
    }

    static String read(Socket from, int octets) throws IOException {
        return new String(from.getInputStream().readNBytes(octets), ISO_8859_1);
    }

    /** −1 where the connection was closed or reset. */
    static int readQuietly(Socket peer) throws IOException {
        InputStream in = peer.getInputStream();
        try {
            return in.read();
        } catch (SocketException reset) {
            return -1;
        }
    }

    private final class Listening implements SipTransports.Receiver {
        private final SignalLoop loop;
        private final SipTransports transports;

        Listening(SignalLoop loop, SipTransports transports) {
            this.loop = loop;
            this.transports = transports;
        }

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
            transports.send(back(flow), ("refused " + fault.name()).getBytes(ISO_8859_1), 0);
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
            refused.add(why);
        }

        @Override
        public void sendFailed(long ticket, SendFailure why, String detail) {
            failed.add(new Failed(why, detail));
        }
    }
}
