package dev.roomline.sip.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The sockets behind {@link TcpStreams}: those that listen, and new ones to peers. Owner: the
 * signalling loop, but {@link #listen} and {@link #unbind}, which block a thread of their own.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close that matters has its listener
final class StreamSockets {
    private static final int BACKLOG = 1024;

    /**
     * A peer that is gone without a word is found so by the kernel: after two minutes of silence.
     */
    private static final int KEEP_ALIVE_SECONDS = 60;

    /** Or when it acknowledges no byte of ours for as long as a transaction waits: 64·T1. */
    private static final int UNACKNOWLEDGED_MILLIS = 32_000;

    private final SignalLoop loop;
    private final StreamLimits limits;
    private final LocalAddresses addresses;
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();

    StreamSockets(SignalLoop loop, StreamLimits limits, LocalAddresses addresses) {
        this.loop = loop;
        this.limits = limits;
        this.addresses = addresses;
    }

    /** Returns the address that it got. */
    InetSocketAddress listen(
            InetAddress address, int port, boolean onlyIpv6, ChannelHandler accepted)
            throws IOException {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loop.group())
                        .channelFactory(SocketKinds.servers(loop, address))
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                        .childHandler(accepted);
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
        return (InetSocketAddress) bind.channel().localAddress();
    }

    void unbind() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        listeners.clear();
    }

    void close() {
        listeners.forEach(Channel::close);
        listeners.clear();
    }

    ChannelFuture connect(InetSocketAddress remote, ChannelHandler handler) {
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
                        .handler(handler);
        if (loop.epoll()) {
            bootstrap
                    .option(EpollChannelOption.TCP_KEEPIDLE, KEEP_ALIVE_SECONDS)
                    .option(EpollChannelOption.TCP_KEEPINTVL, KEEP_ALIVE_SECONDS / 4)
                    .option(EpollChannelOption.TCP_KEEPCNT, 4)
                    .option(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MILLIS);
        }
        InetSocketAddress from = addressToConnectFrom(remote);
        return from == null ? bootstrap.connect(remote) : bootstrap.connect(remote, from);
    }

    /** Our bound address, so that peers who know us by it do; null where any will do. */
    private @Nullable InetSocketAddress addressToConnectFrom(InetSocketAddress remote) {
        if (addresses.isBoundToAny()) {
            return null;
        }
        return new InetSocketAddress(addresses.toward(remote.getAddress()), 0);
    }

    private WriteBufferWaterMark waterMark() {
        return new WriteBufferWaterMark(limits.unsentBytes() / 2, limits.unsentBytes());
    }
}
