package dev.roomline.bridge.trace;

import dev.roomline.bridge.metrics.Counters;
import dev.roomline.sip.capture.Hep3;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.SipEffect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every SIP message to a Homer server, as HEP3: written by the signalling loop, which only puts it
 * into a queue; secrets are taken out, and it is encoded and sent, on a thread of its own. The
 * queue is bounded by number and by octets; what does not fit is dropped and counted.
 */
public final class HepFeed implements AutoCloseable {
    static final int MOST_WAITING = 4096;
    static final long MOST_OCTETS = 8L << 20;
    private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_6 = InetAddress.ofLiteral("::");
    private static final int SIP_PORT = 5060;
    private static final Logger LOG = LoggerFactory.getLogger(HepFeed.class);

    /** Where datagrams leave. */
    @FunctionalInterface
    public interface Outlet {
        /** Whether it left; blocks while a name is looked up. */
        boolean send(byte[] datagram);
    }

    private record Waiting(Instant at, SipEffect.MessageSeen seen) {}

    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicLong octets = new AtomicLong();
    private final Hep3.Agent agent;
    private final Redaction redaction;
    private final Outlet outlet;
    private final Counters counters;
    private final Thread thread = Thread.ofPlatform().daemon().name("hep").unstarted(this::run);
    private boolean failing;

    public HepFeed(Hep3.Agent agent, Redaction redaction, Outlet outlet, Counters counters) {
        this.agent = agent;
        this.redaction = redaction;
        this.outlet = outlet;
        this.counters = counters;
    }

    public void start() {
        thread.start();
    }

    /** A message came or goes. Never blocks. */
    public void seen(SipEffect.MessageSeen message, Instant at) {
        int length = message.bytes().length;
        if (octets.get() + length > MOST_OCTETS || !queue.offer(new Waiting(at, message))) {
            counters.hepPacket("queue_full");
            return;
        }
        octets.addAndGet(length);
    }

    private void run() {
        try {
            while (true) {
                sendNext();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a message and sends it. */
    void sendNext() throws InterruptedException {
        Waiting next = queue.take();
        octets.addAndGet(-next.seen().bytes().length);
        try {
            sent(outlet.send(Hep3.encode(captured(next), agent)));
        } catch (RuntimeException fault) {
            LOG.error("event=hep_fault", fault);
            counters.hepPacket("unsent");
        }
    }

    private void sent(boolean left) {
        counters.hepPacket(left ? "sent" : "unsent");
        if (failing == left) {
            failing = !left;
            if (left) {
                LOG.info("event=hep_sent_again");
            } else {
                LOG.warn("event=hep_unsent text=\"hep.address takes nothing, or has no address\"");
            }
        }
    }

    private Hep3.Captured captured(Waiting waiting) {
        SipEffect.MessageSeen seen = waiting.seen();
        Hop road = seen.flow();
        InetSocketAddress remote = road.remote();
        InetSocketAddress local = road.local();
        if (local == null) {
            boolean six = remote.getAddress().getAddress().length == 16;
            local = new InetSocketAddress(six ? ANY_6 : ANY, SIP_PORT);
        }
        return new Hep3.Captured(
                waiting.at(),
                seen.incoming() ? remote : local,
                seen.incoming() ? local : remote,
                road.transport().reliable() ? Hep3.Carrier.TCP : Hep3.Carrier.UDP,
                seen.callId(),
                redaction.message(seen.bytes()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
