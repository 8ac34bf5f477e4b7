package dev.roomline.media.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One UDP socket of a media loop. What comes in is copied once, into the loop's own array; what
 * goes out is sent at once, by {@link DirectSend} where there is one. Owner: the loop.
 */
final class UdpSocket extends ChannelInboundHandlerAdapter {

    /** Takes what comes in. */
    interface Sink {
        /**
         * @param bytes the loop's array: valid during the call, with room behind for nothing else
         */
        void onDatagram(byte[] bytes, int length, InetSocketAddress source, long nowNanos);

        /** The kernel says that nobody listens where this socket is connected to. */
        void onPortUnreachable(long nowNanos);
    }

    private MediaLoop loop;
    private final Sink sink;
    private @Nullable Channel channel;
    private @Nullable InetSocketAddress connectedTo;
    private boolean unflushed;

    /** Its file descriptor where packets are sent without the channel; −1 elsewhere. */
    private int descriptor = -1;

    private final int readsPerTurn;
    private boolean refused;

    /**
     * @param readsPerTurn datagrams that it may read before others have their turn
     */
    UdpSocket(MediaLoop loop, Sink sink, int readsPerTurn) {
        this.loop = loop;
        this.sink = sink;
        this.readsPerTurn = readsPerTurn;
    }

    /** Datagrams that it may read before others have their turn. */
    int readsPerTurn() {
        return readsPerTurn;
    }

    /** Of the kernel's; −1 where packets are sent and taken by the channel alone. */
    int descriptor() {
        return descriptor;
    }

    /** Who takes what comes in. */
    Sink sink() {
        return sink;
    }

    void opened(Channel bound) {
        channel = bound;
        if (DirectSend.isAvailable() && bound instanceof UnixChannel unix) {
            descriptor = unix.fd().intValue();
            loop.watch(this, descriptor);
        }
    }

    /** Where it is bound. */
    InetSocketAddress localAddress() {
        Channel open = channel;
        if (open == null) {
            throw new IllegalStateException("the socket is not open");
        }
        return (InetSocketAddress) open.localAddress();
    }

    /** Sends the datagram; where there is no direct way, a copy of it when the turn ends. */
    @SuppressWarnings("FutureReturnValueIgnored") // failures reach exceptionCaught
    void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
        Channel open = channel;
        if (open == null || !open.isActive()) {
            return;
        }
        boolean connected = to.equals(connectedTo);
        if (descriptor >= 0) {
            int fault =
                    loop.directSend()
                            .send(descriptor, connected ? null : to, bytes, offset, length);
            if (fault != 0) {
                failed(fault);
            }
            return;
        }
        ByteBuf copy = open.alloc().directBuffer(length);
        copy.writeBytes(bytes, offset, length);
        Object message = connected ? copy : new DatagramPacket(copy, to);
        open.write(message, open.voidPromise());
        if (!unflushed) {
            unflushed = true;
            loop.flushAfterTurn(this);
        }
    }

    /** Told when the turn ends: its owner is in the midst of something. */
    private void failed(int fault) {
        if (fault == DirectSend.REFUSED && !refused) {
            refused = true;
            loop.flushAfterTurn(this);
        } else if (fault != DirectSend.REFUSED) {
            loop.sendFailed();
        }
    }

    /**
     * Lets the kernel drop what comes from anybody but {@code peer}, before it costs room in the
     * queue; null lets everybody in again.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // a refusal leaves it as it was: open to all
    void connect(@Nullable InetSocketAddress peer) {
        Channel open = channel;
        if (open == null || Objects.equals(peer, connectedTo)) {
            return;
        }
        if (connectedTo != null) {
            open.disconnect();
            connectedTo = null;
        }
        if (peer != null && open.connect(peer).isSuccess()) {
            connectedTo = peer;
        }
    }

    /**
     * Takes the socket off its loop, without closing it: what comes meanwhile waits in the kernel.
     *
     * @param done on the loop, when nothing of it runs there any more
     */
    void detach(Runnable done) {
        Channel open = channel;
        loop.forget(descriptor);
        if (open == null) {
            done.run();
        } else {
            open.deregister().addListener(_ -> done.run());
        }
    }

    /** Serves it from another loop; called on that. */
    void attach(MediaLoop other, Runnable done) {
        loop = other;
        unflushed = false;
        refused = false;
        Channel open = channel;
        if (open == null) {
            done.run();
        } else {
            other.watch(this, descriptor);
            other.group().register(open).addListener(_ -> done.run());
        }
    }

    void flush() {
        if (refused) {
            refused = false;
            sink.onPortUnreachable(loop.now());
        }
        if (unflushed && channel != null) {
            channel.flush();
        }
        unflushed = false;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nothing waits for a socket to be gone
    void close() {
        if (channel != null) {
            loop.forget(descriptor);
            channel.flush();
            channel.close();
            channel = null;
            descriptor = -1;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof DatagramPacket packet) {
                loop.received(packet, sink);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        // nobody behind it asks
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof PortUnreachableException) {
            sink.onPortUnreachable(loop.now());
        } else {
            loop.sendFailed();
        }
    }
}
