package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared.Scope;
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
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** {@link ApiKeys} over JDBI. Thread-safe. */
final class SqlApiKeys implements ApiKeys {
    private final Jdbi jdbi;
    private final SecretBox box;
    private final InstantSource clock;

    SqlApiKeys(Jdbi jdbi, SecretBox box, InstantSource clock) {
        this.jdbi = jdbi;
        this.box = box;
        this.clock = clock;
    }

    /**
     * The index is asked for the hash, so what its look-up's time could tell is about a hash that
     * nobody can aim at; the rest is compared in constant time.
     */
    @Override
    public Optional<ApiKeyRow> byToken(String token) {
        String hash = sha256(token);
        return jdbi.withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT * FROM api_keys WHERE token_sha256 = :hash")
                                        .bind("hash", hash)
                                        .map(
                                                (row, context) ->
                                                        new Hashed(
                                                                row.getString("token_sha256"),
                                                                key(row)))
                                        .findOne())
                .filter(found -> same(found.hash(), hash))
                .map(Hashed::row);
    }

    private record Hashed(String hash, ApiKeyRow row) {}

    private static boolean same(String a, String b) {
        return MessageDigest.isEqual(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<ApiKeyRow> byKey(String key) {
        return jdbi.withHandle(handle -> byKey(handle, key));
    }

    private Optional<ApiKeyRow> byKey(Handle handle, String key) {
        return handle.createQuery("SELECT * FROM api_keys WHERE api_key = :key")
                .bind("key", key)
                .map((row, context) -> key(row))
                .findOne();
    }

    @Override
    public List<ApiKeyRow> list() {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery("SELECT * FROM api_keys ORDER BY created_at, id")
                                .map((row, context) -> key(row))
                                .list());
    }

    @Override
    public Change<ApiKeyRow> create(
            String key, Secret secret, Secret token, String name, List<Scope> scopes) {
        return jdbi.inTransaction(
                handle -> {
                    if (byKey(handle, key).isPresent()) {
                        return new Change.Taken<ApiKeyRow>(key);
                    }
                    ApiKeyRow row =
                            new ApiKeyRow(
                                    Names.id("key"),
                                    key,
                                    secret,
                                    name,
                                    scopes,
                                    clock.instant(),
                                    "api");
                    put(handle, row, token);
                    return new Change.Done<>(row);
                });
    }

    void put(Handle handle, ApiKeyRow row, Secret token) {
        handle.createUpdate(
                        "INSERT INTO api_keys (id, api_key, secret_sealed, token_sha256, name,"
                                + " scopes, created_at, source) VALUES (:id, :key, :secret, :hash,"
                                + " :name, :scopes, :at, :source) ON CONFLICT (api_key) DO UPDATE"
                                + " SET secret_sealed = excluded.secret_sealed, token_sha256 ="
                                + " excluded.token_sha256, name = excluded.name, scopes ="
                                + " excluded.scopes, source = excluded.source")
                .bind("id", row.id())
                .bind("key", row.key())
                .bind("secret", box.seal(row.secret()))
                .bind("hash", token.isEmpty() ? null : sha256(token.value()))
                .bind("name", row.name())
                .bind("scopes", Json.write(labels(row.scopes())))
                .bind("at", row.createdAt().toEpochMilli())
                .bind("source", row.source())
                .execute();
    }

    private static List<String> labels(List<Scope> scopes) {
        return scopes.stream().map(s -> s.name().toLowerCase(Locale.ROOT)).toList();
    }

    private ApiKeyRow key(ResultSet row) throws SQLException {
        return new ApiKeyRow(
                row.getString("id"),
                row.getString("api_key"),
                box.unseal(row.getString("secret_sealed")),
                row.getString("name"),
                Json.read(row.getString("scopes")).stream()
                        .map(s -> Scope.valueOf(s.toUpperCase(Locale.ROOT)))
                        .toList(),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("source"));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
