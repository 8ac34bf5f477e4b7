package dev.roomline.bridge.peer;

import dev.roomline.bridge.auth.JoinTokens;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.config.RoomlineConfig.IceServer;
import dev.roomline.bridge.room.Joining;
import dev.roomline.bridge.room.LocalRooms;
import dev.roomline.bridge.signal.Signal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Upgrades {@code /v1/session} and carries its messages to the signalling loop and back. Too many
 * messages, messages that are no JSON objects, and a reader that does not keep up end the socket.
 * Runs on HTTP's event loops.
 */
public final class WebSocketSessions implements SessionRoute {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketSessions.class);
    private static final int MESSAGES_PER_SECOND = 20;
    private static final int BURST = 60;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SessionPorts ports;

    public WebSocketSessions(
            Signal signal,
            LocalRooms rooms,
            Joining joining,
            JoinTokens tokens,
            Executor blocking,
            List<IceServer> iceServers,
            LiveCalls calls,
            Duration ringTimeout) {
        this.ports =
                new SessionPorts(
                        signal,
                        rooms,
                        joining,
                        token ->
                                CompletableFuture.supplyAsync(
                                        () -> pass(tokens.verify(token)), blocking),
                        new IceServers(iceServers),
                        calls,
                        ringTimeout);
    }

    private static Optional<JoinPass> pass(JoinTokens.Verdict verdict) {
        return switch (verdict) {
            case JoinTokens.Verdict.Valid(String room, String userId, String role) ->
                    Optional.of(new JoinPass(room, userId, role));
            case JoinTokens.Verdict.Refused _ -> Optional.empty();
        };
    }

    @Override
    public void handle(RoutingContext context) {
        if (!"websocket".equalsIgnoreCase(context.request().getHeader("Upgrade"))) {
            context.response().setStatusCode(426).putHeader("Upgrade", "websocket").end();
            return;
        }
        InetAddress source = source(context);
        var _ =
                context.request()
                        .toWebSocket()
                        .onSuccess(socket -> open(socket, source))
                        .onFailure(fault -> LOG.debug("event=upgrade_failed", fault));
    }

    private static InetAddress source(RoutingContext context) {
        try {
            // an address literal: nothing is looked up
            return InetAddress.getByName(context.request().remoteAddress().hostAddress());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("a TCP peer has an address", impossible);
        }
    }

    private void open(ServerWebSocket socket, InetAddress source) {
        Session session = new Session(ports, new Wire(socket), source);
        Pace pace = new Pace();
        socket.textMessageHandler(text -> received(socket, session, pace, text));
        socket.binaryMessageHandler(_ -> received(socket, session, pace, ""));
        socket.pongHandler(_ -> post(socket, session::heard));
        socket.closeHandler(_ -> post(socket, session::closed));
        socket.exceptionHandler(fault -> LOG.debug("event=session_fault", fault));
        post(socket, session::opened);
    }

    private void received(ServerWebSocket socket, Session session, Pace pace, String text) {
        if (!pace.take(System.nanoTime())) {
            end(socket, "too many messages");
            return;
        }
        JsonNode message = read(text);
        post(
                socket,
                message.isObject()
                        ? () -> session.received(message)
                        : () -> session.refuse("", SessionFault.UNREADABLE));
    }

    /** Missing where it is no JSON. */
    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException malformed) {
            return JSON.missingNode();
        }
    }

    private void post(ServerWebSocket socket, Runnable task) {
        try {
            ports.signal().execute(task);
        } catch (RejectedExecutionException full) {
            end(socket, "the server is overloaded");
        }
    }

    private static void end(ServerWebSocket socket, String why) {
        socket.close((short) SessionSocket.POLICY, why);
    }

    /** A bucket of messages. Owner: the socket's event loop. */
    private static final class Pace {
        private double tokens = BURST;
        private long filledAtNanos = System.nanoTime();

        boolean take(long nowNanos) {
            tokens += (nowNanos - filledAtNanos) / 1e9 * MESSAGES_PER_SECOND;
            tokens = Math.min(BURST, tokens);
            filledAtNanos = nowNanos;
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }

    private record Wire(ServerWebSocket socket) implements SessionSocket {
        @Override
        public void send(String json) {
            if (socket.isClosed()) {
                return;
            }
            if (socket.writeQueueFull()) {
                end(socket, "the reader does not keep up");
                return;
            }
            socket.writeTextMessage(json);
        }

        @Override
        public void ping() {
            if (!socket.isClosed()) {
                socket.writePing(Buffer.buffer());
            }
        }

        @Override
        public void close(int code, String reason) {
            if (!socket.isClosed()) {
                socket.close((short) code, reason);
            }
        }
    }
}
