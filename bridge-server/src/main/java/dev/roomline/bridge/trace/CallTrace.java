package dev.roomline.bridge.trace;

import dev.roomline.sip.endpoint.Hop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Why a call became what it became: the decisions taken about it in order, and its SIP ladder.
 * Bounded. Owner: the signalling loop.
 */
public final class CallTrace {
    static final int MAX_DECISIONS = 64;
    static final int MAX_RUNGS = 60;
    private static final int MAX_WIRE_BYTES = 4096;

    private final Instant startedAt;
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Seen> ladder = new ArrayList<>();
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
     * One message, as it is shown.
     *
     * @param incoming from the peer to us
     * @param peer transport, address and port
     * @param text the message, secrets redacted
     */
    public record Rung(long afterMillis, boolean incoming, String peer, String text) {}

    /** One message as it was seen: what nobody reads is not made readable. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Seen(long afterMillis, boolean incoming, Hop hop, byte[] wire) {
        Rung shown() {
            String peer =
                    hop.transport().name().toLowerCase(Locale.ROOT)
                            + " "
                            + hop.remote().getAddress().getHostAddress()
                            + ":"
                            + hop.remote().getPort();
            return new Rung(afterMillis, incoming, peer, Redaction.message(wire));
        }
    }

    public void decided(Instant at, String about, String text) {
        if (decisions.size() < MAX_DECISIONS) {
            decisions.add(new Decision(after(at), about, text));
        }
    }

    void seen(Instant at, boolean incoming, Hop hop, byte[] wire) {
        if (ladder.size() < MAX_RUNGS) {
            byte[] kept =
                    wire.length <= MAX_WIRE_BYTES ? wire : Arrays.copyOf(wire, MAX_WIRE_BYTES);
            ladder.add(new Seen(after(at), incoming, hop, kept));
        } else {
            rungsLeftOut++;
        }
    }

    public List<Decision> decisions() {
        return List.copyOf(decisions);
    }

    public List<Rung> ladder() {
        return ladder.stream().map(Seen::shown).toList();
    }

    int rungs() {
        return ladder.size();
    }

    /** Messages beyond what a trace holds. */
    public int rungsLeftOut() {
        return rungsLeftOut;
    }

    private long after(Instant at) {
        return Duration.between(startedAt, at).toMillis();
    }
}
