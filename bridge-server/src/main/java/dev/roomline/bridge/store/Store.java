package dev.roomline.bridge.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.roomline.bridge.config.RoomlineConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The database, opened and migrated: SQLite (WAL) in {@code data_dir}. Its SQL is PostgreSQL's too.
 * Blocks: virtual threads only. Thread-safe.
 */
public final class Store implements AutoCloseable {
    private static final int CONNECTIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HikariDataSource source;
    private final StatementTimes times = new StatementTimes();
    private final Rooms rooms;
    private final Accounts accounts;
    private final SqlApiKeys apiKeys;
    private final Calls calls;

    private Store(HikariDataSource source, SecretBox box, InstantSource clock) {
        this.source = source;
        Jdbi jdbi = Jdbi.create(source);
        jdbi.setSqlLogger(times);
        this.rooms = new SqlRooms(jdbi, clock);
        this.accounts = new SqlAccounts(jdbi, clock);
        this.apiKeys = new SqlApiKeys(jdbi, box, clock);
        this.calls = new SqlCalls(jdbi);
    }

    /**
     * Makes the data folder (mode 0700) and the database where they are missing, migrates, and
     * writes what the file declares.
     *
     * @throws StoreException with a sentence for the operator
     */
    public static Store open(RoomlineConfig config, InstantSource clock) {
        HikariDataSource source = null;
        try {
            PrivateFiles.folder(config.dataDir());
            SecretBox box = SecretBox.open(config.dataDir());
            source = new HikariDataSource(pool(config));
            Flyway.configure(Store.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:db/migration")
                    .load()
                    .migrate();
            Store store = new Store(source, box, clock);
            Jdbi.create(source)
                    .useTransaction(
                            handle ->
                                    new DeclaredRows(store.apiKeys)
                                            .write(handle, config, clock.instant()));
            return store;
        } catch (IOException e) {
            throw new StoreException(
                    "The data folder " + config.dataDir() + " cannot be used: " + e.getMessage(),
                    e);
        } catch (FlywayException | JdbiException | HikariPool.PoolInitializationException e) {
            if (source != null) {
                source.close();
            }
            throw new StoreException("The database cannot be opened: " + e.getMessage(), e);
        }
    }

    private static HikariConfig pool(RoomlineConfig config) throws IOException {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("store");
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setConnectionTimeout(PATIENCE.toMillis());
        Path file = config.dataDir().resolve("roomline.db");
        PrivateFiles.touch(file);
        pool.setDataSource(sqlite(file));
        return pool;
    }

    /** One writer at a time, who takes its lock at once, so that no transaction fails half-way. */
    private static SQLiteDataSource sqlite(Path file) {
        SQLiteConfig settings = new SQLiteConfig();
        settings.setJournalMode(SQLiteConfig.JournalMode.WAL);
        settings.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        settings.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        settings.setBusyTimeout(Math.toIntExact(PATIENCE.toMillis()));
        settings.enforceForeignKeys(true);
        SQLiteDataSource source = new SQLiteDataSource(settings);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        return source;
    }

    /** Tells how long statements take from now on. */
    public void tell(StoreWatch watch) {
        times.tell(watch);
    }

    public Rooms rooms() {
        return rooms;
    }

    public Accounts accounts() {
        return accounts;
    }

    public ApiKeys apiKeys() {
        return apiKeys;
    }

    public Calls calls() {
        return calls;
    }

    @Override
    public void close() {
        source.close();
    }
}
