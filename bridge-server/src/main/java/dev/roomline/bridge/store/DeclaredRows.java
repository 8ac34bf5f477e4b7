package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.RoomlineConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Makes the store's rows of {@code source: file} equal to what the file declares now. A row's id
 * follows from its name, so that it is the same after each start; a code, account or key that was
 * made by API and is now declared becomes the file's.
 */
final class DeclaredRows {
    private final SqlApiKeys keys;

    DeclaredRows(SqlApiKeys keys) {
        this.keys = keys;
    }

    void write(Handle handle, RoomlineConfig config, Instant now) {
        Declared declared = config.declared();
        rooms(handle, declared.rooms(), now);
        accounts(handle, declared.accounts(), config.sip().realm(), now);
        apiKeys(handle, declared.keys(), now);
    }

    private static void rooms(Handle handle, List<Declared.Room> rooms, Instant now) {
        Set<String> ids =
                rooms.stream()
                        .map(DeclaredRows::roomId)
                        .collect(Collectors.toCollection(TreeSet::new));
        for (String stale : sourceFile(handle, "rooms", "id")) {
            if (!ids.contains(stale)) {
                SqlRooms.remove(handle, stale);
            }
        }
        // All codes first: one may have moved from a room to another.
        for (String id : ids) {
            handle.createUpdate("DELETE FROM room_codes WHERE room_id = :id")
                    .bind("id", id)
                    .execute();
        }
        for (Declared.Room room : rooms) {
            for (Declared.Code code : room.codes()) {
                handle.createUpdate("DELETE FROM room_codes WHERE code_key = :key")
                        .bind("key", code.code().toLowerCase(Locale.ROOT))
                        .execute();
            }
            Instant since = SqlRooms.byId(handle, roomId(room)).map(RoomRow::createdAt).orElse(now);
            SqlRooms.remove(handle, roomId(room));
            SqlRooms.insert(handle, roomId(room), newRoom(room), "file", since);
        }
    }

    private static Rooms.NewRoom newRoom(Declared.Room room) {
        List<Rooms.NewCode> codes = new ArrayList<>();
        for (Declared.Code code : room.codes()) {
            codes.add(
                    new Rooms.NewCode(
                            Optional.of(code.code()),
                            code.role(),
                            code.pin().value(),
                            code.entry()));
        }
        return new Rooms.NewRoom(
                room.name(),
                codes,
                room.browsers(),
                room.maxParticipants(),
                room.visibleAttributes(),
                room.hideNumbers());
    }

    private static void accounts(
            Handle handle, List<Declared.Account> accounts, String realm, Instant now) {
        Set<String> names =
                accounts.stream().map(Declared.Account::username).collect(Collectors.toSet());
        removeStale(handle, "accounts", "username", names);
        for (Declared.Account account : accounts) {
            SqlAccounts.put(
                    handle,
                    SqlAccounts.row(
                            "acct_" + derived(account.username()),
                            account.username(),
                            realm,
                            account.password(),
                            account.rooms(),
                            "file"),
                    now);
        }
    }

    private void apiKeys(Handle handle, List<Declared.Key> declared, Instant now) {
        Set<String> names = declared.stream().map(Declared.Key::key).collect(Collectors.toSet());
        removeStale(handle, "api_keys", "api_key", names);
        for (Declared.Key key : declared) {
            keys.put(
                    handle,
                    new ApiKeyRow(
                            "key_" + derived(key.key()),
                            key.key(),
                            key.secret(),
                            key.name(),
                            key.scopes(),
                            now,
                            "file"),
                    key.token());
        }
    }

    private static void removeStale(
            Handle handle, String table, String column, Set<String> declared) {
        for (String stale : sourceFile(handle, table, column)) {
            if (!declared.contains(stale)) {
                handle.createUpdate("DELETE FROM " + table + " WHERE " + column + " = :value")
                        .bind("value", stale)
                        .execute();
            }
        }
    }

    private static List<String> sourceFile(Handle handle, String table, String column) {
        return handle.createQuery("SELECT " + column + " FROM " + table + " WHERE source = 'file'")
                .mapTo(String.class)
                .list();
    }

    private static String roomId(Declared.Room room) {
        return "room_" + derived(room.name());
    }

    private static String derived(String name) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 10);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
