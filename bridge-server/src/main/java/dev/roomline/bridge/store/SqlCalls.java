package dev.roomline.bridge.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** {@link Calls} over JDBI. Thread-safe. */
final class SqlCalls implements Calls {
    private static final String PUT =
            "INSERT INTO calls (id, direction, state, room, participant, trunk, account,"
                    + " from_party, to_party, name, user_id, sip_call_id, started_at, answered_at,"
                    + " ended_at, end_reason, end_culprit, end_sip_status, end_text, detail) VALUES"
                    + " (:id, :direction, :state, :room, :participant, :trunk, :account, :from,"
                    + " :to, :name, :user, :sip, :started, :answered, :ended, :reason, :culprit,"
                    + " :status, :text, :detail) ON CONFLICT (id) DO UPDATE SET state ="
                    + " excluded.state, room = excluded.room, participant = excluded.participant,"
                    + " trunk = excluded.trunk, account = excluded.account, from_party ="
                    + " excluded.from_party, to_party = excluded.to_party, name = excluded.name,"
                    + " user_id = excluded.user_id, sip_call_id = excluded.sip_call_id, answered_at"
                    + " = excluded.answered_at, ended_at = excluded.ended_at, end_reason ="
                    + " excluded.end_reason, end_culprit = excluded.end_culprit, end_sip_status ="
                    + " excluded.end_sip_status, end_text = excluded.end_text, detail ="
                    + " excluded.detail"
                    // a first row that a stalled store commits late must not undo the last one
                    + " WHERE calls.ended_at IS NULL OR excluded.ended_at IS NOT NULL";

    private static final String PUT_TRACE =
            "INSERT INTO call_traces (call_id, ended_at, trace) VALUES (:id, :ended, :trace) ON"
                    + " CONFLICT (call_id) DO UPDATE SET ended_at = excluded.ended_at, trace ="
                    + " excluded.trace";

    private final Connections connections;

    SqlCalls(Connections connections) {
        this.connections = connections;
    }

    @Override
    public void putAll(List<Entry> entries) {
        connections.rewrite(
                handle -> {
                    PreparedBatch rows = handle.prepareBatch(PUT);
                    entries.forEach(entry -> bind(rows, entry.row()).add());
                    rows.execute();
                    entries.forEach(entry -> putTrace(handle, entry));
                    return entries.size();
                });
    }

    private static void putTrace(Handle handle, Entry entry) {
        if (entry.trace() == null) {
            return;
        }
        CallRow row = entry.row();
        Instant ended = row.endedAt() == null ? row.startedAt() : row.endedAt();
        handle.createUpdate(PUT_TRACE)
                .bind("id", row.id())
                .bind("ended", ended.toEpochMilli())
                .bind("trace", entry.trace())
                .execute();
    }

    private static PreparedBatch bind(PreparedBatch batch, CallRow call) {
        return batch.bind("id", call.id())
                .bind("direction", call.direction())
                .bind("state", call.state())
                .bind("room", call.room())
                .bind("participant", call.participant())
                .bind("trunk", call.trunk())
                .bind("account", call.account())
                .bind("from", call.from())
                .bind("to", call.to())
                .bind("name", call.name())
                .bind("user", call.userId())
                .bind("sip", call.sipCallId())
                .bind("started", call.startedAt().toEpochMilli())
                .bind("answered", millis(call.answeredAt()))
                .bind("ended", millis(call.endedAt()))
                .bind("reason", call.endReason())
                .bind("culprit", call.endCulprit())
                .bind("status", call.endSipStatus())
                .bind("text", call.endText())
                .bind("detail", call.detail());
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : Long.valueOf(instant.toEpochMilli());
    }

    @Override
    public Optional<CallRow> find(String id) {
        return connections.read(
                handle ->
                        handle.createQuery("SELECT * FROM calls WHERE id = :id")
                                .bind("id", id)
                                .map((row, context) -> call(row))
                                .findOne());
    }

    @Override
    public Optional<String> trace(String callId) {
        return connections.read(
                handle ->
                        handle.createQuery("SELECT trace FROM call_traces WHERE call_id = :id")
                                .bind("id", callId)
                                .mapTo(String.class)
                                .findOne());
    }

    @Override
    public Page<CallRow> list(Filter filter, Page.@Nullable Cursor after, int limit) {
        Map<String, Object> values = new LinkedHashMap<>();
        StringBuilder sql = new StringBuilder("SELECT * FROM calls").append(where(filter, values));
        if (after != null) {
            sql.append(" AND (started_at < :at OR (started_at = :at AND id < :id))");
            values.put("at", after.epochMillis());
            values.put("id", after.id());
        }
        sql.append(" ORDER BY started_at DESC, id DESC LIMIT :limit");
        return connections.read(
                handle -> {
                    List<CallRow> rows =
                            handle.createQuery(sql.toString())
                                    .bindMap(values)
                                    .bind("limit", limit + 1)
                                    .map((row, context) -> call(row))
                                    .list();
                    return Pages.cut(
                            rows,
                            limit,
                            c -> new Page.Cursor(c.startedAt().toEpochMilli(), c.id()));
                });
    }

    @Override
    public long count(Filter filter) {
        Map<String, Object> values = new LinkedHashMap<>();
        String sql = "SELECT COUNT(*) FROM calls" + where(filter, values);
        return connections.read(
                handle -> handle.createQuery(sql).bindMap(values).mapTo(Long.class).one());
    }

    private static StringBuilder where(Filter filter, Map<String, Object> values) {
        StringBuilder sql = new StringBuilder(" WHERE 1 = 1");
        equal(sql, values, "room", filter.room());
        equal(sql, values, "trunk", filter.trunk());
        equal(sql, values, "state", filter.state());
        equal(sql, values, "end_culprit", filter.culprit());
        equal(sql, values, "direction", filter.direction());
        Instant since = filter.since();
        if (since != null) {
            sql.append(" AND started_at >= :since");
            values.put("since", since.toEpochMilli());
        }
        Instant until = filter.until();
        if (until != null) {
            sql.append(" AND started_at < :until");
            values.put("until", until.toEpochMilli());
        }
        return sql;
    }

    private static void equal(
            StringBuilder sql, Map<String, Object> values, String column, @Nullable String value) {
        if (value != null) {
            sql.append(" AND ").append(column).append(" = :").append(column);
            values.put(column, value);
        }
    }

    @Override
    public Slice placed(Placed which, int offset, int limit) {
        if (which.progress() == Placed.Progress.ENDED && which.reasons().isEmpty()) {
            return new Slice(List.of(), 0);
        }
        String where = " FROM calls WHERE direction = 'outbound'" + conditions(which);
        return connections.read(
                handle -> {
                    List<CallRow> rows =
                            bound(
                                            handle.createQuery(
                                                    "SELECT *"
                                                            + where
                                                            + " ORDER BY started_at DESC, id DESC"
                                                            + " LIMIT :limit OFFSET :offset"),
                                            which)
                                    .bind("limit", limit)
                                    .bind("offset", offset)
                                    .map((row, context) -> call(row))
                                    .list();
                    long total =
                            bound(handle.createQuery("SELECT COUNT(*)" + where), which)
                                    .mapTo(Long.class)
                                    .one();
                    return new Slice(rows, total);
                });
    }

    private static String conditions(Placed which) {
        String to = which.to().isEmpty() ? "" : " AND to_party IN (<to>)";
        return switch (which.progress()) {
            case ANY -> to;
            case SETTING_UP -> to + " AND ended_at IS NULL AND answered_at IS NULL";
            case TALKING -> to + " AND ended_at IS NULL AND answered_at IS NOT NULL";
            case ENDED -> to + " AND end_reason IN (<reasons>)";
        };
    }

    private static Query bound(Query query, Placed which) {
        if (!which.to().isEmpty()) {
            query.bindList("to", List.copyOf(which.to()));
        }
        if (which.progress() == Placed.Progress.ENDED) {
            query.bindList("reasons", List.copyOf(which.reasons()));
        }
        return query;
    }

    @Override
    public List<CallRow> open() {
        return connections.read(
                handle ->
                        handle.createQuery(
                                        "SELECT * FROM calls WHERE ended_at IS NULL ORDER BY"
                                                + " started_at, id")
                                .map((row, context) -> call(row))
                                .list());
    }

    @Override
    public int endCrashed(Instant now) {
        return connections.rewrite(
                handle ->
                        handle.createUpdate(
                                        "UPDATE calls SET state = 'ended', ended_at = :now,"
                                                + " end_reason = :reason, end_culprit = :culprit,"
                                                + " end_text = :text WHERE ended_at IS NULL")
                                .bind("reason", CallRow.CRASHED)
                                .bind("culprit", CallRow.CRASH_CULPRIT)
                                .bind("text", CallRow.CRASH_TEXT)
                                .bind("now", now.toEpochMilli())
                                .execute());
    }

    @Override
    public int deleteEndedBefore(Instant limit) {
        return connections.write(
                handle -> {
                    handle.createUpdate(
                                    "DELETE FROM notes WHERE owner IN (SELECT id FROM calls WHERE"
                                            + " ended_at < :limit)")
                            .bind("limit", limit.toEpochMilli())
                            .execute();
                    return handle.createUpdate("DELETE FROM calls WHERE ended_at < :limit")
                            .bind("limit", limit.toEpochMilli())
                            .execute();
                });
    }

    @Override
    public int deleteTracesEndedBefore(Instant limit) {
        return connections.rewrite(
                handle ->
                        handle.createUpdate("DELETE FROM call_traces WHERE ended_at < :limit")
                                .bind("limit", limit.toEpochMilli())
                                .execute());
    }

    private static CallRow call(ResultSet row) throws SQLException {
        return new CallRow(
                row.getString("id"),
                row.getString("direction"),
                row.getString("state"),
                row.getString("room"),
                row.getString("participant"),
                row.getString("trunk"),
                row.getString("account"),
                row.getString("from_party"),
                row.getString("to_party"),
                row.getString("name"),
                row.getString("user_id"),
                row.getString("sip_call_id"),
                Instant.ofEpochMilli(row.getLong("started_at")),
                instant(row, "answered_at"),
                instant(row, "ended_at"),
                row.getString("end_reason"),
                row.getString("end_culprit"),
                row.getInt("end_sip_status"),
                row.getString("end_text"),
                row.getString("detail"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }
}
