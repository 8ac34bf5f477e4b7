package dev.roomline.bridge.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** {@link Deliveries} over JDBI. Thread-safe. */
final class SqlDeliveries implements Deliveries {
    private static final String FIRST =
            "state = 'waiting' AND next_try_at <= :now AND (subject = '' OR NOT EXISTS (SELECT 1"
                    + " FROM deliveries e WHERE e.webhook_id = d.webhook_id AND e.subject ="
                    + " d.subject AND e.state = 'waiting' AND e.place < d.place))";
    private static final String ORDER = " ORDER BY next_try_at, created_at, place LIMIT :limit";
    private static final String DUE = "SELECT * FROM deliveries d WHERE " + FIRST + ORDER;
    private static final String DUE_TO =
            "SELECT * FROM deliveries d WHERE webhook_id = :webhook AND " + FIRST + ORDER;

    private final Connections connections;
    private final InstantSource clock;

    SqlDeliveries(Connections connections, InstantSource clock) {
        this.connections = connections;
        this.clock = clock;
    }

    @Override
    public List<DeliveryRow> add(List<String> webhookIds, Event event) {
        return connections.write(
                handle -> {
                    List<DeliveryRow> rows = new ArrayList<>();
                    for (String webhook : webhookIds) {
                        rows.add(insert(handle, webhook, event));
                    }
                    return rows;
                });
    }

    private DeliveryRow insert(Handle handle, String webhook, Event event) {
        String id = Names.id("dlv");
        put(handle, id, webhook, event);
        return find(handle, webhook, id).orElseThrow();
    }

    private void put(Handle handle, String id, String webhook, Event event) {
        long now = clock.instant().toEpochMilli();
        handle.createUpdate(
                        "INSERT INTO deliveries (id, webhook_id, event_id, event_type, subject,"
                                + " place, body, state, attempts, next_try_at, last_status,"
                                + " last_error, created_at) SELECT :id, :webhook, :event, :type,"
                                + " :subject, COALESCE(MAX(place), 0) + 1, :body, 'waiting', 0,"
                                + " :now, 0, '', :now FROM deliveries WHERE webhook_id = :webhook"
                                + " AND subject = :subject HAVING EXISTS (SELECT 1 FROM webhooks"
                                + " WHERE id = :webhook)")
                .bind("id", id)
                .bind("webhook", webhook)
                .bind("event", event.id())
                .bind("type", event.type())
                .bind("subject", event.subject())
                .bind("body", event.body())
                .bind("now", now)
                .execute();
    }

    @Override
    public void addAll(List<Outgoing> rows, List<Presence> changes) {
        connections.write(
                handle -> {
                    for (Outgoing row : rows) {
                        put(handle, Names.id("dlv"), row.webhookId(), row.event());
                    }
                    changes.forEach(change -> put(handle, change));
                    return rows.size();
                });
    }

    private static void put(Handle handle, Presence change) {
        if (change.told().isEmpty()) {
            handle.createUpdate("DELETE FROM present WHERE id = :id")
                    .bind("id", change.id())
                    .execute();
            return;
        }
        handle.createUpdate(
                        "INSERT INTO present (id, kind, told) VALUES (:id, :kind, :told) ON"
                                + " CONFLICT (id) DO UPDATE SET told = excluded.told")
                .bind("id", change.id())
                .bind("kind", change.kind())
                .bind("told", change.told())
                .execute();
    }

    @Override
    public List<Presence> present(String kind) {
        return connections.read(
                handle ->
                        handle.createQuery("SELECT id, told FROM present WHERE kind = :kind")
                                .bind("kind", kind)
                                .map(
                                        (row, _) ->
                                                new Presence(
                                                        row.getString(1), kind, row.getString(2)))
                                .list());
    }

    @Override
    public Set<String> typesOf(String subject) {
        return connections.read(
                handle ->
                        Set.copyOf(
                                handle.createQuery(
                                                "SELECT DISTINCT event_type FROM deliveries WHERE"
                                                        + " subject = :subject")
                                        .bind("subject", subject)
                                        .mapTo(String.class)
                                        .list()));
    }

    @Override
    public List<String> webhooksDue(Instant now) {
        return connections.read(
                handle ->
                        handle.createQuery(
                                        "SELECT DISTINCT webhook_id FROM deliveries d WHERE "
                                                + FIRST)
                                .bind("now", now.toEpochMilli())
                                .mapTo(String.class)
                                .list());
    }

    @Override
    public List<DeliveryRow> due(String webhookId, Instant now, int limit) {
        return connections.read(
                handle ->
                        handle.createQuery(DUE_TO)
                                .bind("webhook", webhookId)
                                .bind("now", now.toEpochMilli())
                                .bind("limit", limit)
                                .map((row, context) -> delivery(row))
                                .list());
    }

    @Override
    public Optional<Instant> nextDueAfter(Instant now) {
        return connections.read(
                handle ->
                        handle.createQuery(
                                        "SELECT next_try_at FROM deliveries WHERE state ="
                                                + " 'waiting' AND next_try_at > :now ORDER BY"
                                                + " next_try_at LIMIT 1")
                                .bind("now", now.toEpochMilli())
                                .map((row, context) -> Instant.ofEpochMilli(row.getLong(1)))
                                .findOne());
    }

    @Override
    public long waiting() {
        return connections.read(
                handle ->
                        handle.createQuery(
                                        "SELECT COUNT(*) FROM deliveries WHERE state = 'waiting'")
                                .mapTo(Long.class)
                                .one());
    }

    @Override
    public List<DeliveryRow> due(Instant now, int limit) {
        return connections.read(
                handle ->
                        handle.createQuery(DUE)
                                .bind("now", now.toEpochMilli())
                                .bind("limit", limit)
                                .map((row, context) -> delivery(row))
                                .list());
    }

    @Override
    public Optional<Instant> nextDue() {
        return connections.read(
                handle ->
                        handle.createQuery(
                                        "SELECT next_try_at FROM deliveries WHERE state ="
                                                + " 'waiting' ORDER BY next_try_at LIMIT 1")
                                .map((row, context) -> Instant.ofEpochMilli(row.getLong(1)))
                                .findOne());
    }

    @Override
    public void delivered(String id, int status, Instant now) {
        tried(id, "delivered", status, "", now, Optional.of(now));
    }

    @Override
    public void failed(
            String id, int status, String error, Optional<Instant> nextTry, Instant now) {
        if (nextTry.isPresent()) {
            tried(id, "waiting", status, error, nextTry.get(), Optional.empty());
        } else {
            tried(id, "given_up", status, error, now, Optional.of(now));
        }
    }

    private void tried(
            String id,
            String state,
            int status,
            String error,
            Instant next,
            Optional<Instant> ended) {
        connections.write(
                handle ->
                        handle.createUpdate(
                                        "UPDATE deliveries SET state = :state, attempts = attempts"
                                                + " + 1, last_status = :status, last_error ="
                                                + " :error, next_try_at = :next, ended_at = :ended"
                                                + " WHERE id = :id AND state = 'waiting'")
                                .bind("id", id)
                                .bind("state", state)
                                .bind("status", status)
                                .bind("error", error)
                                .bind("next", next.toEpochMilli())
                                .bind("ended", ended.map(Instant::toEpochMilli).orElse(null))
                                .execute());
    }

    @Override
    public Optional<DeliveryRow> find(String webhookId, String id) {
        return connections.read(handle -> find(handle, webhookId, id));
    }

    private static Optional<DeliveryRow> find(Handle handle, String webhookId, String id) {
        return handle.createQuery(
                        "SELECT * FROM deliveries WHERE id = :id AND webhook_id = :webhook")
                .bind("id", id)
                .bind("webhook", webhookId)
                .map((row, context) -> delivery(row))
                .findOne();
    }

    @Override
    public Page<DeliveryRow> list(String webhookId, Page.@Nullable Cursor after, int limit) {
        return connections.read(
                handle -> {
                    var query =
                            handle.createQuery(
                                            "SELECT * FROM deliveries WHERE webhook_id = :webhook"
                                                    + (after == null
                                                            ? ""
                                                            : " AND (created_at < :at OR"
                                                                    + " (created_at = :at AND id <"
                                                                    + " :id))")
                                                    + " ORDER BY created_at DESC, id DESC LIMIT"
                                                    + " :limit")
                                    .bind("webhook", webhookId)
                                    .bind("limit", limit + 1);
                    if (after != null) {
                        query.bind("at", after.epochMillis()).bind("id", after.id());
                    }
                    return Pages.cut(
                            query.map((row, context) -> delivery(row)).list(),
                            limit,
                            d -> new Page.Cursor(d.createdAt().toEpochMilli(), d.id()));
                });
    }

    @Override
    public Optional<DeliveryRow> again(String webhookId, String id) {
        return connections.write(
                handle ->
                        find(handle, webhookId, id)
                                .map(
                                        was ->
                                                insert(
                                                        handle,
                                                        webhookId,
                                                        new Event(
                                                                was.eventId(),
                                                                was.eventType(),
                                                                was.subject(),
                                                                was.body()))));
    }

    @Override
    public int deleteEndedBefore(Instant limit) {
        return connections.rewrite(
                handle ->
                        handle.createUpdate("DELETE FROM deliveries WHERE ended_at < :limit")
                                .bind("limit", limit.toEpochMilli())
                                .execute());
    }

    private static DeliveryRow delivery(ResultSet row) throws SQLException {
        long ended = row.getLong("ended_at");
        Instant endedAt = row.wasNull() ? null : Instant.ofEpochMilli(ended);
        return new DeliveryRow(
                row.getString("id"),
                row.getString("webhook_id"),
                row.getString("event_id"),
                row.getString("event_type"),
                row.getString("subject"),
                row.getString("body"),
                row.getString("state"),
                row.getInt("attempts"),
                Instant.ofEpochMilli(row.getLong("next_try_at")),
                row.getInt("last_status"),
                row.getString("last_error"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                endedAt);
    }
}
