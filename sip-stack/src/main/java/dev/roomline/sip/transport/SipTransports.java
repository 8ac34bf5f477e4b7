package dev.roomline.sip.transport;

import dev.roomline.sip.endpoint.Addresses;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.SipInput.Standing;
import dev.roomline.sip.endpoint.TransportKind;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of SIP: UDP, TCP and TLS on every bound address. TLS is TCP with a {@link TlsDoor} in
 * front.
 *
 * <p>Owner: the signalling loop, but {@link #open}, {@link #close}, {@link #port} and {@link
 * #counters}, which any thread may call.
 */
final class SipTransports implements AutoCloseable {

    /** Who is told what comes in by the sockets. Called on the signalling loop. */
    interface Receiver {

        /** A datagram, or one whole message of a stream. */
        void received(Flow flow, byte[] message, Standing standing);

        /** A datagram that has waited for longer than its sender should. */
        void overdue(Flow flow, byte[] message);

        /**
         * A stream's peer sent something from which no message can be cut. The connection is closed
         * when this has returned and what was sent meanwhile has left.
         *
         * @param head the header block as far as it came
         */
        void unframeable(Flow flow, byte[] head, FramingFault fault);

        /** Whether closing this stream might make the peer of a living dialog unreachable. */
        boolean needs(long connection);

        /** A stream is closed, whoever closed it. */
        void closed(long connection);

        /** A peer connected, and no TLS came to be. */
        void handshakeFailed(Flow flow, String why);

        /**
         * A message with that ticket did not leave, for good. Never called for ticket 0.
         *
         * @param detail a sentence without a full stop, or empty
         */
        void sendFailed(long ticket, SendFailure why, String detail);
    }

    private static final Logger log = LoggerFactory.getLogger(SipTransports.class);
    private static final int TRIES_FOR_A_COMMON_PORT = 16;

    private final SignalLoop loop;
    private final TransportSettings settings;
    private final TransportCounters counters = new TransportCounters();
    private final LocalAddresses addresses;
    private final KernelDrops kernelDrops = new KernelDrops();
    private volatile OptionalInt udpPort = OptionalInt.empty();
    private volatile OptionalInt tcpPort = OptionalInt.empty();
    private volatile OptionalInt tlsPort = OptionalInt.empty();
    private final Turnstile turnstile;
    private final UdpSockets udp;
    private final TcpStreams tcp;
    private final TlsDoor door;
    private final TcpStreams tls;
    private final WebSocketStreams webSockets;

    /**
     * Reads certificates; blocks.
     *
     * @param random must not be guessable outside tests
     * @throws IOException with a sentence that names what is wrong with them
     */
    SipTransports(SignalLoop loop, TransportSettings settings, RandomGenerator random)
            throws IOException {
        this.loop = loop;
        this.settings = settings;
        this.addresses =
                new LocalAddresses(
                        settings.bind(),
                        settings.publicAddresses(),
                        transport -> port(transport).orElse(transport.defaultPort()),
                        loop::nowNanos);
        this.turnstile = new Turnstile(loop, counters, random);
        this.udp =
                new UdpSockets(
                        loop, settings.udpReceiveBufferBytes(), addresses, counters, turnstile);
        TcpStreams.Shared shared =
                new TcpStreams.Shared(loop, addresses, counters, turnstile, new AtomicLong());
        TlsSettings wanted = settings.tls();
        this.door = TlsDoor.open(wanted);
        this.tcp = new TcpStreams(shared, settings.streams(), null, new Handshakes(0, 0));
        this.webSockets = new WebSocketStreams(shared, settings.streams());
        this.tls =
                new TcpStreams(
                        shared,
                        settings.streams(),
                        door,
                        new Handshakes(wanted.handshakes(), wanted.handshakesPerSource()));
    }

    /** Binds every socket, or none. Blocks; not to be called on the loop. */
    void open(Receiver receiver) throws IOException {
        turnstile.receiver(receiver);
        try {
            if (settings.udpPort() != TransportSettings.OFF) {
                udp.receiver(receiver);
                udpPort = OptionalInt.of(bindAll(udp, settings.udpPort()));
            }
            if (settings.tcpPort() != TransportSettings.OFF) {
                tcp.receiver(receiver);
                tcpPort = OptionalInt.of(bindAll(tcp, settings.tcpPort()));
            }
            // calls go out by TLS wherever none is served
            tls.receiver(receiver);
            webSockets.receiver(receiver);
            if (settings.tls().port() != TransportSettings.OFF) {
                tlsPort = OptionalInt.of(bindAll(tls, settings.tls().port()));
            }
        } catch (IOException fault) {
            close();
            throw fault;
        }
    }

    /** The served port; empty if that transport is off. */
    OptionalInt port(TransportKind transport) {
        return switch (transport) {
            case UDP -> udpPort;
            case TCP -> tcpPort;
            case TLS -> tlsPort;
            case WS, WSS -> OptionalInt.empty();
        };
    }

    LocalAddresses localAddresses() {
        return addresses;
    }

    TransportCounters counters() {
        return counters;
    }

    /** Until when our certificate is valid; empty if we have none. Any thread. */
    Optional<Instant> certificateValidUntil() {
        return door.validUntil();
    }

    /** Where WebSockets that the HTTP side takes in become connections. */
    WebSocketStreams webSockets() {
        return webSockets;
    }

    /** The queue in front of the core; on the loop. */
    Turnstile turnstile() {
        return turnstile;
    }

    /** The kernel's own count for our UDP port, at most a second old. Any thread. */
    long kernelDrops() {
        return kernelDrops.now(udpPort.orElse(0), loop.nowNanos());
    }

    /** Sends one message; on the loop. A failure is told later or at once, if it has a ticket. */
    void send(Hop hop, byte[] message, long ticket) {
        switch (hop.transport()) {
            case UDP -> udp.send(hop, message, ticket);
            case TCP -> tcp.send(hop, message, ticket);
            case TLS -> tls.send(hop, message, ticket);
            case WS, WSS -> webSockets.send(hop, message, ticket);
        }
    }

    /** Closes every socket; blocks until it is done. */
    @Override
    public void close() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable closing =
                () -> {
                    udp.close();
                    tcp.close();
                    tls.close();
                    webSockets.close();
                    door.close();
                    done.complete(null);
                };
        if (loop.inLoop()) {
            closing.run();
        } else if (loop.post(closing)) {
            done.join();
        }
    }

    /** All addresses get the same port, also when any free one will do. */
    private int bindAll(Carrier carrier, int wanted) throws IOException {
        List<InetAddress> bind = bindable();
        int tries = wanted == TransportSettings.ANY_FREE_PORT ? TRIES_FOR_A_COMMON_PORT : 1;
        while (true) {
            tries--;
            int port = wanted;
            try {
                for (InetAddress address : bind) {
                    port = bind(carrier, address, port, bind);
                }
                return port;
            } catch (BindException taken) {
                carrier.unbind();
                if (tries <= 0) {
                    throw taken;
                }
            }
        }
    }

    private int bind(Carrier carrier, InetAddress address, int port, List<InetAddress> all)
            throws IOException {
        boolean alone = all.stream().noneMatch(other -> other instanceof Inet4Address);
        boolean onlyIpv6 = address instanceof Inet6Address && !alone;
        try {
            return carrier.bind(address, port, onlyIpv6);
        } catch (IOException fault) {
            boolean noIpv6Here =
                    address instanceof Inet6Address && address.isAnyLocalAddress() && onlyIpv6;
            if (noIpv6Here && !(fault instanceof BindException taken && isInUse(taken))) {
                log.warn(
                        "no IPv6 on this machine transport={} error=\"{}\"",
                        carrier.transport(),
                        fault.getMessage());
                return port;
            }
            String sentence =
                    "SIP over %s cannot be served on %s port %d: %s"
                            .formatted(
                                    carrier.transport(),
                                    Addresses.text(address),
                                    port,
                                    fault.getMessage());
            BindException told = new BindException(sentence);
            told.initCause(fault);
            throw told;
        }
    }

    private static boolean isInUse(BindException fault) {
        return String.valueOf(fault.getMessage()).contains("in use");
    }

    /** Java's own sockets cannot serve IPv6 alone: there {@code ::} serves both families. */
    private List<InetAddress> bindable() {
        boolean bothWildcards =
                settings.bind().stream().filter(InetAddress::isAnyLocalAddress).count() > 1;
        if (loop.epoll() || !bothWildcards) {
            return settings.bind();
        }
        return settings.bind().stream()
                .filter(a -> !(a instanceof Inet4Address && a.isAnyLocalAddress()))
                .toList();
    }
}
