package dev.roomline.bridge.lifecycle;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether the server takes calls. Thread-safe. */
public final class RunState implements ServerState {
    private final Instant startedAt;
    private volatile boolean started;
    private volatile boolean draining;
    private volatile boolean stopping;
    private volatile List<String> overloadedBecause = List.of();

    public RunState(Instant startedAt) {
        this.startedAt = startedAt;
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public boolean draining() {
        return draining || stopping;
    }

    @Override
    public void drain() {
        draining = true;
    }

    @Override
    public void resume() {
        draining = false;
    }

    @Override
    public Optional<String> notReadyBecause() {
        if (!started) {
            return Optional.of("starting");
        }
        if (stopping) {
            return Optional.of("stopping");
        }
        if (draining) {
            return Optional.of("draining");
        }
        List<String> because = overloadedBecause;
        return because.isEmpty()
                ? Optional.empty()
                : Optional.of("overloaded: " + String.join("; ", because));
    }

    @Override
    public List<String> overloadedBecause() {
        return overloadedBecause;
    }

    /** Empty once it is over. */
    public void overloaded(List<String> because) {
        overloadedBecause = List.copyOf(because);
    }

    /** Every socket listens. */
    public void started() {
        started = true;
    }

    /** No way back. */
    public void stopping() {
        stopping = true;
    }
}
