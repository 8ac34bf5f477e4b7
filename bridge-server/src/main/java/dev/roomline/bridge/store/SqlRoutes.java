package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** {@link InboundRoutes} over JDBI. Thread-safe. */
final class SqlRoutes implements InboundRoutes {
    private static final EntryTable<RouteRow> TABLE =
            new EntryTable<>("routes", (row, _) -> route(row), SqlRoutes::nameInFile);

    private final Connections connections;
    private final InstantSource clock;

    SqlRoutes(Connections connections, InstantSource clock) {
        this.connections = connections;
        this.clock = clock;
    }

    @Override
    public Optional<RouteRow> find(String id) {
        return connections.read(handle -> TABLE.find(handle, id));
    }

    @Override
    public List<RouteRow> all() {
        return connections.read(TABLE::all);
    }

    @Override
    public Page<RouteRow> list(Page.@Nullable Cursor after, int limit) {
        return connections.read(handle -> TABLE.list(handle, after, limit));
    }

    @Override
    public Change<RouteRow> create(Declared.Route route) {
        return connections.write(
                handle -> put(handle, Names.id("route"), route, clock.instant(), ""));
    }

    @Override
    public Change<RouteRow> update(
            String id, Function<Declared.Route, Optional<Declared.Route>> edit) {
        return connections.write(
                handle ->
                        TABLE.change(
                                handle,
                                id,
                                was -> {
                                    Optional<Declared.Route> wanted = edit.apply(was.route());
                                    return wanted.isEmpty()
                                            ? new Change.Done<>(was)
                                            : put(handle, id, wanted.get(), was.createdAt(), id);
                                }));
    }

    /**
     * @param instead the row that goes; empty: none
     */
    private static Change<RouteRow> put(
            Handle handle, String id, Declared.Route route, Instant createdAt, String instead) {
        boolean noTrunk =
                !route.trunk().isEmpty()
                        && handle.createQuery("SELECT COUNT(*) FROM trunks WHERE id = :id")
                                        .bind("id", route.trunk())
                                        .mapTo(Long.class)
                                        .one()
                                == 0;
        if (noTrunk) {
            return new Change.Missing<>();
        }
        boolean taken =
                handle.createQuery(
                                        "SELECT COUNT(*) FROM routes WHERE number = :number AND"
                                                + " trunk = :trunk AND id <> :instead")
                                .bind("number", route.number())
                                .bind("trunk", route.trunk())
                                .bind("instead", instead)
                                .mapTo(Long.class)
                                .one()
                        > 0;
        if (taken) {
            return new Change.Taken<>(route.number());
        }
        remove(handle, instead);
        insert(handle, id, route, 0, createdAt, "api");
        return new Change.Done<>(TABLE.find(handle, id).orElseThrow());
    }

    @Override
    public Change<RouteRow> delete(String id) {
        return connections.write(
                handle ->
                        TABLE.change(
                                handle,
                                id,
                                was -> {
                                    remove(handle, id);
                                    return new Change.Done<>(was);
                                }));
    }

    static void remove(Handle handle, String id) {
        TABLE.remove(handle, id);
    }

    /** Of the routes that lead from a trunk, the numbers. */
    static List<String> numbersOver(Handle handle, String trunk) {
        return handle.createQuery("SELECT number FROM routes WHERE trunk = :trunk ORDER BY number")
                .bind("trunk", trunk)
                .mapTo(String.class)
                .list();
    }

    /** The file's, as it is now; what led the same number over the same trunk goes. */
    static void declare(Handle handle, String id, Declared.Route route, int position, Instant now) {
        Instant since = TABLE.find(handle, id).map(RouteRow::createdAt).orElse(now);
        handle.createUpdate(
                        "DELETE FROM routes WHERE id = :id OR (number = :number AND trunk ="
                                + " :trunk)")
                .bind("id", id)
                .bind("number", route.number())
                .bind("trunk", route.trunk())
                .execute();
        insert(handle, id, route, position, since, "file");
    }

    private static void insert(
            Handle handle,
            String id,
            Declared.Route route,
            int position,
            Instant createdAt,
            String source) {
        handle.createUpdate(
                        "INSERT INTO routes (id, number, trunk, room, ask, webhook, position,"
                                + " created_at, source) VALUES (:id, :number, :trunk, :room, :ask,"
                                + " :webhook, :position, :at, :source)")
                .bind("id", id)
                .bind("number", route.number())
                .bind("trunk", route.trunk())
                .bind("room", route.room())
                .bind("ask", route.ask())
                .bind("webhook", route.webhook())
                .bind("position", position)
                .bind("at", createdAt.toEpochMilli())
                .bind("source", source)
                .execute();
    }

    static Map<String, Object> ofFile(Handle handle) {
        return TABLE.ofFile(handle);
    }

    private static String nameInFile(RouteRow row) {
        Declared.Route route = row.route();
        return route.trunk().isEmpty() ? route.number() : route.number() + " over " + route.trunk();
    }

    private static RouteRow route(ResultSet row) throws SQLException {
        return new RouteRow(
                row.getString("id"),
                new Declared.Route(
                        row.getString("number"),
                        row.getString("trunk"),
                        row.getString("room"),
                        row.getString("ask"),
                        row.getString("webhook")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("source"));
    }
}
