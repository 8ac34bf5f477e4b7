package dev.roomline.sip.transport;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.channels.spi.SelectorProvider;

/** Sockets of the loop's own kind (epoll or NIO) and of the address's family. */
final class SocketKinds {
    private static final int IPPROTO_IPV6 = 41;
    private static final int LINUX_IPV6_V6ONLY = 26;

    /** For epoll alone; without it Netty opens IPv6 sockets for both families. */
    static final ChannelOption<Integer> IPV6_ONLY =
            new IntegerUnixChannelOption("IPV6_V6ONLY", IPPROTO_IPV6, LINUX_IPV6_V6ONLY);

    private SocketKinds() {}

    static ChannelFactory<DatagramChannel> datagrams(SignalLoop loop, InetAddress address) {
        SocketProtocolFamily family = family(address);
        return loop.epoll()
                ? () -> new EpollDatagramChannel(family)
                : () -> new NioDatagramChannel(family);
    }

    static ChannelFactory<ServerChannel> servers(SignalLoop loop, InetAddress address) {
        SocketProtocolFamily family = family(address);
        return loop.epoll()
                ? () -> new EpollServerSocketChannel(family)
                : () -> new NioServerSocketChannel(SelectorProvider.provider(), family);
    }

    static ChannelFactory<SocketChannel> clients(SignalLoop loop) {
        return loop.epoll() ? EpollSocketChannel::new : NioSocketChannel::new;
    }

    private static SocketProtocolFamily family(InetAddress address) {
        return address instanceof Inet6Address
                ? SocketProtocolFamily.INET6
                : SocketProtocolFamily.INET;
    }
}
