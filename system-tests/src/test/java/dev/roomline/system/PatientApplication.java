package dev.roomline.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** An application that leads calls into the room, and takes its time: meanwhile they ring. */
final class PatientApplication implements AutoCloseable {
    private static final long PATIENCE_NANOS = 500_000_000L;
    private static final int AT_ONCE = 100;

    private final HttpServer server;

    PatientApplication() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), AT_ONCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", PatientApplication::answer);
        server.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        if (exchange.getRequestURI().getPath().equals("/")) {
            LockSupport.parkNanos(PATIENCE_NANOS);
        }
        byte[] room = "{\"room\":\"%s\"}".formatted(BridgeProcess.ROOM_CODE).getBytes(UTF_8);
        exchange.sendResponseHeaders(200, room.length);
        exchange.getResponseBody().write(room);
        exchange.close();
    }

    /** The section that gives it the calls of a trunk to a number. */
    String routes(String trunk, String number) {
        return """
        routes:
          - { number: "%s", trunk: %s, webhook: "http://127.0.0.1:%d/" }
        """
                .formatted(number, trunk, server.getAddress().getPort());
    }

    /** The section that says that it may be asked, though it is on our own machine. */
    String webhooks() {
        return """
        webhooks:
          - { url: "http://127.0.0.1:%d/events", secret: "a-secret-of-the-application", events: ["room.ended"], allow_private: true }
        """
                .formatted(server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
