package dev.roomline.sip.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Those of one rank who wait, in lines by their source that are served in turn: who sends a
 * thousand messages waits behind his own, and others beside them. Sources share {@link #LINES}
 * lines by a hash whose key is drawn at the start (stochastic fairness queueing, McKenney 1990).
 * Bounded in octets: where they are full, whoever holds most loses. Sans-IO. Owner: the signalling
 * loop.
 */
final class FairLine {
    static final int LINES = 256;
    static final int MOST_OCTETS = 4 << 20;

    /**
     * Once the first in a line has waited for so long, the newest is served first: in the order of
     * coming everybody would be served when he is about to give up.
     */
    static final long BEHIND_NANOS = 100_000_000L;

    private static final long SWEEP_NANOS = 10_000_000L;

    private static final class Line {
        final ArrayDeque<Arrival> waiting = new ArrayDeque<>();
        int octets;
        boolean hasTurn;
    }

    private final Rank rank;
    private final long multiplier;
    private final List<Line> lines = new ArrayList<>(LINES);
    private final ArrayDeque<Line> turns = new ArrayDeque<>();
    private final ArrayDeque<Arrival> overdue = new ArrayDeque<>();
    private int octets;
    private int size;
    private long sweptNanos = Long.MIN_VALUE;
    private boolean overdueHasTurn;

    /**
     * @param seed not to be guessed: else somebody could stand in another's line
     */
    FairLine(Rank rank, long seed) {
        this.rank = rank;
        this.multiplier = seed | 1;
        for (int i = 0; i < LINES; i++) {
            lines.add(new Line());
        }
    }

    int size() {
        return size;
    }

    int octets() {
        return octets;
    }

    /**
     * @param dropped is told who has no place: the newcomer, or others of the longest line
     */
    void add(Arrival arrival, long network, Consumer<Arrival> dropped) {
        Line line = lineOf(network);
        line.waiting.addLast(arrival);
        grows(line, arrival.octets());
        size++;
        if (!line.hasTurn) {
            line.hasTurn = true;
            turns.addLast(line);
        }
        makeRoom(dropped);
    }

    /** A CANCEL joins the request that it is for, which waits here. */
    void join(Arrival request, Arrival cancel, long network, Consumer<Arrival> dropped) {
        request.cancel = cancel;
        grows(lineOf(network), cancel.octets());
        makeRoom(dropped);
    }

    /** The next to serve, or to turn away if it is overdue; null if nobody waits. */
    @Nullable Arrival next(long nowNanos) {
        sweep(nowNanos);
        overdueHasTurn = !overdueHasTurn;
        Arrival next = overdueHasTurn ? overdue.pollFirst() : null;
        if (next == null) {
            next = nextInLine(nowNanos);
        }
        if (next == null) {
            next = overdue.pollFirst();
        }
        if (next != null) {
            size--;
            octets -= next.octets();
        }
        return next;
    }

    /** When the one who waits for longest came; {@code nowNanos} if nobody waits. */
    long oldestNanos(long nowNanos) {
        long oldest = overdue.isEmpty() ? nowNanos : overdue.getFirst().sinceNanos;
        for (Line line : turns) {
            Arrival first = line.waiting.peekFirst();
            oldest = first == null ? oldest : Math.min(oldest, first.sinceNanos);
        }
        return oldest;
    }

    private @Nullable Arrival nextInLine(long nowNanos) {
        for (Line line = turns.pollFirst(); line != null; line = turns.pollFirst()) {
            Arrival first = line.waiting.peekFirst();
            if (first == null) {
                line.hasTurn = false;
                continue;
            }
            boolean newestFirst =
                    rank == Rank.STRANGER && nowNanos - first.sinceNanos > BEHIND_NANOS;
            Arrival next = newestFirst ? line.waiting.removeLast() : line.waiting.removeFirst();
            line.octets -= next.octets();
            line.hasTurn = !line.waiting.isEmpty();
            if (line.hasTurn) {
                turns.addLast(line);
            }
            return next;
        }
        return null;
    }

    /** Whoever is overdue leaves his line, so that he is told so whatever line has its turn. */
    private void sweep(long nowNanos) {
        if (nowNanos - sweptNanos < SWEEP_NANOS && sweptNanos != Long.MIN_VALUE) {
            return;
        }
        sweptNanos = nowNanos;
        for (Line line : turns) {
            Arrival first = line.waiting.peekFirst();
            while (first != null && first.isOverdue(nowNanos)) {
                line.waiting.removeFirst();
                line.octets -= first.octets();
                overdue.addLast(first);
                first = line.waiting.peekFirst();
            }
        }
    }

    private void makeRoom(Consumer<Arrival> dropped) {
        while (octets > MOST_OCTETS) {
            Line longest = lines.getFirst();
            for (Line line : lines) {
                longest = line.octets > longest.octets ? line : longest;
            }
            // of what may be late, whoever is nearest to it; of the rest, what came last
            boolean fromHead = rank != Rank.LIVING;
            Arrival out = fromHead ? longest.waiting.pollFirst() : longest.waiting.pollLast();
            if (out == null) {
                out = overdue.removeFirst();
            } else {
                longest.octets -= out.octets();
            }
            octets -= out.octets();
            size--;
            dropped.accept(out);
        }
    }

    private void grows(Line line, int by) {
        line.octets += by;
        octets += by;
    }

    /** Multiply-shift hashing: whoever does not know the multiplier cannot make two collide. */
    private Line lineOf(long network) {
        long mixed = (network ^ (network >>> 32) * 0x9e37_79b9_7f4a_7c15L) * multiplier;
        return lines.get((int) (mixed >>> 56));
    }
}
