package dev.roomline.bridge.store;

import java.util.List;
import java.util.Optional;

/**
 * One page of a list, newest first.
 *
 * @param next where the following page begins; absent on the last one
 */
public record Page<T>(List<T> items, Optional<Cursor> next) {
    public Page {
        items = List.copyOf(items);
    }

    /** The last row of a page: its time and, among rows of the same instant, its id. */
    public record Cursor(long epochMillis, String id) {}
}
