package dev.roomline.bridge.store;

import dev.roomline.bridge.config.RoomlineConfig;
import java.time.InstantSource;

/**
 * The database, opened and migrated: SQLite (WAL) in {@code data_dir} unless {@code database.url}
 * says otherwise. Blocks: virtual threads only. Thread-safe.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Store implements AutoCloseable {

    private Store() {}

    /**
     * Makes the data folder (mode 0700) and the database where they are missing, migrates, and
     * writes what the file declares.
     *
     * @throws StoreException with a sentence for the operator
     */
    public static Store open(RoomlineConfig config, InstantSource clock) {
        throw new UnsupportedOperationException();
    }

    public Rooms rooms() {
        throw new UnsupportedOperationException();
    }

    public Accounts accounts() {
        throw new UnsupportedOperationException();
    }

    public ApiKeys apiKeys() {
        throw new UnsupportedOperationException();
    }

    public Calls calls() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
