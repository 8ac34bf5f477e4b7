package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import java.time.Instant;

/**
 * A trunk as stored.
 *
 * @param source {@code file} or {@code api}
 */
public record TrunkRow(Declared.Trunk trunk, Instant createdAt, String source)
        implements EntryTable.Row {
    @Override
    public String id() {
        return trunk.id();
    }
}
