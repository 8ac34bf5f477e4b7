package dev.roomline.sip.auth;

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
        return switch (DigestParameters.scan(trimmed, scheme.length(), MAX_PARAMETERS)) {
            case DigestParameters.Faulty(String reason, int offset) ->
                    new Reading.Malformed(reason, offset);
            case DigestParameters.Found(var found, int end) -> assemble(found, end);
        };
    }

    private static Reading assemble(Map<String, String> found, int end) {
        String username = found.get("username");
        String realm = found.get("realm");
        String nonce = found.get("nonce");
        String uri = found.get("uri");
        String response = found.get("response");
        if (username == null || realm == null || nonce == null || uri == null || response == null) {
            return new Reading.Malformed(
                    "username, realm, nonce, uri and response are needed", end);
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

    /** Nothing of it may reach a log but who and where. */
    @Override
    public String toString() {
        return "DigestCredentials[username=" + username + ", realm=" + realm + "]";
    }
}
