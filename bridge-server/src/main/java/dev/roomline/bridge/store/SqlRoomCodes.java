package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.bridge.store.Rooms.NewCode;
import dev.roomline.bridge.store.SecretBox.Place;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The table of room codes, in the transaction of whoever asks. Thread-safe: holds nothing but the
 * box for its PINs.
 */
final class SqlRoomCodes {
    private static final String OF_ROOM =
            "SELECT code_key, code, role, pin, entry, enabled FROM room_codes WHERE room_id = :id"
                    + " ORDER BY position, code_key";

    private final SecretBox box;

    SqlRoomCodes(SecretBox box) {
        this.box = box;
    }

    List<CodeRow> ofRoom(Handle handle, String roomId) {
        return handle.createQuery(OF_ROOM)
                .bind("id", roomId)
                .map((row, context) -> code(row))
                .list();
    }

    Optional<String> roomOf(Handle handle, String code) {
        return handle.createQuery("SELECT room_id FROM room_codes WHERE code_key = :code")
                .bind("code", CodeMemory.key(code))
                .mapTo(String.class)
                .findOne();
    }

    boolean isTaken(Handle handle, String code) {
        return roomOf(handle, code).isPresent();
    }

    /** The code that these keys of a telephone spell. */
    Optional<String> spelt(Handle handle, String digits) {
        return handle.createQuery("SELECT code FROM room_codes WHERE keypad = :digits")
                .bind("digits", digits)
                .mapTo(String.class)
                .findOne();
    }

    /** Behind the room's others; it is made up where none is wanted. */
    CodeRow insert(Handle handle, String roomId, NewCode wanted, int position) {
        String code = wanted.code().orElseGet(() -> free(handle));
        String keypad = Names.keypad(code);
        handle.createUpdate(
                        "INSERT INTO room_codes (code_key, room_id, code, keypad, role, pin, entry,"
                                + " enabled, position) VALUES (:key, :room, :code, :keypad, :role,"
                                + " :pin, :entry, :enabled, :position)")
                .bind("key", CodeMemory.key(code))
                .bind("room", roomId)
                .bind("code", code)
                .bind("keypad", isSpelt(handle, keypad) ? null : keypad)
                .bind("role", wanted.role())
                .bind("pin", box.seal(new Secret(wanted.pin()), pin(CodeMemory.key(code))))
                .bind("entry", wanted.entry())
                .bind("enabled", true)
                .bind("position", position)
                .execute();
        return new CodeRow(code, wanted.role(), wanted.pin(), wanted.entry(), true);
    }

    private static String free(Handle handle) {
        while (true) {
            String code = Names.code();
            if (!isSpelt(handle, Names.keypad(code))) {
                return code;
            }
        }
    }

    private static boolean isSpelt(Handle handle, String keypad) {
        return handle.createQuery("SELECT COUNT(*) FROM room_codes WHERE keypad = :keypad")
                        .bind("keypad", keypad)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    CodeRow enable(Handle handle, CodeRow code, boolean enabled) {
        handle.createUpdate("UPDATE room_codes SET enabled = :enabled WHERE code_key = :key")
                .bind("enabled", enabled)
                .bind("key", CodeMemory.key(code.code()))
                .execute();
        return new CodeRow(code.code(), code.role(), code.pin(), code.entry(), enabled);
    }

    /** Whoever's it is. */
    void remove(Handle handle, String code) {
        handle.createUpdate("DELETE FROM room_codes WHERE code_key = :key")
                .bind("key", CodeMemory.key(code))
                .execute();
    }

    void removeAll(Handle handle, String roomId) {
        handle.createUpdate("DELETE FROM room_codes WHERE room_id = :id")
                .bind("id", roomId)
                .execute();
    }

    private CodeRow code(ResultSet row) throws SQLException {
        return new CodeRow(
                row.getString("code"),
                row.getString("role"),
                box.unseal(row.getString("pin"), pin(row.getString("code_key"))).value(),
                row.getString("entry"),
                row.getBoolean("enabled"));
    }

    private static Place pin(String codeKey) {
        return new Place("room_codes", "pin", codeKey);
    }
}
