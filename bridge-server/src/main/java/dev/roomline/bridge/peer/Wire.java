package dev.roomline.bridge.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;

/**
 * The way out of a WebSocket. What signalling says is written by the socket's own event loop, which
 * knows what has come and gone: behind a Close nothing may be sent (RFC 6455 §5.5.1).
 */
final class Wire implements SessionSocket {
    final ServerWebSocket socket;
    private final Context context;

    /** One side has said that it closes. Owner: the socket's event loop. */
    private boolean closing;

    Wire(ServerWebSocket socket, Context context) {
        this.socket = socket;
        this.context = context;
    }

    /** The peer has said that it closes; on the socket's event loop. */
    void closing() {
        closing = true;
    }

    private void write(Runnable frame) {
        context.runOnContext(
                _ -> {
                    if (!closing && !socket.isClosed()) {
                        frame.run();
                    }
                });
    }

    @Override
    public void send(String text) {
        write(
                () -> {
                    if (socket.writeQueueFull()) {
                        closing = true;
                        socket.close((short) POLICY, "the reader does not keep up");
                    } else {
                        socket.writeTextMessage(text);
                    }
                });
    }

    /** A SIP message, whose octets are text unless its body is not (RFC 7118 §4.2). */
    void send(byte[] message) {
        send(new String(message, UTF_8));
    }

    @Override
    public void ping() {
        write(() -> socket.writePing(Buffer.buffer()));
    }

    @Override
    public void close(int code, String reason) {
        write(
                () -> {
                    closing = true;
                    socket.close((short) code, reason);
                });
    }
}
