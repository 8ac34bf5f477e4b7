package dev.roomline.bridge.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.roomline.bridge.config.ConfigLoader;
import dev.roomline.bridge.config.Declared.Webhook;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.event.EventBus;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.DeliveryRow;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.store.WebhookRow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From the bus over a real store to a receiver that does what a test wants. */
final class MailBench implements AutoCloseable {
    static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    static final Secret SECRET = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    /** Of a request: its path, its body, and what verifies it. */
    record Received(String path, JsonNode event, Map<String, List<String>> headers) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }
    }

    /** What came to the receiver, in order. */
    final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    /** What the receiver answers, by the number of the request. */
    IntUnaryOperator status = _ -> 204;

    Store store;
    EventBus bus = new EventBus(() -> NOON);
    private final Path folder;
    private final HttpServer server;
    private @Nullable Mailroom mailroom;
    private int requests;

    MailBench(Path folder) throws IOException {
        this.folder = folder;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::receive);
        server.start();
        store = open();
    }

    private void receive(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        int answer = status.applyAsInt(++requests);
        received.add(
                new Received(
                        exchange.getRequestURI().getPath(),
                        JsonMapper.shared().readTree(body),
                        Map.copyOf(exchange.getRequestHeaders())));
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    /** The file that the store is in. */
    Path database() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(it -> it.endsWith("roomline.db")).findFirst().orElseThrow();
        }
    }

    private Store open() {
        var loaded = ConfigLoader.load(Optional.empty(), Map.of(), List.of(), folder);
        return Store.open(((ConfigLoader.Outcome.Loaded) loaded).config(), InstantSource.system());
    }

    /** The mailroom stops. */
    void end() {
        if (mailroom != null) {
            mailroom.close();
            mailroom = null;
        }
    }

    /** The process is over, and the next one opens what it left. */
    void nextProcess() {
        end();
        store.close();
        store = open();
        bus = new EventBus(InstantSource.system());
    }

    @Override
    public void close() {
        end();
        server.stop(0);
        store.close();
    }

    /** A mailroom over the store and the bus, at work. */
    Mailroom begin() {
        Mailroom fresh =
                new Mailroom(
                        store,
                        bus,
                        Map.of("standard", Format.STANDARD),
                        new GuardedHttp(),
                        Counters.NONE,
                        InstantSource.system());
        fresh.start();
        mailroom = fresh;
        return fresh;
    }

    /** A webhook that asks for these events; its id. */
    String hook(String path, boolean allowPrivate, String... events) {
        Change<WebhookRow> made =
                store.webhooks()
                        .create(
                                new Webhook(
                                        "http://127.0.0.1:" + server.getAddress().getPort() + path,
                                        "standard",
                                        SECRET,
                                        List.of(events),
                                        Map.of("X-App", new Secret("mine")),
                                        allowPrivate));
        return ((Change.Done<WebhookRow>) made).row().id();
    }

    /** It happens to that call. */
    void publish(EventType type, String call) {
        bus.publish(new Happening.OfCall(type, row(call, null)));
    }

    static CallRow row(String call, @Nullable Instant answeredAt) {
        return new CallRow(
                call,
                "inbound",
                answeredAt == null ? "ringing" : "answered",
                "room_1",
                null,
                null,
                "desk",
                "sip:a@b",
                "sip:c@d",
                "Ann",
                null,
                "abc@host",
                NOON,
                answeredAt,
                null,
                null,
                null,
                0,
                null,
                "{}");
    }

    /** Waits for so many requests. */
    List<Received> take(int count) throws InterruptedException {
        List<Received> all = new ArrayList<>();
        while (all.size() < count) {
            Received next = received.poll(10, TimeUnit.SECONDS);
            assertThat(next).as("after " + all).isNotNull();
            all.add(next);
        }
        return all;
    }

    /** {@code call_1 call.ringing} of each. */
    static List<String> types(List<Received> all) {
        return all.stream()
                .map(
                        r ->
                                r.event().path("call").asString("")
                                        + " "
                                        + r.event().get("type").asString())
                .toList();
    }

    /** Waits until readers of the bus were told up to there. */
    void awaitTold(long sequence) throws Exception {
        BlockingQueue<Long> told = new LinkedBlockingQueue<>();
        try (EventBus.Watch _ = bus.watch(() -> told.add(bus.told()))) {
            told.add(bus.told());
            Long upTo = told.take();
            while (upTo < sequence) {
                upTo = told.poll(10, TimeUnit.SECONDS);
                assertThat(upTo).isNotNull();
            }
        }
    }

    /** The receiver has answered; the row is written a moment later. */
    List<DeliveryRow> settled(String hook, int count) throws InterruptedException {
        for (int tries = 0; ; tries++) {
            List<DeliveryRow> rows = store.deliveries().list(hook, null, 50).items();
            if ((rows.size() == count && rows.stream().noneMatch(r -> r.state().equals("waiting")))
                    || tries == 200) {
                return rows;
            }
            TimeUnit.MILLISECONDS.sleep(25);
        }
    }
}
