package dev.roomline.bridge.trace;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** Takes secrets out of SIP messages before anybody keeps them. */
public final class Redaction {

    /** What could be tried offline against a password list, and keys (RFC 4568). */
    private static final Pattern DIGEST_SECRETS =
            Pattern.compile(
                    "(?i)\\b(response|cnonce|nonce|opaque)(\\s*=\\s*)(\"[^\"]*\"|[^,\\s]+)");

    private static final Pattern SDES_KEY = Pattern.compile("(?i)(inline:)\\S+");

    private Redaction() {}

    /** The message as text, credentials and media keys replaced by {@code …}. */
    public static String message(byte[] wire) {
        String text = new String(wire, StandardCharsets.UTF_8);
        StringBuilder clean = new StringBuilder(text.length());
        boolean inCredentials = false;
        for (String line : text.split("(?<=\n)", -1)) {
            if (!line.startsWith(" ") && !line.startsWith("\t")) {
                inCredentials = isCredentials(line);
            }
            if (inCredentials) {
                clean.append(DIGEST_SECRETS.matcher(line).replaceAll("$1$2\"…\""));
            } else if (line.regionMatches(true, 0, "a=crypto", 0, 8)) {
                clean.append(SDES_KEY.matcher(line).replaceAll("$1…"));
            } else {
                clean.append(line);
            }
        }
        return clean.toString();
    }

    private static boolean isCredentials(String line) {
        String lower = line.toLowerCase(Locale.ROOT);
        return lower.startsWith("authorization")
                || lower.startsWith("proxy-authorization")
                || lower.startsWith("authentication-info")
                || lower.startsWith("proxy-authentication-info");
    }
}
