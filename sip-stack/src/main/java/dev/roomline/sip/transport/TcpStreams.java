package dev.roomline.sip.transport;

import dev.roomline.sip.auth.SourceNetwork;
import dev.roomline.sip.endpoint.Addresses;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.TransportCounters.Drop;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIP over TCP (RFC 3261 §18), or over TLS where it has a {@link TlsDoor}: connections that came
 * and those that we opened, found again by their number, by the peer's address and name, or by what
 * an authenticated peer asked to be found by (RFC 5923). Owner: the signalling loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close or write that matters has its listener
final class TcpStreams implements Carrier, SignalLoop.Timed {
    /** A handshake younger than this keeps its place against newcomers. */
    private static final long FAIR_HANDSHAKE_NANOS = 1_000_000_000L;

    private static final Logger log = LoggerFactory.getLogger(TcpStreams.class);

    /**
     * What TCP and TLS share.
     *
     * @param numbers one for each connection of either
     */
    record Shared(
            SignalLoop loop,
            LocalAddresses addresses,
            TransportCounters counters,
            Turnstile turnstile,
            AtomicLong numbers) {}

    /**
     * @param name whom its certificate must speak for; empty without TLS
     */
    private record Peer(InetSocketAddress address, String name) {}

    private final Shared shared;
    private final SignalLoop loop;
    private final StreamLimits limits;
    private final TransportCounters counters;
    private final @Nullable TlsDoor door;
    private final Handshakes handshakes;
    private final StreamSockets sockets;
    private final long sweepNanos;
    private final Map<Long, TcpStream> byNumber = new HashMap<>();
    private final Map<Peer, TcpStream> byPeer = new HashMap<>();
    private final Map<InetSocketAddress, TcpStream> byAlias = new HashMap<>();
    private final Map<Long, Integer> perSource = new HashMap<>();
    private SipTransports.@Nullable Receiver receiver;
    private long nextSweepNanos = Long.MAX_VALUE;

    /**
     * @param door null for TCP alone
     */
    TcpStreams(Shared shared, StreamLimits limits, @Nullable TlsDoor door, Handshakes handshakes) {
        this.shared = shared;
        this.loop = shared.loop();
        this.limits = limits;
        this.counters = shared.counters();
        this.door = door;
        this.handshakes = handshakes;
        this.sockets = new StreamSockets(shared.loop(), limits, shared.addresses());
        this.sweepNanos = Math.min(1_000_000_000L, limits.messageTime().toNanos() / 4);
    }

    void receiver(SipTransports.Receiver to) {
        this.receiver = to;
        loop.attach(this);
    }

    @Override
    public TransportKind transport() {
        return door == null ? TransportKind.TCP : TransportKind.TLS;
    }

    @Override
    public int bind(InetAddress address, int port, boolean onlyIpv6) throws IOException {
        InetSocketAddress bound = sockets.listen(address, port, onlyIpv6, new Accepted());
        log.info("serving transport={} address={}", transport(), Addresses.hostPort(bound));
        return bound.getPort();
    }

    @Override
    public void unbind() {
        sockets.unbind();
    }

    @Override
    public void close() {
        sockets.close();
        List.copyOf(byNumber.values()).forEach(TcpStream::close);
    }

    /**
     * Down the connection that the hop names; else down one that is open to the same peer, or that
     * it wants used for this (RFC 5923 §8.2); else over a new one (RFC 3261 §18.1.1, §18.2.2).
     */
    @Override
    public void send(Hop hop, byte[] message, long ticket) {
        TcpStream stream = byNumber.get(hop.connection());
        if (stream == null) {
            stream = byPeer.get(new Peer(hop.remote(), nameOf(hop)));
        }
        if (stream == null) {
            stream = aliased(hop);
        }
        if (stream == null) {
            stream = open(hop, ticket);
        }
        if (stream != null) {
            stream.send(message, ticket);
        }
    }

    /** Whom the certificate of a new connection must speak for; without TLS nobody. */
    private String nameOf(Hop hop) {
        if (door == null || hop.remote().isUnresolved()) {
            return "";
        }
        String address = Addresses.text(hop.remote().getAddress());
        return hop.name().isEmpty() ? address : hop.name();
    }

    private @Nullable TcpStream aliased(Hop hop) {
        TcpStream found = byAlias.get(hop.remote());
        return found != null && found.speaksFor(nameOf(hop)) ? found : null;
    }

    /**
     * Who has proved by a certificate who he is may want what is for another port of his address
     * sent down this connection (RFC 5923 §8.3).
     */
    void aliased(TcpStream stream) {
        byAlias.put(aliasOf(stream), stream);
    }

    private static InetSocketAddress aliasOf(TcpStream stream) {
        return new InetSocketAddress(stream.remote().getAddress(), stream.aliasPort());
    }

    @Override
    public long nextDeadlineNanos() {
        return nextSweepNanos;
    }

    @Override
    public void onDeadline(long nowNanos) {
        List.copyOf(byNumber.values()).forEach(stream -> stream.sweep(nowNanos));
        nextSweepNanos = byNumber.isEmpty() ? Long.MAX_VALUE : nowNanos + sweepNanos;
    }

    void fail(long ticket, SendFailure why) {
        fail(ticket, why, "");
    }

    /**
     * @param detail a sentence without a full stop, or empty
     */
    void fail(long ticket, SendFailure why, String detail) {
        counters.count(why);
        SipTransports.Receiver to = receiver;
        if (ticket != 0 && to != null) {
            to.sendFailed(ticket, why, detail);
        }
    }

    /** A handshake that a peer began is done, or has failed. */
    void handshakeOver(TcpStream stream) {
        handshakes.over(stream.remote().getAddress());
    }

    /** A stream is over: forget it. */
    void closed(TcpStream stream) {
        if (byNumber.remove(stream.number(), stream)) {
            if (stream.ours()) {
                byPeer.remove(new Peer(stream.remote(), stream.name()), stream);
            }
            if (stream.aliasPort() > 0) {
                byAlias.remove(aliasOf(stream), stream);
            }
            perSource.computeIfPresent(
                    SourceNetwork.of(stream.remote().getAddress()),
                    (any, open) -> open > 1 ? open - 1 : null);
            counters.connectionClosed();
            SipTransports.Receiver to = receiver;
            if (to != null) {
                to.closed(stream.number());
            }
        }
    }

    private @Nullable TcpStream open(Hop hop, long ticket) {
        InetSocketAddress remote = hop.remote();
        if (remote.isUnresolved() || remote.getPort() == 0) {
            fail(ticket, SendFailure.UNSENDABLE);
            return null;
        }
        if (!shared.addresses().serves(remote.getAddress())) {
            String why = LocalAddresses.unbound(remote.getAddress());
            fail(ticket, SendFailure.NO_TRANSPORT, why);
            return null;
        }
        if (byNumber.size() >= limits.connections()) {
            fail(ticket, SendFailure.TOO_MANY_CONNECTIONS);
            return null;
        }
        String name = nameOf(hop);
        TcpStream stream = admit(remote, name);
        byPeer.put(new Peer(remote, name), stream);
        TlsDoor tls = door;
        if (tls == null || tls.isReady()) {
            connect(stream);
        } else {
            tls.prepare(() -> loop.postSurely(() -> connectBy(tls, stream)));
        }
        return stream;
    }

    private void connectBy(TlsDoor tls, TcpStream stream) {
        if (tls.isReady()) {
            connect(stream);
        } else {
            stream.unsecured("TLS cannot be set up here: see the log");
        }
    }

    private void connect(TcpStream stream) {
        ChannelFuture connect = sockets.connect(stream.remote(), stream);
        connect.addListener(
                done ->
                        loop.step(
                                FaultLog.Step.STREAM,
                                () -> stream.connected(connect.channel(), done.cause())));
    }

    /** What stands in front of a stream on its channel; null for plain TCP. */
    @Nullable SslHandler secures(TcpStream stream) {
        TlsDoor tls = door;
        if (tls == null) {
            return null;
        }
        return stream.ours()
                ? tls.calling(stream.name(), stream.remote().getPort())
                : tls.serving();
    }

    long handshakeSeconds() {
        return door == null ? 0 : door.handshakeTime().toSeconds();
    }

    long connectSeconds() {
        return limits.connectTime().toSeconds();
    }

    /** So that whoever holds connections and uses none keeps nobody out. */
    private boolean madeRoom() {
        long nowNanos = loop.nowNanos();
        TcpStream longest = null;
        long silentNanos = limits.spareTime().toNanos() - 1;
        for (TcpStream stream : byNumber.values()) {
            long spareNanos = stream.spareNanos(nowNanos);
            if (spareNanos > silentNanos) {
                longest = stream;
                silentNanos = spareNanos;
            }
        }
        if (longest == null) {
            return false;
        }
        counters.count(Drop.MADE_ROOM);
        longest.close();
        return true;
    }

    /** Whoever keeps us waiting in the middle of a handshake longest, if it is long. */
    private boolean madeHandshakeRoom() {
        long nowNanos = loop.nowNanos();
        TcpStream longest = null;
        long sinceNanos = FAIR_HANDSHAKE_NANOS;
        for (TcpStream stream : byNumber.values()) {
            long takenNanos = stream.handshakeNanos(nowNanos);
            if (takenNanos > sinceNanos) {
                longest = stream;
                sinceNanos = takenNanos;
            }
        }
        if (longest == null) {
            return false;
        }
        counters.count(Drop.MADE_ROOM);
        longest.close();
        return true;
    }

    /**
     * @param name null for one that came
     */
    private TcpStream admit(InetSocketAddress remote, @Nullable String name) {
        long nowNanos = loop.nowNanos();
        TcpStream stream =
                new TcpStream(
                        shared.numbers().incrementAndGet(),
                        remote,
                        name,
                        this,
                        loop,
                        limits,
                        counters,
                        new StreamDeadline(limits, name != null, nowNanos));
        byNumber.put(stream.number(), stream);
        perSource.merge(SourceNetwork.of(remote.getAddress()), 1, Integer::sum);
        counters.connectionOpened();
        if (nextSweepNanos == Long.MAX_VALUE) {
            nextSweepNanos = nowNanos + sweepNanos;
        }
        return stream;
    }

    SipTransports.@Nullable Receiver receiver() {
        return receiver;
    }

    /**
     * Streams have no queue: what one of them sends waits in its own connection, and TCP tells its
     * sender so.
     */
    void received(Flow flow, byte[] message) {
        SipTransports.Receiver to = receiver;
        if (to != null) {
            to.received(flow, message, shared.turnstile().standing(flow, message));
        }
    }

    InetSocketAddress localOf(Channel channel, InetSocketAddress remote) {
        if (channel.localAddress() instanceof InetSocketAddress local) {
            return local;
        }
        return new InetSocketAddress(shared.addresses().toward(remote.getAddress()), 0);
    }

    /** For each connection that came: admitted, or closed before a byte of it is read. */
    private final class Accepted extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            loop.step(FaultLog.Step.STREAM, () -> admitOrClose(channel));
        }

        private void admitOrClose(SocketChannel channel) {
            InetSocketAddress remote = channel.remoteAddress();
            if (remote == null) {
                channel.close();
            } else if (perSource.getOrDefault(SourceNetwork.of(remote.getAddress()), 0)
                    >= limits.connectionsPerSource()) {
                counters.count(Drop.SOURCE_LIMIT);
                channel.close();
            } else if (byNumber.size() >= limits.connections() && !madeRoom()) {
                counters.count(Drop.CONNECTION_LIMIT);
                channel.close();
            } else if (door != null
                    && (handshakes.fullFor(remote.getAddress())
                            || (handshakes.full() && !madeHandshakeRoom()))) {
                counters.count(Drop.HANDSHAKE_LIMIT);
                channel.close();
            } else {
                if (door != null) {
                    handshakes.begun(remote.getAddress());
                }
                TcpStream stream = admit(remote, null);
                channel.pipeline().addLast(stream);
                stream.connected(channel, null);
            }
        }

        @Override
        public boolean isSharable() {
            return true;
        }
    }
}
