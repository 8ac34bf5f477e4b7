package dev.roomline.bridge.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.roomline.bridge.config.RoomlineConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The database itself: SQLite in {@code data_dir}, or PostgreSQL by {@code database.url}. Both are
 * migrated by the same statements and asked by the same SQL. Blocks.
 */
final class Database {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SQLITE_CONNECTIONS = 4;
    private static final int POSTGRESQL_CONNECTIONS = 8;
    private static final int CONNECT_SECONDS = 3;

    /** Beyond the server's own limit on a statement: what is cut off here answers no more. */
    private static final int SOCKET_SECONDS = 6;

    private static final int MIGRATION_SECONDS = 600;
    private static final String SESSION =
            "SET statement_timeout = 4000; SET lock_timeout = 3000;"
                    + " SET idle_in_transaction_session_timeout = 10000";

    /** Hosts with their ports, and the database: what may be shown of the address. */
    private static final Pattern ADDRESS =
            Pattern.compile(
                    "jdbc:postgresql://(?<where>HOST(,HOST)*/[^?/@]+)(\\?.*)?"
                            .replace("HOST", "([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+])(:\\d{1,5})?"));

    private Database() {}

    /**
     * Opened and migrated.
     *
     * @throws StoreException with a sentence for the operator
     */
    static HikariDataSource open(RoomlineConfig config) throws IOException {
        return config.database().url().isEmpty()
                ? sqlite(config.dataDir().resolve("roomline.db"))
                : postgresql(config.database().url().value());
    }

    private static void migrate(DataSource source) {
        Flyway.configure(Database.class.getClassLoader())
                .dataSource(source)
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    /** One writer at a time, who takes its lock at once, so that no transaction fails half-way. */
    private static HikariDataSource sqlite(Path file) throws IOException {
        PrivateFiles.touch(file);
        SQLiteConfig settings = new SQLiteConfig();
        settings.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // see docs/adr/0006-rows-that-survive.md
        settings.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        settings.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        settings.setBusyTimeout(Math.toIntExact(PATIENCE.toMillis()));
        settings.enforceForeignKeys(true);
        SQLiteDataSource source = new SQLiteDataSource(settings);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        try {
            migrate(source);
            HikariConfig pool = pool(SQLITE_CONNECTIONS);
            pool.setDataSource(source);
            return new HikariDataSource(pool);
        } catch (FlywayException | HikariPool.PoolInitializationException e) {
            throw new StoreException(
                    "The database " + file + " cannot be opened: " + firstLine(e) + ".", e);
        }
    }

    private static HikariConfig pool(int connections) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("store");
        pool.setMaximumPoolSize(connections);
        pool.setConnectionTimeout(PATIENCE.toMillis());
        return pool;
    }

    private static HikariDataSource postgresql(String url) {
        Matcher address = ADDRESS.matcher(url);
        if (!address.matches()) {
            throw new StoreException(
                    "database.url is no address of a database; expected"
                            + " jdbc:postgresql://host:5432/database?user=…&password=….",
                    new IllegalArgumentException("not understood"));
        }
        HikariDataSource source = null;
        try {
            knock(url);
            source = new HikariDataSource(postgresql(url, SOCKET_SECONDS, "roomline"));
            // A migration may take longer than any call would wait.
            HikariConfig patient = postgresql(url, MIGRATION_SECONDS, "roomline-migration");
            patient.setConnectionInitSql("SET statement_timeout = 0");
            try (HikariDataSource migrating = new HikariDataSource(patient)) {
                migrate(migrating);
            }
            return source;
        } catch (SQLException | FlywayException | HikariPool.PoolInitializationException e) {
            if (source != null) {
                source.close();
            }
            throw new StoreException(sentence(address.group("where"), e), e);
        }
    }

    /** Before there is a pool, which would write its own pages of complaint into the log. */
    private static void knock(String url) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
        properties.setProperty("socketTimeout", Integer.toString(SOCKET_SECONDS));
        DriverManager.getConnection(url, properties).close();
    }

    /** What the address itself says wins over our properties. */
    private static HikariConfig postgresql(String url, int socketSeconds, String name) {
        HikariConfig pool = pool(POSTGRESQL_CONNECTIONS);
        pool.setJdbcUrl(url);
        pool.addDataSourceProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
        pool.addDataSourceProperty("socketTimeout", Integer.toString(socketSeconds));
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        pool.addDataSourceProperty("ApplicationName", name);
        pool.setConnectionInitSql(SESSION);
        pool.setValidationTimeout(Duration.ofSeconds(2).toMillis());
        pool.setMinimumIdle(2);
        return pool;
    }

    private static String sentence(String where, Exception e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof SQLException sql && sql.getSQLState() != null) {
                String state = sql.getSQLState();
                if (state.startsWith("28")) {
                    return "PostgreSQL at "
                            + where
                            + " refuses the user or the password of database.url.";
                }
                if (state.equals("3D000")) {
                    return "PostgreSQL at "
                            + where
                            + " has no such database; create it, or correct database.url.";
                }
                if (state.startsWith("08")) {
                    return "PostgreSQL at "
                            + where
                            + " cannot be reached: "
                            + firstLine(at)
                            + ". Expected by database.url: a server that runs there and lets us"
                            + " in.";
                }
            }
        }
        return "The database at " + where + " cannot be opened: " + firstLine(e) + ".";
    }

    private static String firstLine(Throwable e) {
        String message = String.valueOf(e.getMessage()).strip();
        int end = message.indexOf('\n');
        return (end < 0 ? message : message.substring(0, end)).replaceFirst("\\.$", "");
    }
}
