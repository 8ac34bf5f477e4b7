package dev.roomline.bridge.lifecycle;

import java.time.Instant;
import java.util.Optional;

/** Whether the server takes calls. Thread-safe. */
public final class RunState implements ServerState {
    private final Instant startedAt;
    private volatile boolean started;
    private volatile boolean draining;
    private volatile boolean stopping;

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
        return draining ? Optional.of("draining") : Optional.empty();
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
