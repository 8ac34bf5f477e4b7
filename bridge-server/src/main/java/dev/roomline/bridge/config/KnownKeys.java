package dev.roomline.bridge.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Every key that the code reads, collected by reading an empty document; so this list cannot differ
 * from the code. Items of lists are written {@code rooms[].name}.
 */
final class KnownKeys {
    private final Map<String, Known> keys = new LinkedHashMap<>();

    /**
     * @param fallback its default as the file would write it; empty for none
     * @param kind what a value may be
     */
    record Known(String path, Kind kind, String fallback) {}

    enum Kind {
        SCALAR,
        LIST,
        /** A section, a mapping with free keys, or a list of such: not to be set by one line. */
        STRUCTURE
    }

    void add(Known known) {
        keys.putIfAbsent(known.path(), known);
    }

    Map<String, Known> all() {
        return keys;
    }

    /** {@code ROOMLINE_SIP_UDP} to {@code sip.udp}: underscores stand for dots and underscores. */
    Optional<Known> byVariable(String name) {
        String wanted = name.substring("ROOMLINE_".length()).toLowerCase(Locale.ROOT);
        return keys.values().stream()
                .filter(known -> known.path().replace('.', '_').equals(wanted))
                .findFirst();
    }

    Optional<Known> byPath(String path) {
        return Optional.ofNullable(keys.get(path));
    }

    /** The known key that takes the fewest edits to reach. */
    String nearest(String path) {
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String known : keys.keySet()) {
            int edits = edits(path, known);
            if (edits < least) {
                least = edits;
                best = known;
            }
        }
        return best;
    }

    /** Levenshtein's distance. */
    static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int above = row[j];
                int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[to.length()];
    }
}
