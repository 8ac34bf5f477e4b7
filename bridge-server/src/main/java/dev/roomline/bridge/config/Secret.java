package dev.roomline.bridge.config;

/**
 * A value that is never printed: password, key's secret, token, PIN. Ask for {@link #value()} where
 * it is used, and nowhere else.
 *
 * @param value as written; empty where none is configured
 */
public record Secret(String value) {
    public static final Secret NONE = new Secret("");

    public boolean isEmpty() {
        return value.isEmpty();
    }

    @Override
    public String toString() {
        return value.isEmpty() ? "(none)" : "(redacted)";
    }
}
