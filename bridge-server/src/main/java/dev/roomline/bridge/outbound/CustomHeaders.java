package dev.roomline.bridge.outbound;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which headers an application may put into an INVITE of its call: none that routes, identifies or
 * authenticates, by whichever of its names, and none that the core writes. Stateless.
 */
public final class CustomHeaders {
    public static final int MOST = 32;
    public static final int LONGEST_NAME = 64;
    public static final int LONGEST_VALUE = 255;

    /** RFC 3261 §25.1. */
    private static final String TOKEN = "-.!%*_+`'~";

    private static final Set<String> RESERVED =
            Set.of(
                    "accept",
                    "accept-contact",
                    "accept-encoding",
                    "accept-language",
                    "accept-resource-priority",
                    "allow",
                    "allow-events",
                    "authentication-info",
                    "authorization",
                    "call-id",
                    "contact",
                    "content-disposition",
                    "content-encoding",
                    "content-id",
                    "content-language",
                    "content-length",
                    "content-type",
                    "cseq",
                    "date",
                    "diversion",
                    "event",
                    "expires",
                    "feature-caps",
                    "flow-timer",
                    "from",
                    "geolocation",
                    "history-info",
                    "identity",
                    "identity-info",
                    "in-reply-to",
                    "info-package",
                    "join",
                    "max-breadth",
                    "max-forwards",
                    "mime-version",
                    "min-expires",
                    "min-se",
                    "path",
                    "permission-missing",
                    "policy-contact",
                    "policy-id",
                    "privacy",
                    "proxy-authenticate",
                    "proxy-authentication-info",
                    "proxy-authorization",
                    "proxy-require",
                    "rack",
                    "reason",
                    "recv-info",
                    "record-route",
                    "refer-sub",
                    "refer-to",
                    "referred-by",
                    "reject-contact",
                    "remote-party-id",
                    "replaces",
                    "reply-to",
                    "request-disposition",
                    "require",
                    "resource-priority",
                    "retry-after",
                    "route",
                    "rseq",
                    "security-client",
                    "security-server",
                    "security-verify",
                    "server",
                    "service-route",
                    "session-expires",
                    "session-id",
                    "sip-etag",
                    "sip-if-match",
                    "subscription-state",
                    "supported",
                    "suppress-if-match",
                    "target-dialog",
                    "timestamp",
                    "to",
                    "trigger-consent",
                    "unsupported",
                    "user-agent",
                    "via",
                    "warning",
                    "www-authenticate");

    private CustomHeaders() {}

    /** What is wrong with such a header; empty if it may be sent. */
    public static Optional<String> fault(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.length() > LONGEST_NAME || !isToken(name)) {
            return Optional.of("is no header name");
        }
        // one letter: a compact form, of today or of tomorrow (RFC 3261 §7.3.3)
        if (name.length() == 1 || lower.startsWith("p-") || RESERVED.contains(lower)) {
            return Optional.of("is a header that is not yours to write");
        }
        if (value.length() > LONGEST_VALUE || value.chars().anyMatch(CustomHeaders::isControl)) {
            return Optional.of(
                    "must have at most "
                            + LONGEST_VALUE
                            + " characters, and none that breaks the line");
        }
        return Optional.empty();
    }

    private static boolean isToken(String name) {
        return name.chars()
                .allMatch(c -> (c < 0x80 && Character.isLetterOrDigit(c)) || TOKEN.indexOf(c) >= 0);
    }

    private static boolean isControl(int c) {
        return c < ' ' || c == 0x7f;
    }
}
