package dev.roomline.sip.message;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Via, name-addr and SIP URI in the shapes that nearly every phone and trunk sends, read in one
 * pass: {@code SIP/2.0/UDP host:port;branch=…;rport}, {@code "Name" <sip:user@host:port>;tag=…}.
 * Whatever has anything beyond them in it (escapes, IPv6, several values, odd white space) is not
 * plain and left to the full grammar of {@link JainCodec}, which for what is plain gives the same.
 * Stateless.
 */
final class PlainShapes {
    private static final String SIP = "sip:";
    private static final String SIP_2_0 = "SIP/2.0/";
    private static final int MOST_CHARACTERS = 512;
    private static final int MOST_PARAMETERS = 8;
    private static final int MOST_PORT_DIGITS = 5;

    /** RFC 3261 §25.1, the user part without escapes and without what has a meaning elsewhere. */
    private static final String USER_MARKS = "-_.!~*'+";

    private final String text;
    private int at;

    private PlainShapes(String text) {
        this.text = text;
    }

    /** Null if it is not plain. */
    static @Nullable SipUri uri(String text) {
        if (text.length() > MOST_CHARACTERS) {
            return null;
        }
        PlainShapes shape = new PlainShapes(text);
        SipUri uri = shape.uri();
        return shape.isAtEnd() ? uri : null;
    }

    /** Null if it is not plain. */
    static @Nullable Address address(String value) {
        return value.length() > MOST_CHARACTERS ? null : new PlainShapes(value).address();
    }

    /** Null if it is not plain. */
    static @Nullable Via via(String value) {
        return value.length() > MOST_CHARACTERS ? null : new PlainShapes(value).via();
    }

    private @Nullable Address address() {
        String name = null;
        if (next() == '"') {
            name = quotedName();
            if (name == null) {
                return null;
            }
        }
        if (!take('<')) {
            return null;
        }
        int start = at;
        SipUri uri = uri();
        String uriText = text.substring(start, at);
        if (uri == null || !take('>')) {
            return null;
        }
        String tag = null;
        if (next() == ';') {
            Map<String, String> parameters = parameters();
            if (parameters == null || (parameters.size() > 1 && parameters.containsKey("tag"))) {
                return null;
            }
            tag = parameters.get("tag");
            if (tag != null && tag.isEmpty()) {
                return null;
            }
        }
        return isAtEnd() ? new Address(new NameAddr(name, uri, tag), uriText) : null;
    }

    /** {@code "Alice Smith" } with one blank behind it; null if it is not plain. */
    private @Nullable String quotedName() {
        int end = text.indexOf('"', 1);
        if (end <= 1 || text.charAt(1) == ' ' || text.charAt(end - 1) == ' ') {
            return null;
        }
        for (int i = 1; i < end; i++) {
            char c = text.charAt(i);
            if (!isAlphanumeric(c) && " -_.+".indexOf(c) < 0) {
                return null;
            }
        }
        at = end + 1;
        return take(' ') ? text.substring(1, end) : null;
    }

    private @Nullable SipUri uri() {
        if (!text.startsWith(SIP, at)) {
            return null;
        }
        at += SIP.length();
        int start = at;
        while (isAlphanumeric(next()) || USER_MARKS.indexOf(next()) >= 0) {
            at++;
        }
        String user = null;
        if (next() == '@') {
            user = text.substring(start, at);
            at++;
            if (user.isEmpty()) {
                return null;
            }
        } else {
            at = start;
        }
        String host = host();
        int port = port();
        if (host == null || port == 0) {
            return null;
        }
        Map<String, String> parameters = next() == ';' ? parameters() : Map.of();
        return parameters == null ? null : new SipUri("sip", user, host, port, parameters);
    }

    /** A host name or an IPv4 address, in lower case; null if it is not plain. */
    private @Nullable String host() {
        int start = at;
        boolean labelBegins = true;
        while (isAlphanumeric(next()) || next() == '-' || next() == '.') {
            if (labelBegins && !isAlphanumeric(next())) {
                return null;
            }
            labelBegins = next() == '.';
            at++;
        }
        return labelBegins ? null : text.substring(start, at).toLowerCase(Locale.ROOT);
    }

    /** −1 if there is none, 0 if it is not plain. */
    private int port() {
        if (next() != ':') {
            return -1;
        }
        at++;
        int start = at;
        int port = 0;
        while (isDigit(next()) && at - start < MOST_PORT_DIGITS) {
            port = port * 10 + (next() - '0');
            at++;
        }
        boolean plain = at > start && text.charAt(start) != '0' && port <= 0xffff;
        return plain && !isDigit(next()) ? port : 0;
    }

    /** {@code ;name} and {@code ;name=token}, each name once and in lower case; else null. */
    private @Nullable Map<String, String> parameters() {
        Map<String, String> parameters = new HashMap<>();
        while (take(';')) {
            int start = at;
            while (next() >= 'a' && next() <= 'z') {
                at++;
            }
            String name = text.substring(start, at);
            String value = "";
            if (take('=')) {
                value = token();
                if (value.isEmpty()) {
                    return null;
                }
            }
            boolean more = parameters.putIfAbsent(name, value) == null;
            if (name.isEmpty() || !more || parameters.size() > MOST_PARAMETERS) {
                return null;
            }
        }
        return parameters;
    }

    private String token() {
        int start = at;
        while (isAlphanumeric(next()) || "-._".indexOf(next()) >= 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private @Nullable Via via() {
        if (!text.startsWith(SIP_2_0)) {
            return null;
        }
        at = SIP_2_0.length();
        int start = at;
        while (next() >= 'A' && next() <= 'Z') {
            at++;
        }
        String transport = text.substring(start, at);
        if (transport.isEmpty() || !take(' ')) {
            return null;
        }
        String host = host();
        int port = port();
        if (host == null || port == 0 || next() != ';') {
            return null;
        }
        Map<String, String> parameters = parameters();
        if (parameters == null || !isAtEnd()) {
            return null;
        }
        String branch = parameters.remove("branch");
        String rport = parameters.remove("rport");
        boolean plain = parameters.isEmpty() && branch != null && !branch.isEmpty();
        return plain && (rport == null || rport.isEmpty())
                ? new Via(transport, host, port, branch, rport != null, text)
                : null;
    }

    private boolean isAtEnd() {
        return at == text.length();
    }

    /** The character that comes; NUL at the end. */
    private char next() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean take(char wanted) {
        boolean there = next() == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isAlphanumeric(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
