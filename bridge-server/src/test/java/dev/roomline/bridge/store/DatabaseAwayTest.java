package dev.roomline.bridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomline.bridge.config.ConfigLoader;
import dev.roomline.bridge.config.RoomlineConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL that is not there, not ours, or restarted. */
final class DatabaseAwayTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    @TempDir Path folder;

    private Store open(String url) {
        var outcome =
                ConfigLoader.load(
                        Optional.empty(), Map.of(), List.of("database.url=" + url), folder);
        RoomlineConfig config = ((ConfigLoader.Outcome.Loaded) outcome).config();
        return Store.open(config, () -> NOON);
    }

    @Test
    void aServerThatIsNotThereIsOneSentenceWithoutThePassword() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        String url =
                "jdbc:postgresql://127.0.0.1:" + closed + "/calls?user=u&password=hunter2-hidden";
        assertThatThrownBy(() -> open(url))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(
                        "PostgreSQL at 127.0.0.1:" + closed + "/calls cannot be reached: ")
                .hasMessageEndingWith(
                        "Expected by database.url: a server that runs there and lets us in.")
                .hasMessageNotContaining("hunter2-hidden");
    }

    @Test
    void aServerThatAcceptsAndNeverAnswersIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            long began = System.nanoTime();
            String url = "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/calls";
            assertThatThrownBy(() -> open(url)).isInstanceOf(StoreException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void anAddressThatIsNoneIsSaid() {
        assertThatThrownBy(() -> open("jdbc:postgresql://host:port/x"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("jdbc:postgresql://host:5432/database");
    }

    @Test
    void aDatabaseThatDoesNotExistIsSaid() {
        assertThatThrownBy(() -> open(Engine.serverUrl("nowhere")))
                .hasMessageContaining("has no such database");
    }

    @Test
    void aRestartOfTheDatabaseLosesNothingAndCostsTheNextCallNothing() throws IOException {
        Path data = Files.createDirectories(folder.resolve("pg"));
        EmbeddedPostgres first = start(data, 0);
        int port = first.getPort();
        String url = first.getJdbcUrl("postgres", "postgres");
        try (Store store = open(url)) {
            store.calls().put(StoreTest.call("call_1", NOON, "answered"));
            first.close();
            assertThatThrownBy(() -> store.calls().put(StoreTest.call("call_2", NOON, "answered")))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("The database does not answer.");
            try (EmbeddedPostgres again = start(data, port)) {
                assertThat(again.getPort()).isEqualTo(port);
                store.calls().put(StoreTest.call("call_2", NOON, "answered"));
                assertThat(store.calls().find("call_1")).isPresent();
                assertThat(store.calls().find("call_2")).isPresent();
            }
        }
    }

    private static EmbeddedPostgres start(Path data, int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
    }
}
