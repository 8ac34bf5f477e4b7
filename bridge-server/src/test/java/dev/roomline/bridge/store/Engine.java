package dev.roomline.bridge.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The databases that the store is tested over; PostgreSQL gives each folder a schema of its own.
 */
public enum Engine {
    SQLITE,
    POSTGRESQL;

    private static final Map<Path, String> SCHEMAS = new HashMap<>();

    /** What {@code --set} would say, so that a configuration of this folder uses this database. */
    public List<String> settingsOf(Path folder) {
        return switch (this) {
            case SQLITE -> List.of();
            case POSTGRESQL -> List.of("database.url=" + url(folder));
        };
    }

    private static String url(Path folder) {
        return Shared.POSTGRES.getJdbcUrl("postgres", "postgres")
                + "&currentSchema="
                + schema(folder);
    }

    private static synchronized String schema(Path folder) {
        return SCHEMAS.computeIfAbsent(
                folder,
                _ -> {
                    String fresh = "store_" + (SCHEMAS.size() + 1);
                    execute("CREATE SCHEMA " + fresh);
                    return fresh;
                });
    }

    /** Of the shared server, with another database's name. */
    static String serverUrl(String database) {
        return Shared.POSTGRES.getJdbcUrl("postgres", database);
    }

    private static void execute(String sql) {
        try (Connection connection = Shared.POSTGRES.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All that a thief of the disk, or of a dump, would hold, but the key. */
    String everythingOf(Path folder) throws IOException {
        StringBuilder all = new StringBuilder();
        try (var files = Files.walk(folder.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        if (this == POSTGRESQL) {
            dump(schema(folder), all);
        }
        return all.toString();
    }

    private static void dump(String schema, StringBuilder all) {
        try (Connection connection = Shared.POSTGRES.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            List<String> tables = new java.util.ArrayList<>();
            try (ResultSet rows =
                    statement.executeQuery(
                            "SELECT tablename FROM pg_tables WHERE schemaname = '"
                                    + schema
                                    + "'")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet rows =
                        statement.executeQuery("SELECT * FROM " + schema + "." + table)) {
                    while (rows.next()) {
                        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                            all.append(rows.getString(i)).append('\n');
                        }
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One server for all tests of a JVM; it stops with it. */
    private static final class Shared {
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder().start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
