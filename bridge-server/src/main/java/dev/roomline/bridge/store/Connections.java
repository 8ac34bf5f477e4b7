package dev.roomline.bridge.store;

import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteException;

/**
 * Work on the database. A connection that died while it rested in the pool (the database was
 * restarted) costs one repetition where repeating changes nothing; two transactions that stood in
 * each other's way cost one too. Every wait is bounded by the pool's and the driver's limits.
 * Blocks; thread-safe.
 */
final class Connections {
    private static final int MOST_TRIES = 4;

    private final Jdbi jdbi;

    Connections(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    interface Work<T> {
        T on(Handle handle);
    }

    /** A look, which may be repeated. */
    <T> T read(Work<T> work) {
        return tried(() -> jdbi.<T, RuntimeException>withHandle(work::on), true);
    }

    /** One statement or transaction that may be repeated, since done twice it is done once. */
    <T> T rewrite(Work<T> work) {
        return tried(() -> jdbi.<T, RuntimeException>inTransaction(work::on), true);
    }

    /**
     * A transaction. It is not repeated where it could have been committed before the connection
     * died: a create would be made twice.
     */
    <T> T write(Work<T> work) {
        return tried(() -> jdbi.<T, RuntimeException>inTransaction(work::on), false);
    }

    private interface Try<T> {
        T now();
    }

    private static <T> T tried(Try<T> work, boolean repeatable) {
        for (int tries = 1; ; tries++) {
            try {
                return work.now();
            } catch (JdbiException e) {
                if (tries < MOST_TRIES && (inTheWay(e) || (repeatable && died(e)))) {
                    continue;
                }
                throw away(e) ? new StoreException("The database does not answer.", e) : e;
            }
        }
    }

    /** PostgreSQL's: unique violation, serialization failure, deadlock. The next try sees it. */
    private static boolean inTheWay(JdbiException e) {
        return state(e).filter(s -> s.equals("23505") || s.startsWith("40")).isPresent();
    }

    /** A connection that we had; where none is to be had there is no use in asking again. */
    private static boolean died(JdbiException e) {
        return !(e instanceof ConnectionException)
                && state(e).filter(s -> s.startsWith("08") || s.startsWith("57P")).isPresent();
    }

    /** SQLite's: busy, locked, read-only, input or output failed, full, cannot be opened. */
    private static boolean diskAway(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof SQLiteException sqlite) {
                int code = sqlite.getErrorCode() & 0xff;
                return code == 5
                        || code == 6
                        || code == 8
                        || code == 10
                        || code == 13
                        || code == 14;
            }
        }
        return false;
    }

    /** SQLSTATE class 08: connection, 53: resources, 57: operator intervention and time-outs. */
    private static boolean away(JdbiException e) {
        return e instanceof ConnectionException
                || diskAway(e)
                || state(e).filter(
                                s ->
                                        s.startsWith("08")
                                                || s.startsWith("53")
                                                || s.startsWith("55")
                                                || s.startsWith("57"))
                        .isPresent();
    }

    private static Optional<String> state(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof SQLException sql && sql.getSQLState() != null) {
                return Optional.of(sql.getSQLState());
            }
        }
        return Optional.empty();
    }
}
