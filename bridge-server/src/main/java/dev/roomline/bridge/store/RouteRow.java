package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import java.time.Instant;

/**
 * Where a number leads, as stored.
 *
 * @param id {@code route_…}
 * @param source {@code file} or {@code api}
 */
public record RouteRow(String id, Declared.Route route, Instant createdAt, String source)
        implements EntryTable.Row {}
