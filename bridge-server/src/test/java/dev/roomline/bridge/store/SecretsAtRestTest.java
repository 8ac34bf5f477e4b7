package dev.roomline.bridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomline.bridge.config.ConfigLoader;
import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.Entries;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.SecretBox.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a thief of the database, without the key, does not learn; and how keys are changed. */
@ParameterizedClass
@EnumSource(Engine.class)
final class SecretsAtRestTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String FIRST = Base64.getEncoder().encodeToString(bytes(1));
    private static final String SECOND = Base64.getEncoder().encodeToString(bytes(2));
    private static final Place HERE = new Place("trunks", "password_sealed", "t1");

    private static final String FILE =
            """
            accounts: [ { username: desk, password: "plain-account-word" } ]
            api:
              keys:
                - { key: k1, secret: "plain-key-secret-0123456789abcdef01", token: "plain-key-token-0123" }
            rooms: [ { name: support, codes: [ { code: help-desk, pin: "7410852963" } ] } ]
            trunks: [ { id: t1, direction: inbound, password: "plain-trunk-word", allow: [192.0.2.1], require_headers: { X-Id: "plain-required" } } ]
            webhooks:
              - { url: "https://a.example/h", secret: "plain-hook-secret", headers: { X-Key: "plain-hook-header" } }
            """;
    private static final List<String> PLAIN =
            List.of(
                    "plain-account-word",
                    "plain-key-secret",
                    "plain-key-token",
                    "7410852963",
                    "plain-trunk-word",
                    "plain-required",
                    "plain-hook-secret",
                    "plain-hook-header",
                    "plain-answer",
                    "plain-server-key");

    private final Engine engine;
    @TempDir Path folder;

    SecretsAtRestTest(Engine engine) {
        this.engine = engine;
    }

    private static byte[] bytes(int value) {
        byte[] key = new byte[32];
        java.util.Arrays.fill(key, (byte) value);
        return key;
    }

    private Store open(String yaml, String... sets) throws IOException {
        Path file = Files.writeString(folder.resolve("roomline.yaml"), yaml);
        List<String> all = new ArrayList<>(engine.settingsOf(folder));
        all.addAll(List.of(sets));
        var outcome = ConfigLoader.load(Optional.of(file), Map.of(), all, folder);
        RoomlineConfig config = ((ConfigLoader.Outcome.Loaded) outcome).config();
        return Store.open(config, () -> NOON);
    }

    @Test
    void noSecretStandsInTheDatabaseAndAllOfThemComeBack() throws IOException {
        try (Store store = open(FILE)) {
            store.idempotentAnswers()
                    .keep("n", new IdempotentAnswers.Kept("hash", "plain-answer"), 10);
            assertThat(store.serverKeys().keep("own", () -> new Secret("plain-server-key")))
                    .isEqualTo(new Secret("plain-server-key"));
            assertThat(engine.everythingOf(folder)).doesNotContain(PLAIN);
            String ha1 = store.accounts().byUsername("desk").orElseThrow().ha1Md5();
            assertThat(ha1).hasSize(32);
            assertThat(engine.everythingOf(folder)).doesNotContain(ha1);
        }
        try (Store store = open(FILE)) {
            assertThat(store.trunks().find("t1").orElseThrow().trunk().password())
                    .isEqualTo(new Secret("plain-trunk-word"));
            assertThat(store.rooms().enter("help-desk").orElseThrow().code().pin())
                    .isEqualTo("7410852963");
            Declared.Webhook hook = store.webhooks().all().getFirst().webhook();
            assertThat(hook.secret()).isEqualTo(new Secret("plain-hook-secret"));
            assertThat(hook.headers()).containsValue(new Secret("plain-hook-header"));
            assertThat(store.apiKeys().byToken("plain-key-token-0123").orElseThrow().secret())
                    .isEqualTo(new Secret("plain-key-secret-0123456789abcdef01"));
            assertThat(store.serverKeys().keep("own", () -> new Secret("another")))
                    .isEqualTo(new Secret("plain-server-key"));
        }
        assertThat(engine.everythingOf(folder)).doesNotContain(PLAIN);
    }

    @Test
    void noRowPrintsItsSecrets() throws IOException {
        try (Store store = open(FILE.replace("plain-required", "word"))) {
            String printed =
                    ""
                            + store.trunks().all()
                            + store.webhooks().all()
                            + store.accounts().list()
                            + store.apiKeys().list()
                            + store.rooms().list(null, null, 10);
            assertThat(printed).contains("t1", "desk").doesNotContain(PLAIN);
        }
    }

    @Test
    void aKeyIsChangedByPuttingANewOneBeforeIt() throws IOException {
        open(FILE, "database.key=" + FIRST).close();
        assertThat(folder.resolve("data/store.key")).doesNotExist();
        try (Store store = open("", "database.key=" + FIRST)) {
            store.trunks().create(trunk());
            store.serverKeys().keep("own", () -> new Secret("made-once"));
        }
        open("", "database.key=" + SECOND + "," + FIRST).close();
        // all was sealed anew, so the older key can go
        try (Store store = open("", "database.key=" + SECOND)) {
            assertThat(store.trunks().find("t2").orElseThrow().trunk().password())
                    .isEqualTo(new Secret("changed-with-the-key"));
            assertThat(store.serverKeys().keep("own", () -> new Secret("another")))
                    .isEqualTo(new Secret("made-once"));
        }
        assertThatThrownBy(() -> open("", "database.key=" + FIRST))
                .isInstanceOf(StoreException.class);
    }

    private static Declared.Trunk trunk() {
        Map<String, Object> fields =
                Map.of("id", "t2", "direction", "inbound", "password", "changed-with-the-key");
        return ((Entries.Read.Good<Declared.Trunk>) Entries.trunk(fields)).value();
    }

    @Test
    void anotherKeyIsOneClearSentenceAtStartAndLeavesAllAsItIs() throws IOException {
        open(FILE).close();
        Path file = folder.resolve("data/store.key");
        String right = Files.readString(file);
        Files.writeString(file, SECOND);
        assertThatThrownBy(() -> open(FILE))
                .isInstanceOf(StoreException.class)
                .hasMessageMatching(
                        "The secrets in the database are sealed with the key [0-9a-f]{8}, which is"
                                + " not in .*store\\.key \\(there: [0-9a-f]{8}\\); put that key"
                                + " back\\.");
        Files.delete(file);
        assertThatThrownBy(() -> open(FILE)).hasMessageContaining("put that key back");
        // no other key was made in its place
        assertThat(file).doesNotExist();
        Files.writeString(file, right);
        open(FILE).close();
    }

    @Test
    void aKeyFileThatHoldsNoKeyIsSaidAndNotReplaced() throws IOException {
        open(FILE).close();
        Path file = folder.resolve("data/store.key");
        Files.writeString(file, "not a key");
        assertThatThrownBy(() -> open(FILE)).hasMessageContaining("32 bytes in Base64");
        assertThat(file).hasContent("not a key");
    }

    @Test
    void aSealedTextOpensAtItsOwnPlaceAlone() throws IOException {
        SecretBox box = SecretBox.open(folder, new Secret(FIRST));
        String sealed = box.seal(new Secret("word"), HERE);
        assertThat(sealed).startsWith("v1." + box.keyId() + ".");
        assertThat(box.unseal(sealed, HERE)).isEqualTo(new Secret("word"));
        assertThat(box.seal(new Secret("word"), HERE)).isNotEqualTo(sealed);
        for (Place other :
                List.of(
                        new Place("trunks", "password_sealed", "t2"),
                        new Place("trunks", "settings", "t1"),
                        new Place("webhooks", "password_sealed", "t1"))) {
            assertThatThrownBy(() -> box.unseal(sealed, other))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("changed by somebody else");
        }
        String bent = sealed.substring(0, sealed.length() - 6) + "AAAA==";
        assertThatThrownBy(() -> box.unseal(bent, HERE)).isInstanceOf(StoreException.class);
    }
}
