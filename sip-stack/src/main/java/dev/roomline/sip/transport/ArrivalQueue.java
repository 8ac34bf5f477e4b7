package dev.roomline.sip.transport;

import dev.roomline.sip.auth.SourceNetwork;
import dev.roomline.sip.endpoint.Flow;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The queue in front of the core. Sockets are emptied into it faster than the core serves, so that
 * what is urgent does not stand behind a flood in the kernel's buffer.
 *
 * <pre>
 *   datagram ─ glance ─┬─ LIVING    of a call, an answer, an ACK         never late
 *                      ├─ KNOWN     fresh nonce of ours, trunk's address  late after 1 s
 *                      ├─ STRANGER  all else                              late after 0.4 s
 *                      ├─ CANCEL of who waits: stands behind its request
 *                      └─ repeats who waits: absorbed
 * </pre>
 *
 * <p>Higher ranks go first, but of eight turns one is the strangers' and one of the known, so that
 * a flood of one kind, forged tags included, starves no other. Within a rank sources take turns:
 * {@link FairLine}. Sans-IO. Owner: the signalling loop.
 */
final class ArrivalQueue {
    private static final int TURNS = 8;
    private static final int TURN_OF_STRANGERS = 0;
    private static final int TURN_OF_KNOWN = 4;

    /** What became of a message that came. */
    enum Entry {
        WAITS,
        /** It repeats one that waits: that one's answer is its answer (RFC 3261 §17.2.1). */
        ABSORBED
    }

    private final Map<Rank, FairLine> lines = new EnumMap<>(Rank.class);
    private final Map<Rank, Long> longestNanos = new EnumMap<>(Rank.class);

    /** Requests outside a dialog that wait. */
    private final Map<Arrival.Key, Arrival> waiting = new HashMap<>();

    private final Acquaintances acquaintances;
    private @Nullable Arrival cancelNext;
    private int turn;
    private long dropped;

    /**
     * @param random must not be guessable outside tests
     */
    ArrivalQueue(Acquaintances acquaintances, RandomGenerator random) {
        this.acquaintances = acquaintances;
        for (Rank rank : Rank.values()) {
            lines.put(rank, new FairLine(rank, random.nextLong()));
            longestNanos.put(rank, 0L);
        }
    }

    /** Takes a message in; where that makes it too full, others or this one are dropped. */
    Entry enter(Flow flow, byte[] bytes, long nowNanos) {
        Glance glance = Glance.at(bytes);
        long network = SourceNetwork.of(flow.remote().getAddress());
        if (glance.kind() == Glance.Kind.CANCEL && !glance.branch().isEmpty()) {
            Arrival invite = waiting.get(new Arrival.Key(glance.branch(), "INVITE", network));
            if (invite != null) {
                return cancels(invite, flow, bytes, network, nowNanos);
            }
        }
        Arrival.Key key =
                glance.kind() == Glance.Kind.OUTSIDE_DIALOG && !glance.branch().isEmpty()
                        ? new Arrival.Key(glance.branch(), glance.method(), network)
                        : null;
        if (key != null && waiting.containsKey(key)) {
            return Entry.ABSORBED;
        }
        Rank rank = rank(glance, flow, nowNanos);
        Arrival arrival = new Arrival(flow, bytes, rank, nowNanos, key);
        if (key != null) {
            waiting.put(key, arrival);
        }
        line(rank).add(arrival, network, this::drop);
        return Entry.WAITS;
    }

    private Entry cancels(Arrival invite, Flow flow, byte[] bytes, long network, long nowNanos) {
        if (invite.cancel != null) {
            return Entry.ABSORBED;
        }
        Arrival cancel = new Arrival(flow, bytes, Rank.LIVING, nowNanos, null);
        line(invite.rank).join(invite, cancel, network, this::drop);
        return Entry.WAITS;
    }

    /** The next to serve, or to turn away if it is overdue; null if nobody waits. */
    @Nullable Arrival next(long nowNanos) {
        Arrival next = cancelNext;
        if (next != null) {
            cancelNext = null;
            return next;
        }
        turn = (turn + 1) % TURNS;
        if (turn == TURN_OF_STRANGERS) {
            next = line(Rank.STRANGER).next(nowNanos);
        } else if (turn == TURN_OF_KNOWN) {
            next = line(Rank.KNOWN).next(nowNanos);
        }
        for (FairLine line : lines.values()) {
            next = next == null ? line.next(nowNanos) : next;
        }
        if (next == null) {
            return null;
        }
        if (next.key != null) {
            waiting.remove(next.key);
        }
        cancelNext = next.cancel;
        long waitedNanos = nowNanos - next.sinceNanos;
        longestNanos.merge(next.rank, waitedNanos, Math::max);
        return next;
    }

    boolean isEmpty() {
        return cancelNext == null && waiting() == 0;
    }

    /** How many wait, CANCELs of those who wait not counted. */
    int waiting() {
        int all = 0;
        for (FairLine line : lines.values()) {
            all += line.size();
        }
        return all;
    }

    int waiting(Rank rank) {
        return line(rank).size();
    }

    /** Octets held, of what holding them costs included. */
    int octets() {
        return lines.values().stream().mapToInt(FairLine::octets).sum();
    }

    /** How many had no place, since the start. */
    long dropped() {
        return dropped;
    }

    /**
     * The longest that anybody of this rank has waited since this was last asked: who has been
     * served, and who waits still.
     */
    long takeLongestNanos(Rank rank, long nowNanos) {
        long served = longestNanos.getOrDefault(rank, 0L);
        longestNanos.put(rank, 0L);
        return Math.max(served, nowNanos - line(rank).oldestNanos(nowNanos));
    }

    /** Whether it comes from somebody who is known. */
    boolean isKnown(Flow flow, byte[] bytes, long nowNanos) {
        return rank(Glance.at(bytes), flow, nowNanos) == Rank.KNOWN;
    }

    private Rank rank(Glance glance, Flow flow, long nowNanos) {
        return switch (glance.kind()) {
            case RESPONSE, INSIDE_DIALOG, CANCEL -> Rank.LIVING;
            case OUTSIDE_DIALOG -> isKnown(glance, flow, nowNanos) ? Rank.KNOWN : Rank.STRANGER;
            case UNREADABLE -> Rank.STRANGER;
        };
    }

    private boolean isKnown(Glance glance, Flow flow, long nowNanos) {
        var source = flow.remote().getAddress();
        for (String nonce : glance.nonces()) {
            if (acquaintances.knows(source, nonce, nowNanos)) {
                return true;
            }
        }
        return glance.nonces().isEmpty() && acquaintances.knows(source, "", nowNanos);
    }

    private void drop(Arrival out) {
        dropped += out.cancel == null ? 1 : 2;
        if (out.key != null) {
            waiting.remove(out.key);
        }
    }

    private FairLine line(Rank rank) {
        FairLine line = lines.get(rank);
        if (line == null) {
            throw new IllegalStateException("every rank has its line");
        }
        return line;
    }
}
