package dev.roomline.bridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomline.bridge.config.ConfigLoader;
import dev.roomline.bridge.config.Declared.Scope;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The store over a real SQLite file and over a real PostgreSQL. */
@ParameterizedClass
@EnumSource(Engine.class)
final class StoreTest {
    private final Engine engine;
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    @TempDir Path folder;

    StoreTest(Engine engine) {
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
            return ((ConfigLoader.Outcome.Loaded) outcome).config();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Store open(String yaml) {
        return Store.open(config(yaml), clock);
    }

    private static Rooms.NewRoom room(String name, String... codes) {
        return new Rooms.NewRoom(
                name,
                java.util.Arrays.stream(codes)
                        .map(c -> new Rooms.NewCode(Optional.of(c), "guest", "", "both"))
                        .toList(),
                "code",
                100,
                List.of(),
                true);
    }

    private static <T> T done(Change<T> change) {
        return ((Change.Done<T>) change).row();
    }

    @Test
    void theDataFolderAndItsFilesAreForTheServersUserAlone() throws IOException {
        try (Store store = open("data_dir: data")) {
            assertThat(store.rooms().count()).isZero();
            Path data = folder.resolve("data");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
            List<String> files =
                    switch (engine) {
                        case SQLITE -> List.of("roomline.db", "store.key", "roomline.db-wal");
                        case POSTGRESQL -> List.of("store.key");
                    };
            for (String name : files) {
                assertThat(
                                PosixFilePermissions.toString(
                                        Files.getPosixFilePermissions(data.resolve(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void aRoomMadeWithoutCodesHasOneOfOurs() {
        try (Store store = open("")) {
            RoomRow row = done(store.rooms().create(room("plain")));
            assertThat(row.codes()).hasSize(1);
            assertThat(row.codes().getFirst().code()).matches("[a-z]{3}-[a-z]{4}-[a-z]{3}");
            assertThat(row.codes().getFirst().role()).isEqualTo("guest");
            assertThat(store.rooms().find(row.codes().getFirst().code())).contains(row);
        }
    }

    @Test
    void codesAreComparedWithoutRegardToCase() {
        try (Store store = open("")) {
            RoomRow row = done(store.rooms().create(room("a", "Team-One")));
            assertThat(store.rooms().enter("tEAM-oNE").map(e -> e.room().id())).contains(row.id());
            assertThat(store.rooms().create(room("b", "TEAM-ONE")))
                    .isEqualTo(new Change.Taken<RoomRow>("TEAM-ONE"));
            assertThat(store.rooms().list("b", null, 10).items()).isEmpty();
        }
    }

    @Test
    void twoOfOurCodesNeverHaveTheSameSpellingOnAPhonesKeys() {
        try (Store store = open("")) {
            Set<String> spellings = new HashSet<>();
            for (int i = 0; i < 60; i++) {
                String code = done(store.rooms().create(room("r"))).codes().getFirst().code();
                assertThat(spellings.add(Names.keypad(code))).isTrue();
            }
            assertThat(Names.keypad("abc-dwxz-pqs")).isEqualTo("2223999777");
        }
    }

    @Test
    void aDisabledCodeIsFoundAndSaysSo() {
        try (Store store = open("")) {
            RoomRow row = done(store.rooms().create(room("a", "one-two", "three")));
            done(store.rooms().enableCode(row.id(), "ONE-TWO", false));
            assertThat(store.rooms().enter("one-two").map(e -> e.code().enabled())).contains(false);
            assertThat(store.rooms().enter("three").map(e -> e.code().enabled())).contains(true);
        }
    }

    @Test
    void aDeletedRoomsCodesDieWithIt() {
        try (Store store = open("")) {
            done(store.rooms().create(room("a", "gone-soon")));
            done(store.rooms().delete("gone-soon"));
            assertThat(store.rooms().enter("gone-soon")).isEmpty();
            assertThat(done(store.rooms().create(room("b", "gone-soon"))).name()).isEqualTo("b");
        }
    }

    @Test
    void listsGoOnWhereTheCursorSays() {
        try (Store store = open("")) {
            for (int i = 0; i < 5; i++) {
                now = now.plusMillis(i % 2);
                done(store.rooms().create(room("room " + i)));
            }
            Set<String> seen = new HashSet<>();
            Page<RoomRow> page = store.rooms().list(null, null, 2);
            page.items().forEach(r -> seen.add(r.id()));
            while (page.next().isPresent()) {
                page = store.rooms().list(null, page.next().get(), 2);
                page.items().forEach(r -> assertThat(seen.add(r.id())).isTrue());
            }
            assertThat(seen).hasSize(5);
        }
    }

    private static final String FILE =
            """
            accounts:
              - { username: desk, password: "pa55" }
            api: { keys: [ { key: k1, token: "0123456789abcdef0123", scopes: [rooms] } ] }
            rooms:
              - name: support
                codes: [ { code: help-desk, role: host }, { code: help-line } ]
            """;

    @Test
    void whatTheFileDeclaresIsThereAfterEachStartUnderTheSameIds() {
        String id;
        try (Store store = open(FILE)) {
            id = store.rooms().find("HELP-DESK").orElseThrow().id();
            assertThat(store.accounts().byUsername("desk").orElseThrow().source())
                    .isEqualTo("file");
        }
        now = now.plusSeconds(60);
        try (Store store = open(FILE)) {
            RoomRow room = store.rooms().find("help-line").orElseThrow();
            assertThat(room.id()).isEqualTo(id);
            assertThat(room.createdAt()).isEqualTo(NOON);
            assertThat(room.source()).isEqualTo("file");
        }
    }

    @Test
    void whatIsGoneFromTheFileIsGoneFromTheStoreAndTheRestStays() {
        try (Store store = open(FILE)) {
            done(store.rooms().create(room("mine", "made-by-api")));
        }
        try (Store store = open("")) {
            assertThat(store.rooms().find("help-desk")).isEmpty();
            assertThat(store.accounts().byUsername("desk")).isEmpty();
            assertThat(store.apiKeys().byToken("0123456789abcdef0123")).isEmpty();
            assertThat(store.rooms().find("made-by-api")).isPresent();
        }
    }

    @Test
    void whatTheFileDeclaresCannotBeChangedHere() {
        try (Store store = open(FILE)) {
            assertThat(store.rooms().delete("help-desk"))
                    .isEqualTo(new Change.DeclaredInFile<RoomRow>());
            assertThat(store.rooms().enableCode("help-desk", "help-line", false))
                    .isInstanceOf(Change.DeclaredInFile.class);
            AccountRow account = store.accounts().byUsername("desk").orElseThrow();
            assertThat(store.accounts().delete(account.id()))
                    .isInstanceOf(Change.DeclaredInFile.class);
        }
    }

    @Test
    void anAccountKeepsTheHashesOfRfc7616AndNoPassword() throws IOException {
        try (Store store = open("")) {
            AccountRow row =
                    done(
                            store.accounts()
                                    .create(
                                            "Mufasa",
                                            "http-auth@example.org",
                                            new Secret("Circle of Life"),
                                            List.of("*")));
            // RFC 7616 §3.9.1 names user, realm and password; its H(A1) computed by hand.
            assertThat(row.ha1Md5()).isEqualTo("3d78807defe7de2157e2b0b6573a855f");
            assertThat(row.ha1Sha256())
                    .isEqualTo("7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232");
        }
        assertThat(everythingOnDisk()).doesNotContain("Circle of Life");
    }

    @Test
    void tokensAreNotOnDiskAndSecretsAreSealed() throws IOException {
        String token = "tok_0123456789012345678901234";
        String secret = "secret-secret-secret-secret-secret-42";
        try (Store store = open("")) {
            done(
                    store.apiKeys()
                            .create(
                                    "k",
                                    new Secret(secret),
                                    new Secret(token),
                                    "n",
                                    List.of(Scope.READ)));
            assertThat(store.apiKeys().byToken(token).map(ApiKeyRow::secret))
                    .contains(new Secret(secret));
            assertThat(store.apiKeys().byToken(token + "x")).isEmpty();
        }
        assertThat(everythingOnDisk()).doesNotContain(token).doesNotContain(secret);
    }

    private String everythingOnDisk() throws IOException {
        return engine.everythingOf(folder);
    }

    static CallRow call(String id, Instant at, String state) {
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
                at,
                null,
                null,
                null,
                null,
                0,
                null,
                "{}");
    }

    @Test
    void callsThatWereOpenAtACrashEndAsServerCrashed() {
        try (Store store = open("")) {
            store.calls().put(call("call_1", NOON, "answered"));
        }
        try (Store store = open("")) {
            assertThat(store.calls().endCrashed(NOON.plusSeconds(9))).isEqualTo(1);
            CallRow row = store.calls().find("call_1").orElseThrow();
            assertThat(row.state()).isEqualTo("ended");
            assertThat(row.endReason()).isEqualTo("server_crashed");
            assertThat(row.endCulprit()).isEqualTo("us");
            assertThat(row.endedAt()).isEqualTo(NOON.plusSeconds(9));
            assertThat(store.calls().endCrashed(NOON.plusSeconds(10))).isZero();
        }
    }

    @Test
    void aCallPutAgainReplacesItsRow() {
        try (Store store = open("")) {
            store.calls().put(call("call_1", NOON, "ringing"));
            store.calls().put(call("call_1", NOON, "answered"));
            assertThat(store.calls().list(Calls.Filter.ALL, null, 10).items())
                    .containsExactly(call("call_1", NOON, "answered"));
        }
    }

    @Test
    void callsAreFilteredAndOldOnesForgotten() {
        try (Store store = open("")) {
            store.calls().put(call("call_1", NOON, "answered"));
            store.calls().put(call("call_2", NOON.plusSeconds(1), "ringing"));
            var ringing = new Calls.Filter("room_1", null, "ringing", null, "inbound", NOON, null);
            assertThat(store.calls().list(ringing, null, 10).items())
                    .extracting(CallRow::id)
                    .containsExactly("call_2");
            assertThat(store.calls().deleteEndedBefore(NOON.plusSeconds(99))).isZero();
            store.calls().endCrashed(NOON.plusSeconds(5));
            store.notes().put("a.call", "call_1", Map.of("lead", 9));
            store.notes().put("a.trunk", "trunk_1", Map.of("tag", "x"));
            assertThat(store.calls().deleteEndedBefore(NOON.plusSeconds(5))).isZero();
            assertThat(store.notes().find("a.call", "call_1")).isPresent();
            assertThat(store.calls().deleteEndedBefore(NOON.plusSeconds(99))).isEqualTo(2);
            assertThat(store.notes().find("a.call", "call_1")).as("goes with its call").isEmpty();
            assertThat(store.notes().find("a.trunk", "trunk_1")).isPresent();
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsOneSentence() throws IOException {
        Files.writeString(folder.resolve("plain"), "a file");
        assertThatThrownBy(() -> open("data_dir: plain/inside"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("data folder");
    }

    @Test
    void manyWritersAtOnceAllSucceed() throws Exception {
        try (Store store = open("")) {
            List<Thread> threads = new java.util.ArrayList<>();
            for (int t = 0; t < 16; t++) {
                threads.add(
                        Thread.startVirtualThread(
                                () -> {
                                    for (int i = 0; i < 5; i++) {
                                        done(store.rooms().create(room("many")));
                                    }
                                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(store.rooms().count()).isEqualTo(80);
        }
    }
}
