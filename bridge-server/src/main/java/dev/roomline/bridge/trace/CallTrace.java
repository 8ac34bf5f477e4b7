package dev.roomline.bridge.trace;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Why a call became what it became: the decisions taken about it in order, and its SIP ladder.
 * Bounded. Owner: the signalling loop.
 */
public final class CallTrace {
    static final int MAX_DECISIONS = 64;
    static final int MAX_RUNGS = 60;

    private final Instant startedAt;
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Rung> ladder = new ArrayList<>();
    private int rungsLeftOut;

    public CallTrace(Instant startedAt) {
        this.startedAt = startedAt;
    }

    /**
     * @param afterMillis since the INVITE
     * @param about what was decided: {@code limit}, {@code trunk}, {@code credentials}, {@code
     *     target}, {@code room}, {@code name}, {@code media}, {@code end}
     * @param text one sentence, no secrets and no numbers
     */
    public record Decision(long afterMillis, String about, String text) {}

    /**
     * One message.
     *
     * @param incoming from the peer to us
     * @param peer transport, address and port
     * @param text the message, secrets redacted
     */
    public record Rung(long afterMillis, boolean incoming, String peer, String text) {}

    public void decided(Instant at, String about, String text) {
        if (decisions.size() < MAX_DECISIONS) {
            decisions.add(new Decision(after(at), about, text));
        }
    }

    public void seen(Instant at, boolean incoming, String peer, String redacted) {
        if (ladder.size() < MAX_RUNGS) {
            ladder.add(new Rung(after(at), incoming, peer, redacted));
        } else {
            rungsLeftOut++;
        }
    }

    public List<Decision> decisions() {
        return List.copyOf(decisions);
    }

    public List<Rung> ladder() {
        return List.copyOf(ladder);
    }

    /** Messages beyond what a trace holds. */
    public int rungsLeftOut() {
        return rungsLeftOut;
    }

    private long after(Instant at) {
        return Duration.between(startedAt, at).toMillis();
    }
}
