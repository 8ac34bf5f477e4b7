package dev.roomline.bridge.trunk;

import dev.roomline.bridge.call.Way.Turnstile;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.signal.Signal.Later;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * {@code calls_per_second}: calls leave at even distances, in the order in which they came. Whoever
 * waits too long is taken out by its own ring timeout. Owner: the signalling loop.
 */
final class Pace implements Turnstile {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Signal signal;
    private final long distanceNanos;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long nextNanos;
    private boolean armed;

    private static final class Waiting {
        final Runnable go;
        boolean givenUp;

        Waiting(Runnable go) {
            this.go = go;
        }
    }

    /**
     * @param perSecond at least 1
     */
    Pace(Signal signal, int perSecond) {
        this.signal = signal;
        this.distanceNanos = SECOND_NANOS / perSecond;
        this.nextNanos = signal.nanoTime();
    }

    @Override
    public Later await(Runnable go) {
        Waiting call = new Waiting(go);
        waiting.add(call);
        advance();
        return () -> call.givenUp = true;
    }

    private void advance() {
        while (!waiting.isEmpty()) {
            if (waiting.peek().givenUp) {
                waiting.remove();
                continue;
            }
            long now = signal.nanoTime();
            if (nextNanos - now > 0) {
                arm(nextNanos - now);
                return;
            }
            nextNanos = now + distanceNanos;
            waiting.remove().go.run();
        }
    }

    private void arm(long nanos) {
        if (!armed) {
            armed = true;
            signal.after(
                    Duration.ofNanos(nanos),
                    () -> {
                        armed = false;
                        advance();
                    });
        }
    }
}
