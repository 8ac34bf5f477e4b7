package dev.roomline.sip.auth;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code name=value} pairs of a challenge or of credentials (RFC 3261 §25.1), walked once, left
 * to right. Never throws.
 */
final class DigestParameters {

    /** What a scan came to. */
    sealed interface Scan {}

    /**
     * @param values by name in lower case, unquoted
     * @param end where it ended
     */
    record Found(Map<String, String> values, int end) implements Scan {}

    /**
     * @param offset of the first character that does not fit
     */
    record Faulty(String reason, int offset) implements Scan {}

    private final String text;
    private final int most;
    private final Map<String, String> found = new HashMap<>();
    private int at;
    private @Nullable String fault;

    private DigestParameters(String text, int from, int most) {
        this.text = text;
        this.at = from;
        this.most = most;
    }

    /** Reads from {@code from}, behind the scheme, to the end. */
    static Scan scan(String text, int from, int most) {
        return new DigestParameters(text, from, most).read();
    }

    private Scan read() {
        skip(" \t");
        while (at < text.length() && fault == null) {
            parameter();
        }
        return fault == null ? new Found(found, at) : new Faulty(fault, at);
    }

    private void parameter() {
        String name = token().toLowerCase(Locale.ROOT);
        skip(" \t");
        if (name.isEmpty() || at >= text.length() || text.charAt(at) != '=') {
            fault = "name=value expected";
            return;
        }
        at++;
        skip(" \t");
        boolean quoted = at < text.length() && text.charAt(at) == '"';
        String content = quoted ? quotedString() : token();
        if (fault != null) {
            return;
        }
        if (content.isEmpty() && !quoted) {
            fault = "value expected";
        } else if (found.size() >= most) {
            fault = "too many parameters";
        } else if (found.putIfAbsent(name, content) != null) {
            // two user names or two nonces: which one would we have checked?
            fault = "parameter given twice";
        } else {
            separator();
        }
    }

    private void separator() {
        skip(" \t");
        if (at == text.length()) {
            return;
        }
        if (text.charAt(at) != ',') {
            fault = "comma expected";
            return;
        }
        skip(" \t,");
    }

    private String token() {
        int from = at;
        while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
            if (text.charAt(at) < ' ' || text.charAt(at) == 0x7f) {
                fault = "control character";
                break;
            }
            at++;
        }
        return text.substring(from, at);
    }

    private String quotedString() {
        StringBuilder content = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            if (text.charAt(at) < ' ' || text.charAt(at) == 0x7f) {
                fault = "control character";
                return "";
            }
            content.append(text.charAt(at++));
        }
        if (at >= text.length()) {
            fault = "quote not closed";
            return "";
        }
        at++;
        return content.toString();
    }

    private void skip(String characters) {
        while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
