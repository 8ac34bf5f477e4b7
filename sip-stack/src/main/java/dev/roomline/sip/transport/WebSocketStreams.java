package dev.roomline.sip.transport;

import dev.roomline.sip.auth.SourceNetwork;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.TransportCounters.Drop;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SIP over WebSocket (RFC 7118): connections that the HTTP side has taken in, each message of which
 * is one of SIP. None is ever opened by us: what is for such a peer goes back down its own. Owner:
 * the signalling loop.
 */
public final class WebSocketStreams {
    private static final byte[] PING = {'\r', '\n', '\r', '\n'};
    private static final byte[] PONG = {'\r', '\n'};

    /** The socket itself, whatever carries it. Called on the signalling loop; must not block. */
    public interface Socket {
        void send(byte[] message);

        void close(String why);
    }

    private final TcpStreams.Shared shared;
    private final StreamLimits limits;
    private final TransportCounters counters;
    private final Map<Long, Connection> byNumber = new HashMap<>();
    private final Map<Long, Integer> perSource = new HashMap<>();
    private SipTransports.@Nullable Receiver receiver;

    WebSocketStreams(TcpStreams.Shared shared, StreamLimits limits) {
        this.shared = shared;
        this.limits = limits;
        this.counters = shared.counters();
    }

    void receiver(SipTransports.Receiver to) {
        this.receiver = to;
    }

    /** One connection, for the side that reads it. */
    public final class Connection {
        private final Flow flow;
        private final Socket socket;

        private Connection(Flow flow, Socket socket) {
            this.flow = flow;
            this.socket = socket;
        }

        /** One whole message of it. */
        public void received(byte[] message) {
            shared.loop().step(FaultLog.Step.STREAM, () -> take(message));
        }

        private void take(byte[] message) {
            SipTransports.Receiver to = receiver;
            if (!byNumber.containsKey(flow.connection()) || to == null) {
                return;
            }
            if (Arrays.equals(message, PING)) {
                counters.countKeepAlive();
                socket.send(PONG.clone());
            } else if (message.length > limits.headBytes() + limits.bodyBytes()) {
                counters.count(Drop.UNFRAMEABLE);
                end("a message is too long");
            } else {
                counters.countReceived(flow.transport());
                to.received(flow, message, shared.turnstile().standing(flow, message));
            }
        }

        /** The socket is gone. */
        public void closed() {
            shared.loop().step(FaultLog.Step.STREAM, () -> forget(this));
        }

        private void end(String why) {
            forget(this);
            socket.close(why);
        }
    }

    /**
     * A connection that came; empty if there are too many, and the socket is closed.
     *
     * @param secure whether it came by TLS
     */
    public Optional<Connection> opened(
            InetSocketAddress local, InetSocketAddress remote, boolean secure, Socket socket) {
        long source = SourceNetwork.of(remote.getAddress());
        boolean fromOne = perSource.getOrDefault(source, 0) >= limits.connectionsPerSource();
        if (fromOne || byNumber.size() >= limits.connections()) {
            counters.count(fromOne ? Drop.SOURCE_LIMIT : Drop.CONNECTION_LIMIT);
            socket.close("too many connections");
            return Optional.empty();
        }
        TransportKind kind = secure ? TransportKind.WSS : TransportKind.WS;
        Flow flow = new Flow(kind, local, remote, shared.numbers().incrementAndGet());
        Connection connection = new Connection(flow, socket);
        byNumber.put(flow.connection(), connection);
        perSource.merge(source, 1, Integer::sum);
        counters.connectionOpened();
        return Optional.of(connection);
    }

    void send(Hop hop, byte[] message, long ticket) {
        Connection found = byNumber.get(hop.connection());
        if (found != null) {
            counters.countSent(found.flow.transport());
            found.socket.send(message);
            return;
        }
        counters.count(SendFailure.CONNECTION_GONE);
        SipTransports.Receiver to = receiver;
        if (ticket != 0 && to != null) {
            to.sendFailed(ticket, SendFailure.CONNECTION_GONE, "its WebSocket is closed");
        }
    }

    void close() {
        List.copyOf(byNumber.values()).forEach(open -> open.end("the server is closing"));
    }

    private void forget(Connection connection) {
        Flow flow = connection.flow;
        if (byNumber.remove(flow.connection(), connection)) {
            perSource.computeIfPresent(
                    SourceNetwork.of(flow.remote().getAddress()),
                    (any, open) -> open > 1 ? open - 1 : null);
            counters.connectionClosed();
            SipTransports.Receiver to = receiver;
            if (to != null) {
                to.closed(flow.connection());
            }
        }
    }
}
