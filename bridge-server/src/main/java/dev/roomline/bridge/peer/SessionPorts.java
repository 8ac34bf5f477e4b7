package dev.roomline.bridge.peer;

import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.room.Joining;
import dev.roomline.bridge.room.LocalRooms;
import dev.roomline.bridge.signal.Signal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * All that sessions reach the world by, and which session holds which participant. Owner: the
 * signalling loop.
 */
final class SessionPorts {
    private final Signal signal;
    private final LocalRooms rooms;
    private final Joining joining;
    private final TokenCheck tokens;
    private final IceServers iceServers;
    private final LiveCalls calls;
    private final Duration ringTimeout;
    private final Map<String, Session> holders = new HashMap<>();

    /** Verifies join tokens without blocking whoever asks; empty: not valid. */
    interface TokenCheck {
        CompletionStage<Optional<JoinPass>> verify(String token);
    }

    SessionPorts(
            Signal signal,
            LocalRooms rooms,
            Joining joining,
            TokenCheck tokens,
            IceServers iceServers,
            LiveCalls calls,
            Duration ringTimeout) {
        this.signal = signal;
        this.rooms = rooms;
        this.joining = joining;
        this.tokens = tokens;
        this.iceServers = iceServers;
        this.calls = calls;
        this.ringTimeout = ringTimeout;
    }

    Signal signal() {
        return signal;
    }

    LocalRooms rooms() {
        return rooms;
    }

    Joining joining() {
        return joining;
    }

    TokenCheck tokens() {
        return tokens;
    }

    IceServers iceServers() {
        return iceServers;
    }

    /** What a page of its own dials. */
    Dialling dialling() {
        return new Dialling(calls, signal, ringTimeout);
    }

    /** A participant has one session: who held it before is sent away. */
    void taken(String secret, Session by) {
        Session before = holders.put(secret, by);
        if (before != null && before != by) {
            before.superseded();
        }
    }

    void freed(String secret, Session by) {
        holders.remove(secret, by);
    }
}
