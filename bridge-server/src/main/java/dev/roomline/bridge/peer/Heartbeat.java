package dev.roomline.bridge.peer;

import dev.roomline.bridge.signal.Signal;
import java.time.Duration;

/**
 * Pings one WebSocket, and closes it once nothing has been heard of it for too long. Owner: the
 * signalling loop.
 */
final class Heartbeat {
    private static final Duration PING_EVERY = Duration.ofSeconds(15);
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private final Signal signal;
    private final SessionSocket socket;
    private long heardAtNanos;
    private boolean stopped;

    Heartbeat(Signal signal, SessionSocket socket) {
        this.signal = signal;
        this.socket = socket;
    }

    void start() {
        heard();
        signal.after(PING_EVERY, this::beat);
    }

    /** Anything came, a pong too. */
    void heard() {
        heardAtNanos = signal.nanoTime();
    }

    /** The socket is gone. */
    void stop() {
        stopped = true;
    }

    private void beat() {
        if (stopped) {
            return;
        }
        if (signal.nanoTime() - heardAtNanos > SILENCE.toNanos()) {
            socket.close(SessionSocket.GOING_AWAY, "nothing was heard for 45 s");
            return;
        }
        socket.ping();
        signal.after(PING_EVERY, this::beat);
    }
}
