package dev.roomline.bridge.entry;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields as they were given: {@code ""} and null equal absent. */
final class Given {
    private Given() {}

    static Map<String, Object> of(Map<String, ?> fields) {
        Map<String, Object> given = new LinkedHashMap<>();
        fields.forEach(
                (name, value) -> {
                    if (isGiven(value)) {
                        given.put(name, value);
                    }
                });
        return given;
    }

    private static boolean isGiven(@Nullable Object value) {
        return value != null && !value.equals("");
    }

    /** What is named is changed; null brings the default back, {@code ""} changes nothing. */
    static void patch(Map<String, Object> fields, Map<String, ?> patch) {
        patch.forEach(
                (name, value) -> {
                    if (value == null) {
                        fields.remove(name);
                    } else if (!value.equals("")) {
                        fields.put(name, value);
                    }
                });
    }
}
