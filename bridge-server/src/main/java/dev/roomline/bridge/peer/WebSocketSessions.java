package dev.roomline.bridge.peer;

import dev.roomline.bridge.auth.JoinTokens;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.config.RoomlineConfig.IceServer;
import dev.roomline.bridge.room.Joining;
import dev.roomline.bridge.room.LocalRooms;
import dev.roomline.bridge.signal.Signal;
import io.vertx.core.Context;
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
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Upgrades {@code /v1/session} and carries its messages to the signalling loop and back. What is no
 * JSON object is answered as an error and ends nothing; too many messages, one that is too long,
 * and a reader that does not keep up end the socket. Runs on HTTP's event loops.
 */
public final class WebSocketSessions implements SessionRoute {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketSessions.class);
    private static final int MESSAGES_PER_SECOND = 20;
    private static final int BURST = 60;

    /** As strict as the bodies of the API: nothing is said twice, nothing follows. */
    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

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
        Context loop = context.vertx().getOrCreateContext();
        var _ =
                context.request()
                        .toWebSocket()
                        .onSuccess(socket -> open(socket, loop, source))
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

    private void open(ServerWebSocket socket, Context loop, InetAddress source) {
        Wire wire = new Wire(socket, loop);
        Session session = new Session(ports, wire, source);
        Pace pace = new Pace();
        socket.textMessageHandler(text -> received(socket, session, pace, text));
        socket.binaryMessageHandler(_ -> received(socket, session, pace, ""));
        socket.frameHandler(
                frame -> {
                    if (frame.isClose()) {
                        wire.closing();
                    }
                });
        socket.pongHandler(_ -> post(socket, session::heard));
        socket.closeHandler(_ -> post(socket, session::closed));
        socket.exceptionHandler(fault -> failed(wire, session, pace, fault));
        post(socket, session::opened);
    }

    /**
     * A message in parts that grew too long is given up in the middle: what else comes of it would
     * be read as a message of its own.
     */
    private void failed(Wire wire, Session session, Pace pace, Throwable fault) {
        LOG.debug("event=session_fault", fault);
        if (fault instanceof IllegalStateException && !pace.over) {
            pace.over = true;
            post(
                    wire.socket,
                    () -> {
                        session.refuse("", SessionFault.TOO_LONG);
                        wire.close(SessionSocket.TOO_BIG, "a message is too long");
                    });
        }
    }

    private void received(ServerWebSocket socket, Session session, Pace pace, String text) {
        if (pace.over) {
            return;
        }
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

        /** Nothing that comes from now on is a message. */
        boolean over;

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
}
