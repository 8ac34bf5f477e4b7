package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.Entries;
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

/** {@link Trunks} over JDBI. Thread-safe. */
final class SqlTrunks implements Trunks {
    static final String ORDER =
            " ORDER BY CASE source WHEN 'file' THEN 0 ELSE 1 END, position, created_at, id";

    private final Connections connections;
    private final SecretBox box;
    private final InstantSource clock;

    SqlTrunks(Connections connections, SecretBox box, InstantSource clock) {
        this.connections = connections;
        this.box = box;
        this.clock = clock;
    }

    @Override
    public Optional<TrunkRow> find(String id) {
        return connections.read(handle -> find(handle, id));
    }

    private Optional<TrunkRow> find(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM trunks WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> trunk(row))
                .findOne();
    }

    @Override
    public List<TrunkRow> all() {
        return connections.read(
                handle ->
                        handle.createQuery("SELECT * FROM trunks" + ORDER)
                                .map((row, context) -> trunk(row))
                                .list());
    }

    @Override
    public Page<TrunkRow> list(Page.@Nullable Cursor after, int limit) {
        return connections.read(
                handle ->
                        Pages.of(
                                handle,
                                "trunks",
                                after,
                                limit,
                                (row, context) -> trunk(row),
                                t -> new Page.Cursor(t.createdAt().toEpochMilli(), t.id())));
    }

    @Override
    public Change<TrunkRow> create(Declared.Trunk trunk) {
        return connections.write(
                handle -> {
                    if (find(handle, trunk.id()).isPresent()) {
                        return new Change.Taken<>(trunk.id());
                    }
                    insert(handle, trunk, 0, clock.instant(), "api");
                    return new Change.Done<>(find(handle, trunk.id()).orElseThrow());
                });
    }

    @Override
    public Change<TrunkRow> update(
            String id, Function<Declared.Trunk, Optional<Declared.Trunk>> edit) {
        return connections.write(
                handle -> {
                    Optional<TrunkRow> was = find(handle, id);
                    if (was.isEmpty()) {
                        return new Change.Missing<>();
                    }
                    if (was.get().source().equals("file")) {
                        return new Change.DeclaredInFile<>();
                    }
                    Optional<Declared.Trunk> wanted = edit.apply(was.get().trunk());
                    if (wanted.isPresent()) {
                        remove(handle, id);
                        insert(handle, wanted.get(), 0, was.get().createdAt(), "api");
                    }
                    return new Change.Done<>(find(handle, id).orElseThrow());
                });
    }

    @Override
    public Change<TrunkRow> delete(String id) {
        return connections.write(
                handle -> {
                    Optional<TrunkRow> was = find(handle, id);
                    if (was.isEmpty()) {
                        return new Change.Missing<>();
                    }
                    if (was.get().source().equals("file")) {
                        return new Change.DeclaredInFile<>();
                    }
                    List<String> routes = SqlRoutes.numbersOver(handle, id);
                    if (!routes.isEmpty()) {
                        return new Change.InUse<>("the route of " + routes.getFirst());
                    }
                    remove(handle, id);
                    return new Change.Done<>(was.get());
                });
    }

    static void remove(Handle handle, String id) {
        handle.createUpdate("DELETE FROM trunks WHERE id = :id").bind("id", id).execute();
    }

    /** The file's, as it is now; what stood under its id goes. */
    void declare(Handle handle, Declared.Trunk trunk, int position, Instant now) {
        Instant since = find(handle, trunk.id()).map(TrunkRow::createdAt).orElse(now);
        remove(handle, trunk.id());
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
        Map<String, Object> rows = new LinkedHashMap<>();
        handle.createQuery("SELECT * FROM trunks WHERE source = 'file' ORDER BY position")
                .map((row, context) -> trunk(row))
                .forEach(trunk -> rows.put(trunk.id(), trunk));
        return rows;
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
