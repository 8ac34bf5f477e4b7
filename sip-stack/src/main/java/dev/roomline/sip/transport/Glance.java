package dev.roomline.sip.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;

/**
 * What a look at a message's octets tells before any parser runs: enough to decide who is served
 * first, and never a reason to refuse. A message that deceives it is served at another time than it
 * deserves, no more. Never throws.
 *
 * @param kind what it is
 * @param method of a request; empty for what is none
 * @param branch of the topmost Via (RFC 3261 §17.2.3); empty if there is none, or none of a length
 *     that anybody uses
 * @param nonces that credentials name, at most {@link #MOST_NONCES}
 */
record Glance(Kind kind, String method, String branch, List<String> nonces) {
    static final int MOST_NONCES = 4;
    static final int MOST_BRANCH_OCTETS = 256;
    private static final int MOST_NONCE_OCTETS = 256;
    private static final int MOST_METHOD_OCTETS = 32;

    enum Kind {
        RESPONSE,
        /** A request whose To has a tag, or an ACK. */
        INSIDE_DIALOG,
        CANCEL,
        OUTSIDE_DIALOG,
        /** No SIP, or none that could be told in a moment. */
        UNREADABLE
    }

    private static final Glance RESPONSE = new Glance(Kind.RESPONSE, "", "", List.of());
    private static final Glance UNREADABLE = new Glance(Kind.UNREADABLE, "", "", List.of());

    static Glance at(byte[] message) {
        return new Reader(message).read();
    }

    /**
     * The sent-by port of a request whose topmost Via has {@code alias} (RFC 5923 §7); 0 of any
     * other message.
     */
    static int aliasPort(byte[] message, int defaultPort) {
        Reader reader = new Reader(message);
        boolean request = reader.read().kind() != Kind.RESPONSE;
        return request && reader.alias ? reader.sentByPort(defaultPort) : 0;
    }

    /** One pass over the header block. */
    private static final class Reader {
        private final byte[] message;
        private final List<String> nonces = new ArrayList<>(0);
        private boolean viaSeen;
        private String branch = "";
        private boolean toTag;
        private boolean alias;
        private String sentBy = "";

        Reader(byte[] message) {
            this.message = message;
        }

        Glance read() {
            int start = 0;
            while (start < message.length && (message[start] == '\r' || message[start] == '\n')) {
                start++;
            }
            if (isAt(start, "sip/2.0 ")) {
                return RESPONSE;
            }
            String method = method(start);
            if (method.isEmpty()) {
                return UNREADABLE;
            }
            int line = nextLine(start);
            while (line < message.length && message[line] != '\r' && message[line] != '\n') {
                int next = nextLine(line);
                header(line, next);
                line = next;
            }
            Kind kind =
                    switch (method) {
                        case "ACK" -> Kind.INSIDE_DIALOG;
                        case "CANCEL" -> Kind.CANCEL;
                        default -> toTag ? Kind.INSIDE_DIALOG : Kind.OUTSIDE_DIALOG;
                    };
            return new Glance(kind, method, branch, List.copyOf(nonces));
        }

        /** Upper case letters up to a space; empty if that is not how it begins. */
        private String method(int start) {
            int end = start;
            while (end < message.length
                    && end - start < MOST_METHOD_OCTETS
                    && message[end] >= 'A'
                    && message[end] <= 'Z') {
                end++;
            }
            boolean ends = end > start && end < message.length && message[end] == ' ';
            return ends ? new String(message, start, end - start, ISO_8859_1) : "";
        }

        /** After the line's end; a line that begins with white space belongs to the one before. */
        private int nextLine(int from) {
            int at = from;
            while (at < message.length) {
                boolean end = message[at] == '\n';
                at++;
                if (end && (at == message.length || !isBlank(message[at]))) {
                    break;
                }
            }
            return at;
        }

        private void header(int line, int end) {
            // §7.3.3: compact forms are the same header
            switch (lower(message[line])) {
                case 't' -> {
                    int value = value(line, end, "to", 't');
                    toTag |= value >= 0 && holdsTag(value, end);
                }
                case 'v' -> {
                    int value = viaSeen ? -1 : value(line, end, "via", 'v');
                    if (value >= 0) {
                        viaSeen = true;
                        branch = branch(value, end);
                    }
                }
                case 'a' -> credentials(value(line, end, "authorization", 'a'), end);
                case 'p' -> credentials(value(line, end, "proxy-authorization", 'p'), end);
                default -> {}
            }
        }

        /** Where the value begins if the line is of that header; −1 if it is of another. */
        private int value(int line, int end, String name, char compact) {
            int at = line;
            if (isAt(line, name)) {
                at += name.length();
            } else if (lower(message[line]) == compact && name.length() < 4) {
                at++;
            } else {
                return -1;
            }
            while (at < end && isBlank(message[at])) {
                at++;
            }
            return at < end && message[at] == ':' ? at + 1 : -1;
        }

        /** After the last {@code >}: what stands before it belongs to the name or the URI. */
        private boolean holdsTag(int from, int end) {
            int start = from;
            for (int at = from; at < end; at++) {
                if (message[at] == '>') {
                    start = at;
                }
            }
            return parameter(start, end, "tag") >= 0;
        }

        private String branch(int from, int end) {
            int topmost = from;
            while (topmost < end && message[topmost] != ',') {
                topmost++;
            }
            alias = flag(from, topmost, "alias");
            sentBy = sentBy(from, topmost);
            int at = parameter(from, topmost, "branch");
            return at < 0 ? "" : text(at, topmost, MOST_BRANCH_OCTETS);
        }

        private boolean flag(int from, int end, String name) {
            for (int at = from; at < end; at++) {
                int after = at + 1 + name.length();
                if (message[at] == ';' && isAt(at + 1, name)) {
                    return after >= end || message[after] <= ' ' || message[after] == ';';
                }
            }
            return false;
        }

        /** What stands between the protocol and the parameters. */
        private String sentBy(int from, int end) {
            int semicolon = from;
            while (semicolon < end && message[semicolon] != ';') {
                semicolon++;
            }
            String value = new String(message, from, semicolon - from, ISO_8859_1).strip();
            return value.substring(value.lastIndexOf(' ') + 1);
        }

        private int sentByPort(int defaultPort) {
            int colon = sentBy.lastIndexOf(':');
            if (colon < 0 || sentBy.endsWith("]")) {
                return defaultPort;
            }
            try {
                int port = Integer.parseInt(sentBy.substring(colon + 1));
                return port > 0 && port <= 65_535 ? port : 0;
            } catch (NumberFormatException unreadable) {
                return 0;
            }
        }

        /** Where the value of {@code ;name=} begins; −1 if it is not there. */
        private int parameter(int from, int end, String name) {
            for (int at = from; at < end; at++) {
                if (message[at] != ';') {
                    continue;
                }
                int after = at + 1;
                while (after < end && isBlank(message[after])) {
                    after++;
                }
                if (isAt(after, name)) {
                    after += name.length();
                    while (after < end && isBlank(message[after])) {
                        after++;
                    }
                    if (after < end && message[after] == '=') {
                        return after + 1;
                    }
                }
            }
            return -1;
        }

        private void credentials(int from, int end) {
            for (int at = from; from >= 0 && at < end && nonces.size() < MOST_NONCES; at++) {
                // not the end of cnonce
                if (isAt(at, "nonce=\"") && !isLetter(message[at - 1])) {
                    String nonce = text(at + 7, end, MOST_NONCE_OCTETS);
                    if (!nonce.isEmpty()) {
                        nonces.add(nonce);
                    }
                }
            }
        }

        /** Up to what ends a value; empty if that is further than {@code most}. */
        private String text(int from, int end, int most) {
            int at = from;
            while (at < end && isPartOfValue(message[at])) {
                at++;
            }
            return at - from > most ? "" : new String(message, from, at - from, ISO_8859_1);
        }

        private static boolean isPartOfValue(byte b) {
            return b > ' ' && b != '"' && b != ';' && b != ',' && b != '>';
        }

        private boolean isAt(int at, String lowerCase) {
            if (message.length - at < lowerCase.length()) {
                return false;
            }
            for (int i = 0; i < lowerCase.length(); i++) {
                if (lower(message[at + i]) != lowerCase.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        private static int lower(byte b) {
            return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
        }

        private static boolean isLetter(byte b) {
            int lower = lower(b);
            return lower >= 'a' && lower <= 'z';
        }

        private static boolean isBlank(byte b) {
            return b == ' ' || b == '\t';
        }
    }
}
