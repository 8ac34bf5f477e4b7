package dev.roomline.bridge.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** {@link Notes} over JDBI. Thread-safe. */
final class SqlNotes implements Notes {
    private final Connections connections;

    SqlNotes(Connections connections) {
        this.connections = connections;
    }

    @Override
    public Optional<Map<String, Object>> find(String kind, String owner) {
        return connections.read(
                handle ->
                        handle.createQuery(
                                        "SELECT note FROM notes WHERE kind = :kind AND owner ="
                                                + " :owner")
                                .bind("kind", kind)
                                .bind("owner", owner)
                                .mapTo(String.class)
                                .findOne()
                                .map(Json::map));
    }

    @Override
    public Map<String, Map<String, Object>> all(String kind) {
        return connections.read(
                handle -> {
                    Map<String, Map<String, Object>> notes = new LinkedHashMap<>();
                    handle.createQuery("SELECT owner, note FROM notes WHERE kind = :kind")
                            .bind("kind", kind)
                            .map((row, _) -> Map.entry(row.getString(1), row.getString(2)))
                            .forEach(note -> notes.put(note.getKey(), Json.map(note.getValue())));
                    return notes;
                });
    }

    @Override
    public void put(String kind, String owner, Map<String, Object> note) {
        connections.rewrite(
                handle ->
                        handle.createUpdate(
                                        "INSERT INTO notes (kind, owner, note) VALUES (:kind,"
                                                + " :owner, :note) ON CONFLICT (kind, owner) DO"
                                                + " UPDATE SET note = excluded.note")
                                .bind("kind", kind)
                                .bind("owner", owner)
                                .bind("note", Json.write(note))
                                .execute());
    }

    /** Whatever was kept of an object that is deleted: its name may be another's one day. */
    static void forget(Handle handle, String owner) {
        handle.createUpdate("DELETE FROM notes WHERE owner = :owner")
                .bind("owner", owner)
                .execute();
    }

    @Override
    public void delete(String kind, String owner) {
        connections.rewrite(
                handle ->
                        handle.createUpdate(
                                        "DELETE FROM notes WHERE kind = :kind AND owner = :owner")
                                .bind("kind", kind)
                                .bind("owner", owner)
                                .execute());
    }
}
