package dev.roomline.sip.transport;

import dev.roomline.sip.endpoint.Addresses;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.TransportKind;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIP over UDP (RFC 3261 §18): one socket for each bound address. An answer leaves by the socket
 * that its request came to. Owner: the signalling loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close or write that matters has its listener
final class UdpSockets implements Carrier {
    /** Far above any SIP message that UDP should carry (§18.1.1 moves to TCP near 1300 bytes). */
    static final int MAX_DATAGRAM_BYTES = 16 * 1024;

    /** Read from a socket before those who wait have their next turn. */
    private static final int DATAGRAMS_PER_READ = 256;

    private static final int MAX_UDP_PAYLOAD_BYTES = 65_507;
    private static final Logger log = LoggerFactory.getLogger(UdpSockets.class);

    private record Socket(InetSocketAddress bound, Channel channel) {}

    private final SignalLoop loop;
    private final int receiveBufferBytes;
    private final LocalAddresses addresses;
    private final TransportCounters counters;
    private final Turnstile turnstile;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private SipTransports.@Nullable Receiver receiver;

    UdpSockets(
            SignalLoop loop,
            int receiveBufferBytes,
            LocalAddresses addresses,
            TransportCounters counters,
            Turnstile turnstile) {
        this.loop = loop;
        this.receiveBufferBytes = receiveBufferBytes;
        this.addresses = addresses;
        this.counters = counters;
        this.turnstile = turnstile;
    }

    void receiver(SipTransports.Receiver to) {
        this.receiver = to;
    }

    @Override
    public TransportKind transport() {
        return TransportKind.UDP;
    }

    @Override
    public int bind(InetAddress address, int port, boolean onlyIpv6) throws IOException {
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop.group())
                        .channelFactory(SocketKinds.datagrams(loop, address))
                        .option(ChannelOption.SO_RCVBUF, receiveBufferBytes)
                        // one byte more than we take, so that a longer one shows
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(MAX_DATAGRAM_BYTES + 1)
                                        .maxMessagesPerRead(DATAGRAMS_PER_READ))
                        .handler(new Datagrams());
        if (onlyIpv6 && loop.epoll()) {
            bootstrap.option(SocketKinds.IPV6_ONLY, 1);
        }
        ChannelFuture bind = bootstrap.bind(address, port).awaitUninterruptibly();
        Channel channel = bind.channel();
        if (bind.cause() != null) {
            throw Binding.asIoException(bind.cause());
        }
        InetSocketAddress bound = (InetSocketAddress) channel.localAddress();
        sockets.add(new Socket(bound, channel));
        // the kernel grants at most net.core.rmem_max, and counts its own overhead in
        log.info(
                "serving transport=UDP address={} receive_buffer_bytes={} asked_bytes={}",
                Addresses.hostPort(bound),
                channel.config().getOption(ChannelOption.SO_RCVBUF),
                receiveBufferBytes);
        return bound.getPort();
    }

    @Override
    public void unbind() {
        sockets.forEach(socket -> socket.channel().close().awaitUninterruptibly());
        sockets.clear();
    }

    @Override
    public void close() {
        sockets.forEach(socket -> socket.channel().close());
        sockets.clear();
    }

    @Override
    public void send(Hop hop, byte[] message, long ticket) {
        Channel channel = channelFor(hop);
        if (channel == null || hop.remote().isUnresolved()) {
            fail(ticket, SendFailure.NO_TRANSPORT, whyNone(hop.remote().getAddress()));
        } else if (message.length > MAX_UDP_PAYLOAD_BYTES || hop.remote().getPort() == 0) {
            fail(ticket, SendFailure.UNSENDABLE);
        } else if (!channel.isWritable()) {
            // lost as on the wire: its sender repeats it
            counters.count(SendFailure.CONGESTED);
        } else {
            counters.countSent(TransportKind.UDP);
            channel.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(message), hop.remote()))
                    .addListener(
                            written -> {
                                if (!written.isSuccess()) {
                                    loop.step(
                                            FaultLog.Step.EFFECT,
                                            () -> fail(ticket, SendFailure.UNSENDABLE));
                                }
                            });
        }
    }

    /**
     * @param peer null for a name
     */
    private String whyNone(@Nullable InetAddress peer) {
        return peer == null || addresses.serves(peer) ? "" : LocalAddresses.unbound(peer);
    }

    private void fail(long ticket, SendFailure why) {
        fail(ticket, why, "");
    }

    /**
     * @param detail a sentence without a full stop, or empty
     */
    private void fail(long ticket, SendFailure why, String detail) {
        counters.count(why);
        SipTransports.Receiver to = receiver;
        if (ticket != 0 && to != null) {
            to.sendFailed(ticket, why, detail);
        }
    }

    /** The socket bound to the hop's own address, else the first that serves the peer's family. */
    private @Nullable Channel channelFor(Hop hop) {
        InetSocketAddress local = hop.local();
        Channel wildcard = null;
        Channel family = null;
        boolean ipv6 = hop.remote().getAddress() instanceof Inet6Address;
        for (Socket socket : sockets) {
            if (socket.bound().equals(local)) {
                return socket.channel();
            }
            InetAddress bound = socket.bound().getAddress();
            boolean servesFamily =
                    bound instanceof Inet6Address == ipv6
                            || (bound.isAnyLocalAddress() && sockets.size() == 1);
            if (servesFamily && bound.isAnyLocalAddress() && wildcard == null) {
                wildcard = socket.channel();
            } else if (servesFamily
                    && (family == null
                            || bound.equals(addresses.toward(hop.remote().getAddress())))) {
                family = socket.channel();
            }
        }
        return wildcard != null ? wildcard : family;
    }

    private void received(Channel channel, DatagramPacket packet) {
        ByteBuf content = packet.content();
        int bytes = content.readableBytes();
        if (bytes > MAX_DATAGRAM_BYTES) {
            counters.count(TransportCounters.Drop.DATAGRAM_TOO_LARGE);
        } else if (bytes == 0) {
            counters.count(TransportCounters.Drop.DATAGRAM_EMPTY);
        } else if (isKeepAlive(content)) {
            counters.countKeepAlive();
        } else {
            counters.countReceived(TransportKind.UDP);
            turnstile.come(flow(channel, packet.sender()), ByteBufUtil.getBytes(content));
        }
    }

    private Flow flow(Channel channel, InetSocketAddress remote) {
        InetSocketAddress bound = (InetSocketAddress) channel.localAddress();
        InetSocketAddress local =
                bound.getAddress().isAnyLocalAddress()
                        ? new InetSocketAddress(
                                addresses.toward(remote.getAddress()), bound.getPort())
                        : bound;
        return new Flow(TransportKind.UDP, local, LocalAddresses.unscoped(remote), 0);
    }

    /** Line ends or NULs alone, which keep a NAT's hole open (RFC 3261 §7.5, RFC 6223). */
    private static boolean isKeepAlive(ByteBuf content) {
        if (content.readableBytes() > 4) {
            return false;
        }
        return content.forEachByte(b -> b == '\r' || b == '\n' || b == 0) < 0;
    }

    private final class Datagrams extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            loop.step(FaultLog.Step.DATAGRAM, () -> received(context.channel(), packet));
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            turnstile.serve();
            context.fireChannelReadComplete();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
            // an ICMP error that the kernel reports on the socket is weather, not a fault
            if (!(fault instanceof IOException)) {
                loop.fault(FaultLog.Step.DATAGRAM, fault);
            }
        }

        @Override
        public boolean isSharable() {
            return false;
        }
    }
}
