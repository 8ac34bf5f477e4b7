package dev.roomline.bridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.config.ConfigLoader;
import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.Entries;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Trunks, routes, webhooks, their deliveries and kept answers, over both databases. */
@ParameterizedClass
@EnumSource(Engine.class)
final class StoredEntriesTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private final Engine engine;
    @TempDir Path folder;

    StoredEntriesTest(Engine engine) {
        this.engine = engine;
    }

    private Instant now = NOON;
    private final InstantSource clock = () -> now;

    private RoomlineConfig config(String yaml) {
        try {
            Path file = Files.writeString(folder.resolve("roomline.yaml"), yaml);
            var outcome =
                    ConfigLoader.load(
                            Optional.of(file), Map.of(), engine.settingsOf(folder), folder);
            assertThat(outcome).isInstanceOf(ConfigLoader.Outcome.Loaded.class);
            return ((ConfigLoader.Outcome.Loaded) outcome).config();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Store open(String yaml) {
        return Store.open(config(yaml), clock);
    }

    private static <T> T done(Change<T> change) {
        return ((Change.Done<T>) change).row();
    }

    private static Declared.Trunk trunk(String id) {
        return ((Entries.Read.Good<Declared.Trunk>)
                        Entries.trunk(
                                Map.of(
                                        "id",
                                        id,
                                        "address",
                                        "sip.example.com:5061",
                                        "password",
                                        "tr-unk-pa55",
                                        "allow",
                                        List.of("192.0.2.0/24"),
                                        "require_headers",
                                        Map.of("X-Account", "AC1"),
                                        "options_ping",
                                        "1500ms",
                                        "max_calls",
                                        7)))
                .value();
    }

    private static Declared.Route route(String number, String trunk) {
        return new Declared.Route(number, trunk, "abc-defg-hij", "", "");
    }

    private static Declared.Webhook webhook(String url) {
        return new Declared.Webhook(
                url,
                "standard",
                new Secret("whsec_hidden"),
                List.of("call.*"),
                Map.of("Authorization", new Secret("Bearer hook-hidden")),
                false);
    }

    @Test
    void aTrunkComesBackWithAllItsFields() {
        try (Store store = open("")) {
            done(store.trunks().create(trunk("carrier")));
            assertThat(store.trunks().create(trunk("carrier")))
                    .isEqualTo(new Change.Taken<TrunkRow>("carrier"));
        }
        try (Store store = open("")) {
            TrunkRow row = store.trunks().find("carrier").orElseThrow();
            assertThat(row.trunk()).isEqualTo(trunk("carrier"));
            assertThat(row.source()).isEqualTo("api");
            assertThat(row.createdAt()).isEqualTo(NOON);
        }
    }

    @Test
    void theFilesTrunksComeFirstAndInItsOrder() {
        try (Store store = open("")) {
            done(store.trunks().create(trunk("a-by-api")));
        }
        String yaml =
                """
                trunks:
                  - { id: z-first, direction: inbound }
                  - { id: b-second, direction: inbound }
                """;
        try (Store store = open(yaml)) {
            assertThat(store.trunks().all())
                    .extracting(TrunkRow::id)
                    .containsExactly("z-first", "b-second", "a-by-api");
            assertThat(store.trunks().update("z-first", t -> Optional.of(t)))
                    .isEqualTo(new Change.DeclaredInFile<TrunkRow>());
            assertThat(store.trunks().delete("z-first"))
                    .isEqualTo(new Change.DeclaredInFile<TrunkRow>());
        }
        try (Store store = open("")) {
            assertThat(store.trunks().all()).extracting(TrunkRow::id).containsExactly("a-by-api");
        }
    }

    @Test
    void aTrunkThatARouteNamesIsNotDeletedAndARouteNamesATrunkThatIs() {
        try (Store store = open("")) {
            assertThat(store.routes().create(route("+15550100", "carrier")))
                    .isEqualTo(new Change.Missing<RouteRow>());
            done(store.trunks().create(trunk("carrier")));
            RouteRow row = done(store.routes().create(route("+15550100", "carrier")));
            assertThat(store.trunks().delete("carrier"))
                    .isEqualTo(new Change.InUse<TrunkRow>("the route of +15550100"));
            done(store.routes().delete(row.id()));
            done(store.trunks().delete("carrier"));
            assertThat(store.trunks().all()).isEmpty();
        }
    }

    @Test
    void aNumberLeadsOverOneTrunkToOnePlaceAlone() {
        try (Store store = open("")) {
            RouteRow first = done(store.routes().create(route("+15550100", "")));
            assertThat(store.routes().create(route("+15550100", "")))
                    .isEqualTo(new Change.Taken<RouteRow>("+15550100"));
            RouteRow other = done(store.routes().create(route("+15550101", "")));
            assertThat(store.routes().update(other.id(), _ -> Optional.of(route("+15550100", ""))))
                    .isEqualTo(new Change.Taken<RouteRow>("+15550100"));
            Declared.Route elsewhere = new Declared.Route("+15550100", "", "new", "", "");
            assertThat(done(store.routes().update(first.id(), _ -> Optional.of(elsewhere))))
                    .isEqualTo(new RouteRow(first.id(), elsewhere, NOON, "api"));
        }
    }

    @Test
    void aReadingOfTheFileTellsWhatItChangedPerKind() {
        String before =
                """
                accounts:
                  - { username: desk, password: one }
                  - { username: gone, password: one }
                api: { keys: [ { key: k1, token: "0123456789abcdef0123" } ] }
                rooms: [ { name: support, codes: [ { code: help-desk } ] } ]
                trunks: [ { id: t1, direction: inbound } ]
                routes: [ { number: "+1555", trunk: t1, room: help-desk } ]
                webhooks: [ { url: "https://a.example/h", secret: s1 } ]
                """;
        try (Store store = open(before)) {
            assertThat(store.declare(config(before).declared()).kinds().values())
                    .allMatch(k -> k.equals(new Redeclared.Kind(List.of(), List.of(), List.of())));
            now = NOON.plusSeconds(60);
            String after =
                    before.replace("desk, password: one", "desk, password: two")
                            .replace("  - { username: gone, password: one }\n", "")
                            .replace("0123456789abcdef0123", "fedcba98765432100123")
                            .replace("code: help-desk } ]", "code: help-desk }, { code: more } ]")
                            .replace(
                                    "id: t1, direction: inbound }",
                                    "id: t1, max_calls: 4, address: a.example }, { id: t2, direction: inbound }")
                            .replace("room: help-desk", "room: new")
                            .replace("secret: s1", "secret: s2");
            Redeclared kinds = store.declare(config(after).declared());
            assertThat(kinds.kind("accounts"))
                    .isEqualTo(new Redeclared.Kind(List.of(), List.of("desk"), List.of("gone")));
            assertThat(kinds.kind("keys").changed()).containsExactly("k1");
            assertThat(kinds.kind("rooms").changed()).containsExactly("support");
            assertThat(kinds.kind("trunks"))
                    .isEqualTo(new Redeclared.Kind(List.of("t2"), List.of("t1"), List.of()));
            assertThat(kinds.kind("routes").changed()).containsExactly("+1555 over t1");
            assertThat(kinds.kind("webhooks").changed()).hasSize(1);
            assertThat(store.trunks().find("t1").orElseThrow().createdAt()).isEqualTo(NOON);
        }
    }

    private static Deliveries.Event event(String id, String call) {
        return new Deliveries.Event(id, "call.ended", call, "{\"id\":\"" + id + "\"}");
    }

    @Test
    void eventsOfOneCallGoOneAfterTheOtherAndCallsDoNotWaitForEachOther() {
        try (Store store = open("")) {
            String hook = done(store.webhooks().create(webhook("https://a.example/"))).id();
            Deliveries outbox = store.deliveries();
            outbox.add(List.of(hook), event("evt_1", "call_a"));
            outbox.add(List.of(hook), event("evt_2", "call_a"));
            outbox.add(List.of(hook), event("evt_3", "call_b"));
            outbox.add(List.of(hook), event("evt_4", ""));
            outbox.add(List.of(hook), event("evt_5", ""));
            assertThat(outbox.due(NOON, 10))
                    .extracting(DeliveryRow::eventId)
                    .containsExactlyInAnyOrder("evt_1", "evt_3", "evt_4", "evt_5");
            DeliveryRow first = at(outbox, "evt_1");
            outbox.failed(first.id(), 503, "HTTP 503", Optional.of(NOON.plusSeconds(30)), NOON);
            // what failed still stands before what came after it
            assertThat(outbox.due(NOON.plusSeconds(29), 10))
                    .extracting(DeliveryRow::eventId)
                    .containsExactlyInAnyOrder("evt_3", "evt_4", "evt_5");
            assertThat(outbox.due(NOON.plusSeconds(30), 10))
                    .extracting(DeliveryRow::eventId)
                    .contains("evt_1")
                    .doesNotContain("evt_2");
            outbox.delivered(first.id(), 200, NOON.plusSeconds(31));
            assertThat(outbox.due(NOON.plusSeconds(31), 10))
                    .extracting(DeliveryRow::eventId)
                    .contains("evt_2")
                    .doesNotContain("evt_1");
            assertThat(outbox.find(hook, first.id()).orElseThrow())
                    .satisfies(
                            row -> {
                                assertThat(row.attempts()).isEqualTo(2);
                                assertThat(row.lastStatus()).isEqualTo(200);
                                assertThat(row.state()).isEqualTo("delivered");
                            });
        }
    }

    private static DeliveryRow at(Deliveries outbox, String event) {
        return outbox.due(NOON, 10).stream()
                .filter(row -> row.eventId().equals(event))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsGivenUpLetsTheNextGoAndCanBeSentAgainBehindIt() {
        try (Store store = open("")) {
            String hook = done(store.webhooks().create(webhook("https://a.example/"))).id();
            Deliveries outbox = store.deliveries();
            DeliveryRow first = outbox.add(List.of(hook), event("evt_1", "call_a")).getFirst();
            outbox.add(List.of(hook), event("evt_2", "call_a"));
            outbox.failed(first.id(), 0, "connection refused", Optional.empty(), NOON);
            assertThat(outbox.due(NOON, 10))
                    .extracting(DeliveryRow::eventId)
                    .containsExactly("evt_2");
            assertThat(outbox.again(hook, first.id()).orElseThrow().eventId()).isEqualTo("evt_1");
            assertThat(outbox.again("hook_other", first.id())).isEmpty();
            assertThat(outbox.due(NOON, 10))
                    .extracting(DeliveryRow::eventId)
                    .containsExactly("evt_2");
            assertThat(outbox.list(hook, null, 10).items()).hasSize(3);
            assertThat(outbox.nextDue()).contains(NOON);
            assertThat(outbox.deleteEndedBefore(NOON.plusSeconds(1))).isEqualTo(1);
            done(store.webhooks().delete(hook));
            assertThat(outbox.nextDue()).isEmpty();
        }
    }

    @Test
    void waitingDeliveriesOutliveTheProcessAndAChangeOfTheirWebhook() {
        String hook;
        try (Store store = open("")) {
            hook = done(store.webhooks().create(webhook("https://a.example/"))).id();
            store.deliveries().add(List.of(hook), event("evt_1", "call_a"));
            done(store.webhooks().update(hook, _ -> Optional.of(webhook("https://b.example/"))));
        }
        try (Store store = open("")) {
            assertThat(store.webhooks().find(hook).orElseThrow().webhook())
                    .isEqualTo(webhook("https://b.example/"));
            assertThat(store.deliveries().due(NOON, 10)).hasSize(1);
        }
    }

    @Test
    void answersAreKeptForAWhileAndTheLatestAlone() {
        try (Store store = open("")) {
            IdempotentAnswers kept = store.idempotentAnswers();
            for (int i = 1; i <= 4; i++) {
                now = now.plusSeconds(1);
                kept.keep("n" + i, new IdempotentAnswers.Kept("hash" + i, "answer " + i), 3);
            }
            assertThat(kept.find("n1", NOON)).isEmpty();
            assertThat(kept.find("n2", NOON))
                    .contains(new IdempotentAnswers.Kept("hash2", "answer 2"));
            assertThat(kept.find("n2", NOON.plusSeconds(3))).isEmpty();
            assertThat(kept.deleteBefore(NOON.plusSeconds(4))).isEqualTo(2);
            assertThat(kept.find("n4", NOON)).isPresent();
        }
    }
}
