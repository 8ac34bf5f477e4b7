package dev.roomline.bridge.trace;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes secrets out of SIP messages before anybody keeps them: what could be tried offline against
 * a list of passwords, media keys, passwords in URIs, dialled digits, and the headers by which
 * trunks are known. Thread-safe.
 */
public final class Redaction {
    /** What stands where a secret stood. */
    public static final String HIDDEN = "…";

    private static final Set<String> CREDENTIALS =
            Set.of(
                    "authorization",
                    "proxy-authorization",
                    "authentication-info",
                    "proxy-authentication-info",
                    "www-authenticate",
                    "proxy-authenticate");

    private static final Pattern DIGEST_SECRETS =
            Pattern.compile(
                    "(?i)\\b(response|rspauth|cnonce|nextnonce|nonce|opaque)(\\s*=\\s*)"
                            + "(\"[^\"]*\"?|[^,\\s]+)");

    /** A scheme that is not digest: the rest of the header is the secret itself. */
    private static final Pattern OTHER_SCHEME =
            Pattern.compile("(?is)(authorization\\s*:\\s*(?!digest\\b)[a-z]+\\s+)\\S.*");

    /** RFC 4568 §9.1. */
    private static final Pattern SDES_KEY = Pattern.compile("(?i)(inline:)\\S+");

    /** RFC 3261 §19.1.1 has passwords in URIs, and recommends against them. */
    private static final Pattern URI_PASSWORD =
            Pattern.compile("(?i)(\\bsips?:[^:@\\s<>;,]{1,128}:)[^@\\s<>]{1,128}(?=@)");

    /** Digits may be somebody's PIN. */
    private static final Pattern SIGNAL = Pattern.compile("(?i)(\\bsignal\\s*=\\s*)\\S+");

    private static final Set<String> BODY_TYPE = Set.of("content-type", "c");

    /** A header with the lines that it is folded into; in a body a line, as a rule. */
    private static final Pattern LOGICAL_LINE =
            Pattern.compile("(?<=\n)(?![ \t])|(?<=\n\n|\n\r\n)");

    private volatile Set<String> secretHeaders = Set.of();

    /**
     * @param secretHeaders names of headers whose values are a trunk's shared secret
     */
    public Redaction(Collection<String> secretHeaders) {
        hide(secretHeaders);
    }

    /**
     * These headers too from now on: trunks come while the server runs. What was secret once is
     * hidden until it stops, since traces outlive trunks.
     */
    public synchronized void hide(Collection<String> headerNames) {
        Set<String> names = new HashSet<>(secretHeaders);
        headerNames.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        secretHeaders = Set.copyOf(names);
    }

    /** Whether this header's value is never shown. */
    public boolean hides(String headerName) {
        return secretHeaders.contains(headerName.toLowerCase(Locale.ROOT));
    }

    /** The message as text, each secret replaced by {@link #HIDDEN}. */
    public String message(byte[] wire) {
        String text = new String(wire, StandardCharsets.UTF_8);
        StringBuilder clean = new StringBuilder(text.length());
        boolean begun = false;
        boolean inBody = false;
        boolean digits = false;
        for (String line : LOGICAL_LINE.split(text, -1)) {
            if (inBody && digits) {
                return line.isEmpty() ? clean.toString() : clean.append(HIDDEN).toString();
            }
            String name = name(line);
            digits |= BODY_TYPE.contains(name) && isOfDigits(line);
            clean.append(clean(line, name, inBody));
            // empty lines may stand before a message (RFC 3261 §7.5)
            begun |= !line.isBlank();
            inBody |= begun && line.isBlank();
        }
        return clean.toString();
    }

    private static boolean isOfDigits(String contentType) {
        return contentType.toLowerCase(Locale.ROOT).contains("application/dtmf");
    }

    private String clean(String line, String header, boolean inBody) {
        if (secretHeaders.contains(header)) {
            return line.substring(0, line.indexOf(':') + 1) + " " + HIDDEN + ending(line);
        }
        if (CREDENTIALS.contains(header)) {
            String digest = DIGEST_SECRETS.matcher(line).replaceAll("$1$2\"" + HIDDEN + "\"");
            String hidden = OTHER_SCHEME.matcher(digest).replaceAll("$1" + HIDDEN + ending(line));
            return URI_PASSWORD.matcher(hidden).replaceAll("$1" + HIDDEN);
        }
        if (line.regionMatches(true, 0, "a=crypto", 0, 8)) {
            return SDES_KEY.matcher(line).replaceAll("$1" + HIDDEN);
        }
        if (line.regionMatches(true, 0, "a=ice-pwd:", 0, 10)) {
            return line.substring(0, 10) + HIDDEN + ending(line);
        }
        if (line.regionMatches(true, 0, "a=key-mgmt:", 0, 11)
                || line.regionMatches(true, 0, "k=", 0, 2)) {
            return line.substring(0, line.indexOf(line.charAt(0) == 'k' ? '=' : ':') + 1)
                    + HIDDEN
                    + ending(line);
        }
        boolean mayBeDigits = inBody || line.regionMatches(true, 0, "signal", 0, 6);
        String shown = mayBeDigits ? SIGNAL.matcher(line).replaceAll("$1" + HIDDEN) : line;
        return URI_PASSWORD.matcher(shown).replaceAll("$1" + HIDDEN);
    }

    private static String ending(String line) {
        return line.endsWith("\r\n") ? "\r\n" : line.endsWith("\n") ? "\n" : "";
    }

    private static String name(String line) {
        int colon = line.indexOf(':');
        return colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    }
}
