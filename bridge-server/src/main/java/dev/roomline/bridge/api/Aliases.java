package dev.roomline.bridge.api;

import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import dev.roomline.bridge.store.TrunkRow;
import dev.roomline.bridge.store.Trunks;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The names by which the hosted dialects know our objects: each is derived from our own id, so that
 * it is the same after a restart and on every node, and each dialect takes the others' too. What a
 * name stands for is remembered; a name not seen before costs one reading of the store's list.
 * Blocks: virtual threads only. Thread-safe.
 */
public final class Aliases {
    private static final int BATCH = 500;

    private final Rooms rooms;
    private final Trunks trunks;
    private volatile Map<String, String> roomIds = Map.of();

    public Aliases(Rooms rooms, Trunks trunks) {
        this.rooms = rooms;
        this.trunks = trunks;
    }

    /** 24 hexadecimal digits. */
    public static String hex24(String id) {
        return HexFormat.of().formatHex(digest(id), 0, 12);
    }

    private static byte[] digest(String id) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(("roomline " + id).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A room by our id, any of its codes, or any dialect's name for it. */
    public Optional<RoomRow> room(String name) {
        Optional<RoomRow> own = rooms.find(name);
        if (own.isPresent() || !isHex24(name)) {
            return own;
        }
        String known = roomIds.get(name);
        if (known == null) {
            learn();
            known = roomIds.get(name);
        }
        return known == null ? Optional.empty() : rooms.find(known);
    }

    private static boolean isHex24(String name) {
        return name.length() == 24 && name.chars().allMatch(c -> HexFormat.isHexDigit(c));
    }

    /** Replaced whole: who asks meanwhile is not told that a room is gone. */
    private void learn() {
        Map<String, String> found = new HashMap<>();
        Page.@Nullable Cursor after = null;
        do {
            Page<RoomRow> page = rooms.list(null, after, BATCH);
            page.items().forEach(room -> found.put(hex24(room.id()), room.id()));
            after = page.next().orElse(null);
        } while (after != null);
        roomIds = Map.copyOf(found);
    }

    /** A trunk by our id, or any dialect's name for it. */
    public Optional<TrunkRow> trunk(String name) {
        Optional<TrunkRow> own = trunks.find(name);
        return own.isPresent()
                ? own
                : trunks.all().stream().filter(t -> hex24(t.id()).equals(name)).findFirst();
    }
}
