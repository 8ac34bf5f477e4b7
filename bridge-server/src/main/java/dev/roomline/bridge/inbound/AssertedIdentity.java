package dev.roomline.bridge.inbound;

import dev.roomline.sip.message.NameAddr;
import dev.roomline.sip.message.SipRequest;
import dev.roomline.sip.message.SipUri;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code P-Asserted-Identity} (RFC 3325 §9.1), as far as naming a caller needs it: once from
 * left to right, since it is read before a caller is counted. Believed only from a trunk: anybody
 * can write that header.
 */
final class AssertedIdentity {
    private static final Set<String> SCHEMES = Set.of("sip", "sips", "tel");

    private AssertedIdentity() {}

    /** The first one that can be read; null if none can. */
    static @Nullable NameAddr of(SipRequest invite) {
        for (String line : invite.headers("P-Asserted-Identity")) {
            NameAddr identity = first(line.strip());
            if (identity != null) {
                return identity;
            }
        }
        return null;
    }

    /** A line's first value: {@code "name" <uri>}, {@code name <uri>} or a URI alone. */
    private static @Nullable NameAddr first(String line) {
        StringBuilder name = new StringBuilder();
        int at = name(line, name);
        at = at < line.length() && line.charAt(at) == '<' ? pastBlanks(line, at + 1) : at;
        int colon = line.indexOf(':', at);
        String scheme = colon < 0 ? "" : line.substring(at, colon).toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            return null;
        }
        int userEnd = partEnd(line, colon + 1);
        String user = line.substring(colon + 1, userEnd);
        if (user.isEmpty()) {
            return null;
        }
        boolean hosted = userEnd < line.length() && line.charAt(userEnd) == '@';
        String host = hosted ? line.substring(userEnd + 1, partEnd(line, userEnd + 1)) : "";
        SipUri uri =
                new SipUri(
                        scheme,
                        HeaderText.decode(HeaderText.bounded(user)),
                        HeaderText.bounded(host),
                        -1,
                        Map.of());
        String shown = name.toString().strip();
        return new NameAddr(shown.isEmpty() ? null : shown, uri, null);
    }

    /**
     * Takes the display name (RFC 3261 §25.1), where there is one.
     *
     * @return where what follows it begins: an angle bracket or a URI
     */
    private static int name(String line, StringBuilder name) {
        if (line.isEmpty() || line.charAt(0) != '"') {
            int end = 0;
            while (end < line.length() && "<\":,".indexOf(line.charAt(end)) < 0) {
                end++;
            }
            if (end == line.length() || line.charAt(end) != '<') {
                return 0;
            }
            name.append(line, 0, end);
            return end;
        }
        int at = 1;
        while (at < line.length() && line.charAt(at) != '"') {
            if (line.charAt(at) == '\\' && at + 1 < line.length()) {
                at++;
            }
            name.append(line.charAt(at));
            at++;
        }
        return pastBlanks(line, at + 1);
    }

    private static int pastBlanks(String line, int from) {
        int at = Math.min(from, line.length());
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Where a URI's user part or host ends; a user part's own parameters do not belong to it. */
    private static int partEnd(String line, int from) {
        int at = from;
        while (at < line.length()
                && "@>;,".indexOf(line.charAt(at)) < 0
                && !Character.isWhitespace(line.charAt(at))) {
            at++;
        }
        return at;
    }
}
