package dev.roomline.sip.transport;

import dev.roomline.sip.endpoint.EffectQueue;
import dev.roomline.sip.endpoint.EndpointCounts;
import dev.roomline.sip.endpoint.EndpointSettings;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.LocalAddress;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEffect;
import dev.roomline.sip.endpoint.SipEndpoint;
import dev.roomline.sip.endpoint.SipInput;
import dev.roomline.sip.endpoint.Target;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.endpoint.Tried;
import dev.roomline.sip.message.SipUri;
import dev.roomline.sip.resolve.DnsResolver;
import dev.roomline.sip.resolve.SipResolver;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The SIP core with its sockets, on the signalling loop: what sockets receive becomes inputs of
 * {@link SipEndpoint}, what that wants done is carried out in order.
 *
 * <pre>
 *   sockets ──▶ inputs ──▶ SipEndpoint ──▶ effects ──▶ sockets, resolver, application
 *                 ▲                                                        │
 *                 └────────────── commands, failures, addresses ──────────┘
 * </pre>
 *
 * <p>Owner: the signalling loop, but {@link #open}, {@link #close}, {@link #port}, {@link #drops}
 * and {@link #counters}, which any thread may call.
 */
public final class SipSignalling implements AutoCloseable {
    private final SignalLoop loop;
    private final SipTransports transports;
    private final SipResolver resolver;
    private final SipEndpoint endpoint;
    private final SipApplication application;
    private final ArrayDeque<SipInput> inputs = new ArrayDeque<>();
    private final EffectQueue effects = new EffectQueue();
    private boolean running;

    private SipSignalling(
            SignalLoop loop,
            SipTransports transports,
            SipResolver resolver,
            SipEndpoint endpoint,
            SipApplication application) {
        this.loop = loop;
        this.transports = transports;
        this.resolver = resolver;
        this.endpoint = endpoint;
        this.application = application;
    }

    /**
     * Binds the sockets and begins. Blocks; not to be called on the loop.
     *
     * @param settings of the core, given the addresses that peers are told
     * @param random must not be guessable outside tests
     * @throws IOException naming the address and port that could not be bound, or the certificate
     *     that cannot be used
     */
    public static SipSignalling open(
            SignalLoop loop,
            TransportSettings transportSettings,
            Function<LocalAddress, EndpointSettings> settings,
            RandomGenerator random,
            SipApplication application)
            throws IOException {
        SipTransports transports = new SipTransports(loop, transportSettings, random);
        SipSignalling signalling =
                new SipSignalling(
                        loop,
                        transports,
                        new DnsResolver(loop, transports.localAddresses(), random, loop::nowNanos),
                        new SipEndpoint(settings.apply(transports.localAddresses()), random),
                        application);
        loop.attach(signalling.new CoreTimer());
        transports.open(signalling.new Line());
        return signalling;
    }

    /**
     * Gives the core a command; it is carried out before this returns, or after what is under way.
     */
    public void command(SipCommand command) {
        feed(new SipInput.Commanded(command));
    }

    /**
     * The targets of a URI in the order in which the core would try them, for who must know
     * beforehand by which of our addresses a peer is reached; on the loop, at once or later.
     */
    public void resolve(SipUri uri, Consumer<List<Target>> answer) {
        resolver.resolve(uri, targets -> answer.accept(endpoint.ordered(targets, loop.nowNanos())));
    }

    /** The port on which a transport is served; empty if it is off. */
    public OptionalInt port(TransportKind transport) {
        return transports.port(transport);
    }

    /** Where WebSockets that the HTTP side takes in become connections; on the loop. */
    public WebSocketStreams webSockets() {
        return transports.webSockets();
    }

    /** Until when our TLS certificate is valid; empty if we have none. Any thread. */
    public Optional<Instant> certificateValidUntil() {
        return transports.certificateValidUntil();
    }

    /** What peers are told as our address, in Contact, Via and SDP. */
    public LocalAddresses localAddresses() {
        return transports.localAddresses();
    }

    /** What the core holds and has counted; on the loop. */
    public EndpointCounts counts() {
        return endpoint.counts();
    }

    /** Messages that were sent again for want of an answer; on the loop. */
    public long sentAgain() {
        return endpoint.sentAgain();
    }

    /** See {@link SipEndpoint#admit}; on the loop. */
    public void admit(double shareOfKnown, double shareOfStrangers) {
        endpoint.admit(shareOfKnown, shareOfStrangers);
    }

    /** Who is served before strangers from now on; on the loop. */
    public void know(Acquaintances acquaintances) {
        transports.turnstile().know(acquaintances);
    }

    /** How messages wait for the core, since this was last asked; on the loop. */
    public Map<Rank, Waits> takeWaits() {
        Map<Rank, Waits> waits = new EnumMap<>(Rank.class);
        for (Rank rank : Rank.values()) {
            waits.put(rank, transports.turnstile().takeWaits(rank));
        }
        return waits;
    }

    public TransportCounters counters() {
        return transports.counters();
    }

    /**
     * What was dropped below the parser since the start, by the transports' closed set of reasons;
     * {@code kernel_buffer_full} are datagrams that never reached us.
     */
    public Map<String, Long> drops() {
        Map<String, Long> drops = new HashMap<>(counters().drops());
        drops.put("kernel_buffer_full", transports.kernelDrops());
        return drops;
    }

    /** Closes the sockets; the loop lives on. Blocks until they are closed. */
    @Override
    public void close() {
        transports.close();
    }

    private void feed(SipInput input) {
        inputs.addLast(input);
        if (running) {
            return;
        }
        running = true;
        try {
            carryOn();
            long due = endpoint.nextDeadlineNanos();
            if (due != Long.MAX_VALUE && due - loop.nowNanos() <= 0) {
                // what was to wait for the application's first word, which it has had
                inputs.addLast(new SipInput.DeadlineReached());
                carryOn();
            }
        } finally {
            running = false;
        }
    }

    private void carryOn() {
        for (SipInput next = inputs.pollFirst(); next != null; next = inputs.pollFirst()) {
            handle(next);
        }
    }

    private void handle(SipInput input) {
        try {
            endpoint.handle(input, loop.nowNanos(), effects);
        } catch (RuntimeException | StackOverflowError fault) {
            loop.fault(FaultLog.Step.CORE, fault);
        }
        for (SipEffect effect = effects.poll(); effect != null; effect = effects.poll()) {
            try {
                carryOut(effect);
            } catch (RuntimeException | StackOverflowError fault) {
                loop.fault(FaultLog.Step.EFFECT, fault);
            }
        }
    }

    private void carryOut(SipEffect effect) {
        switch (effect) {
            case SipEffect.Send(long ticket, var hop, byte[] bytes) ->
                    transports.send(hop, bytes, ticket);
            case SipEffect.Resolve(long query, var uri) ->
                    resolver.resolve(uri, targets -> feed(new SipInput.Resolved(query, targets)));
            case SipEffect.Raise(var event) -> application.raised(event);
            case SipEffect.MessageSeen seen -> application.seen(seen);
        }
    }

    /** What the sockets tell. */
    private final class Line implements SipTransports.Receiver {
        @Override
        public void received(Flow flow, byte[] message, SipInput.Standing standing) {
            feed(new SipInput.MessageReceived(flow, message, standing));
        }

        @Override
        public void overdue(Flow flow, byte[] message) {
            feed(new SipInput.MessageOverdue(flow, message));
        }

        @Override
        public void unframeable(Flow flow, byte[] head, FramingFault fault) {
            feed(new SipInput.FramingFailed(flow, head, fault.tooLarge(), fault.phrase()));
        }

        @Override
        public boolean needs(long connection) {
            return endpoint.needs(connection) || application.needs(connection);
        }

        @Override
        public void closed(long connection) {
            application.streamEnded(connection);
        }

        @Override
        public void handshakeFailed(Flow flow, String why) {
            feed(new SipInput.HandshakeFailed(flow, why));
        }

        @Override
        public void sendFailed(long ticket, SendFailure why, String detail) {
            Tried.Why told =
                    why == SendFailure.TLS_FAILED ? Tried.Why.TLS_FAILED : Tried.Why.NOT_SENT;
            feed(new SipInput.TransportFailed(ticket, told, detail));
        }
    }

    private final class CoreTimer implements SignalLoop.Timed {
        @Override
        public long nextDeadlineNanos() {
            return endpoint.nextDeadlineNanos();
        }

        @Override
        public void onDeadline(long nowNanos) {
            feed(new SipInput.DeadlineReached());
        }
    }
}
