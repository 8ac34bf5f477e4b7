package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.api.hundredms.HundredMsFormat;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.config.ConfigLoader;
import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.entry.AccountEntries;
import dev.roomline.bridge.entry.Desk;
import dev.roomline.bridge.entry.KeyEntries;
import dev.roomline.bridge.entry.Plan;
import dev.roomline.bridge.entry.RegisteredPhone;
import dev.roomline.bridge.entry.Reload;
import dev.roomline.bridge.entry.RouteEntries;
import dev.roomline.bridge.entry.TrunkEntries;
import dev.roomline.bridge.entry.TrunkStates;
import dev.roomline.bridge.entry.WebhookEntries;
import dev.roomline.bridge.event.EventBus;
import dev.roomline.bridge.metrics.LiveNumbers;
import dev.roomline.bridge.metrics.Metrics;
import dev.roomline.bridge.room.ParticipantView;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.trace.Redaction;
import dev.roomline.bridge.webhook.Format;
import dev.roomline.media.loop.MediaRelay.Carried;
import dev.roomline.media.loop.MediaRelay.LoopReport;
import dev.roomline.media.loop.MediaRelay.Ticks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real HTTP server on a free loopback port, a real store, and fakes for what lives. */
final class ApiServer implements AutoCloseable {
    static final String ADMIN = "admin-token-0123456789";
    static final String READER = "reader-token-0123456789";
    static final String CALLER = "caller-token-0123456789";
    static final String SECRET = "0123456789abcdef0123456789abcdef-signing";
    static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String CONFIG =
            """
            network: { bind: "127.0.0.1" }
            http:
              port: 0
              cors: ["https://app.example.com"]
              ice_servers:
                - { urls: ["stun:stun.example.com"] }
                - { urls: ["turn:turn.example.com?transport=udp"], username: ann, credential: 'a"b' }
            api:
              keys:
                - { key: boss, token: %s, secret: %s, scopes: [admin] }
                - { key: reader, token: %s, scopes: [read] }
                - { key: caller, token: %s, scopes: [calls] }
            rooms:
              - { name: declared, codes: [ { code: from-file, role: host } ] }
            """
                    .formatted(ADMIN, SECRET, READER, CALLER);

    final Fakes.FakeRooms rooms = new Fakes.FakeRooms();
    final Fakes.FakeCalls calls = new Fakes.FakeCalls();
    final Fakes.FakeState state = new Fakes.FakeState();
    final Fakes.FakeRefusals refusals = new Fakes.FakeRefusals();
    final EventBus events = new EventBus(() -> NOON);
    final AtomicInteger wakes = new AtomicInteger();
    final Redaction secrets = new Redaction(List.of());
    final Map<String, TrunkStates.State> trunkStates = new LinkedHashMap<>();
    final Map<String, List<RegisteredPhone>> phones = new LinkedHashMap<>();
    final List<String> forgotten = new ArrayList<>();
    final AtomicInteger webhookChanges = new AtomicInteger();
    volatile List<Declared.Trunk> trunksInForce = List.of();
    volatile List<Declared.Route> routesInForce = List.of();
    final Path file;
    final Store store;
    final WebServer server;
    final int port;
    final Metrics metrics;
    private final HttpClient client = HttpClient.newHttpClient();

    ApiServer(Path folder, String... sets) {
        this.file = folder.resolve("roomline.yaml");
        ConfigLoader.Outcome.Loaded loaded = config(folder, List.of(sets));
        RoomlineConfig config = loaded.config();
        store = Store.open(config, () -> NOON);
        LiveNumbers numbers =
                new LiveNumbers(
                        2,
                        3,
                        1,
                        new LiveNumbers.Media(
                                List.of(
                                        new LoopReport(
                                                0.25,
                                                1,
                                                3,
                                                0,
                                                new Ticks(100, 0, 7, 0, 0, 0, 6),
                                                Carried.NONE)),
                                Map.of("stranger", 5L),
                                Map.of()),
                        LiveNumbers.Signalling.NONE,
                        LiveNumbers.Server.NONE);
        metrics = new Metrics(() -> numbers);
        server =
                new WebServer(
                        config,
                        store,
                        new LiveSide(
                                rooms,
                                calls,
                                refusals,
                                () -> numbers,
                                state,
                                events,
                                Map.of("standard", Format.STANDARD, "100ms", new HundredMsFormat()),
                                wakes::incrementAndGet,
                                new Reload(
                                        loaded.values(),
                                        () ->
                                                ConfigLoader.load(
                                                        Optional.of(file),
                                                        Map.of(),
                                                        List.of(sets),
                                                        folder),
                                        store,
                                        plan(),
                                        webhookChanges::incrementAndGet,
                                        forgotten::add)),
                        desk(config),
                        secrets,
                        new Pages(
                                c -> c.response().end("start"),
                                c -> c.response().end("room"),
                                c -> c.response().end("docs"),
                                c -> c.response().end("asset"),
                                c -> c.response().end("session"),
                                Optional.of(c -> c.response().end("sip"))),
                        metrics,
                        () -> NOON,
                        "1.2.3");
        port = server.start();
    }

    private Plan plan() {
        return new Plan(
                store,
                List.of(
                        (trunks, routes) -> {
                            secrets.hide(Declared.secretHeaders(trunks));
                            trunksInForce = trunks;
                            routesInForce = routes;
                            return CompletableFuture.completedFuture(null);
                        }));
    }

    private Desk desk(RoomlineConfig config) {
        Plan plan = plan();
        return new Desk(
                new AccountEntries(store.accounts(), config.sip().realm(), forgotten::add),
                _ -> Fakes.now(phones),
                new KeyEntries(store.apiKeys()),
                new RouteEntries(store, plan),
                new TrunkEntries(store.trunks(), plan),
                () -> Fakes.now(trunkStates),
                new WebhookEntries(store.webhooks(), webhookChanges::incrementAndGet));
    }

    private static ConfigLoader.Outcome.Loaded config(Path folder, List<String> sets) {
        try {
            Path file = Files.writeString(folder.resolve("roomline.yaml"), CONFIG);
            var outcome = ConfigLoader.load(Optional.of(file), Map.of(), sets, folder);
            return (ConfigLoader.Outcome.Loaded) outcome;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> send(String method, String path, String token, String body) {
        return send(method, path, token, "application/json", body);
    }

    HttpResponse<String> send(
            String method, String path, String token, String type, String body, String... more) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        if (more.length > 0) {
            request.headers(more);
        }
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            Contract.check(method, path, answer);
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path) {
        return send("GET", path, ADMIN, "", "");
    }

    HttpResponse<String> post(String path, String body) {
        return send("POST", path, ADMIN, body);
    }

    HttpResponse<String> patch(String path, String body) {
        return send("PATCH", path, ADMIN, body);
    }

    /** Makes one of a kind; its id. */
    String made(String path, String body) {
        HttpResponse<String> answer = post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer).get("id").asString();
    }

    /** The fields and parameters that a problem names. */
    static List<String> pointers(HttpResponse<String> problem) {
        return json(problem).path("errors").findValuesAsString("pointer");
    }

    /** The same of what must be a 422. */
    static List<String> faults(HttpResponse<String> refused) {
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        return pointers(refused);
    }

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    ParticipantView phone(String id, String room) {
        ParticipantView view =
                new ParticipantView(
                        id,
                        room,
                        "+1 ••• ••• 0123",
                        "u1",
                        "phone",
                        "guest",
                        "joined",
                        false,
                        true,
                        NOON,
                        "call_1",
                        Map.of("sip.h.x-a", "b"),
                        null);
        rooms.people.put(id, view);
        return view;
    }

    static CallRow call(String id, String state) {
        return new CallRow(
                id,
                "inbound",
                state,
                "room_1",
                "part_1",
                null,
                "desk",
                "sip:a@b",
                "sip:c@d",
                "Ann",
                null,
                "abc@host",
                NOON,
                null,
                null,
                null,
                null,
                0,
                null,
                "{}");
    }

    static CallRow outbound(String id, CallOrder order) {
        return new CallRow(
                id,
                "outbound",
                "dialing",
                Objects.requireNonNull(order.room()).id(),
                "part_2",
                order.trunk().isEmpty() ? "carrier" : order.trunk(),
                null,
                order.from(),
                order.to(),
                order.name(),
                order.userId(),
                "",
                NOON,
                null,
                null,
                null,
                null,
                0,
                null,
                "{}");
    }

    @Override
    public void close() {
        client.close();
        server.close();
        store.close();
        metrics.close();
    }
}
