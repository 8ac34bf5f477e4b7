package dev.roomline.bridge.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
}
