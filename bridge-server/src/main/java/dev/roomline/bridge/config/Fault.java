package dev.roomline.bridge.config;

/**
 * One thing wrong with the configuration.
 *
 * @param key where, as a path with positions: {@code rooms[1].codes[0].code}; may be empty
 * @param value what stands there; {@code (redacted)} for secrets; empty where nothing does
 * @param expectation what was expected
 * @param origin {@code line 7}, {@code ROOMLINE_SIP_UDP} or {@code --set}; may be empty
 */
public record Fault(String key, String value, String expectation, String origin) {

    /** One line for a person. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        if (!key.isEmpty()) {
            line.append(key).append(": ");
        }
        if (!value.isEmpty()) {
            line.append('"').append(value).append("\" is wrong; ");
        }
        line.append("expected ").append(expectation);
        if (!origin.isEmpty()) {
            line.append(" (").append(origin).append(')');
        }
        return line.toString();
    }
}
