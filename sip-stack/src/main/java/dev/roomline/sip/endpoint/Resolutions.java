package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.SipUri;
import dev.roomline.sip.transaction.TimerQueue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** URIs whose targets are being looked up. Owner: the signalling loop. */
final class Resolutions {
    /** Above the resolver's own limit: only an answer that was lost takes longer. */
    private static final long PATIENCE_NANOS = 12_000_000_000L;

    private final Core core;
    private final Map<Long, Waiting> waiting = new HashMap<>();

    /** Whoever waits for targets. */
    interface Answer {
        void targets(List<Target> targets, long nowNanos);
    }

    private record Waiting(Answer answer, TimerQueue.Timer patience) {}

    Resolutions(Core core) {
        this.core = core;
    }

    /** Asks; the answer is given once, with no targets if there are none or nobody answers. */
    void ask(SipUri uri, Answer answer, long nowNanos) {
        long query = core.nextId();
        TimerQueue.Timer patience =
                core.timers.schedule(
                        nowNanos + PATIENCE_NANOS,
                        now -> {
                            waiting.remove(query);
                            answer.targets(List.of(), now);
                        });
        waiting.put(query, new Waiting(answer, patience));
        core.resolve(query, uri);
    }

    /** {@link SipInput.Resolved}; false if it was asked by somebody else. */
    boolean resolved(SipInput.Resolved resolved, long nowNanos) {
        Waiting found = waiting.remove(resolved.query());
        if (found == null) {
            return false;
        }
        found.patience().cancel();
        found.answer().targets(resolved.targets(), nowNanos);
        return true;
    }

    int size() {
        return waiting.size();
    }
}
