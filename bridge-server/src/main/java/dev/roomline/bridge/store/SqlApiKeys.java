package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.Declared.Scope;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.SecretBox.Place;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** {@link ApiKeys} over JDBI. Thread-safe. */
final class SqlApiKeys implements ApiKeys {
    private final Connections connections;
    private final SecretBox box;
    private final InstantSource clock;

    SqlApiKeys(Connections connections, SecretBox box, InstantSource clock) {
        this.connections = connections;
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
        return connections
                .read(
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
        return connections.read(handle -> byKey(handle, key));
    }

    private Optional<ApiKeyRow> byKey(Handle handle, String key) {
        return handle.createQuery("SELECT * FROM api_keys WHERE api_key = :key")
                .bind("key", key)
                .map((row, context) -> key(row))
                .findOne();
    }

    @Override
    public List<ApiKeyRow> list() {
        return connections.read(
                handle ->
                        handle.createQuery("SELECT * FROM api_keys ORDER BY created_at, id")
                                .map((row, context) -> key(row))
                                .list());
    }

    @Override
    public Change<ApiKeyRow> create(
            String key, Secret secret, Secret token, String name, List<Scope> scopes) {
        return connections.write(
                handle -> {
                    if (byKey(handle, key).isPresent()) {
                        return new Change.Taken<>(key);
                    }
                    if (!token.isEmpty() && isKnown(handle, token)) {
                        return new Change.Taken<>("this token");
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

    private static boolean isKnown(Handle handle, Secret token) {
        return handle.createQuery("SELECT COUNT(*) FROM api_keys WHERE token_sha256 = :hash")
                        .bind("hash", sha256(token.value()))
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    @Override
    public Optional<ApiKeyRow> find(String id) {
        return connections.read(handle -> find(handle, id));
    }

    private Optional<ApiKeyRow> find(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM api_keys WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> key(row))
                .findOne();
    }

    @Override
    public Page<ApiKeyRow> list(Page.@Nullable Cursor after, int limit) {
        return connections.read(
                handle ->
                        Pages.of(
                                handle,
                                "api_keys",
                                after,
                                limit,
                                (row, context) -> key(row),
                                k -> new Page.Cursor(k.createdAt().toEpochMilli(), k.id())));
    }

    @Override
    public Change<ApiKeyRow> update(
            String id, Optional<String> name, Optional<List<Scope>> scopes) {
        return changed(
                id,
                (handle, was) -> {
                    handle.createUpdate(
                                    "UPDATE api_keys SET name = :name, scopes = :scopes WHERE id ="
                                            + " :id")
                            .bind("id", id)
                            .bind("name", name.orElse(was.name()))
                            .bind("scopes", Json.write(labels(scopes.orElse(was.scopes()))))
                            .execute();
                    return find(handle, id).orElseThrow();
                });
    }

    @Override
    public Change<ApiKeyRow> delete(String id) {
        return changed(
                id,
                (handle, was) -> {
                    handle.createUpdate("DELETE FROM api_keys WHERE id = :id")
                            .bind("id", id)
                            .execute();
                    return was;
                });
    }

    private interface Step {
        ApiKeyRow on(Handle handle, ApiKeyRow was);
    }

    private Change<ApiKeyRow> changed(String id, Step step) {
        return connections.write(
                handle -> {
                    Optional<ApiKeyRow> was = find(handle, id);
                    if (was.isEmpty()) {
                        return new Change.Missing<>();
                    }
                    return was.get().source().equals("file")
                            ? new Change.DeclaredInFile<>()
                            : new Change.Done<>(step.on(handle, was.get()));
                });
    }

    /** The file's, as it is now; one that the API made under its name becomes the file's. */
    void declare(Handle handle, String id, Declared.Key key, Instant now) {
        Optional<ApiKeyRow> was = byKey(handle, key.key());
        put(
                handle,
                new ApiKeyRow(
                        was.map(ApiKeyRow::id).orElse(id),
                        key.key(),
                        key.secret(),
                        key.name(),
                        key.scopes(),
                        was.map(ApiKeyRow::createdAt).orElse(now),
                        "file"),
                key.token());
    }

    private void put(Handle handle, ApiKeyRow row, Secret token) {
        handle.createUpdate(
                        "INSERT INTO api_keys (id, api_key, secret_sealed, token_sha256, name,"
                                + " scopes, created_at, source) VALUES (:id, :key, :secret, :hash,"
                                + " :name, :scopes, :at, :source) ON CONFLICT (id) DO UPDATE"
                                + " SET secret_sealed = excluded.secret_sealed, token_sha256 ="
                                + " excluded.token_sha256, name = excluded.name, scopes ="
                                + " excluded.scopes, source = excluded.source")
                .bind("id", row.id())
                .bind("key", row.key())
                .bind("secret", box.seal(row.secret(), place(row.id())))
                .bind("hash", token.isEmpty() ? null : sha256(token.value()))
                .bind("name", row.name())
                .bind("scopes", Json.write(labels(row.scopes())))
                .bind("at", row.createdAt().toEpochMilli())
                .bind("source", row.source())
                .execute();
    }

    /** By key; a token can be compared by its hash alone. */
    Map<String, Object> ofFile(Handle handle) {
        Map<String, Object> rows = new LinkedHashMap<>();
        handle.createQuery(
                        "SELECT * FROM api_keys WHERE source = 'file' ORDER BY created_at, api_key")
                .map(
                        (row, context) ->
                                new Hashed(
                                        Objects.requireNonNullElse(
                                                row.getString("token_sha256"), ""),
                                        key(row)))
                .forEach(hashed -> rows.put(hashed.row().key(), hashed));
        return rows;
    }

    private static Place place(String id) {
        return new Place("api_keys", "secret_sealed", id);
    }

    private static List<String> labels(List<Scope> scopes) {
        return scopes.stream().map(s -> s.name().toLowerCase(Locale.ROOT)).toList();
    }

    private ApiKeyRow key(ResultSet row) throws SQLException {
        return new ApiKeyRow(
                row.getString("id"),
                row.getString("api_key"),
                box.unseal(row.getString("secret_sealed"), place(row.getString("id"))),
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
