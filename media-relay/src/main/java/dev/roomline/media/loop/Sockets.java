package dev.roomline.media.loop;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;

/**
 * How UDP sockets are made on this machine: epoll on Linux, else NIO (whose timers work in whole
 * milliseconds, good enough to develop with).
 */
final class Sockets {
    private static final boolean EPOLL = Epoll.isAvailable();

    /** RFC 3493 §5.3: without it {@code ::} would take the IPv4 port too. */
    private static final ChannelOption<Integer> IPV6_V6ONLY =
            new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);

    /** Expedited forwarding (RFC 4594 §4.1), as the octet that carries it. */
    private static final int DSCP_EF = 46 << 2;

    private Sockets() {}

    /**
     * @param rest what a loop does between two looks at its sockets
     */
    static IoHandlerFactory ioHandlerFactory(SelectStrategyFactory rest) {
        return EPOLL
                ? EpollIoHandler.newFactory(0, rest)
                : NioIoHandler.newFactory(SelectorProvider.provider(), rest);
    }

    /** For the log. */
    static String transport() {
        return EPOLL ? "epoll" : "nio";
    }

    /**
     * Begins to bind a socket.
     *
     * @param receiveBufferOctets wanted of the kernel
     */
    @SuppressWarnings("deprecation") // an epoll channel that was disconnected sends by no other
    static ChannelFuture bind(
            EventLoopGroup loop,
            InetSocketAddress local,
            UdpSocket handler,
            int receiveBufferOctets) {
        boolean v6 = local.getAddress() instanceof Inet6Address;
        MaxMessagesRecvByteBufAllocator buffers =
                new FixedRecvByteBufAllocator(MediaLoop.DATAGRAM_OCTETS)
                        .maxMessagesPerRead(handler.readsPerTurn());
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channelFactory(() -> newChannel(v6))
                        .option(ChannelOption.RECVBUF_ALLOCATOR, buffers)
                        .option(ChannelOption.SO_RCVBUF, receiveBufferOctets)
                        .option(ChannelOption.IP_TOS, DSCP_EF)
                        .option(ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION, true)
                        .handler(handler);
        if (EPOLL && v6) {
            bootstrap.option(IPV6_V6ONLY, 1);
        }
        return bootstrap.bind(local);
    }

    private static Channel newChannel(boolean v6) {
        SocketProtocolFamily family = v6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
        return EPOLL ? new EpollDatagramChannel(family) : new NioDatagramChannel(family);
    }
}
