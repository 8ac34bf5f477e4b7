package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.SecretBox.Place;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** {@link Accounts} over JDBI. Thread-safe. */
final class SqlAccounts implements Accounts {
    private final Connections connections;
    private final SecretBox box;
    private final InstantSource clock;
    private final AccountIndex index = new AccountIndex();

    SqlAccounts(Connections connections, SecretBox box, InstantSource clock) {
        this.connections = connections;
        this.box = box;
        this.clock = clock;
    }

    @Override
    public Recalled<AccountRow> recall(String username) {
        return index.recall(username);
    }

    @Override
    public Optional<AccountRow> byUsername(String username) {
        if (index.recall(username) instanceof Recalled.Unknown<AccountRow>) {
            remember();
        }
        return switch (index.recall(username)) {
            case Recalled.Known<AccountRow>(Optional<AccountRow> account) -> account;
            case Recalled.Unknown<AccountRow> _ ->
                    connections.read(handle -> byUsername(handle, username));
        };
    }

    /** Reads all accounts into memory. */
    void remember() {
        index.fill(this::list);
    }

    /** Any number of accounts change; memory says nothing then until they are read again. */
    <T> T all(Supplier<T> change) {
        return index.all(change);
    }

    Optional<AccountRow> byUsername(Handle handle, String username) {
        return handle.createQuery("SELECT * FROM accounts WHERE username = :username")
                .bind("username", username)
                .map((row, context) -> account(row))
                .findOne();
    }

    @Override
    public Optional<AccountRow> find(String id) {
        return connections.read(handle -> find(handle, id));
    }

    private Optional<AccountRow> find(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM accounts WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> account(row))
                .findOne();
    }

    @Override
    public List<AccountRow> list() {
        return connections.read(
                handle ->
                        handle.createQuery("SELECT * FROM accounts ORDER BY created_at, id")
                                .map((row, context) -> account(row))
                                .list());
    }

    @Override
    public Page<AccountRow> list(Page.@Nullable Cursor after, int limit) {
        return connections.read(
                handle ->
                        Pages.of(
                                handle,
                                "accounts",
                                after,
                                limit,
                                (row, context) -> account(row),
                                a -> new Page.Cursor(a.createdAt().toEpochMilli(), a.id())));
    }

    @Override
    public Change<AccountRow> create(
            String username, String realm, Secret password, List<String> rooms) {
        AccountRow row =
                row(
                        Names.id("acct"),
                        username,
                        realm,
                        password,
                        rooms,
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        "api");
        return index.put(
                () ->
                        connections.write(
                                handle -> {
                                    if (byUsername(handle, username).isPresent()) {
                                        return new Change.Taken<>(username);
                                    }
                                    put(handle, row);
                                    return new Change.Done<>(row);
                                }));
    }

    @Override
    public Change<AccountRow> update(
            String id, String realm, Optional<Secret> password, Optional<List<String>> rooms) {
        return index.put(
                () ->
                        changed(
                                id,
                                (handle, was) -> {
                                    List<String> enters = rooms.orElse(was.rooms());
                                    AccountRow row =
                                            password.map(
                                                            p ->
                                                                    row(
                                                                            id,
                                                                            was.username(),
                                                                            realm,
                                                                            p,
                                                                            enters,
                                                                            was.createdAt(),
                                                                            "api"))
                                                    .orElseGet(
                                                            () ->
                                                                    new AccountRow(
                                                                            id,
                                                                            was.username(),
                                                                            was.realm(),
                                                                            was.ha1Md5(),
                                                                            was.ha1Sha256(),
                                                                            enters,
                                                                            was.createdAt(),
                                                                            "api"));
                                    put(handle, row);
                                    return row;
                                }));
    }

    @Override
    public Change<AccountRow> delete(String id) {
        return index.remove(
                () ->
                        changed(
                                id,
                                (handle, was) -> {
                                    handle.createUpdate("DELETE FROM accounts WHERE id = :id")
                                            .bind("id", id)
                                            .execute();
                                    SqlNotes.forget(handle, id);
                                    return was;
                                }));
    }

    private interface Step {
        AccountRow on(Handle handle, AccountRow was);
    }

    private Change<AccountRow> changed(String id, Step step) {
        return connections.write(
                handle -> {
                    Optional<AccountRow> was = find(handle, id);
                    if (was.isEmpty()) {
                        return new Change.Missing<>();
                    }
                    return was.get().source().equals("file")
                            ? new Change.DeclaredInFile<>()
                            : new Change.Done<>(step.on(handle, was.get()));
                });
    }

    /** The file's, as it is now; one that the API made under its name becomes the file's. */
    void declare(
            Handle handle,
            String id,
            String username,
            String realm,
            Secret password,
            List<String> rooms,
            Instant now) {
        Optional<AccountRow> was = byUsername(handle, username);
        put(
                handle,
                row(
                        was.map(AccountRow::id).orElse(id),
                        username,
                        realm,
                        password,
                        rooms,
                        was.map(AccountRow::createdAt).orElse(now),
                        "file"));
    }

    private static AccountRow row(
            String id,
            String username,
            String realm,
            Secret password,
            List<String> rooms,
            Instant createdAt,
            String source) {
        String a1 = username + ":" + realm + ":" + password.value();
        return new AccountRow(
                id, username, realm, hex("MD5", a1), hex("SHA-256", a1), rooms, createdAt, source);
    }

    private void put(Handle handle, AccountRow row) {
        handle.createUpdate(
                        "INSERT INTO accounts (id, username, realm, ha1_md5, ha1_sha256, rooms,"
                                + " created_at, source) VALUES (:id, :username, :realm, :md5,"
                                + " :sha256, :rooms, :at, :source) ON CONFLICT (id) DO"
                                + " UPDATE SET realm = excluded.realm, ha1_md5 = excluded.ha1_md5,"
                                + " ha1_sha256 = excluded.ha1_sha256, rooms = excluded.rooms,"
                                + " source = excluded.source")
                .bind("id", row.id())
                .bind("username", row.username())
                .bind("realm", row.realm())
                .bind("md5", box.seal(new Secret(row.ha1Md5()), place("ha1_md5", row.id())))
                .bind(
                        "sha256",
                        box.seal(new Secret(row.ha1Sha256()), place("ha1_sha256", row.id())))
                .bind("rooms", Json.write(row.rooms()))
                .bind("at", row.createdAt().toEpochMilli())
                .bind("source", row.source())
                .execute();
    }

    /** Whoever has a hash can answer a challenge as if with the password (RFC 7616 §5.13). */
    private static Place place(String column, String id) {
        return new Place("accounts", column, id);
    }

    private AccountRow account(ResultSet row) throws SQLException {
        String id = row.getString("id");
        return new AccountRow(
                id,
                row.getString("username"),
                row.getString("realm"),
                box.unseal(row.getString("ha1_md5"), place("ha1_md5", id)).value(),
                box.unseal(row.getString("ha1_sha256"), place("ha1_sha256", id)).value(),
                Json.read(row.getString("rooms")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("source"));
    }

    Map<String, Object> ofFile(Handle handle) {
        Map<String, Object> rows = new LinkedHashMap<>();
        handle.createQuery(
                        "SELECT * FROM accounts WHERE source = 'file' ORDER BY created_at,"
                                + " username")
                .map((row, context) -> account(row))
                .forEach(account -> rows.put(account.username(), account));
        return rows;
    }

    private static String hex(String algorithm, String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance(algorithm)
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
