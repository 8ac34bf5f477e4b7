package dev.roomline.media.sdp;

import org.jspecify.annotations.Nullable;

/**
 * One {@code a=} line.
 *
 * @param name before the colon, as written
 * @param value after it; null for a flag
 */
public record Attribute(String name, @Nullable String value) {

    /** A flag. */
    public static Attribute flag(String name) {
        return new Attribute(name, null);
    }

    /** A name with a value. */
    public static Attribute of(String name, String value) {
        return new Attribute(name, value);
    }

    @Override
    public String toString() {
        return value == null ? name : name + ":" + value;
    }
}
