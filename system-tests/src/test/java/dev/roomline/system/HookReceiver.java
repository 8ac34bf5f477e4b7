package dev.roomline.system;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An application's side of webhooks: keeps what is posted, answers what a test wants. */
final class HookReceiver implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 15;

    private final HttpServer server;
    private final BlockingQueue<JsonNode> posted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();

    private HookReceiver(int port) throws IOException {
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    Integer status = answers.poll();
                    exchange.sendResponseHeaders(status == null ? 200 : status, -1);
                    exchange.close();
                    posted.add(JsonMapper.shared().readTree(body));
                });
        server.start();
    }

    static HookReceiver at(int port) {
        try {
            return new HookReceiver(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next one is answered so, those after all others with 200. */
    void answerWith(int status) {
        answers.add(status);
    }

    /** The next one that was posted. */
    JsonNode await() {
        try {
            JsonNode body = posted.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (body == null) {
                throw new AssertionError("nothing was posted");
            }
            return body;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
