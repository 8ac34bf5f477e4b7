package dev.roomline.bridge.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Caps on connections, in all and per source, and a limit on how long one may stay without a whole
 * request's head: who sends a byte a second holds a socket for ten seconds. Thread-safe.
 */
final class Connections {
    private static final int IN_ALL = 4096;
    private static final int PER_SOURCE = 512;
    private static final long PATIENCE_MILLIS = 10_000;

    private final Map<String, AtomicInteger> perSource = new ConcurrentHashMap<>();
    private final Set<HttpConnection> silent = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final Vertx vertx;

    Connections(Vertx vertx) {
        this.vertx = vertx;
    }

    void opened(HttpConnection connection) {
        String source = String.valueOf(connection.remoteAddress().hostAddress());
        int ofSource =
                perSource.computeIfAbsent(source, s -> new AtomicInteger()).incrementAndGet();
        int inAll = open.incrementAndGet();
        connection.closeHandler(_ -> closed(source, connection));
        if (inAll > IN_ALL || ofSource > PER_SOURCE) {
            connection.close();
            return;
        }
        silent.add(connection);
        vertx.setTimer(
                PATIENCE_MILLIS,
                _ -> {
                    if (silent.remove(connection)) {
                        connection.close();
                    }
                });
    }

    /** A whole head has come. */
    void asked(HttpConnection connection) {
        silent.remove(connection);
    }

    private void closed(String source, HttpConnection connection) {
        silent.remove(connection);
        open.decrementAndGet();
        perSource.computeIfPresent(source, (s, n) -> n.decrementAndGet() <= 0 ? null : n);
    }
}
