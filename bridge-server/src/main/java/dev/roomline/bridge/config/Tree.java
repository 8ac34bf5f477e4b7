package dev.roomline.bridge.config;

import java.util.LinkedHashMap;
import java.util.List;

/** A YAML document as written: scalars stay text until a key says what they mean. */
sealed interface Tree {
    /** Where it was written, for faults. */
    String origin();

    /**
     * @param override whether it came from the environment or {@code --set}, where lists are
     *     comma-separated
     */
    record Scalar(String text, String origin, boolean override) implements Tree {}

    record Sequence(List<Tree> items, String origin) implements Tree {}

    record Mapping(LinkedHashMap<String, Tree> entries, String origin) implements Tree {
        static Mapping empty(String origin) {
            return new Mapping(new LinkedHashMap<>(), origin);
        }
    }
}
