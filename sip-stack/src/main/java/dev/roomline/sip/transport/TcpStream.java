package dev.roomline.sip.transport;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.TransportCounters.Drop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection: what waits until it stands, what is cut from it, how it ends.
 *
 * <pre>
 *   CONNECTING ──▶ OPEN ──▶ ENDING (we have said our last, the peer's bytes are thrown away) ──▶ CLOSED
 * </pre>
 *
 * <p>Owner: the signalling loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close or write that matters has its listener
final class TcpStream extends ChannelInboundHandlerAdapter {
    private enum State {
        CONNECTING,
        OPEN,
        ENDING,
        CLOSED
    }

    private static final int MOST_WAITING = 64;
    private static final long ENDING_NANOS = 1_000_000_000L;

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Waiting(byte[] message, long ticket) {}

    private final long number;
    private final InetSocketAddress remote;
    private final TcpStreams streams;
    private final SignalLoop loop;
    private final TransportCounters counters;
    private final StreamFramer framer;
    private final StreamDeadline deadline;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private State state = State.CONNECTING;
    private @Nullable Channel channel;
    private long endingSinceNanos;

    TcpStream(
            long number,
            InetSocketAddress remote,
            TcpStreams streams,
            SignalLoop loop,
            StreamLimits limits,
            TransportCounters counters,
            StreamDeadline deadline) {
        this.number = number;
        this.remote = remote;
        this.streams = streams;
        this.loop = loop;
        this.counters = counters;
        this.framer = new StreamFramer(limits.headBytes(), limits.bodyBytes());
        this.deadline = deadline;
    }

    long number() {
        return number;
    }

    InetSocketAddress remote() {
        return remote;
    }

    /** The connection stands, or could not be made. */
    void connected(Channel made, boolean success) {
        if (state != State.CONNECTING) {
            made.close();
            return;
        }
        if (!success) {
            state = State.CLOSED;
            streams.closed(this);
            failWaiting(SendFailure.CONNECT_FAILED);
            return;
        }
        state = State.OPEN;
        channel = made;
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            write(made, next.message(), next.ticket());
        }
    }

    void send(byte[] message, long ticket) {
        Channel open = channel;
        switch (state) {
            case CONNECTING -> {
                if (waiting.size() >= MOST_WAITING) {
                    streams.fail(ticket, SendFailure.CONGESTED);
                } else {
                    waiting.add(new Waiting(message, ticket));
                }
            }
            case OPEN -> {
                if (open == null || !open.isActive()) {
                    streams.fail(ticket, SendFailure.CONNECTION_GONE);
                } else if (!open.isWritable()) {
                    counters.count(Drop.NOT_READING);
                    streams.fail(ticket, SendFailure.CONGESTED);
                    close();
                } else {
                    write(open, message, ticket);
                }
            }
            case ENDING, CLOSED -> streams.fail(ticket, SendFailure.CONNECTION_GONE);
        }
    }

    /** How long the peer has been silent; −1 if it may not be closed for others' sake. */
    long spareNanos(long nowNanos) {
        return state == State.OPEN && !isNeeded() ? deadline.silentNanos(nowNanos) : -1;
    }

    private boolean isNeeded() {
        SipTransports.Receiver to = streams.receiver();
        return to != null && to.needs(number);
    }

    /** Looks whether the peer has had its time. */
    void sweep(long nowNanos) {
        switch (state) {
            case CONNECTING, CLOSED -> {}
            case ENDING -> {
                if (nowNanos - endingSinceNanos >= ENDING_NANOS) {
                    close();
                }
            }
            case OPEN -> {
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

    void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        streams.closed(this);
        Channel open = channel;
        if (open != null) {
            open.close();
        }
        failWaiting(SendFailure.CONNECTION_GONE);
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
        // a peer that resets its connection is weather, not a fault
        if (!(fault instanceof IOException)) {
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
                    counters.countReceived(TransportKind.TCP);
                    streams.received(flow(open), message);
                }
                case StreamFramer.Frame.Ping() -> {
                    counters.countKeepAlive();
                    if (open.isWritable()) {
                        open.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'\r', '\n'}));
                    }
                }
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
            open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> open.shutdownOutput());
        }
    }

    private void write(Channel open, byte[] message, long ticket) {
        counters.countSent(TransportKind.TCP);
        open.writeAndFlush(Unpooled.wrappedBuffer(message))
                .addListener(
                        written -> {
                            if (!written.isSuccess()) {
                                loop.step(
                                        FaultLog.Step.EFFECT,
                                        () -> streams.fail(ticket, SendFailure.CONNECTION_GONE));
                            }
                        });
    }

    private void failWaiting(SendFailure why) {
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            streams.fail(next.ticket(), why);
        }
    }

    private Flow flow(Channel open) {
        return new Flow(TransportKind.TCP, streams.localOf(open, remote), remote, number);
    }
}
