package dev.roomline.bridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomline.bridge.config.ConfigLoader;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.Rooms.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the store answers from memory is what the database would answer, after every change. */
@ParameterizedClass
@EnumSource(Engine.class)
final class StoreMemoryTest {
    private static final String DECLARED =
            """
            accounts:
              - { username: desk, password: first-password, rooms: ["*"] }
            rooms:
              - { name: Help, codes: [ { code: help-desk, role: guest } ] }
              - { name: Sales, codes: [ { code: sales-line, role: guest } ] }
            """;

    private final Engine engine;
    @TempDir Path folder;
    private Store store;

    StoreMemoryTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        store = Store.open(config(DECLARED), Instant::now);
    }

    @AfterEach
    void close() {
        store.close();
    }

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

    private static <T> T done(Change<T> change) {
        return ((Change.Done<T>) change).row();
    }

    private static <T> Optional<T> known(Recalled<T> recalled) {
        assertThat(recalled).isInstanceOf(Recalled.Known.class);
        return ((Recalled.Known<T>) recalled).answer();
    }

    private AccountRow account(String username) {
        return done(
                store.accounts()
                        .create(username, "roomline", new Secret("old-password"), List.of("*")));
    }

    private RoomRow room(String name, String... codes) {
        return done(
                store.rooms()
                        .create(
                                new Rooms.NewRoom(
                                        name,
                                        List.of(codes).stream().map(StoreMemoryTest::code).toList(),
                                        "code",
                                        100,
                                        List.of(),
                                        true)));
    }

    private static Rooms.NewCode code(String code) {
        return new Rooms.NewCode(Optional.of(code), "guest", "", "both");
    }

    /** Asked twice, so that the second answer is memory's. */
    private Entry remembered(String code) {
        store.rooms().enter(code);
        return known(store.rooms().recall(code)).orElseThrow();
    }

    @Test
    void allAccountsAreKnownFromTheStartAndSoIsThatANameIsNobodys() {
        AccountRow desk = known(store.accounts().recall("desk")).orElseThrow();
        assertThat(store.accounts().find(desk.id())).contains(desk);
        assertThat(known(store.accounts().recall("nobody"))).isEmpty();
    }

    @Test
    void anAccountThatIsMadeChangedOrDeletedIsKnownAsItIsNow() {
        AccountRow made = account("mobile");
        assertThat(known(store.accounts().recall("mobile"))).contains(made);
        assertThat(store.accounts().find(made.id())).contains(made);

        Optional<Secret> password = Optional.of(new Secret("new-password"));
        AccountRow changed =
                done(
                        store.accounts()
                                .update(
                                        made.id(),
                                        "roomline",
                                        password,
                                        Optional.of(List.of("sales-line"))));
        assertThat(known(store.accounts().recall("mobile"))).contains(changed);
        assertThat(changed.ha1Md5()).isNotEqualTo(made.ha1Md5());
        assertThat(store.accounts().find(made.id())).contains(changed);

        done(store.accounts().delete(made.id()));
        assertThat(known(store.accounts().recall("mobile"))).isEmpty();
        assertThat(store.accounts().byUsername("mobile")).isEmpty();
    }

    @Test
    void whatTheFileDeclaresAnewIsSeenAtOnce() {
        String before = known(store.accounts().recall("desk")).orElseThrow().ha1Md5();
        assertThat(remembered("help-desk").room().name()).isEqualTo("Help");
        store.declare(
                config(
                                """
                                accounts:
                                  - { username: desk, password: other-password, rooms: ["*"] }
                                rooms:
                                  - { name: Sales, codes: [ { code: help-desk, role: guest } ] }
                                """)
                        .declared());
        assertThat(store.accounts().byUsername("desk").orElseThrow().ha1Md5()).isNotEqualTo(before);
        assertThat(known(store.accounts().recall("desk")))
                .isEqualTo(store.accounts().byUsername("desk"));
        assertThat(store.rooms().enter("help-desk").orElseThrow().room().name()).isEqualTo("Sales");
        assertThat(store.rooms().enter("sales-line")).isEmpty();
    }

    @Test
    void aCodeIsRememberedWithoutRegardToCaseOnceItWasDialled() {
        room("Team", "team-room");
        assertThat(store.rooms().recall("team-room")).isInstanceOf(Recalled.Unknown.class);
        assertThat(remembered("team-room")).isEqualTo(remembered("TEAM-Room"));
        assertThat(remembered("team-room").room().name()).isEqualTo("Team");
    }

    @Test
    void aCodeThatIsDisabledIsDisabledForTheNextCall() {
        RoomRow row = room("Team", "team-room", "team-other");
        assertThat(remembered("team-room").code().enabled()).isTrue();
        done(store.rooms().enableCode(row.id(), "TEAM-ROOM", false));
        assertThat(store.rooms().enter("team-room").orElseThrow().code().enabled()).isFalse();
        done(store.rooms().enableCode(row.id(), "team-room", true));
        assertThat(remembered("team-room").code().enabled()).isTrue();
    }

    @Test
    void aRoomThatIsChangedIsEnteredAsItIsNowByEachOfItsCodes() {
        RoomRow row = room("Team", "team-room", "team-other");
        assertThat(remembered("team-room").room().hideNumbers()).isTrue();
        assertThat(remembered("team-other").room().maxParticipants()).isEqualTo(100);
        done(
                store.rooms()
                        .update(
                                row.id(),
                                new Rooms.RoomPatch(
                                        Optional.of("Crew"),
                                        Optional.of(2),
                                        Optional.empty(),
                                        Optional.of(false),
                                        Optional.empty())));
        done(store.rooms().addCode("team-other", code("team-third")));
        for (String code : List.of("team-room", "team-other", "team-third")) {
            Entry entry = remembered(code);
            assertThat(entry.room().name()).isEqualTo("Crew");
            assertThat(entry.room().maxParticipants()).isEqualTo(2);
            assertThat(entry.room().hideNumbers()).isFalse();
            assertThat(entry.room().codes()).hasSize(3);
        }
    }

    @Test
    void aRoomThatIsDeletedIsEnteredByNobodyAndItsCodeMayLeadElsewhere() {
        room("Team", "team-room");
        remembered("team-room");
        done(store.rooms().delete("team-room"));
        assertThat(store.rooms().enter("team-room")).isEmpty();
        assertThat(room("Other", "team-room").name()).isEqualTo("Other");
        assertThat(remembered("team-room").room().name()).isEqualTo("Other");
    }

    @Test
    void roomsOfLostCallsAreForgotten() {
        Rooms.NewRoom own = new Rooms.NewRoom("Own", List.of(), "code", 9, List.of(), true);
        String code = store.rooms().createForCall(own).codes().getFirst().code();
        remembered(code);
        assertThat(store.rooms().deleteMadeForCalls()).isOne();
        assertThat(store.rooms().enter(code)).isEmpty();
    }

    @Test
    void whatWasReadWhileARoomChangedIsNotKept() {
        RoomRow row = room("Team", "team-room");
        Entry old = store.rooms().enter("team-room").orElseThrow();
        CodeMemory memory = new CodeMemory();
        memory.keeping(
                "team-room",
                () -> {
                    memory.forget(row);
                    return Optional.of(old);
                });
        assertThat(memory.recall("team-room")).isInstanceOf(Recalled.Unknown.class);
        memory.keeping("team-room", () -> Optional.of(old));
        assertThat(known(memory.recall("team-room"))).contains(old);
    }

    @Test
    void memoryOfCodesIsBounded() {
        Entry some = store.rooms().enter("help-desk").orElseThrow();
        CodeMemory memory = new CodeMemory();
        for (int i = 0; i <= CodeMemory.MOST; i++) {
            memory.keeping("code-" + i, () -> Optional.of(some));
        }
        assertThat(memory.recall("code-0")).isInstanceOf(Recalled.Unknown.class);
        assertThat(known(memory.recall("code-1"))).contains(some);
    }

    @Test
    void afterAChangeThatNobodyKnowsTheOutcomeOfTheDatabaseIsAskedUntilAllIsReadAgain() {
        AccountRow mobile = account("mobile");
        AccountIndex index = new AccountIndex();
        AtomicInteger reads = new AtomicInteger();
        index.fill(
                () -> {
                    reads.incrementAndGet();
                    return List.of(mobile);
                });
        assertThat(known(index.recall("mobile"))).contains(mobile);
        assertThatThrownBy(
                        () ->
                                index.remove(
                                        () -> {
                                            throw new StoreException("gone", new Exception());
                                        }))
                .isInstanceOf(StoreException.class);
        assertThat(index.recall("mobile")).isInstanceOf(Recalled.Unknown.class);
        index.fill(List::of);
        assertThat(known(index.recall("mobile"))).isEmpty();
        assertThat(reads).hasValue(1);
    }
}
