package dev.roomline.bridge.store;

import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;

/** How long statements take, told to who watches. Thread-safe. */
final class StatementTimes implements SqlLogger {
    private volatile StoreWatch watch = (_, _, _) -> {};

    void tell(StoreWatch watcher) {
        watch = watcher;
    }

    @Override
    public void logAfterExecution(StatementContext context) {
        tell(context, false);
    }

    @Override
    public void logException(StatementContext context, SQLException failure) {
        tell(context, true);
    }

    private void tell(StatementContext context, boolean failed) {
        String sql = context.getRawSql();
        boolean writing = sql == null || !sql.stripLeading().regionMatches(true, 0, "SELECT", 0, 6);
        double seconds =
                context.getExecutionMoment() == null
                        ? 0
                        : context.getElapsedTime(ChronoUnit.NANOS) / 1e9;
        watch.done(writing, seconds, failed);
    }
}
