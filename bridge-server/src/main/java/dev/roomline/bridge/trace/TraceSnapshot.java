package dev.roomline.bridge.trace;

import dev.roomline.media.loop.MediaRoom.BlackBox;
import dev.roomline.sip.endpoint.Hop;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A call's trace at one moment. Immutable; messages are as they were on the wire, with their
 * secrets: {@link TraceJson} takes those out, and is the only way out of the process.
 *
 * @param startedAt when the call's first message was seen
 * @param decisionsLeftOut how many were not kept between the first and the last ones
 * @param messagesLeftOut likewise
 * @param blackBox the last half minute of what came in by RTP; empty where nothing did
 */
public record TraceSnapshot(
        Instant startedAt,
        List<Decision> decisions,
        int decisionsLeftOut,
        List<Message> messages,
        int messagesLeftOut,
        Optional<BlackBox> blackBox) {
    public TraceSnapshot {
        decisions = List.copyOf(decisions);
        messages = List.copyOf(messages);
    }

    /** The same with what its media kept. */
    public TraceSnapshot with(Optional<BlackBox> box) {
        return new TraceSnapshot(
                startedAt, decisions, decisionsLeftOut, messages, messagesLeftOut, box);
    }

    /**
     * @param n place in the common order of decisions and messages, from 1
     */
    public record Decision(int n, Instant at, String about, String text) {}

    /**
     * @param incoming from the peer to us
     * @param wire its beginning
     * @param octets its whole length
     * @param repeats {@code n} of the message that this is a retransmission of; 0 if it is none
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Message(
            int n, Instant at, boolean incoming, Hop hop, byte[] wire, int octets, int repeats) {

        boolean isSame(boolean direction, byte[] other) {
            return direction == incoming
                    && other.length == octets
                    && Arrays.equals(wire, 0, wire.length, other, 0, wire.length);
        }
    }
}
