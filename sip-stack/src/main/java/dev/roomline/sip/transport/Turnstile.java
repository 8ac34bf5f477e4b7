package dev.roomline.sip.transport;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.SipInput.Standing;
import dev.roomline.sip.transport.TransportCounters.Drop;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Lets those who wait in the {@link ArrivalQueue} through to the core for a few milliseconds at a
 * time; between such turns sockets are read, timers run, and what other threads have posted is
 * done. Owner: the signalling loop.
 *
 * <pre>
 *   sockets ─ come ─▶ ArrivalQueue ─ serve ─┬─▶ received   the core
 *                                           └─▶ overdue    the core says 503
 * </pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // a turn that is not taken is taken at the next read
final class Turnstile {
    /** How long is served before sockets are looked at again. */
    static final long TURN_NANOS = 5_000_000L;

    private final SignalLoop loop;
    private final TransportCounters counters;
    private final ArrivalQueue queue;
    private Acquaintances acquaintances = Acquaintances.NONE;
    private SipTransports.@Nullable Receiver receiver;
    private boolean turnAhead;

    Turnstile(SignalLoop loop, TransportCounters counters, RandomGenerator random) {
        this.loop = loop;
        this.counters = counters;
        this.queue = new ArrivalQueue(this::knows, random);
    }

    void receiver(SipTransports.Receiver to) {
        this.receiver = to;
    }

    void know(Acquaintances these) {
        this.acquaintances = these;
    }

    private boolean knows(InetAddress source, String nonce, long nowNanos) {
        return acquaintances.knows(source, nonce, nowNanos);
    }

    /** A datagram has been read; it is served when its time has come. */
    void come(Flow flow, byte[] message) {
        long before = queue.dropped();
        switch (queue.enter(flow, message, loop.nowNanos())) {
            case WAITS -> {}
            case ABSORBED -> counters.count(Drop.ALREADY_WAITING);
        }
        for (long lost = queue.dropped() - before; lost > 0; lost--) {
            counters.count(Drop.QUEUE_FULL);
        }
    }

    /** Serves for a turn's length; what is left has another turn after the sockets have theirs. */
    void serve() {
        long untilNanos = loop.nowNanos() + TURN_NANOS;
        do {
            Arrival next = queue.next(loop.nowNanos());
            if (next == null) {
                return;
            }
            loop.step(FaultLog.Step.DATAGRAM, () -> serve(next));
        } while (untilNanos - loop.nowNanos() > 0);
        if (!turnAhead && !queue.isEmpty() && !loop.eventLoop().isShuttingDown()) {
            turnAhead = true;
            // a timer and no task: tasks run until there are none, and nothing would be read
            loop.eventLoop().schedule(this::nextTurn, 0, TimeUnit.NANOSECONDS);
        }
    }

    private void nextTurn() {
        turnAhead = false;
        serve();
    }

    private void serve(Arrival next) {
        SipTransports.Receiver to = receiver;
        if (to == null) {
            return;
        }
        if (next.isOverdue(loop.nowNanos())) {
            to.overdue(next.flow, next.bytes);
        } else {
            Standing standing = next.rank == Rank.KNOWN ? Standing.KNOWN : Standing.STRANGER;
            to.received(next.flow, next.bytes, standing);
        }
    }

    /** Of a message that does not wait here: a stream's reader waits for the core by itself. */
    Standing standing(Flow flow, byte[] message) {
        return queue.isKnown(flow, message, loop.nowNanos()) ? Standing.KNOWN : Standing.STRANGER;
    }

    /** How those of a rank have waited since this was last asked. */
    Waits takeWaits(Rank rank) {
        long longestNanos = queue.takeLongestNanos(rank, loop.nowNanos());
        return new Waits(queue.waiting(rank), longestNanos / 1e9);
    }
}
