package dev.roomline.bridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.config.ConfigLoader;
import dev.roomline.bridge.config.RoomlineConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept for the hosted products' dialects alone, over both databases. */
@ParameterizedClass
@EnumSource(Engine.class)
final class HostedRowsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private final Engine engine;
    @TempDir Path folder;

    HostedRowsTest(Engine engine) {
        this.engine = engine;
    }

    private Store open() {
        var outcome =
                ConfigLoader.load(Optional.empty(), Map.of(), engine.settingsOf(folder), folder);
        RoomlineConfig config = ((ConfigLoader.Outcome.Loaded) outcome).config();
        return Store.open(config, () -> NOON);
    }

    private static Passthrough.Trunk trunk(String id, boolean mode, Instant at) {
        return new Passthrough.Trunk(id, "Ümläut '" + id, "exotel", mode, "https://a.test/", at);
    }

    private static Passthrough.Call call(String id, String room, Instant at) {
        return new Passthrough.Call(
                id,
                room,
                "call-" + id,
                "trunk_1",
                "+919876543210",
                "{\"ticket\":\"4711\"}",
                "https://a.test/",
                at);
    }

    @Test
    void howATrunkWasMadeIsThereAfterARestartAndStaysWhatItWas() {
        Passthrough.Trunk first = trunk("trunk_1", true, NOON);
        Passthrough.Trunk second = trunk("trunk_2", false, NOON.plusMillis(1));
        try (Store store = open()) {
            store.passthrough().add(first);
            store.passthrough().add(second);
            store.passthrough().add(trunk("trunk_1", false, NOON.plusSeconds(9)));
        }
        try (Store store = open()) {
            assertThat(store.passthrough().trunks()).containsExactly(second, first);
        }
    }

    @Test
    void anOrderIsThereAfterARestartByItsIdAndByItsRoom() {
        Passthrough.Call one = call("queue_1", "room_1", NOON);
        Passthrough.Call two = call("queue_2", "room_2", NOON);
        try (Store store = open()) {
            store.passthrough().add(one);
            store.passthrough().add(two);
        }
        try (Store store = open()) {
            assertThat(store.passthrough().call("queue_1")).contains(one);
            assertThat(store.passthrough().call("queue_3")).isEmpty();
            assertThat(store.passthrough().ofRooms(List.of("room_2", "room_3")))
                    .containsExactly(two);
            assertThat(store.passthrough().ofRooms(List.of())).isEmpty();
        }
    }

    @Test
    void anOldOrderIsForgottenUnlessItsCallGoesOn() {
        try (Store store = open()) {
            store.calls().put(StoreTest.call("call_1", NOON, "answered"));
            String room = store.calls().find("call_1").orElseThrow().room();
            store.passthrough().add(call("queue_open", String.valueOf(room), NOON));
            store.passthrough().add(call("queue_over", "room_over", NOON));
            store.passthrough().add(call("queue_new", "room_new", NOON.plusSeconds(60)));
            assertThat(store.passthrough().deleteBefore(NOON.plusSeconds(60))).isEqualTo(1);
            assertThat(store.passthrough().call("queue_open")).isPresent();
            assertThat(store.passthrough().call("queue_over")).isEmpty();
            assertThat(store.passthrough().call("queue_new")).isPresent();
        }
    }

    @Test
    void aNoteIsThereAfterARestartIsReplacedAndDeletedAlone() {
        try (Store store = open()) {
            store.notes().put("a", "one", Map.of("tags", List.of("x", "y")));
            store.notes().put("a", "one", Map.of("name", "Ümläut"));
            store.notes().put("a", "two", Map.of());
            store.notes().put("b", "one", Map.of("of", "another kind"));
        }
        try (Store store = open()) {
            assertThat(store.notes().find("a", "one")).contains(Map.of("name", "Ümläut"));
            store.notes().delete("a", "one");
            assertThat(store.notes().find("a", "one")).isEmpty();
            assertThat(store.notes().all("a")).containsOnlyKeys("two");
            assertThat(store.notes().find("b", "one")).isPresent();
        }
    }
}
