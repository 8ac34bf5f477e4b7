package dev.roomline.bridge.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** {@link Passthrough} over JDBI. Thread-safe. */
final class SqlPassthrough implements Passthrough {
    private final Connections connections;

    SqlPassthrough(Connections connections) {
        this.connections = connections;
    }

    @Override
    public void add(Trunk trunk) {
        connections.rewrite(
                handle ->
                        handle.createUpdate(
                                        "INSERT INTO passthrough_trunks (trunk, name, kind, mode,"
                                                + " webhook, created_at) VALUES (:id, :name, :kind,"
                                                + " :mode, :webhook, :at) ON CONFLICT (trunk) DO"
                                                + " NOTHING")
                                .bind("id", trunk.id())
                                .bind("name", trunk.name())
                                .bind("kind", trunk.kind())
                                .bind("mode", trunk.mode())
                                .bind("webhook", trunk.webhook())
                                .bind("at", trunk.createdAt().toEpochMilli())
                                .execute());
    }

    @Override
    public List<Trunk> trunks() {
        return connections.read(
                handle ->
                        handle.createQuery(
                                        "SELECT * FROM passthrough_trunks ORDER BY created_at"
                                                + " DESC, trunk DESC")
                                .map((row, context) -> trunk(row))
                                .list());
    }

    private static Trunk trunk(ResultSet row) throws SQLException {
        return new Trunk(
                row.getString("trunk"),
                row.getString("name"),
                row.getString("kind"),
                row.getBoolean("mode"),
                row.getString("webhook"),
                Instant.ofEpochMilli(row.getLong("created_at")));
    }

    @Override
    public void add(Call call) {
        connections.rewrite(
                handle ->
                        handle.createUpdate(
                                        "INSERT INTO passthrough_calls (id, room, room_name,"
                                                + " trunk, to_number, metadata, webhook,"
                                                + " created_at) VALUES (:id, :room, :name, :trunk,"
                                                + " :to, :metadata, :webhook, :at) ON CONFLICT"
                                                + " (id) DO NOTHING")
                                .bind("id", call.id())
                                .bind("room", call.room())
                                .bind("name", call.roomName())
                                .bind("trunk", call.trunk())
                                .bind("to", call.to())
                                .bind("metadata", call.metadata())
                                .bind("webhook", call.webhook())
                                .bind("at", call.createdAt().toEpochMilli())
                                .execute());
    }

    @Override
    public Optional<Call> call(String id) {
        return connections.read(
                handle ->
                        handle.createQuery("SELECT * FROM passthrough_calls WHERE id = :id")
                                .bind("id", id)
                                .map((row, context) -> call(row))
                                .findOne());
    }

    @Override
    public List<Call> ofRooms(Collection<String> rooms) {
        if (rooms.isEmpty()) {
            return List.of();
        }
        return connections.read(
                handle ->
                        handle.createQuery(
                                        "SELECT * FROM passthrough_calls WHERE room IN (<rooms>)")
                                .bindList("rooms", List.copyOf(rooms))
                                .map((row, context) -> call(row))
                                .list());
    }

    private static Call call(ResultSet row) throws SQLException {
        return new Call(
                row.getString("id"),
                row.getString("room"),
                row.getString("room_name"),
                row.getString("trunk"),
                row.getString("to_number"),
                row.getString("metadata"),
                row.getString("webhook"),
                Instant.ofEpochMilli(row.getLong("created_at")));
    }

    @Override
    public int deleteBefore(Instant limit) {
        return connections.rewrite(
                handle ->
                        handle.createUpdate(
                                        "DELETE FROM passthrough_calls WHERE created_at < :limit"
                                                + " AND NOT EXISTS (SELECT 1 FROM calls WHERE"
                                                + " calls.room = passthrough_calls.room AND"
                                                + " calls.ended_at IS NULL)")
                                .bind("limit", limit.toEpochMilli())
                                .execute());
    }
}
