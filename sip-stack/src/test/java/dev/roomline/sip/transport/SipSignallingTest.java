package dev.roomline.sip.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.EndpointSettings;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEffect;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.endpoint.TransportKind;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The core and its sockets together; the application answers OPTIONS with 200. */
class SipSignallingTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final SignalLoop loop = SignalLoop.start();
    private final AtomicBoolean throwing = new AtomicBoolean();
    private final BlockingQueue<SipEvent> raised = new LinkedBlockingQueue<>();
    private SipSignalling signalling;

    @BeforeEach
    void open() throws IOException {
        signalling =
                SipSignalling.open(
                        loop,
                        TransportSettings.of(List.of(LOOPBACK), List.of(), 0, 0),
                        address -> EndpointSettings.of("Test/1", address),
                        new SplittableRandom(1),
                        new SipApplication() {
                            @Override
                            public void raised(SipEvent event) {
                                boolean fault = throwing.get();
                                raised.add(event);
                                if (fault) {
                                    throw new IllegalStateException("a fault on purpose");
                                }
                                if (event instanceof SipEvent.RequestReceived request) {
                                    signalling.command(
                                            new SipCommand.Respond(
                                                    request.request(), 200, null, List.of(), null));
                                }
                            }

                            @Override
                            public void seen(SipEffect.MessageSeen message) {}
                        });
    }

    @AfterEach
    void close() {
        signalling.close();
        loop.close();
    }

    @Test
    void aRequestOverUdpIsAnsweredByTheApplication() throws IOException {
        try (DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
            assertThat(ask(peer, options("UDP", peer.getLocalPort(), "one")))
                    .startsWith("SIP/2.0 200 ");
        }
    }

    @Test
    void aRequestOverTcpIsAnsweredOnItsConnection() throws IOException {
        try (Socket peer = connect()) {
            peer.getOutputStream()
                    .write(options("TCP", peer.getLocalPort(), "one").getBytes(ISO_8859_1));
            assertThat(head(peer)).startsWith("SIP/2.0 200 ");
        }
    }

    @Test
    void aStreamThatCannotBeCutGets400AndIsClosed() throws IOException, InterruptedException {
        try (Socket peer = connect()) {
            String broken =
                    options("TCP", peer.getLocalPort(), "one")
                            .replace("Content-Length: 0", "Content-Length: 0\r\nl: 0");
            peer.getOutputStream().write(broken.getBytes(ISO_8859_1));
            assertThat(new String(peer.getInputStream().readAllBytes(), ISO_8859_1))
                    .startsWith("SIP/2.0 400 Several Content-Lengths\r\n");
        }
        assertThat(raised.poll(5, TimeUnit.SECONDS)).isInstanceOf(SipEvent.MessageRefused.class);
    }

    @Test
    void anApplicationThatThrowsLosesNothingElse() throws IOException {
        try (DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
            throwing.set(true);
            peer.setSoTimeout(5000);
            send(peer, options("UDP", peer.getLocalPort(), "thrown"));
            assertThat(take()).isInstanceOf(SipEvent.RequestReceived.class);
            throwing.set(false);
            assertThat(ask(peer, options("UDP", peer.getLocalPort(), "next")))
                    .startsWith("SIP/2.0 200 ");
            assertThat(loop.faults()).isEqualTo(1);
        }
    }

    @Test
    void thousandsOfDamagedMessagesRaiseNoFaultAndLeaveItServing() throws IOException {
        SplittableRandom random = new SplittableRandom(20261121);
        try (DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
            String good = options("UDP", peer.getLocalPort(), "damaged");
            for (int i = 0; i < 5000; i++) {
                byte[] bytes = good.getBytes(ISO_8859_1);
                for (int flips = random.nextInt(1, 8); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                int length = random.nextInt(1, bytes.length + 1);
                peer.send(
                        new DatagramPacket(
                                bytes,
                                length,
                                LOOPBACK,
                                signalling.port(TransportKind.UDP).orElseThrow()));
            }
        }
        try (DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
            assertThat(ask(peer, options("UDP", peer.getLocalPort(), "after")))
                    .startsWith("SIP/2.0 200 ");
        }
        assertThat(loop.faults()).isZero();
    }

    private SipEvent take() {
        try {
            SipEvent event = raised.poll(5, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("nothing was raised");
            }
            return event;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private Socket connect() throws IOException {
        Socket peer = new Socket(LOOPBACK, signalling.port(TransportKind.TCP).orElseThrow());
        peer.setSoTimeout(5000);
        return peer;
    }

    private void send(DatagramSocket peer, String text) throws IOException {
        byte[] bytes = text.getBytes(ISO_8859_1);
        peer.send(
                new DatagramPacket(
                        bytes,
                        bytes.length,
                        LOOPBACK,
                        signalling.port(TransportKind.UDP).orElseThrow()));
    }

    private String ask(DatagramSocket peer, String request) throws IOException {
        send(peer, request);
        peer.setSoTimeout(5000);
        DatagramPacket answer = new DatagramPacket(new byte[4000], 4000);
        peer.receive(answer);
        return new String(answer.getData(), 0, answer.getLength(), ISO_8859_1);
    }

    private static String head(Socket peer) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int octet = peer.getInputStream().read();
            if (octet < 0) {
                throw new AssertionError("closed after " + text);
            }
            text.append((char) octet);
        }
        return text.toString();
    }

    private static String options(String transport, int port, String callId) {
        return """
        OPTIONS sip:roomline@127.0.0.1 SIP/2.0
        Via: SIP/2.0/%s 127.0.0.1:%d;branch=z9hG4bK%s;rport
        Max-Forwards: 70
        From: <sip:peer@127.0.0.1>;tag=1
        To: <sip:roomline@127.0.0.1>
        Call-ID: %s
        CSeq: 1 OPTIONS
        Content-Length: 0

        """
                .formatted(transport, port, callId, callId)
                .replace("\n", "\r\n");
    }
}
