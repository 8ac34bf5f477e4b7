package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A reader of {@code /v1/events}, until the server ends or is killed. */
final class EventFeed implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 15;

    private final List<JsonNode> told = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<JsonNode> unread = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Thread thread;

    private EventFeed(HttpRequest request) {
        try {
            HttpResponse<Stream<String>> answer = client.send(request, BodyHandlers.ofLines());
            assertThat(answer.statusCode()).isEqualTo(200);
            Iterator<String> lines = answer.body().iterator();
            // from its first line on it is told of all that happens
            assertThat(lines.next()).startsWith("retry:");
            thread = Thread.ofVirtual().name("feed").start(() -> read(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static EventFeed of(BridgeProcess bridge) {
        URI events = bridge.request("/v1/events").build().uri();
        return new EventFeed(
                HttpRequest.newBuilder(events)
                        .header("Authorization", "Bearer " + BridgeProcess.API_TOKEN)
                        .build());
    }

    private void read(Iterator<String> lines) {
        try {
            while (lines.hasNext()) {
                String line = lines.next();
                if (line.startsWith("data: ")) {
                    JsonNode event = JsonMapper.shared().readTree(line.substring(6));
                    told.add(event);
                    unread.add(event);
                }
            }
        } catch (UncheckedIOException killed) {
            // all that came before is read
        }
    }

    /** The next one of this type. */
    JsonNode await(String type) {
        try {
            JsonNode event;
            do {
                event = unread.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (event == null) {
                    throw new AssertionError("no " + type + "; told were " + told);
                }
            } while (!event.path("type").asString("").equals(type));
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** All that it was told of, once the server is gone. */
    List<JsonNode> untilTheEnd() {
        try {
            assertThat(thread.join(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return List.copyOf(told);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
