package dev.roomline.sip.transport;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.transport.TransportCounters.Drop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection, with TLS or without: what waits until it stands, what is cut from it, how it
 * ends.
 *
 * <pre>
 *   CONNECTING ─┬─────────────────▶ OPEN ──▶ ENDING (we have said our last, the peer's ──▶ CLOSED
 *               └─▶ HANDSHAKE ───────┘                bytes are thrown away)
 * </pre>
 *
 * <p>Owner: the signalling loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close or write that matters has its listener
final class TcpStream extends ChannelInboundHandlerAdapter {
    private enum State {
        CONNECTING,
        HANDSHAKE,
        OPEN,
        ENDING,
        CLOSED
    }

    private static final long ENDING_NANOS = 1_000_000_000L;

    private final long number;
    private final InetSocketAddress remote;
    private final @Nullable String name;
    private final TcpStreams streams;
    private final SignalLoop loop;
    private final TransportCounters counters;
    private final StreamFramer framer;
    private final StreamDeadline deadline;
    private final StreamOutlet outlet;
    private State state = State.CONNECTING;
    private @Nullable Channel channel;
    private @Nullable SslHandler tls;
    private List<String> provenNames = List.of();
    private int aliasPort;
    private long beganNanos;
    private long endingSinceNanos;

    /**
     * @param name null for a connection that came; of one that we open whom the peer must prove to
     *     be, empty for nobody
     */
    TcpStream(
            long number,
            InetSocketAddress remote,
            @Nullable String name,
            TcpStreams streams,
            SignalLoop loop,
            StreamLimits limits,
            TransportCounters counters,
            StreamDeadline deadline) {
        this.number = number;
        this.remote = remote;
        this.name = name;
        this.streams = streams;
        this.loop = loop;
        this.counters = counters;
        this.framer = new StreamFramer(limits.headBytes(), limits.bodyBytes());
        this.deadline = deadline;
        this.outlet = new StreamOutlet(number, streams, loop, counters);
    }

    long number() {
        return number;
    }

    InetSocketAddress remote() {
        return remote;
    }

    /** Whether we opened it. */
    boolean ours() {
        return name != null;
    }

    /** Whom the peer of a connection of ours must prove to be; empty for nobody. */
    String name() {
        return name == null ? "" : name;
    }

    /** By which port of the peer it wants to be found too (RFC 5923); 0 for none. */
    int aliasPort() {
        return aliasPort;
    }

    /** Whether the peer that came has proved to be that one. */
    boolean speaksFor(String peerName) {
        return state == State.OPEN && PeerNames.matches(provenNames, peerName);
    }

    /**
     * The connection stands, or could not be made.
     *
     * @param fault null if it stands
     */
    void connected(Channel made, @Nullable Throwable fault) {
        if (state != State.CONNECTING) {
            made.close();
            return;
        }
        if (fault != null) {
            close(SendFailure.CONNECT_FAILED, refusal(fault));
            return;
        }
        channel = made;
        beganNanos = loop.nowNanos();
        SslHandler securing = streams.secures(this);
        if (securing == null) {
            stands(made);
        } else {
            state = State.HANDSHAKE;
            tls = securing;
            made.pipeline().addFirst(securing);
        }
    }

    /** There is no TLS to be had for it. */
    void unsecured(String why) {
        close(SendFailure.TLS_FAILED, why);
    }

    private String refusal(Throwable fault) {
        return fault instanceof ConnectTimeoutException
                ? "no connection within " + streams.connectSeconds() + " s"
                : fault instanceof ConnectException ? "connection refused" : "no connection";
    }

    private void stands(Channel made) {
        state = State.OPEN;
        outlet.opens(made);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            loop.step(FaultLog.Step.STREAM, () -> handshaken(context.channel(), done.cause()));
        }
        context.fireUserEventTriggered(event);
    }

    private void handshaken(Channel made, @Nullable Throwable fault) {
        SslHandler securing = tls;
        if (state != State.HANDSHAKE || securing == null) {
            return;
        }
        if (fault == null) {
            if (!ours()) {
                streams.handshakeOver(this);
                provenNames = TlsTrust.verifiedNames(securing.engine().getSession());
            }
            deadline.handshaken(loop.nowNanos());
            stands(made);
            return;
        }
        String why = TlsFault.sentence(fault, streams.handshakeSeconds());
        if (!ours()) {
            counters.count(Drop.HANDSHAKE_FAILED);
            SipTransports.Receiver to = streams.receiver();
            if (to != null) {
                to.handshakeFailed(flow(made), why);
            }
        }
        close(SendFailure.TLS_FAILED, why);
    }

    /**
     * How long the peer has kept us in the middle of a handshake that it began; −1 if it does not.
     */
    long handshakeNanos(long nowNanos) {
        return state == State.HANDSHAKE && !ours() ? nowNanos - beganNanos : -1;
    }

    void send(byte[] message, long ticket) {
        Channel open = channel;
        switch (state) {
            case CONNECTING, HANDSHAKE -> outlet.keep(message, ticket);
            case OPEN -> {
                if (open == null || !open.isActive()) {
                    streams.fail(ticket, SendFailure.CONNECTION_GONE);
                } else if (!open.isWritable()) {
                    counters.count(Drop.NOT_READING);
                    streams.fail(ticket, SendFailure.CONGESTED);
                    close();
                } else {
                    outlet.write(open, message, ticket);
                }
            }
            case ENDING, CLOSED -> streams.fail(ticket, SendFailure.CONNECTION_GONE);
        }
    }

    /** How long the peer has been silent; −1 if it may not be closed for others' sake. */
    long spareNanos(long nowNanos) {
        boolean idle = (state == State.OPEN && !isNeeded()) || handshakeNanos(nowNanos) >= 0;
        return idle ? deadline.silentNanos(nowNanos) : -1;
    }

    /** By a dialog, a phone, or us: a registrar sends down it what is for us (RFC 5626 §5.3). */
    private boolean isNeeded() {
        SipTransports.Receiver to = streams.receiver();
        return (ours() && outlet.registered()) || (to != null && to.needs(number));
    }

    /** Looks whether the peer has had its time. */
    void sweep(long nowNanos) {
        switch (state) {
            // TLS has a time limit of its own
            case CONNECTING, HANDSHAKE, CLOSED -> {}
            case ENDING -> {
                if (nowNanos - endingSinceNanos >= ENDING_NANOS) {
                    close();
                }
            }
            case OPEN -> {
                if (ours() && isNeeded() && !keptAlive(nowNanos)) {
                    return;
                }
                Drop overdue = deadline.overdue(nowNanos);
                if (overdue == Drop.TOO_SLOW) {
                    counters.count(Drop.TOO_SLOW);
                    unframeable(framer.partialHead(), FramingFault.TOO_SLOW);
                } else if (overdue != null && isNeeded()) {
                    deadline.spare(nowNanos);
                } else if (overdue != null) {
                    counters.count(overdue);
                    close();
                }
            }
        }
    }

    private boolean keptAlive(long nowNanos) {
        Channel open = channel;
        if (outlet.unanswered(nowNanos)) {
            counters.count(Drop.NO_PONG);
            close();
            return false;
        }
        if (open != null && outlet.pinged(open, nowNanos)) {
            framer.expectPong();
        }
        return true;
    }

    void close() {
        boolean inHandshake = state == State.HANDSHAKE;
        close(
                inHandshake ? SendFailure.TLS_FAILED : SendFailure.CONNECTION_GONE,
                inHandshake ? TlsFault.CLOSED : "the connection was closed");
    }

    /** First forgotten, so that who is told and sends again opens another. */
    private void close(SendFailure why, String detail) {
        if (state == State.CLOSED) {
            return;
        }
        if (handshakeNanos(beganNanos) >= 0) {
            streams.handshakeOver(this);
        }
        state = State.CLOSED;
        streams.closed(this);
        Channel open = channel;
        if (open != null) {
            open.close();
        }
        outlet.giveUp(why, detail);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object received) {
        try {
            ByteBuf bytes = (ByteBuf) received;
            if (state == State.OPEN) {
                loop.step(FaultLog.Step.STREAM, () -> take(context.channel(), bytes));
            }
        } finally {
            ReferenceCountUtil.release(received);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        loop.step(FaultLog.Step.STREAM, this::close);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
        // a peer that resets its connection or breaks TLS is weather, not a fault
        if (!(fault instanceof IOException || fault instanceof DecoderException)) {
            loop.fault(FaultLog.Step.STREAM, fault);
        }
        loop.step(FaultLog.Step.STREAM, this::close);
    }

    private void take(Channel open, ByteBuf bytes) {
        long nowNanos = loop.nowNanos();
        deadline.bytesCame(nowNanos);
        byte[] chunk = ByteBufUtil.getBytes(bytes);
        framer.feed(chunk, 0, chunk.length);
        // an answer may close us in the middle of what came
        while (state == State.OPEN) {
            switch (framer.next()) {
                case null -> {
                    deadline.waiting(framer.midMessage(), nowNanos);
                    return;
                }
                case StreamFramer.Frame.Message(byte[] message) -> {
                    deadline.messageCame();
                    counters.countReceived(streams.transport());
                    lookForAlias(message);
                    streams.received(flow(open), message);
                }
                case StreamFramer.Frame.Ping() -> {
                    counters.countKeepAlive();
                    if (open.isWritable()) {
                        open.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'\r', '\n'}));
                    }
                }
                case StreamFramer.Frame.Pong() -> outlet.ponged();
                case StreamFramer.Frame.Broken(FramingFault fault, byte[] head) -> {
                    counters.count(Drop.UNFRAMEABLE);
                    unframeable(head, fault);
                }
            }
        }
    }

    /** Lets the core say its last word, then ends so that the peer can still read it. */
    private void unframeable(byte[] head, FramingFault fault) {
        Channel open = channel;
        SipTransports.Receiver to = streams.receiver();
        try {
            if (open != null && to != null) {
                to.unframeable(flow(open), head, fault);
            }
        } finally {
            end();
        }
    }

    /** Closing with unread bytes would reset the connection, and our answer with it. */
    private void end() {
        if (state != State.OPEN) {
            return;
        }
        state = State.ENDING;
        endingSinceNanos = loop.nowNanos();
        if (channel instanceof DuplexChannel open) {
            open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> saidLast(open));
        }
    }

    private void saidLast(DuplexChannel open) {
        SslHandler securing = tls;
        if (securing == null) {
            open.shutdownOutput();
        } else {
            securing.closeOutbound().addListener(told -> open.shutdownOutput());
        }
    }

    /** Of a peer that has proved who it is the first request that asks for it counts. */
    private void lookForAlias(byte[] message) {
        if (aliasPort == 0 && !provenNames.isEmpty()) {
            aliasPort = Glance.aliasPort(message, streams.transport().defaultPort());
            if (aliasPort > 0) {
                streams.aliased(this);
            }
        }
    }

    private Flow flow(Channel open) {
        return new Flow(streams.transport(), streams.localOf(open, remote), remote, number);
    }
}
