package dev.roomline.bridge.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Cuts what a query with {@code LIMIT limit + 1} gave to a page. */
final class Pages {
    private Pages() {}

    static <T> Page<T> cut(List<T> rows, int limit, Function<T, Page.Cursor> cursor) {
        if (rows.size() <= limit) {
            return new Page<>(rows, Optional.empty());
        }
        List<T> items = rows.subList(0, limit);
        return new Page<>(items, Optional.of(cursor.apply(items.getLast())));
    }

    /** All of a table with the columns {@code created_at} and {@code id}, newest first. */
    static <T> Page<T> of(
            Handle handle,
            String table,
            Page.@Nullable Cursor after,
            int limit,
            RowMapper<T> mapper,
            Function<T, Page.Cursor> cursor) {
        var query =
                handle.createQuery(
                                "SELECT * FROM "
                                        + table
                                        + (after == null
                                                ? ""
                                                : " WHERE created_at < :at OR (created_at = :at AND"
                                                        + " id < :id)")
                                        + " ORDER BY created_at DESC, id DESC LIMIT :limit")
                        .bind("limit", limit + 1);
        if (after != null) {
            query.bind("at", after.epochMillis()).bind("id", after.id());
        }
        return cut(query.map(mapper).list(), limit, cursor);
    }
}
