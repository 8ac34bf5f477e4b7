package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.bridge.store.SecretBox.Place;
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
    private static final String CODES =
            "SELECT code_key, code, role, pin, entry, enabled FROM room_codes WHERE room_id = :id"
                    + " ORDER BY position, code_key";

    /** Source of a room that was made for a call. */
    private static final String CALL = "call";

    private final Connections connections;
    private final SecretBox box;
    private final InstantSource clock;
    private final CodeMemory memory = new CodeMemory();

    SqlRooms(Connections connections, SecretBox box, InstantSource clock) {
        this.connections = connections;
        this.box = box;
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
                : roomOfCode(handle, idOrCode).flatMap(id -> byId(handle, id));
    }

    private Optional<RoomRow> byId(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM rooms WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> room(row, codes(handle, id)))
                .findOne();
    }

    private static Optional<String> roomOfCode(Handle handle, String code) {
        return handle.createQuery("SELECT room_id FROM room_codes WHERE code_key = :code")
                .bind("code", CodeMemory.key(code))
                .mapTo(String.class)
                .findOne();
    }

    private List<CodeRow> codes(Handle handle, String roomId) {
        return handle.createQuery(CODES).bind("id", roomId).map((row, context) -> code(row)).list();
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
                handle ->
                        handle.createQuery("SELECT code FROM room_codes WHERE keypad = :digits")
                                .bind("digits", digits)
                                .mapTo(String.class)
                                .findOne()
                                .flatMap(code -> entry(handle, code)));
    }

    private Optional<Entry> entry(Handle handle, String code) {
        return roomOfCode(handle, code)
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
                                    .map(r -> withCodes(r, codes(handle, r.id())))
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
            if (code.code().isPresent() && taken(handle, code.code().get())) {
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
        List<NewCode> codes = new ArrayList<>(room.codes());
        if (codes.isEmpty() && !source.equals("file")) {
            codes.add(new NewCode(Optional.empty(), "guest", "", "both"));
        }
        for (int position = 0; position < codes.size(); position++) {
            insertCode(handle, id, codes.get(position), position);
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
            handle.createUpdate("DELETE FROM room_codes WHERE room_id = :id")
                    .bind("id", each)
                    .execute();
        }
        for (Declared.Room room : declared) {
            for (Declared.Code code : room.codes()) {
                handle.createUpdate("DELETE FROM room_codes WHERE code_key = :key")
                        .bind("key", CodeMemory.key(code.code()))
                        .execute();
            }
            String at = id.apply(room);
            Instant since = byId(handle, at).map(RoomRow::createdAt).orElse(now);
            remove(handle, at);
            insert(handle, at, NewRoom.of(room), "file", since);
        }
    }

    private CodeRow insertCode(Handle handle, String roomId, NewCode wanted, int position) {
        String code = wanted.code().orElseGet(() -> freeCode(handle));
        String keypad = Names.keypad(code);
        handle.createUpdate(
                        "INSERT INTO room_codes (code_key, room_id, code, keypad, role, pin, entry,"
                                + " enabled, position) VALUES (:key, :room, :code, :keypad, :role,"
                                + " :pin, :entry, :enabled, :position)")
                .bind("key", CodeMemory.key(code))
                .bind("room", roomId)
                .bind("code", code)
                .bind("keypad", spelt(handle, keypad) ? null : keypad)
                .bind("role", wanted.role())
                .bind("pin", box.seal(new Secret(wanted.pin()), pin(CodeMemory.key(code))))
                .bind("entry", wanted.entry())
                .bind("enabled", true)
                .bind("position", position)
                .execute();
        return new CodeRow(code, wanted.role(), wanted.pin(), wanted.entry(), true);
    }

    private static String freeCode(Handle handle) {
        while (true) {
            String code = Names.code();
            if (!spelt(handle, Names.keypad(code))) {
                return code;
            }
        }
    }

    private static boolean spelt(Handle handle, String keypad) {
        return handle.createQuery("SELECT COUNT(*) FROM room_codes WHERE keypad = :keypad")
                        .bind("keypad", keypad)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    private static boolean taken(Handle handle, String code) {
        return roomOfCode(handle, code).isPresent();
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

    private static void remove(Handle handle, String roomId) {
        handle.createUpdate("DELETE FROM room_codes WHERE room_id = :id")
                .bind("id", roomId)
                .execute();
        handle.createUpdate("DELETE FROM rooms WHERE id = :id").bind("id", roomId).execute();
    }

    @Override
    public Change<CodeRow> addCode(String idOrCode, NewCode code) {
        return change(
                idOrCode,
                (handle, room) ->
                        code.code().isPresent() && taken(handle, code.code().get())
                                ? new Change.Taken<>(code.code().get())
                                : new Change.Done<>(
                                        insertCode(handle, room.id(), code, room.codes().size())));
    }

    @Override
    public Change<CodeRow> enableCode(String idOrCode, String code, boolean enabled) {
        return change(
                idOrCode,
                (handle, room) -> {
                    Optional<CodeRow> found = codeOf(room, code);
                    if (found.isEmpty()) {
                        return new Change.Missing<>();
                    }
                    handle.createUpdate(
                                    "UPDATE room_codes SET enabled = :enabled WHERE code_key = :key")
                            .bind("enabled", enabled)
                            .bind("key", CodeMemory.key(code))
                            .execute();
                    CodeRow was = found.get();
                    return new Change.Done<>(
                            new CodeRow(was.code(), was.role(), was.pin(), was.entry(), enabled));
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

    private static Place pin(String codeKey) {
        return new Place("room_codes", "pin", codeKey);
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

    private CodeRow code(ResultSet row) throws SQLException {
        return new CodeRow(
                row.getString("code"),
                row.getString("role"),
                box.unseal(row.getString("pin"), pin(row.getString("code_key"))).value(),
                row.getString("entry"),
                row.getBoolean("enabled"));
    }
}
