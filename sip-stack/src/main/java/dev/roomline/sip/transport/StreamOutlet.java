package dev.roomline.sip.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * What leaves by one stream: messages, which wait until it stands, and pings. Owner: the signalling
 * loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that matters has its listener
final class StreamOutlet {
    private static final byte[] REGISTER = {'R', 'E', 'G', 'I', 'S', 'T', 'E', 'R', ' '};
    private static final byte[] PING = {'\r', '\n', '\r', '\n'};
    private static final int MOST_WAITING = 64;

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Waiting(byte[] message, long ticket) {}

    private final TcpStreams streams;
    private final SignalLoop loop;
    private final TransportCounters counters;
    private final StreamPings pings;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private boolean registered;

    StreamOutlet(long number, TcpStreams streams, SignalLoop loop, TransportCounters counters) {
        this.streams = streams;
        this.loop = loop;
        this.counters = counters;
        this.pings = new StreamPings(number, loop.nowNanos());
    }

    /** For when the connection stands. */
    void keep(byte[] message, long ticket) {
        if (waiting.size() >= MOST_WAITING) {
            streams.fail(ticket, SendFailure.CONGESTED);
        } else {
            waiting.add(new Waiting(message, ticket));
        }
    }

    /** It stands: what waited leaves. */
    void opens(Channel open) {
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            write(open, next.message(), next.ticket());
        }
    }

    /** It will not stand, or stands no more. */
    void giveUp(SendFailure why, String detail) {
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            streams.fail(next.ticket(), why, detail);
        }
    }

    void write(Channel open, byte[] message, long ticket) {
        pings.sent(loop.nowNanos());
        registered |= isRegister(message);
        counters.countSent(streams.transport());
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

    /** Whether a REGISTER of ours has left by it. */
    boolean registered() {
        return registered;
    }

    /** Whether a ping was sent now, since it was time (RFC 5626 §3.5.1). */
    boolean pinged(Channel open, long nowNanos) {
        boolean due = open.isWritable() && pings.due(nowNanos);
        if (due) {
            open.writeAndFlush(Unpooled.wrappedBuffer(PING));
        }
        return due;
    }

    void ponged() {
        pings.answered();
    }

    /** Whether the peer owes us a pong for too long. */
    boolean unanswered(long nowNanos) {
        return pings.failed(nowNanos);
    }

    private static boolean isRegister(byte[] message) {
        return message.length > REGISTER.length
                && Arrays.equals(message, 0, REGISTER.length, REGISTER, 0, REGISTER.length);
    }
}
