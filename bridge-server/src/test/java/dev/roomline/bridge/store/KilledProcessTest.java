package dev.roomline.bridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.config.ConfigLoader;
import dev.roomline.bridge.config.RoomlineConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that is killed in the middle of its writing has lost nothing that it had told of. */
@ParameterizedClass
@EnumSource(Engine.class)
final class KilledProcessTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final int TOLD_BEFORE_THE_KILL = 40;
    private final Engine engine;
    @TempDir Path folder;

    KilledProcessTest(Engine engine) {
        this.engine = engine;
    }

    private static Store open(Path folder, List<String> sets) {
        var outcome = ConfigLoader.load(Optional.empty(), Map.of(), sets, folder);
        RoomlineConfig config = ((ConfigLoader.Outcome.Loaded) outcome).config();
        return Store.open(config, () -> NOON);
    }

    /** The process: rows of each kind without end, each told of once it is committed. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            Path folder = Path.of(arguments[0]);
            List<String> sets = List.of(arguments).subList(1, arguments.length);
            try (Store store = open(folder, sets)) {
                for (int i = 0; ; i++) {
                    store.calls().put(StoreTest.call("call_" + i, NOON, "answered"));
                    RoomRow room =
                            ((Change.Done<RoomRow>)
                                            store.rooms()
                                                    .create(
                                                            new Rooms.NewRoom(
                                                                    "r", List.of(), "code", 9,
                                                                    List.of(), true)))
                                    .row();
                    System.out.println("call_" + i + " " + room.id());
                    System.out.flush();
                }
            }
        }
    }

    @Test
    void whatWasToldOfIsThereAfterTheKillAndOpenCallsAreMarked() throws Exception {
        List<String> told = writeUntilKilled();
        assertThat(told).hasSizeGreaterThanOrEqualTo(TOLD_BEFORE_THE_KILL);
        try (Store store = open(folder, engine.settingsOf(folder))) {
            for (String line : told) {
                String[] ids = line.split(" ");
                assertThat(store.calls().find(ids[0])).as(ids[0]).isPresent();
                assertThat(store.rooms().find(ids[1])).as(ids[1]).isPresent();
            }
            assertThat(store.calls().endCrashed(NOON.plusSeconds(1)))
                    .isGreaterThanOrEqualTo(told.size());
            assertThat(store.calls().find("call_0").orElseThrow().endReason())
                    .isEqualTo("server_crashed");
        }
    }

    private List<String> writeUntilKilled() throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Writer.class.getName(),
                                folder.toString()));
        command.addAll(engine.settingsOf(folder));
        Process writer =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String> told = new ArrayList<>();
        try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // the last line may be cut off by the kill
                if (line.matches("call_\\d+ room_[a-z0-9]{20}")) {
                    told.add(line);
                }
                if (told.size() == TOLD_BEFORE_THE_KILL) {
                    // SIGKILL; what it wrote before stays to be read
                    writer.toHandle().destroyForcibly();
                }
            }
        } finally {
            writer.destroyForcibly();
        }
        assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return told;
    }
}
