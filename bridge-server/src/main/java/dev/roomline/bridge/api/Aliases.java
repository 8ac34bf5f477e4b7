package dev.roomline.bridge.api;

import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import dev.roomline.bridge.store.TrunkRow;
import dev.roomline.bridge.store.Trunks;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names by which the hosted dialects know our objects: each is derived from our own id, so that
 * it is the same after a restart and on every node, and each dialect takes the others' too. What a
 * name stands for is remembered; a name not seen before costs one reading of the store's list.
 * Blocks: virtual threads only. Thread-safe.
 */
public final class Aliases {
    private static final int BATCH = 500;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final Pattern ROOM_NAME =
            Pattern.compile("[0-9a-f]{24}|[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}");
    private static final String ALPHANUMERIC =
            "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

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

    /** {@code abcd-efgh-ijkl}, which may be a room's code too. */
    public static String dashed12(String id) {
        byte[] digest = digest(id);
        StringBuilder text = new StringBuilder(14);
        for (int i = 0; i < 12; i++) {
            text.append(i > 0 && i % 4 == 0 ? "-" : "").append(LETTERS.charAt(digest[i] & 31));
        }
        return text.toString();
    }

    /** 21 letters, digits, {@code -} and {@code _}. */
    public static String word21(String id) {
        return Base64.getUrlEncoder().encodeToString(digest(id)).substring(0, 21);
    }

    /** {@code ST_} and 12 letters and digits: a trunk. */
    public static String st12(String id) {
        StringBuilder name = new StringBuilder("ST_");
        byte[] digest = digest(id);
        for (int i = 0; i < 12; i++) {
            name.append(ALPHANUMERIC.charAt((digest[i] & 0xff) % ALPHANUMERIC.length()));
        }
        return name.toString();
    }

    /** A session: from when somebody came into the empty room until it is empty again. */
    public static String session(String room, Instant since) {
        return hex24(room + since);
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
        if (own.isPresent() || !ROOM_NAME.matcher(name).matches()) {
            return own;
        }
        String known = roomIds.get(name);
        if (known == null) {
            learn();
            known = roomIds.get(name);
        }
        return known == null ? Optional.empty() : rooms.find(known);
    }

    /** Replaced whole: who asks meanwhile is not told that a room is gone. */
    private void learn() {
        Map<String, String> found = new HashMap<>();
        Page.@Nullable Cursor after = null;
        do {
            Page<RoomRow> page = rooms.list(null, after, BATCH);
            for (RoomRow room : page.items()) {
                found.put(hex24(room.id()), room.id());
                found.put(dashed12(room.id()), room.id());
            }
            after = page.next().orElse(null);
        } while (after != null);
        roomIds = Map.copyOf(found);
    }

    /** Whether a dialect gives this name to that of our ids. */
    public static boolean isNamed(String id, String name) {
        return id.equals(name)
                || hex24(id).equals(name)
                || word21(id).equals(name)
                || st12(id).equals(name);
    }

    /** A trunk by our id, or any dialect's name for it. */
    public Optional<TrunkRow> trunk(String name) {
        Optional<TrunkRow> own = trunks.find(name);
        return own.isPresent()
                ? own
                : trunks.all().stream().filter(t -> isNamed(t.id(), name)).findFirst();
    }
}
