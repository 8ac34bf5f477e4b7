package dev.roomline.bridge.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.roomline.bridge.call.CallRecord;
import dev.roomline.bridge.call.Course;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From the bus over the store to a receiver that does what a test wants. */
final class MailroomTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Secret SECRET = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    @TempDir Path folder;

    /** Of a request: its path, its body, and what verifies it. */
    private record Received(String path, JsonNode event, Map<String, List<String>> headers) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }
    }

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private IntUnaryOperator status = _ -> 204;
    private HttpServer server;
    private Store store;
    private EventBus bus;
    private @Nullable Mailroom mailroom;
    private int requests;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    int answer = status.applyAsInt(++requests);
                    received.add(
                            new Received(
                                    exchange.getRequestURI().getPath(),
                                    JsonMapper.shared().readTree(body),
                                    Map.copyOf(exchange.getRequestHeaders())));
                    exchange.sendResponseHeaders(answer, -1);
                    exchange.close();
                });
        server.start();
        store = open();
        bus = new EventBus(() -> NOON);
    }

    private Path database() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(it -> it.endsWith("roomline.db")).findFirst().orElseThrow();
        }
    }

    private Store open() {
        var loaded = ConfigLoader.load(Optional.empty(), Map.of(), List.of(), folder);
        return Store.open(((ConfigLoader.Outcome.Loaded) loaded).config(), InstantSource.system());
    }

    @AfterEach
    void stop() throws Exception {
        if (mailroom != null) {
            mailroom.close();
        }
        server.stop(0);
        store.close();
    }

    private Mailroom begin() {
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

    private String hook(String path, boolean allowPrivate, String... events) {
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

    private static Happening of(EventType type, String call) {
        return new Happening.OfCall(type, row(call, null));
    }

    private static CallRow row(String call, @Nullable Instant answeredAt) {
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

    private List<Received> take(int count) throws InterruptedException {
        List<Received> all = new ArrayList<>();
        while (all.size() < count) {
            Received next = received.poll(10, TimeUnit.SECONDS);
            assertThat(next).as("after " + all).isNotNull();
            all.add(next);
        }
        return all;
    }

    private static List<String> types(List<Received> all) {
        return all.stream()
                .map(
                        r ->
                                r.event().path("call").asString("")
                                        + " "
                                        + r.event().get("type").asString())
                .toList();
    }

    @Test
    void whatHappensReachesWhoAskedForItSignedAndWithItsOwnHeaders() throws Exception {
        hook("/calls", true, "call.ended");
        hook("/rooms", true, "room.*");
        begin();
        bus.publish(of(EventType.CALL_RINGING, "call_1"));
        bus.publish(of(EventType.CALL_ENDED, "call_1"));
        Received one = take(1).getFirst();
        assertThat(one.path()).isEqualTo("/calls");
        assertThat(one.event().get("type").asString()).isEqualTo("call.ended");
        String id = one.header("Webhook-id");
        assertThat(id).isEqualTo(one.event().get("id").asString());
        Instant at = Instant.ofEpochSecond(Long.parseLong(one.header("Webhook-timestamp")));
        assertThat(Duration.between(at, Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
        byte[] body = one.event().toString().getBytes(StandardCharsets.UTF_8);
        assertThat(one.headers().get("Webhook-signature"))
                .containsExactly(Signature.headers(id, at, body, SECRET).get("webhook-signature"));
        assertThat(one.headers().get("X-app")).containsExactly("mine");
        bus.publish(new Happening.OfRoom(EventType.ROOM_ENDED, "room_1", "R", NOON));
        assertThat(take(1).getFirst().path()).isEqualTo("/rooms");
    }

    private void awaitTold(long sequence) throws Exception {
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

    @Test
    void readersAreToldOfWhatIsWrittenDownForWebhooksAlone() throws Exception {
        hook("/", true, "room.*");
        begin();
        try (Connection writer = DriverManager.getConnection("jdbc:sqlite:" + database())) {
            writer.createStatement().execute("BEGIN IMMEDIATE");
            bus.publish(new Happening.OfRoom(EventType.ROOM_STARTED, "room_1", "R", NOON));
            bus.publish(of(EventType.CALL_RINGING, "call_1"));
            assertThat(bus.last()).isEqualTo(2);
            assertThat(received.poll(50, TimeUnit.MILLISECONDS)).isNull();
            assertThat(bus.told()).isZero();
        }
        assertThat(take(1).getFirst().event().get("type").asString()).isEqualTo("room.started");
        awaitTold(2);
    }

    @Test
    void withoutWebhooksAndWhileTheStoreIsAwayReadersDoNotWait() throws Exception {
        String hook = hook("/", true, "*");
        Mailroom mail = begin();
        store.webhooks().delete(hook);
        mail.changed();
        bus.publish(of(EventType.CALL_RINGING, "call_1"));
        awaitTold(1);
        hook("/", true, "*");
        mail.changed();
        store.close();
        bus.publish(of(EventType.CALL_RINGING, "call_2"));
        awaitTold(2);
    }

    @Test
    void eventsOfACallWaitForTheOneBeforeThemAndOthersDoNot() throws Exception {
        status = request -> request <= 2 ? 503 : 200;
        String hook = hook("/", true, "*");
        begin();
        bus.publish(of(EventType.CALL_RINGING, "call_1"));
        assertThat(types(take(1))).containsExactly("call_1 call.ringing");
        bus.publish(of(EventType.CALL_ANSWERED, "call_1"));
        bus.publish(of(EventType.CALL_ENDED, "call_1"));
        List<Received> rest = take(4);
        assertThat(types(rest))
                .containsExactly(
                        "call_1 call.ringing",
                        "call_1 call.ringing",
                        "call_1 call.answered",
                        "call_1 call.ended");
        assertThat(rest.get(0).event().get("id")).isEqualTo(rest.get(1).event().get("id"));
        bus.publish(of(EventType.CALL_RINGING, "call_2"));
        take(1);
        List<DeliveryRow> rows = settled(hook, 4);
        assertThat(rows).extracting(DeliveryRow::state).containsOnly("delivered");
        assertThat(rows).extracting(DeliveryRow::attempts).containsExactlyInAnyOrder(3, 1, 1, 1);
    }

    /** The receiver has answered; the row is written a moment later. */
    private List<DeliveryRow> settled(String hook, int count) throws InterruptedException {
        for (int tries = 0; ; tries++) {
            List<DeliveryRow> rows = store.deliveries().list(hook, null, 50).items();
            if ((rows.size() == count && rows.stream().noneMatch(r -> r.state().equals("waiting")))
                    || tries == 200) {
                return rows;
            }
            TimeUnit.MILLISECONDS.sleep(25);
        }
    }

    @Test
    void ourOwnNetworkIsNotCalledAndTheDeliverySaysWhy() throws Exception {
        String hook = hook("/", false, "*");
        begin();
        bus.publish(of(EventType.CALL_RINGING, "call_1"));
        Optional<DeliveryRow> tried = Optional.empty();
        for (int tries = 0; tried.isEmpty() && tries < 200; tries++) {
            TimeUnit.MILLISECONDS.sleep(25);
            tried =
                    store.deliveries().list(hook, null, 1).items().stream()
                            .filter(one -> one.attempts() > 0)
                            .findFirst();
        }
        DeliveryRow row = tried.orElseThrow();
        assertThat(row.state()).isEqualTo("waiting");
        assertThat(row.lastError()).contains("allow_private");
        assertThat(received).isEmpty();
    }

    @Test
    void whatWasWrittenDownIsDeliveredByTheNextProcess() throws Exception {
        String hook = hook("/", true, "*");
        Mailroom first = begin();
        status = _ -> 500;
        bus.publish(of(EventType.CALL_RINGING, "call_1"));
        bus.publish(of(EventType.CALL_ENDED, "call_1"));
        take(1);
        first.close();
        store.close();
        received.clear();
        status = _ -> 200;
        store = open();
        bus = new EventBus(InstantSource.system());
        begin();
        assertThat(types(take(2))).containsExactly("call_1 call.ringing", "call_1 call.ended");
        assertThat(settled(hook, 2)).extracting(DeliveryRow::state).containsOnly("delivered");
    }

    @Test
    void callsThatACrashLeftOpenAreToldOnceAndWhatWasToldIsNotToldAgain() throws Exception {
        hook("/", true, "call.*");
        store.calls().put(row("call_1", NOON));
        store.calls().put(row("call_2", null));
        begin().close();
        // killed before it could end the rows: the next start finds them open again
        begin();
        List<String> told = types(take(3));
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "call_1 call.answered", "call_1 call.ended", "call_2 call.ended");
        assertThat(told.indexOf("call_1 call.answered"))
                .isLessThan(told.indexOf("call_1 call.ended"));
        assertThat(store.deliveries().typesOf("call_1")).hasSize(2);
        assertThat(received.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }

    private static Happening.Person person(String id) {
        return new Happening.Person(
                id,
                new Happening.Place("room_1", "R", NOON.plusNanos(1_234_567)),
                "Ann",
                "u7",
                "browser",
                "guest",
                "joined",
                false,
                false,
                NOON,
                true,
                null,
                Map.of("sip.from", "+15550100"));
    }

    private void seen(EventType type, String person) {
        bus.publish(new Happening.OfParticipant(type, person(person), ""));
    }

    @Test
    void whoWasInARoomWhenTheProcessDiedIsToldToHaveLeftOnce() throws Exception {
        hook("/", true, "participant.joined", "participant.left", "room.*");
        begin();
        Instant since = person("part_1").place().since();
        bus.publish(new Happening.OfRoom(EventType.ROOM_STARTED, "room_1", "R", since));
        seen(EventType.PARTICIPANT_JOINED, "part_1");
        seen(EventType.PARTICIPANT_JOINED, "part_2");
        seen(EventType.PARTICIPANT_LEFT, "part_2");
        take(4);
        // the process died: nobody told that part_1 left
        java.util.Objects.requireNonNull(mailroom).close();
        bus = new EventBus(InstantSource.system());
        begin().close();
        begin();
        List<Received> told = take(2);
        assertThat(told)
                .extracting(one -> one.event().get("type").asString())
                .containsExactly("participant.left", "room.ended");
        JsonNode left = told.getFirst().event();
        assertThat(left.get("participant").asString()).isEqualTo("part_1");
        assertThat(left.at("/data/reason").asString()).isEqualTo("server_crashed");
        assertThat(left.at("/data/attributes/sip.from").asString()).isEqualTo("+15550100");
        assertThat(received.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void whoNobodyAsksAboutIsNotWrittenDown() throws Exception {
        hook("/", true, "call.*");
        Mailroom running = begin();
        seen(EventType.PARTICIPANT_JOINED, "part_1");
        bus.publish(of(EventType.CALL_RINGING, "call_1"));
        take(1);
        assertThat(store.deliveries().present("person")).isEmpty();
        running.close();
    }

    @Test
    void withTheLastWebhookItIsForgottenWhoIsThere() throws Exception {
        String hook = hook("/", true, "*");
        Mailroom running = begin();
        seen(EventType.PARTICIPANT_JOINED, "part_1");
        bus.publish(new Happening.OfRoom(EventType.ROOM_STARTED, "room_1", "R", NOON));
        take(2);
        assertThat(store.deliveries().present("person")).hasSize(1);
        assertThat(store.deliveries().present("room")).hasSize(1);
        assertThat(store.webhooks().delete(hook)).isInstanceOf(Change.Done.class);
        running.changed();
        bus.publish(of(EventType.CALL_RINGING, "call_1"));
        awaitTold(3);
        assertThat(store.deliveries().present("person")).isEmpty();
        assertThat(store.deliveries().present("room")).isEmpty();
    }

    /**
     * What is told of a session is told by its very name: the instant is kept to the nanosecond.
     */
    @Test
    void whatIsWrittenDownOfAPersonIsReadAsItWas() {
        store.deliveries()
                .addAll(
                        List.of(),
                        Attendance.changes(
                                new dev.roomline.bridge.event.Event(
                                        1,
                                        "evt_1",
                                        NOON,
                                        new Happening.OfParticipant(
                                                EventType.PARTICIPANT_JOINED,
                                                person("part_1"),
                                                "")),
                                _ -> true));
        assertThat(Attendance.untoldLeaving(store.deliveries()))
                .containsExactly(
                        new Happening.OfParticipant(
                                EventType.PARTICIPANT_LEFT, person("part_1"), "server_crashed"));
    }

    @Test
    void aWebhookThatIsMadeLaterIsToldOfWhatHappensFromThenOn() throws Exception {
        Mailroom running = begin();
        bus.publish(of(EventType.CALL_RINGING, "call_1"));
        hook("/", true, "*");
        running.changed();
        running.after(row -> java.util.concurrent.CompletableFuture.completedStage(null))
                .put(record(row("call_1", null).crashed(NOON)))
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        bus.publish(of(EventType.CALL_ENDED, "call_1"));
        assertThat(types(take(1))).containsExactly("call_1 call.ended");
    }

    @Test
    void aCallsLastRowIsStoredAfterItsLastEvent() throws Exception {
        String hook = hook("/", true, "call.ended");
        Mailroom running = begin();
        bus.publish(of(EventType.CALL_ENDED, "call_1"));
        List<Integer> written = new ArrayList<>();
        running.after(
                        _ -> {
                            written.add(store.deliveries().list(hook, null, 9).items().size());
                            return java.util.concurrent.CompletableFuture.completedStage(null);
                        })
                .put(record(row("call_1", NOON).crashed(NOON)))
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        assertThat(written).containsExactly(1);
    }

    private static CallRecord record(CallRow row) {
        return new CallRecord(row, Course.NONE, Optional.empty(), List.of(), null);
    }

    @Test
    void waitsGrowThreefoldUpToAnHour() {
        assertThat(Format.STANDARD.retryAfter(1, Duration.ZERO)).contains(Duration.ofSeconds(1));
        assertThat(Format.STANDARD.retryAfter(4, Duration.ZERO)).contains(Duration.ofSeconds(27));
        assertThat(Format.STANDARD.retryAfter(51, Duration.ZERO)).contains(Duration.ofHours(1));
        assertThat(Format.STANDARD.retryAfter(30, Duration.ofHours(23))).isPresent();
        assertThat(Format.STANDARD.retryAfter(30, Duration.ofMinutes(23 * 60 + 1))).isEmpty();
        assertThat(Courier.spread(Duration.ofSeconds(3), 1)).isEqualTo(Duration.ofMillis(3600));
    }
}
