package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** {@link Rooms} over JDBI. Thread-safe. */
final class SqlRooms implements Rooms {
    /** Source of a room that was made for a call. */
    private static final String CALL = "call";

    private final Connections connections;
    private final SqlRoomCodes codes;
    private final InstantSource clock;
    private final CodeMemory memory = new CodeMemory();

    SqlRooms(Connections connections, SecretBox box, InstantSource clock) {
        this.connections = connections;
        this.codes = new SqlRoomCodes(box);
        this.clock = clock;
    }

    @Override
    public Optional<RoomRow> find(String idOrCode) {
        return connections.read(handle -> find(handle, idOrCode));
    }

    private Optional<RoomRow> find(Handle handle, String idOrCode) {
        Optional<RoomRow> byId = byId(handle, idOrCode);
        return byId.isPresent()
                ? byId
                : codes.roomOf(handle, idOrCode).flatMap(id -> byId(handle, id));
    }

    private Optional<RoomRow> byId(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM rooms WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> room(row, codes.ofRoom(handle, id)))
                .findOne();
    }

    @Override
    public Recalled<Entry> recall(String code) {
        return memory.recall(code);
    }

    @Override
    public Optional<Entry> enter(String code) {
        return switch (memory.recall(code)) {
            case Recalled.Known<Entry>(Optional<Entry> entry) -> entry;
            case Recalled.Unknown<Entry> _ ->
                    memory.keeping(code, () -> connections.read(handle -> entry(handle, code)));
        };
    }

    @Override
    public Optional<Entry> spelt(String digits) {
        return connections.read(
                handle -> codes.spelt(handle, digits).flatMap(code -> entry(handle, code)));
    }

    private Optional<Entry> entry(Handle handle, String code) {
        return codes.roomOf(handle, code)
                .flatMap(id -> byId(handle, id))
                .flatMap(room -> codeOf(room, code).map(found -> new Entry(room, found)));
    }

    /** Any number of rooms change; what memory held of them is gone when it returns. */
    <T> T all(Supplier<T> change) {
        try {
            return change.get();
        } finally {
            memory.forgetAll();
        }
    }

    private static Optional<CodeRow> codeOf(RoomRow room, String code) {
        return room.codes().stream()
                .filter(c -> CodeMemory.key(c.code()).equals(CodeMemory.key(code)))
                .findFirst();
    }

    @Override
    public Page<RoomRow> list(@Nullable String name, Page.@Nullable Cursor after, int limit) {
        String sql =
                "SELECT * FROM rooms WHERE 1 = 1"
                        + (name == null ? "" : " AND name = :name")
                        + (after == null
                                ? ""
                                : " AND (created_at < :at OR (created_at = :at AND id < :id))")
                        + " ORDER BY created_at DESC, id DESC LIMIT :limit";
        return connections.read(
                handle -> {
                    var query = handle.createQuery(sql).bind("limit", limit + 1);
                    if (name != null) {
                        query.bind("name", name);
                    }
                    if (after != null) {
                        query.bind("at", after.epochMillis()).bind("id", after.id());
                    }
                    List<RoomRow> rows =
                            query.map((row, context) -> room(row, List.of())).list().stream()
                                    .map(r -> withCodes(r, codes.ofRoom(handle, r.id())))
                                    .toList();
                    return Pages.cut(rows, limit, r -> cursor(r));
                });
    }

    private static Page.Cursor cursor(RoomRow room) {
        return new Page.Cursor(room.createdAt().toEpochMilli(), room.id());
    }

    @Override
    public Change<RoomRow> create(NewRoom room) {
        return connections.write(
                handle -> insert(handle, Names.id("room"), room, "api", clock.instant()));
    }

    @Override
    public RoomRow createForCall(NewRoom room) {
        Change<RoomRow> change =
                connections.write(
                        handle -> insert(handle, Names.id("room"), room, CALL, clock.instant()));
        if (change instanceof Change.Done<RoomRow> done) {
            return done.row();
        }
        throw new IllegalStateException("a room without codes of its own was not made: " + change);
    }

    @Override
    public int deleteMadeForCalls() {
        return all(
                () ->
                        connections.write(
                                handle -> {
                                    List<String> left =
                                            handle.createQuery(
                                                            "SELECT id FROM rooms WHERE source ="
                                                                    + " :source")
                                                    .bind("source", CALL)
                                                    .mapTo(String.class)
                                                    .list();
                                    left.forEach(id -> remove(handle, id));
                                    return left.size();
                                }));
    }

    /** Leaves nothing behind where a code is taken. */
    private Change<RoomRow> insert(
            Handle handle, String id, NewRoom room, String source, Instant now) {
        for (NewCode code : room.codes()) {
            if (code.code().isPresent() && codes.isTaken(handle, code.code().get())) {
                return new Change.Taken<>(code.code().get());
            }
        }
        handle.createUpdate(
                        "INSERT INTO rooms (id, name, browsers, max_participants,"
                                + " visible_attributes, hide_numbers, created_at, source) VALUES"
                                + " (:id, :name, :browsers, :max, :visible, :hide, :at, :source)")
                .bind("id", id)
                .bind("name", room.name())
                .bind("browsers", room.browsers())
                .bind("max", room.maxParticipants())
                .bind("visible", Json.write(room.visibleAttributes()))
                .bind("hide", room.hideNumbers())
                .bind("at", now.toEpochMilli())
                .bind("source", source)
                .execute();
        List<NewCode> wanted = new ArrayList<>(room.codes());
        if (wanted.isEmpty() && !source.equals("file")) {
            wanted.add(new NewCode(Optional.empty(), "guest", "", "both"));
        }
        for (int position = 0; position < wanted.size(); position++) {
            codes.insert(handle, id, wanted.get(position), position);
        }
        return new Change.Done<>(byId(handle, id).orElseThrow());
    }

    /**
     * The file's rooms, as they are now; the codes that they name are theirs, whoever had them.
     *
     * @param id follows from the room's name
     */
    void declare(
            Handle handle,
            List<Declared.Room> declared,
            Function<Declared.Room, String> id,
            Instant now) {
        Set<String> ids = declared.stream().map(id).collect(Collectors.toSet());
        handle
                .createQuery("SELECT id FROM rooms WHERE source = 'file'")
                .mapTo(String.class)
                .list()
                .stream()
                .filter(stale -> !ids.contains(stale))
                .forEach(stale -> remove(handle, stale));
        // All codes first: one may have moved from a room to another.
        for (String each : ids) {
            codes.removeAll(handle, each);
        }
        for (Declared.Room room : declared) {
            for (Declared.Code code : room.codes()) {
                codes.remove(handle, code.code());
            }
            String at = id.apply(room);
            Instant since = byId(handle, at).map(RoomRow::createdAt).orElse(now);
            remove(handle, at);
            insert(handle, at, NewRoom.of(room), "file", since);
        }
    }

    @Override
    public Change<RoomRow> update(String idOrCode, RoomPatch patch) {
        return change(
                idOrCode,
                (handle, room) -> {
                    handle.createUpdate(
                                    "UPDATE rooms SET name = :name, browsers = :browsers,"
                                            + " max_participants = :max,"
                                            + " visible_attributes = :visible,"
                                            + " hide_numbers = :hide WHERE id = :id")
                            .bind("id", room.id())
                            .bind("name", patch.name().orElse(room.name()))
                            .bind("browsers", patch.browsers().orElse(room.browsers()))
                            .bind("max", patch.maxParticipants().orElse(room.maxParticipants()))
                            .bind(
                                    "visible",
                                    Json.write(
                                            patch.visibleAttributes()
                                                    .orElse(room.visibleAttributes())))
                            .bind("hide", patch.hideNumbers().orElse(room.hideNumbers()))
                            .execute();
                    return new Change.Done<>(byId(handle, room.id()).orElseThrow());
                });
    }

    @Override
    public Change<RoomRow> delete(String idOrCode) {
        return change(
                idOrCode,
                (handle, room) -> {
                    remove(handle, room.id());
                    return new Change.Done<>(room);
                });
    }

    private void remove(Handle handle, String roomId) {
        codes.removeAll(handle, roomId);
        SqlNotes.forget(handle, roomId);
        handle.createUpdate("DELETE FROM rooms WHERE id = :id").bind("id", roomId).execute();
    }

    @Override
    public Change<CodeRow> addCode(String idOrCode, NewCode code) {
        return change(
                idOrCode,
                (handle, room) ->
                        code.code().isPresent() && codes.isTaken(handle, code.code().get())
                                ? new Change.Taken<>(code.code().get())
                                : new Change.Done<>(
                                        codes.insert(
                                                handle, room.id(), code, room.codes().size())));
    }

    @Override
    public Change<CodeRow> enableCode(String idOrCode, String code, boolean enabled) {
        return change(
                idOrCode,
                (handle, room) -> {
                    Optional<CodeRow> found = codeOf(room, code);
                    return found.isEmpty()
                            ? new Change.Missing<>()
                            : new Change.Done<>(codes.enable(handle, found.get(), enabled));
                });
    }

    Map<String, Object> ofFile(Handle handle) {
        Map<String, Object> rows = new LinkedHashMap<>();
        handle.createQuery("SELECT id FROM rooms WHERE source = 'file' ORDER BY created_at, name")
                .mapTo(String.class)
                .list()
                .forEach(id -> byId(handle, id).ifPresent(room -> rows.put(room.name(), room)));
        return rows;
    }

    @Override
    public long count() {
        return connections.read(
                handle -> handle.createQuery("SELECT COUNT(*) FROM rooms").mapTo(Long.class).one());
    }

    private interface Step<T> {
        Change<T> on(Handle handle, RoomRow room);
    }

    /** Also where nobody knows whether it was committed, memory holds nothing of the room then. */
    private <T> Change<T> change(String idOrCode, Step<T> step) {
        List<RoomRow> touched = new ArrayList<>();
        try {
            return connections.write(
                    handle -> {
                        Optional<RoomRow> room = find(handle, idOrCode);
                        if (room.isEmpty()) {
                            return new Change.Missing<>();
                        }
                        if (room.get().source().equals("file")) {
                            return new Change.DeclaredInFile<>();
                        }
                        touched.add(room.get());
                        return step.on(handle, room.get());
                    });
        } finally {
            touched.forEach(memory::forget);
        }
    }

    private static RoomRow room(ResultSet row, List<CodeRow> codes) throws SQLException {
        return new RoomRow(
                row.getString("id"),
                row.getString("name"),
                codes,
                row.getInt("max_participants"),
                Json.read(row.getString("visible_attributes")),
                row.getBoolean("hide_numbers"),
                row.getString("browsers"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("source"));
    }

    private static RoomRow withCodes(RoomRow room, List<CodeRow> codes) {
        return new RoomRow(
                room.id(),
                room.name(),
                codes,
                room.maxParticipants(),
                room.visibleAttributes(),
                room.hideNumbers(),
                room.browsers(),
                room.createdAt(),
                room.source());
    }
}
