package dev.roomline.bridge.store;

import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.bridge.store.Rooms.Entry;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the codes lead that were dialled of late, in memory. Codes that nobody has are not kept:
 * the database is asked for them. What a change touches is forgotten before the change returns, and
 * what was read while something changed is not kept. Thread-safe.
 */
final class CodeMemory {
    static final int MOST = 10_000;

    private final Map<String, Entry> byKey =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Rooms.Entry> eldest) {
                    return size() > MOST;
                }
            };
    private long changes;

    /** Codes are compared without regard to case. */
    static String key(String code) {
        return code.toLowerCase(Locale.ROOT);
    }

    Recalled<Entry> recall(String code) {
        Entry entry = get(code);
        return entry == null ? new Recalled.Unknown<>() : new Recalled.Known<>(Optional.of(entry));
    }

    private synchronized @Nullable Entry get(String code) {
        return byKey.get(key(code));
    }

    /** Reads it, and keeps what was found unless something changed meanwhile. */
    Optional<Entry> keeping(String code, Supplier<Optional<Entry>> read) {
        long before = changes();
        Optional<Entry> entry = read.get();
        entry.ifPresent(found -> keep(code, found, before));
        return entry;
    }

    private synchronized long changes() {
        return changes;
    }

    private synchronized void keep(String code, Entry entry, long before) {
        if (changes == before) {
            byKey.put(key(code), entry);
        }
    }

    /** A room that was changed, as it was before. */
    synchronized void forget(RoomRow room) {
        changes++;
        for (CodeRow code : room.codes()) {
            byKey.remove(key(code.code()));
        }
    }

    synchronized void forgetAll() {
        changes++;
        byKey.clear();
    }
}
