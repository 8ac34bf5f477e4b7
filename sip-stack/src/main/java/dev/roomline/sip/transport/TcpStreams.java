package dev.roomline.sip.transport;

import dev.roomline.sip.auth.SourceNetwork;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.TransportCounters.Drop;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIP over TCP (RFC 3261 §18): connections that came and those that we opened, found again by their
 * number or by the peer's address. Owner: the signalling loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close or write that matters has its listener
final class TcpStreams implements Carrier, SignalLoop.Timed {
    private static final int BACKLOG = 1024;

    /**
     * A peer that is gone without a word is found so by the kernel: after two minutes of silence.
     */
    private static final int KEEP_ALIVE_SECONDS = 60;

    /** Or when it acknowledges no byte of ours for as long as a transaction waits: 64·T1. */
    private static final int UNACKNOWLEDGED_MILLIS = 32_000;

    private static final Logger log = LoggerFactory.getLogger(TcpStreams.class);

    private final SignalLoop loop;
    private final StreamLimits limits;
    private final LocalAddresses addresses;
    private final TransportCounters counters;
    private final Turnstile turnstile;
    private final long sweepNanos;
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();
    private final Map<Long, TcpStream> byNumber = new HashMap<>();
    private final Map<InetSocketAddress, TcpStream> byPeer = new HashMap<>();
    private final Map<Long, Integer> perSource = new HashMap<>();
    private SipTransports.@Nullable Receiver receiver;
    private long lastNumber;
    private long nextSweepNanos = Long.MAX_VALUE;

    TcpStreams(
            SignalLoop loop,
            StreamLimits limits,
            LocalAddresses addresses,
            TransportCounters counters,
            Turnstile turnstile) {
        this.loop = loop;
        this.limits = limits;
        this.addresses = addresses;
        this.counters = counters;
        this.turnstile = turnstile;
        this.sweepNanos = Math.min(1_000_000_000L, limits.messageTime().toNanos() / 4);
    }

    void receiver(SipTransports.Receiver to) {
        this.receiver = to;
        loop.attach(this);
    }

    @Override
    public TransportKind transport() {
        return TransportKind.TCP;
    }

    @Override
    public int bind(InetAddress address, int port, boolean onlyIpv6) throws IOException {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loop.group())
                        .channelFactory(SocketKinds.servers(loop, address))
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                        .childHandler(new Accepted());
        if (loop.epoll()) {
            bootstrap
                    .childOption(EpollChannelOption.TCP_KEEPIDLE, KEEP_ALIVE_SECONDS)
                    .childOption(EpollChannelOption.TCP_KEEPINTVL, KEEP_ALIVE_SECONDS / 4)
                    .childOption(EpollChannelOption.TCP_KEEPCNT, 4)
                    .childOption(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MILLIS);
        }
        if (onlyIpv6 && loop.epoll()) {
            bootstrap.option(SocketKinds.IPV6_ONLY, 1);
        }
        ChannelFuture bind = bootstrap.bind(address, port).awaitUninterruptibly();
        if (bind.cause() != null) {
            throw Binding.asIoException(bind.cause());
        }
        listeners.add(bind.channel());
        InetSocketAddress bound = (InetSocketAddress) bind.channel().localAddress();
        log.info("serving transport=TCP address={}", bound);
        return bound.getPort();
    }

    @Override
    public void unbind() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        listeners.clear();
    }

    @Override
    public void close() {
        listeners.forEach(Channel::close);
        listeners.clear();
        List.copyOf(byNumber.values()).forEach(TcpStream::close);
    }

    /**
     * Down the connection that the hop names; else down one that is open to the same peer; else
     * over a new one (RFC 3261 §18.1.1, §18.2.2).
     */
    @Override
    public void send(Hop hop, byte[] message, long ticket) {
        TcpStream stream = byNumber.get(hop.connection());
        if (stream == null) {
            stream = byPeer.get(hop.remote());
        }
        if (stream == null) {
            stream = open(hop, ticket);
        }
        if (stream != null) {
            stream.send(message, ticket);
        }
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
        counters.count(why);
        SipTransports.Receiver to = receiver;
        if (ticket != 0 && to != null) {
            to.sendFailed(ticket, why);
        }
    }

    /** A stream is over: forget it. */
    void closed(TcpStream stream) {
        if (byNumber.remove(stream.number(), stream)) {
            byPeer.remove(stream.remote(), stream);
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
        if (byNumber.size() >= limits.connections()) {
            fail(ticket, SendFailure.TOO_MANY_CONNECTIONS);
            return null;
        }
        TcpStream stream = admit(remote, true);
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop.group())
                        .channelFactory(SocketKinds.clients(loop))
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) limits.connectTime().toMillis())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                        .handler(stream);
        if (loop.epoll()) {
            bootstrap
                    .option(EpollChannelOption.TCP_KEEPIDLE, KEEP_ALIVE_SECONDS)
                    .option(EpollChannelOption.TCP_KEEPINTVL, KEEP_ALIVE_SECONDS / 4)
                    .option(EpollChannelOption.TCP_KEEPCNT, 4)
                    .option(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MILLIS);
        }
        InetSocketAddress from = addressToConnectFrom(remote);
        ChannelFuture connect =
                from == null ? bootstrap.connect(remote) : bootstrap.connect(remote, from);
        connect.addListener(
                done ->
                        loop.step(
                                FaultLog.Step.STREAM,
                                () -> stream.connected(connect.channel(), done.isSuccess())));
        return stream;
    }

    /** Our bound address, so that peers who know us by it do; null where any will do. */
    private @Nullable InetSocketAddress addressToConnectFrom(InetSocketAddress remote) {
        for (Channel listener : listeners) {
            if (listener.localAddress() instanceof InetSocketAddress bound
                    && bound.getAddress().isAnyLocalAddress()) {
                return null;
            }
        }
        return new InetSocketAddress(addresses.toward(remote.getAddress()), 0);
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

    private TcpStream admit(InetSocketAddress remote, boolean ours) {
        long nowNanos = loop.nowNanos();
        TcpStream stream =
                new TcpStream(
                        ++lastNumber,
                        remote,
                        this,
                        loop,
                        limits,
                        counters,
                        new StreamDeadline(limits, ours, nowNanos));
        byNumber.put(stream.number(), stream);
        if (ours) {
            byPeer.put(remote, stream);
        }
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
            to.received(flow, message, turnstile.standing(flow, message));
        }
    }

    InetSocketAddress localOf(Channel channel, InetSocketAddress remote) {
        if (channel.localAddress() instanceof InetSocketAddress local) {
            return local;
        }
        return new InetSocketAddress(addresses.toward(remote.getAddress()), 0);
    }

    private WriteBufferWaterMark waterMark() {
        return new WriteBufferWaterMark(limits.unsentBytes() / 2, limits.unsentBytes());
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
            } else {
                TcpStream stream = admit(remote, false);
                stream.connected(channel, true);
                channel.pipeline().addLast(stream);
            }
        }

        @Override
        public boolean isSharable() {
            return true;
        }
    }
}
