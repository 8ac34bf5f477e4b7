package dev.roomline.sip.transport;

import dev.roomline.sip.endpoint.TransportKind;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the sockets saw. Written on the loop, read anywhere. */
public final class TransportCounters {

    /** Why something that came was not handed on. A closed set: a metric label. */
    public enum Drop {
        /** A datagram larger than any message we take. */
        DATAGRAM_TOO_LARGE,
        /** A datagram without a byte in it. */
        DATAGRAM_EMPTY,
        /** A datagram that had no place in the queue in front of the core. */
        QUEUE_FULL,
        /** A datagram that repeats one that waits in that queue: no loss. */
        ALREADY_WAITING,
        /** A connection beyond the limit of all. */
        CONNECTION_LIMIT,
        /** A connection beyond the limit of its source. */
        SOURCE_LIMIT,
        /**
         * A TLS connection beyond the handshakes that may be under way, of all or of its source.
         */
        HANDSHAKE_LIMIT,
        /** A TLS connection that came, and whose handshake failed. */
        HANDSHAKE_FAILED,
        /** A silent connection closed to make room for another. */
        MADE_ROOM,
        /** A connection closed for want of a byte. */
        IDLE,
        /** A connection that we opened, closed since its peer no longer answers keep-alives. */
        NO_PONG,
        /** A connection closed since its message took too long. */
        TOO_SLOW,
        /** A connection closed since its peer did not read what waited for it. */
        NOT_READING,
        /** A connection closed since nothing could be cut from it. */
        UNFRAMEABLE
    }

    private final Map<TransportKind, LongAdder> received = adders(TransportKind.class);
    private final Map<TransportKind, LongAdder> sent = adders(TransportKind.class);
    private final Map<Drop, LongAdder> dropped = adders(Drop.class);
    private final Map<SendFailure, LongAdder> sendFailures = adders(SendFailure.class);
    private final LongAdder keepAlives = new LongAdder();
    private final LongAdder connections = new LongAdder();

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> kinds) {
        Map<E, LongAdder> adders = new EnumMap<>(kinds);
        for (E kind : kinds.getEnumConstants()) {
            adders.put(kind, new LongAdder());
        }
        return adders;
    }

    public long received(TransportKind transport) {
        return of(received, transport).sum();
    }

    public long sent(TransportKind transport) {
        return of(sent, transport).sum();
    }

    public long dropped(Drop why) {
        return of(dropped, why).sum();
    }

    public long sendFailures(SendFailure why) {
        return of(sendFailures, why).sum();
    }

    /** Everything that was dropped, refused or not sent, by its reason in lower case. */
    public Map<String, Long> drops() {
        Map<String, Long> drops = new HashMap<>();
        dropped.forEach((why, adder) -> drops.put(label(why), adder.sum()));
        sendFailures.forEach((why, adder) -> drops.put("send_" + label(why), adder.sum()));
        return drops;
    }

    private static String label(Enum<?> reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    /** Keep-alives that came, over UDP and streams. */
    public long keepAlives() {
        return keepAlives.sum();
    }

    /** Streams that are open now. */
    public long openConnections() {
        return connections.sum();
    }

    void countReceived(TransportKind transport) {
        of(received, transport).increment();
    }

    void countSent(TransportKind transport) {
        of(sent, transport).increment();
    }

    void count(Drop why) {
        of(dropped, why).increment();
    }

    void count(SendFailure why) {
        of(sendFailures, why).increment();
    }

    void countKeepAlive() {
        keepAlives.increment();
    }

    void connectionOpened() {
        connections.increment();
    }

    void connectionClosed() {
        connections.decrement();
    }

    private static <E extends Enum<E>> LongAdder of(Map<E, LongAdder> adders, E kind) {
        LongAdder adder = adders.get(kind);
        if (adder == null) {
            throw new IllegalStateException("every constant has its adder");
        }
        return adder;
    }
}
