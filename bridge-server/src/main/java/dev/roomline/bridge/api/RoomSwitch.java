package dev.roomline.bridge.api;

import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.bridge.store.Rooms;

/** The hosted products switch rooms on and off; ours is on as long as one of its codes is. */
public final class RoomSwitch {
    private RoomSwitch() {}

    public static boolean isOn(RoomRow room) {
        return room.codes().isEmpty() || room.codes().stream().anyMatch(CodeRow::enabled);
    }

    /** All of its codes; false where the room is the file's to change. Blocks. */
    public static boolean turn(Rooms rooms, RoomRow room, boolean on) {
        for (CodeRow code : room.codes()) {
            if (rooms.enableCode(room.id(), code.code(), on)
                    instanceof Change.DeclaredInFile<CodeRow>) {
                return false;
            }
        }
        return true;
    }
}
