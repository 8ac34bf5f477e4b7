package dev.roomline.bridge.api;

import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Rooms as clients of hosted products make them: of a name there is one, however many ask for it at
 * once and in whichever product's words. Blocks: virtual threads only. Thread-safe.
 */
public final class NamedRooms {
    private static final int MOST_PARTICIPANTS = 100;
    private static final String UNNAMED = "Room";

    private final Rooms rooms;
    private final ReentrantLock making = new ReentrantLock();

    public NamedRooms(Rooms rooms) {
        this.rooms = rooms;
    }

    /** The newest of that name. */
    public Optional<RoomRow> find(String name) {
        return rooms.list(name, null, 1).items().stream().findFirst();
    }

    /** The one that is there, else a new one; without a name always a new one. */
    public Change<RoomRow> once(Optional<String> name, Supplier<Change<RoomRow>> make) {
        making.lock();
        try {
            return name.flatMap(this::find).<Change<RoomRow>>map(Change.Done::new).orElseGet(make);
        } finally {
            making.unlock();
        }
    }

    /** With one code. */
    public Change<RoomRow> create(Optional<String> name) {
        return rooms.create(
                new Rooms.NewRoom(
                        name.orElse(UNNAMED),
                        List.of(),
                        "code",
                        MOST_PARTICIPANTS,
                        List.of(),
                        true));
    }
}
