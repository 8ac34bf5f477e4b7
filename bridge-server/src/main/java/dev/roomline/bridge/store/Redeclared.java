package dev.roomline.bridge.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a reading of the file changed among the rows that it declares, per kind ({@code keys},
 * {@code accounts}, {@code rooms}, {@code trunks}, {@code routes}, {@code webhooks}) and by the
 * names that the file gives them.
 */
public record Redeclared(Map<String, Kind> kinds) {
    public Redeclared {
        kinds = new LinkedHashMap<>(kinds);
    }

    /** One of the kinds above. */
    public Kind kind(String name) {
        return Objects.requireNonNull(kinds.get(name), name);
    }

    public record Kind(List<String> added, List<String> changed, List<String> removed) {
        public Kind {
            added = List.copyOf(added);
            changed = List.copyOf(changed);
            removed = List.copyOf(removed);
        }

        static Kind between(Map<String, ?> before, Map<String, ?> after) {
            return new Kind(
                    after.keySet().stream().filter(n -> !before.containsKey(n)).toList(),
                    after.keySet().stream()
                            .filter(n -> before.containsKey(n))
                            .filter(n -> !Objects.equals(after.get(n), before.get(n)))
                            .toList(),
                    before.keySet().stream().filter(n -> !after.containsKey(n)).toList());
        }
    }
}
