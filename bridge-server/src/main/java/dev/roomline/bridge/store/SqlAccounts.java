package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** {@link Accounts} over JDBI. Thread-safe. */
final class SqlAccounts implements Accounts {
    private final Jdbi jdbi;
    private final InstantSource clock;

    SqlAccounts(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    @Override
    public Optional<AccountRow> byUsername(String username) {
        return jdbi.withHandle(handle -> byUsername(handle, username));
    }

    static Optional<AccountRow> byUsername(Handle handle, String username) {
        return handle.createQuery("SELECT * FROM accounts WHERE username = :username")
                .bind("username", username)
                .map((row, context) -> account(row))
                .findOne();
    }

    @Override
    public List<AccountRow> list() {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery("SELECT * FROM accounts ORDER BY created_at, id")
                                .map((row, context) -> account(row))
                                .list());
    }

    @Override
    public Change<AccountRow> create(
            String username, String realm, Secret password, List<String> rooms) {
        return jdbi.inTransaction(
                handle -> {
                    if (byUsername(handle, username).isPresent()) {
                        return new Change.Taken<AccountRow>(username);
                    }
                    AccountRow row = row(Names.id("acct"), username, realm, password, rooms, "api");
                    put(handle, row, clock.instant());
                    return new Change.Done<>(row);
                });
    }

    @Override
    public Change<AccountRow> delete(String id) {
        return jdbi.inTransaction(
                handle -> {
                    Optional<AccountRow> found =
                            handle.createQuery("SELECT * FROM accounts WHERE id = :id")
                                    .bind("id", id)
                                    .map((row, context) -> account(row))
                                    .findOne();
                    if (found.isEmpty()) {
                        return new Change.Missing<AccountRow>();
                    }
                    if (found.get().source().equals("file")) {
                        return new Change.DeclaredInFile<AccountRow>();
                    }
                    handle.createUpdate("DELETE FROM accounts WHERE id = :id")
                            .bind("id", id)
                            .execute();
                    return new Change.Done<>(found.get());
                });
    }

    static AccountRow row(
            String id,
            String username,
            String realm,
            Secret password,
            List<String> rooms,
            String source) {
        String a1 = username + ":" + realm + ":" + password.value();
        return new AccountRow(
                id, username, realm, hex("MD5", a1), hex("SHA-256", a1), rooms, source);
    }

    static void put(Handle handle, AccountRow row, Instant now) {
        handle.createUpdate(
                        "INSERT INTO accounts (id, username, realm, ha1_md5, ha1_sha256, rooms,"
                                + " created_at, source) VALUES (:id, :username, :realm, :md5,"
                                + " :sha256, :rooms, :at, :source) ON CONFLICT (username) DO"
                                + " UPDATE SET realm = excluded.realm, ha1_md5 = excluded.ha1_md5,"
                                + " ha1_sha256 = excluded.ha1_sha256, rooms = excluded.rooms,"
                                + " source = excluded.source")
                .bind("id", row.id())
                .bind("username", row.username())
                .bind("realm", row.realm())
                .bind("md5", row.ha1Md5())
                .bind("sha256", row.ha1Sha256())
                .bind("rooms", Json.write(row.rooms()))
                .bind("at", now.toEpochMilli())
                .bind("source", row.source())
                .execute();
    }

    private static AccountRow account(ResultSet row) throws SQLException {
        return new AccountRow(
                row.getString("id"),
                row.getString("username"),
                row.getString("realm"),
                row.getString("ha1_md5"),
                row.getString("ha1_sha256"),
                Json.read(row.getString("rooms")),
                row.getString("source"));
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
