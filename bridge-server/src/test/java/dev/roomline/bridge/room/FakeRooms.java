package dev.roomline.bridge.room;

import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.Names;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.bridge.store.Rooms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rooms in memory, for reading and for calls of their own. */
public final class FakeRooms implements Rooms {
    private final List<RoomRow> rows = new ArrayList<>();

    /** So many deletions fail first. */
    public int failingDeletes;

    public static CodeRow code(String code) {
        return new CodeRow(code, "guest", "", "both", true);
    }

    public static RoomRow room(String id, int maxParticipants, CodeRow... codes) {
        return new RoomRow(
                id,
                "Room " + id,
                List.of(codes),
                maxParticipants,
                List.of("sip.h.x-shown"),
                true,
                "code",
                Instant.EPOCH,
                "api");
    }

    public FakeRooms with(RoomRow row) {
        rows.add(row);
        return this;
    }

    @Override
    public Optional<RoomRow> find(String idOrCode) {
        return rows.stream().filter(row -> row.id().equals(idOrCode)).findFirst();
    }

    @Override
    public Optional<Entry> enter(String code) {
        return rows.stream()
                .flatMap(row -> row.codes().stream().map(c -> new Entry(row, c)))
                .filter(entry -> entry.code().code().equalsIgnoreCase(code))
                .findFirst();
    }

    @Override
    public Optional<Entry> spelt(String digits) {
        return rows.stream()
                .flatMap(row -> row.codes().stream().map(c -> new Entry(row, c)))
                .filter(entry -> Names.keypad(entry.code().code()).equals(digits))
                .findFirst();
    }

    @Override
    public Page<RoomRow> list(@Nullable String name, Page.@Nullable Cursor after, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Change<RoomRow> create(NewRoom room) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RoomRow createForCall(NewRoom room) {
        RoomRow row =
                room("room_own_" + rows.size(), room.maxParticipants(), code("own-room-code"));
        rows.add(row);
        return row;
    }

    @Override
    public int deleteMadeForCalls() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Change<RoomRow> update(String idOrCode, RoomPatch patch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Change<RoomRow> delete(String idOrCode) {
        if (failingDeletes-- > 0) {
            throw new IllegalStateException("no database");
        }
        Optional<RoomRow> row = find(idOrCode);
        row.ifPresent(rows::remove);
        return row.<Change<RoomRow>>map(Change.Done::new).orElseGet(Change.Missing::new);
    }

    @Override
    public Change<CodeRow> addCode(String idOrCode, NewCode code) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Change<CodeRow> enableCode(String idOrCode, String code, boolean enabled) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long count() {
        return rows.size();
    }
}
