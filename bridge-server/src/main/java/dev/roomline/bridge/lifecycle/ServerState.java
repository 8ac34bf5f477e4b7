package dev.roomline.bridge.lifecycle;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether the server is up, ready and taking calls, as HTTP sees it. Thread-safe. */
public interface ServerState {

    /** When the process began to serve. */
    Instant startedAt();

    /** New calls and joins are refused with 503; what lives goes on. */
    boolean draining();

    /**
     * Why most new calls and joins are refused for now; empty while the server is not overloaded.
     */
    List<String> overloadedBecause();

    /** Begins to drain, without stopping the server. */
    void drain();

    /** Takes new calls again; without effect once the server is being stopped. */
    void resume();

    /** Empty when ready; else why not, for {@code /readyz}. */
    Optional<String> notReadyBecause();
}
