package dev.roomline.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A carrier over UDP, TCP or TLS that says what a test wants, when it wants it: for what SIPp
 * cannot say. Repeated requests are passed over; OPTIONS is answered by itself.
 */
final class Carrier implements AutoCloseable {

    private final Wire wire;
    private final Set<String> seen = new HashSet<>();
    private final Deque<SipTrace.Message> kept = new ArrayDeque<>();
    private volatile String optionsStatus = "200 OK";
    private Duration limit = Duration.ofSeconds(12);
    private String contact = "";

    private Carrier(Wire wire) {
        this.wire = wire;
    }

    static Carrier at(int port) {
        return at("127.0.0.1", port);
    }

    static Carrier at(String address, int port) {
        return new Carrier(new Datagrams(address, port));
    }

    /** Over TCP: one connection, the first that the server opens. */
    static Carrier overTcp(int port) {
        return new Carrier(new Connection(port))
                .contact("sip:callee@127.0.0.1:" + port + ";transport=tcp");
    }

    /** Over TLS: one connection, the first that the server opens. */
    static Carrier overTls(int port, SSLContext context) {
        try {
            ServerSocket listener =
                    context.getServerSocketFactory()
                            .createServerSocket(port, 1, InetAddress.getLoopbackAddress());
            return new Carrier(new Connection(listener, "TLS"))
                    .contact("sip:callee@127.0.0.1:" + port + ";transport=tls");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What messages travel by. */
    private interface Wire extends AutoCloseable {
        String transport();

        int port();

        /** Null where nothing comes in time. */
        SipTrace.@Nullable Message receive(Duration limit);

        /** To whom it heard last. */
        void send(byte[] octets);

        @Override
        void close();
    }

    private static final class Datagrams implements Wire {
        private final DatagramSocket socket;
        private SocketAddress server = new InetSocketAddress(0);

        Datagrams(String address, int port) {
            try {
                socket =
                        new DatagramSocket(
                                new InetSocketAddress(InetAddress.getByName(address), port));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String transport() {
            return "UDP";
        }

        @Override
        public int port() {
            return socket.getLocalPort();
        }

        @Override
        public SipTrace.@Nullable Message receive(Duration limit) {
            try {
                socket.setSoTimeout((int) Math.max(1, limit.toMillis()));
                DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
                socket.receive(packet);
                server = packet.getSocketAddress();
                return new SipTrace.Message(
                        true, new String(packet.getData(), 0, packet.getLength(), ISO_8859_1));
            } catch (SocketTimeoutException nothing) {
                return null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void send(byte[] octets) {
            try {
                socket.send(new DatagramPacket(octets, octets.length, server));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private static final class Connection implements Wire {
        private final ServerSocket listener;
        private final String transport;
        private @Nullable SipPeer peer;

        Connection(int port) {
            this(listener(port), "TCP");
        }

        Connection(ServerSocket listener, String transport) {
            this.listener = listener;
            this.transport = transport;
        }

        private static ServerSocket listener(int port) {
            try {
                return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private SipPeer peer() {
            SipPeer open = peer == null ? SipPeer.onto(listener) : peer;
            peer = open;
            return open;
        }

        @Override
        public String transport() {
            return transport;
        }

        @Override
        public int port() {
            return listener.getLocalPort();
        }

        @Override
        public SipTrace.@Nullable Message receive(Duration limit) {
            return peer().receive(limit).orElse(null);
        }

        @Override
        public void send(byte[] octets) {
            peer().send(octets);
        }

        @Override
        public void close() {
            try (listener) {
                if (peer != null) {
                    peer.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** How long it waits for a request. */
    void patience(Duration time) {
        limit = time;
    }

    /** What OPTIONS is answered from now on. */
    Carrier health(String status) {
        optionsStatus = status;
        return this;
    }

    /** Our Contact in answers from now on, whatever is behind it. */
    Carrier contact(String uri) {
        contact = uri;
        return this;
    }

    int port() {
        return wire.port();
    }

    /** The next request of that method; others are kept for later. */
    SipTrace.Message await(String method) {
        for (SipTrace.Message message : kept) {
            if (message.is(method)) {
                kept.remove(message);
                return message;
            }
        }
        long until = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < until) {
            SipTrace.Message message = receive(Duration.ofNanos(until - System.nanoTime()));
            if (message == null) {
                break;
            }
            if (message.is(method)) {
                return message;
            }
            kept.add(message);
        }
        throw new AssertionError("no " + method + " came; there are " + kept);
    }

    /** Whether nothing but repetitions comes within that time. */
    boolean hearsNothing(Duration time) {
        if (!kept.isEmpty()) {
            return false;
        }
        SipTrace.Message message = receive(time);
        if (message != null) {
            kept.add(message);
        }
        return message == null;
    }

    private SipTrace.@Nullable Message receive(Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        while (true) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            SipTrace.Message message = wire.receive(Duration.ofNanos(left));
            if (message == null) {
                return null;
            }
            if (message.is("OPTIONS")) {
                answer(message, optionsStatus, "", "");
            } else if (seen.add(message.header("Via") + message.header("CSeq"))) {
                return message;
            }
        }
    }

    /** A response without body. */
    void answer(SipTrace.Message request, String status) {
        answer(request, status, "", "");
    }

    /**
     * @param status {@code 180 Ringing}
     * @param headers whole lines with their ends
     * @param sdp empty: no body
     */
    void answer(SipTrace.Message request, String status, String headers, String sdp) {
        answerAs("callee", request, status, headers, sdp);
    }

    /**
     * @param tag whose answer it is: forks have several
     */
    void answerAs(String tag, SipTrace.Message request, String status, String headers, String sdp) {
        String to = request.header("To");
        boolean tagged = to.contains("tag=") || status.startsWith("100");
        String response =
                "SIP/2.0 "
                        + status
                        + "\r\nVia: "
                        + request.header("Via")
                        + "\r\nFrom: "
                        + request.header("From")
                        + "\r\nTo: "
                        + to
                        + (tagged
                                ? ""
                                : ";tag="
                                        + tag
                                        + Integer.toHexString(request.header("Call-ID").hashCode()))
                        + "\r\nCall-ID: "
                        + request.header("Call-ID")
                        + "\r\nCSeq: "
                        + request.header("CSeq")
                        + "\r\nContact: <"
                        + (contact.isEmpty() ? "sip:" + tag + "@127.0.0.1:" + port() : contact)
                        + ">\r\n"
                        + headers
                        + (sdp.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
                        + "Content-Length: "
                        + sdp.length()
                        + "\r\n\r\n"
                        + sdp;
        send(response);
    }

    /** Ends an answered call from the carrier's side; its answer is awaited by the server's 200. */
    void hangUp(SipTrace.Message invite, String tag) {
        String callId = invite.header("Call-ID");
        send(
                "BYE sip:roomline@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/"
                        + wire.transport()
                        + " 127.0.0.1:"
                        + port()
                        + ";branch=z9hG4bK"
                        + SipText.unique()
                        + ";rport\r\nMax-Forwards: 70\r\nFrom: "
                        + invite.header("To")
                        + ";tag="
                        + tag
                        + Integer.toHexString(callId.hashCode())
                        + "\r\nTo: "
                        + invite.header("From")
                        + "\r\nCall-ID: "
                        + callId
                        + "\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n");
    }

    /** Whatever it is, to whom it heard last. */
    void say(String text) {
        send(text);
    }

    private void send(String text) {
        wire.send(text.getBytes(ISO_8859_1));
    }

    @Override
    public void close() {
        wire.close();
    }
}
