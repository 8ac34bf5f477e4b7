package dev.roomline.bridge.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.roomline.bridge.signal.Signal;
import dev.roomline.sip.transport.WebSocketStreams;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Upgrades {@code /sip} to WebSocket of the subprotocol {@code sip} (RFC 7118 §4) and carries SIP
 * messages to the signalling loop and back. Who sends faster than they are served, does not read,
 * or says nothing for 45 s, not even a pong, is closed. Runs on HTTP's event loops.
 */
public final class SipWebSockets implements SessionRoute {
    /** The subprotocol's name. */
    public static final String PROTOCOL = "sip";

    private static final Logger LOG = LoggerFactory.getLogger(SipWebSockets.class);

    /** Messages of one socket that wait for the signalling loop. */
    private static final int MOST_WAITING = 64;

    private final Signal signal;
    private final WebSocketStreams streams;

    public SipWebSockets(Signal signal, WebSocketStreams streams) {
        this.signal = signal;
        this.streams = streams;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            context.response().setStatusCode(426).putHeader("Upgrade", "websocket").end();
            return;
        }
        if (!offersSip(request.getHeader("Sec-WebSocket-Protocol"))) {
            context.response()
                    .setStatusCode(400)
                    .putHeader("Sec-WebSocket-Protocol", PROTOCOL)
                    .end("SIP over WebSocket is spoken here: offer the subprotocol sip.");
            return;
        }
        InetSocketAddress remote = address(request.remoteAddress());
        InetSocketAddress local = address(request.localAddress());
        boolean secure = request.isSSL();
        Context loop = context.vertx().getOrCreateContext();
        var _ =
                request.toWebSocket()
                        .onSuccess(socket -> open(socket, loop, local, remote, secure))
                        .onFailure(fault -> LOG.debug("event=upgrade_failed", fault));
    }

    private static boolean offersSip(@Nullable String protocols) {
        return protocols != null
                && Arrays.stream(protocols.split(",")).anyMatch(p -> p.strip().equals(PROTOCOL));
    }

    private static InetSocketAddress address(SocketAddress address) {
        // an address literal: nothing is looked up
        return new InetSocketAddress(InetAddress.ofLiteral(address.hostAddress()), address.port());
    }

    private void open(
            ServerWebSocket socket,
            Context loop,
            InetSocketAddress local,
            InetSocketAddress remote,
            boolean secure) {
        Line line = new Line(new Wire(socket, loop));
        socket.textMessageHandler(text -> line.received(text.getBytes(UTF_8)));
        socket.binaryMessageHandler(octets -> line.received(octets.getBytes()));
        socket.frameHandler(
                frame -> {
                    if (frame.isClose()) {
                        line.wire.closing();
                    }
                });
        socket.pongHandler(_ -> line.post(line.heartbeat::heard));
        socket.closeHandler(_ -> line.post(line::closed));
        socket.exceptionHandler(fault -> LOG.debug("event=sip_websocket_fault", fault));
        line.post(() -> line.opened(local, remote, secure));
    }

    /** One socket between the two loops. */
    private final class Line implements WebSocketStreams.Socket {
        private final Wire wire;
        private final Heartbeat heartbeat;
        private final AtomicInteger waiting = new AtomicInteger();

        /** Owner: the signalling loop. */
        private Optional<WebSocketStreams.Connection> connection = Optional.empty();

        Line(Wire wire) {
            this.wire = wire;
            this.heartbeat = new Heartbeat(signal, wire);
        }

        void opened(InetSocketAddress local, InetSocketAddress remote, boolean secure) {
            connection = streams.opened(local, remote, secure, this);
            heartbeat.start();
        }

        void received(byte[] message) {
            if (waiting.incrementAndGet() > MOST_WAITING) {
                wire.close(SessionSocket.POLICY, "too many messages");
                return;
            }
            post(
                    () -> {
                        waiting.decrementAndGet();
                        heartbeat.heard();
                        connection.ifPresent(open -> open.received(message));
                    });
        }

        void closed() {
            heartbeat.stop();
            connection.ifPresent(WebSocketStreams.Connection::closed);
        }

        void post(Runnable task) {
            try {
                signal.execute(task);
            } catch (RejectedExecutionException full) {
                wire.close(SessionSocket.POLICY, "the server is overloaded");
            }
        }

        @Override
        public void send(byte[] message) {
            wire.send(message);
        }

        @Override
        public void close(String why) {
            wire.close(SessionSocket.POLICY, why);
        }
    }
}
