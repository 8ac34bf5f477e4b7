package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.Entries;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.SecretBox.Place;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** {@link Trunks} over JDBI. Thread-safe. */
final class SqlTrunks implements Trunks {
    private final Connections connections;
    private final SecretBox box;
    private final InstantSource clock;
    private final EntryTable<TrunkRow> table =
            new EntryTable<>("trunks", (row, _) -> trunk(row), TrunkRow::id);

    SqlTrunks(Connections connections, SecretBox box, InstantSource clock) {
        this.connections = connections;
        this.box = box;
        this.clock = clock;
    }

    @Override
    public Optional<TrunkRow> find(String id) {
        return connections.read(handle -> table.find(handle, id));
    }

    @Override
    public List<TrunkRow> all() {
        return connections.read(table::all);
    }

    @Override
    public Page<TrunkRow> list(Page.@Nullable Cursor after, int limit) {
        return connections.read(handle -> table.list(handle, after, limit));
    }

    @Override
    public Change<TrunkRow> create(Declared.Trunk trunk) {
        return connections.write(
                handle -> {
                    if (table.find(handle, trunk.id()).isPresent()) {
                        return new Change.Taken<>(trunk.id());
                    }
                    insert(handle, trunk, 0, clock.instant(), "api");
                    return new Change.Done<>(table.find(handle, trunk.id()).orElseThrow());
                });
    }

    @Override
    public Change<TrunkRow> update(
            String id, Function<Declared.Trunk, Optional<Declared.Trunk>> edit) {
        return connections.write(
                handle ->
                        table.change(
                                handle,
                                id,
                                was -> {
                                    Optional<Declared.Trunk> wanted = edit.apply(was.trunk());
                                    if (wanted.isPresent()) {
                                        table.remove(handle, id);
                                        insert(handle, wanted.get(), 0, was.createdAt(), "api");
                                    }
                                    return new Change.Done<>(table.find(handle, id).orElseThrow());
                                }));
    }

    @Override
    public Change<TrunkRow> delete(String id) {
        return connections.write(
                handle ->
                        table.change(
                                handle,
                                id,
                                was -> {
                                    List<String> routes = SqlRoutes.numbersOver(handle, id);
                                    if (!routes.isEmpty()) {
                                        return new Change.InUse<>(
                                                "the route of " + routes.getFirst());
                                    }
                                    table.remove(handle, id);
                                    return new Change.Done<>(was);
                                }));
    }

    void remove(Handle handle, String id) {
        table.remove(handle, id);
    }

    /** The file's, as it is now; what stood under its id goes. */
    void declare(Handle handle, Declared.Trunk trunk, int position, Instant now) {
        Instant since = table.find(handle, trunk.id()).map(TrunkRow::createdAt).orElse(now);
        table.remove(handle, trunk.id());
        insert(handle, trunk, position, since, "file");
    }

    private void insert(
            Handle handle, Declared.Trunk trunk, int position, Instant createdAt, String source) {
        handle.createUpdate(
                        "INSERT INTO trunks (id, settings_sealed, position, created_at, source)"
                                + " VALUES (:id, :settings, :position, :at, :source)")
                .bind("id", trunk.id())
                .bind("settings", box.seal(settings(trunk), place(trunk.id())))
                .bind("position", position)
                .bind("at", createdAt.toEpochMilli())
                .bind("source", source)
                .execute();
    }

    Map<String, Object> ofFile(Handle handle) {
        return table.ofFile(handle);
    }

    /** As a whole: beside the password, the required headers are secrets too. */
    private static Secret settings(Declared.Trunk trunk) {
        Map<String, Object> fields = Entries.fields(trunk);
        fields.put("password", trunk.password().value());
        return new Secret(Json.write(fields));
    }

    private static Place place(String id) {
        return new Place("trunks", "settings_sealed", id);
    }

    private TrunkRow trunk(ResultSet row) throws SQLException {
        Secret settings = box.unseal(row.getString("settings_sealed"), place(row.getString("id")));
        Map<String, Object> fields = Json.map(settings.value());
        return new TrunkRow(
                Entries.storedTrunk(fields),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("source"));
    }
}
