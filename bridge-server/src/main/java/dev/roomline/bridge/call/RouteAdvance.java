package dev.roomline.bridge.call;

import dev.roomline.bridge.signal.Signal.Later;
import dev.roomline.sip.endpoint.Envelope;
import dev.roomline.sip.message.ContactList;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Over which way a call that we place goes, and over which next: trunk after trunk, and within a
 * trunk's own domain where a redirection leads (RFC 3261 §8.1.3.4). Owner: the signalling loop.
 */
final class RouteAdvance {
    private static final int MOST_REDIRECTIONS = 5;

    private final Consumer<Runnable> guarded;
    private final Consumer<String> decided;
    private final Deque<Way> ways = new ArrayDeque<>();
    private final Set<String> visited = new HashSet<>(1);
    private @Nullable Way way;
    private @Nullable Later turn;

    /** Over the other address family than the one by which the way goes now. */
    private @Nullable Road next;

    private boolean sought;

    /**
     * @param guarded runs a step of the call
     * @param decided told what was decided about the ways
     */
    RouteAdvance(Consumer<Runnable> guarded, Consumer<String> decided) {
        this.guarded = guarded;
        this.decided = decided;
    }

    void plan(List<Way> found) {
        ways.addAll(found);
    }

    /** To the next way; there must be one. */
    Way advance() {
        way = ways.removeFirst();
        next = null;
        sought = false;
        return way;
    }

    /**
     * The way's turn, then its road.
     *
     * @param found gets it, or why there is none
     */
    void await(Roads roads, Consumer<Roads.Found> found) {
        turn = way().turnstile().await(() -> guarded.accept(() -> seek(roads, found)));
    }

    /** The same for a way that had its turn and was redirected. */
    void seek(Roads roads, Consumer<Roads.Found> found) {
        sought = true;
        roads.find(
                way().hop(),
                road ->
                        guarded.accept(
                                () -> {
                                    if (road instanceof Road taken) {
                                        take(taken);
                                    }
                                    found.accept(road);
                                }));
    }

    /** What is tried are the addresses for which the offer is made. */
    private void take(Road road) {
        next = road.next();
        Way by = way();
        way = by.to(by.envelope().toward(road.targets(), next != null), by.hop());
    }

    /** The way goes on to its addresses of the other family; empty where there are no more. */
    Optional<Road> otherFamily() {
        Road other = next;
        if (other != null) {
            take(other);
        }
        return Optional.ofNullable(other);
    }

    /** Gives the place in the queue up. */
    void stop() {
        if (turn != null) {
            turn.cancel();
        }
    }

    /** The way's turn has come; its road is, or was, being looked for. */
    boolean hadItsTurn() {
        return sought;
    }

    boolean isLast() {
        return ways.isEmpty();
    }

    /** What was open when the call was planned may be full by now. */
    void passOverClosed() {
        for (Way later = ways.peek(); later != null; later = ways.peek()) {
            Optional<CallEnd> closed = later.turnstile().closed();
            if (closed.isEmpty()) {
                return;
            }
            decided.accept(later.label() + " does not take it now: " + closed.get().text());
            ways.remove();
        }
    }

    /** Where it was is not gone to again. */
    void wasThere() {
        visited.add(way().envelope().requestUri());
    }

    /**
     * Takes the first of the addresses to which the way may be redirected.
     *
     * @return false if there is none
     */
    boolean follow(List<ContactList.Entry> contacts) {
        for (ContactList.Entry contact : contacts) {
            Optional<Envelope> elsewhere = way().redirects().follow(contact);
            if (elsewhere.isPresent()
                    && visited.size() <= MOST_REDIRECTIONS
                    && visited.add(elsewhere.get().requestUri())) {
                decided.accept(
                        "redirected to another address at " + contact.nameAddr().uri().host());
                way = way().to(elsewhere.get(), contact.nameAddr().uri());
                next = null;
                return true;
            }
        }
        return false;
    }

    /** The way that it goes. */
    Way way() {
        if (way == null) {
            throw new IllegalStateException("no way is taken yet");
        }
        return way;
    }
}
