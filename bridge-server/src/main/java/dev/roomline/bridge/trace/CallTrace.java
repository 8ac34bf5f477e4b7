package dev.roomline.bridge.trace;

import dev.roomline.sip.endpoint.Hop;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a call became what it became: the decisions taken about it in order, and its SIP ladder. Of
 * both the first and the last are kept, those between are counted. Owner: the signalling loop.
 */
public final class CallTrace {
    static final int DECISIONS_OF_EACH = 40;
    static final int MESSAGES_OF_EACH = 30;
    static final int MESSAGE_OCTETS = 4096;
    static final int OCTETS_OF_EACH = 48 * 1024;
    private static final int DECISION_CHARACTERS = 600;

    private final Instant startedAt;
    private final HeadAndTail<TraceSnapshot.Decision> decisions =
            new HeadAndTail<>(
                    DECISIONS_OF_EACH, OCTETS_OF_EACH, decision -> decision.text().length());
    private final HeadAndTail<TraceSnapshot.Message> messages =
            new HeadAndTail<>(
                    MESSAGES_OF_EACH,
                    OCTETS_OF_EACH,
                    message -> message.repeats() == 0 ? message.wire().length : 0);
    private int last;
    private int heard;

    public CallTrace(Instant startedAt) {
        this.startedAt = startedAt;
    }

    /**
     * @param about what was decided: {@code limit}, {@code trunk}, {@code credentials}, {@code
     *     target}, {@code room}, {@code name}, {@code media}, {@code hold}, {@code api}, {@code
     *     end}
     * @param text one sentence, no secrets and no numbers of people
     */
    public void decided(Instant at, String about, String text) {
        String kept =
                text.length() <= DECISION_CHARACTERS
                        ? text
                        : text.substring(0, DECISION_CHARACTERS - 1) + "…";
        decisions.add(new TraceSnapshot.Decision(++last, at, about, kept));
    }

    void seen(Instant at, boolean incoming, Hop hop, byte[] wire) {
        TraceSnapshot.Message before = sameAs(incoming, wire);
        int n = ++last;
        heard += incoming ? 1 : 0;
        if (before != null) {
            int first = before.repeats() == 0 ? before.n() : before.repeats();
            messages.add(
                    new TraceSnapshot.Message(
                            n, at, incoming, hop, before.wire(), wire.length, first));
            return;
        }
        byte[] kept = wire.length <= MESSAGE_OCTETS ? wire : Arrays.copyOf(wire, MESSAGE_OCTETS);
        messages.add(new TraceSnapshot.Message(n, at, incoming, hop, kept, wire.length, 0));
    }

    /** A retransmission is the same octets again (RFC 3261 §17). */
    private TraceSnapshot.@Nullable Message sameAs(boolean incoming, byte[] wire) {
        for (TraceSnapshot.Message message : messages.first()) {
            if (message.isSame(incoming, wire)) {
                return message;
            }
        }
        for (TraceSnapshot.Message message : messages.last()) {
            if (message.isSame(incoming, wire)) {
                return message;
            }
        }
        return null;
    }

    /** What was decided up to now; may be read on any thread. */
    public List<TraceSnapshot.Decision> decisions() {
        return decisions.entries();
    }

    /** What is known up to now; may be read on any thread. */
    public TraceSnapshot snapshot() {
        return new TraceSnapshot(
                startedAt,
                decisions.entries(),
                decisions.leftOut(),
                messages.entries(),
                messages.leftOut(),
                Optional.empty());
    }

    /** What it holds in memory, but for the entries themselves. */
    int octets() {
        return messages.octets() + decisions.octets();
    }

    /** How many messages have come, repeated ones included. */
    public int heard() {
        return heard;
    }

    /** Number of the last entry: whether anything was added since. */
    public int last() {
        return last;
    }
}
