package dev.roomline.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A socket that says to the server whatever a test wants, well formed or not. For what SIPp cannot
 * say.
 */
interface SipPeer extends AutoCloseable {

    /** Sends bytes as they are. */
    void send(byte[] bytes);

    default void send(String text) {
        send(text.getBytes(ISO_8859_1));
    }

    /** The next whole message; empty if none came in time, or the connection was closed. */
    Optional<SipTrace.Message> receive(Duration limit);

    int port();

    @Override
    void close();

    /** The first message with a final status; provisional ones are passed over. */
    default Optional<SipTrace.Message> receiveFinal(Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(1_000_000, until - System.nanoTime()));
            Optional<SipTrace.Message> message = receive(left);
            if (message.isEmpty() || message.get().status() >= 200) {
                return message;
            }
        }
    }

    static SipPeer overUdp(int serverPort) {
        return new Udp(serverPort);
    }

    static SipPeer overTcp(int serverPort) {
        try {
            return new Tcp(new Socket(InetAddress.getLoopbackAddress(), serverPort));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server's certificate is checked, and ours shown where it asks for one. */
    static SipPeer overTls(int serverPort, SSLContext context) {
        try {
            SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket("localhost", serverPort);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new Tcp(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next connection that the server opens, which must come soon. */
    static SipPeer onto(ServerSocket listener) {
        try {
            listener.setSoTimeout(10_000);
            return new Tcp(listener.accept());
        } catch (IOException e) {
            throw new UncheckedIOException("the server opened no connection", e);
        }
    }

    /** One datagram, one message. */
    final class Udp implements SipPeer {
        private final DatagramSocket socket;
        private final InetSocketAddress server;

        private Udp(int serverPort) {
            try {
                InetAddress loopback = InetAddress.getLoopbackAddress();
                socket = new DatagramSocket(0, loopback);
                server = new InetSocketAddress(loopback, serverPort);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void send(byte[] bytes) {
            try {
                socket.send(new DatagramPacket(bytes, bytes.length, server));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Optional<SipTrace.Message> receive(Duration limit) {
            try {
                socket.setSoTimeout((int) Math.max(1, limit.toMillis()));
                DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
                socket.receive(packet);
                String text = new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
                return Optional.of(new SipTrace.Message(true, text));
            } catch (SocketTimeoutException nothing) {
                return Optional.empty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** Messages cut by their Content-Length. */
    final class Tcp implements SipPeer {
        private final Socket socket;

        private Tcp(Socket open) throws SocketException {
            socket = open;
            socket.setTcpNoDelay(true);
        }

        @Override
        public void send(byte[] bytes) {
            try {
                socket.getOutputStream().write(bytes);
            } catch (SocketException closed) {
                // the server may close while we still talk
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Optional<SipTrace.Message> receive(Duration limit) {
            try {
                socket.setSoTimeout((int) Math.max(1, limit.toMillis()));
                InputStream in = socket.getInputStream();
                StringBuilder text = new StringBuilder();
                while (text.indexOf("\r\n\r\n") < 0) {
                    int octet = in.read();
                    if (octet < 0) {
                        return Optional.empty();
                    }
                    text.append((char) octet);
                }
                SipTrace.Message head = new SipTrace.Message(true, text.toString());
                int length = Integer.parseInt(head.header("Content-Length"));
                text.append(new String(in.readNBytes(length), ISO_8859_1));
                return Optional.of(new SipTrace.Message(true, text.toString()));
            } catch (SocketTimeoutException | SocketException | SSLException nothing) {
                return Optional.empty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Whether the server has closed the connection; waits for it. */
        boolean isClosedWithin(Duration limit) {
            try {
                socket.setSoTimeout((int) limit.toMillis());
                return socket.getInputStream().read() < 0;
            } catch (SocketTimeoutException open) {
                return false;
            } catch (IOException reset) {
                return true;
            }
        }

        @Override
        public int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
