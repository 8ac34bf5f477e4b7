package dev.roomline.sip.auth;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An Authorization or Proxy-Authorization value of scheme Digest, unquoted (RFC 7616 §3.4).
 *
 * @param uri as the client sent it, which need not be the Request-URI
 * @param algorithm {@code MD5} if absent
 * @param qop null in the form of RFC 2069
 * @param nc as it was sent, since the response is computed over its text
 */
public record DigestCredentials(
        String username,
        String realm,
        String nonce,
        String uri,
        String response,
        String algorithm,
        @Nullable String qop,
        @Nullable String cnonce,
        @Nullable String nc) {

    /** More than any client sends; what is longer is refused before it costs anything. */
    static final int MAX_LENGTH = 2048;

    static final int MAX_PARAMETERS = 24;

    /** What a header value turned out to be. */
    public sealed interface Reading {
        record Parsed(DigestCredentials credentials) implements Reading {}

        /** Credentials of another scheme, as Basic or Bearer: not ours to judge. */
        record OtherScheme() implements Reading {}

        /**
         * @param offset of the first character that does not fit
         */
        record Malformed(String reason, int offset) implements Reading {}
    }

    /** Reads one header value; never throws. */
    public static Reading read(String value) {
        if (value.length() > MAX_LENGTH) {
            return new Reading.Malformed("credentials too long", MAX_LENGTH);
        }
        String trimmed = value.strip();
        int space = trimmed.indexOf(' ');
        String scheme = space < 0 ? trimmed : trimmed.substring(0, space);
        if (!scheme.equalsIgnoreCase("Digest")) {
            return new Reading.OtherScheme();
        }
        return new Scanner(trimmed, scheme.length()).read();
    }

    /** Nothing of it may reach a log but who and where. */
    @Override
    public String toString() {
        return "DigestCredentials[username=" + username + ", realm=" + realm + "]";
    }

    /** Walks {@code name=value} pairs once, left to right. */
    private static final class Scanner {
        private final String text;
        private final Map<String, String> found = new HashMap<>();
        private int at;
        private @Nullable String fault;

        Scanner(String text, int from) {
            this.text = text;
            this.at = from;
        }

        Reading read() {
            skip(" \t");
            while (at < text.length() && fault == null) {
                parameter();
            }
            if (fault != null) {
                return new Reading.Malformed(fault, at);
            }
            return assemble();
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
            } else if (found.size() >= MAX_PARAMETERS) {
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

        private Reading assemble() {
            String username = found.get("username");
            String realm = found.get("realm");
            String nonce = found.get("nonce");
            String uri = found.get("uri");
            String response = found.get("response");
            if (username == null
                    || realm == null
                    || nonce == null
                    || uri == null
                    || response == null) {
                return new Reading.Malformed(
                        "username, realm, nonce, uri and response are needed", at);
            }
            return new Reading.Parsed(
                    new DigestCredentials(
                            username,
                            realm,
                            nonce,
                            uri,
                            response,
                            found.getOrDefault("algorithm", DigestAlgorithm.MD5.token()),
                            found.get("qop"),
                            found.get("cnonce"),
                            found.get("nc")));
        }
    }
}
