package dev.roomline.bridge.store;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/**
 * What trunks, routes and webhooks have in common: a table with the columns {@code id}, {@code
 * source}, {@code position} and {@code created_at}, whose rows either the file declares or the API
 * makes. Thread-safe.
 */
final class EntryTable<R extends EntryTable.Row> {
    /** A row of such a table. */
    interface Row {
        String id();

        Instant createdAt();

        /** {@code file} or {@code api}. */
        String source();
    }

    private final String table;
    private final RowMapper<R> mapper;
    private final Function<R, String> nameInFile;

    /**
     * @param table a constant in code
     * @param nameInFile what the file calls a row of its own
     */
    EntryTable(String table, RowMapper<R> mapper, Function<R, String> nameInFile) {
        this.table = table;
        this.mapper = mapper;
        this.nameInFile = nameInFile;
    }

    Optional<R> find(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM " + table + " WHERE id = :id")
                .bind("id", id)
                .map(mapper)
                .findOne();
    }

    /** The file's in its order, then those made by API by age. */
    List<R> all(Handle handle) {
        return handle.createQuery(
                        "SELECT * FROM "
                                + table
                                + " ORDER BY CASE source WHEN 'file' THEN 0 ELSE 1 END, position,"
                                + " created_at, id")
                .map(mapper)
                .list();
    }

    /** Newest first. */
    Page<R> list(Handle handle, Page.@Nullable Cursor after, int limit) {
        return Pages.of(
                handle,
                table,
                after,
                limit,
                mapper,
                row -> new Page.Cursor(row.createdAt().toEpochMilli(), row.id()));
    }

    /** The file's rows by the names that it gives them. */
    Map<String, Object> ofFile(Handle handle) {
        Map<String, Object> rows = new LinkedHashMap<>();
        handle.createQuery("SELECT * FROM " + table + " WHERE source = 'file' ORDER BY position")
                .map(mapper)
                .forEach(row -> rows.put(nameInFile.apply(row), row));
        return rows;
    }

    /** Does something with a row that the API may change. */
    Change<R> change(Handle handle, String id, Function<R, Change<R>> step) {
        Optional<R> was = find(handle, id);
        if (was.isEmpty()) {
            return new Change.Missing<>();
        }
        return was.get().source().equals("file")
                ? new Change.DeclaredInFile<>()
                : step.apply(was.get());
    }

    void remove(Handle handle, String id) {
        handle.createUpdate("DELETE FROM " + table + " WHERE id = :id").bind("id", id).execute();
        SqlNotes.forget(handle, id);
    }
}
