package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.SecretBox.Place;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * {@link Webhooks} over JDBI. Rows are updated in place, since deliveries hang on them.
 * Thread-safe.
 */
final class SqlWebhooks implements Webhooks {
    private final Connections connections;
    private final SecretBox box;
    private final InstantSource clock;
    private final EntryTable<WebhookRow> table =
            new EntryTable<>(
                    "webhooks",
                    (row, _) -> webhook(row),
                    hook -> hook.webhook().url() + " (" + hook.id() + ")");

    SqlWebhooks(Connections connections, SecretBox box, InstantSource clock) {
        this.connections = connections;
        this.box = box;
        this.clock = clock;
    }

    @Override
    public Optional<WebhookRow> find(String id) {
        return connections.read(handle -> table.find(handle, id));
    }

    @Override
    public List<WebhookRow> all() {
        return connections.read(table::all);
    }

    @Override
    public Page<WebhookRow> list(Page.@Nullable Cursor after, int limit) {
        return connections.read(handle -> table.list(handle, after, limit));
    }

    @Override
    public Change<WebhookRow> create(Declared.Webhook webhook) {
        return connections.write(
                handle -> {
                    String id = Names.id("hook");
                    put(handle, id, webhook, 0, clock.instant(), "api");
                    return new Change.Done<>(table.find(handle, id).orElseThrow());
                });
    }

    @Override
    public Change<WebhookRow> update(
            String id, Function<Declared.Webhook, Optional<Declared.Webhook>> edit) {
        return connections.write(
                handle ->
                        table.change(
                                handle,
                                id,
                                was -> {
                                    edit.apply(was.webhook())
                                            .ifPresent(
                                                    wanted ->
                                                            put(
                                                                    handle,
                                                                    id,
                                                                    wanted,
                                                                    0,
                                                                    was.createdAt(),
                                                                    "api"));
                                    return new Change.Done<>(table.find(handle, id).orElseThrow());
                                }));
    }

    @Override
    public Change<WebhookRow> delete(String id) {
        return connections.write(
                handle ->
                        table.change(
                                handle,
                                id,
                                was -> {
                                    remove(handle, id);
                                    return new Change.Done<>(was);
                                }));
    }

    void remove(Handle handle, String id) {
        handle.createUpdate("DELETE FROM deliveries WHERE webhook_id = :id")
                .bind("id", id)
                .execute();
        table.remove(handle, id);
    }

    void declare(Handle handle, String id, Declared.Webhook webhook, int position, Instant now) {
        put(handle, id, webhook, position, now, "file");
    }

    /** Its age stays what it was. */
    private void put(
            Handle handle,
            String id,
            Declared.Webhook webhook,
            int position,
            Instant createdAt,
            String source) {
        Map<String, String> headers = new LinkedHashMap<>();
        webhook.headers().forEach((name, value) -> headers.put(name, value.value()));
        Secret sent = headers.isEmpty() ? Secret.NONE : new Secret(Json.write(headers));
        handle.createUpdate(
                        "INSERT INTO webhooks (id, url, format, secret_sealed, events,"
                                + " headers_sealed, allow_private, position, created_at, source)"
                                + " VALUES (:id, :url, :format, :secret, :events, :headers,"
                                + " :private, :position, :at, :source) ON CONFLICT (id) DO UPDATE"
                                + " SET url = excluded.url, format = excluded.format,"
                                + " secret_sealed = excluded.secret_sealed, events ="
                                + " excluded.events, headers_sealed = excluded.headers_sealed,"
                                + " allow_private = excluded.allow_private, position ="
                                + " excluded.position, source = excluded.source")
                .bind("id", id)
                .bind("url", webhook.url())
                .bind("format", webhook.format())
                .bind("secret", box.seal(webhook.secret(), place("secret_sealed", id)))
                .bind("events", Json.write(webhook.events()))
                .bind("headers", box.seal(sent, place("headers_sealed", id)))
                .bind("private", webhook.allowPrivate())
                .bind("position", position)
                .bind("at", createdAt.toEpochMilli())
                .bind("source", source)
                .execute();
    }

    Map<String, Object> ofFile(Handle handle) {
        return table.ofFile(handle);
    }

    private static Place place(String column, String id) {
        return new Place("webhooks", column, id);
    }

    private WebhookRow webhook(ResultSet row) throws SQLException {
        String id = row.getString("id");
        Secret sent = box.unseal(row.getString("headers_sealed"), place("headers_sealed", id));
        Map<String, Secret> headers = new LinkedHashMap<>();
        if (!sent.isEmpty()) {
            Json.map(sent.value())
                    .forEach((name, value) -> headers.put(name, new Secret((String) value)));
        }
        return new WebhookRow(
                id,
                new Declared.Webhook(
                        row.getString("url"),
                        row.getString("format"),
                        box.unseal(row.getString("secret_sealed"), place("secret_sealed", id)),
                        Json.read(row.getString("events")),
                        headers,
                        row.getBoolean("allow_private")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("source"));
    }
}
