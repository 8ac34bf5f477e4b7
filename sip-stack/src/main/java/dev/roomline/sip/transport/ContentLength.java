package dev.roomline.sip.transport;

import java.util.List;

/** The Content-Length of a header block, read without parsing the rest (RFC 3261 §20.14). */
sealed interface ContentLength {
    record Bytes(long bytes) implements ContentLength {}

    record Missing() implements ContentLength {}

    /** Two of them, though they agree: the next hop might believe the other one. */
    record Several() implements ContentLength {}

    /** Not one to ten digits; or a name with white space before its colon, which some skip. */
    record Unreadable() implements ContentLength {}

    /**
     * @param from of the start line
     * @param to behind the empty line
     */
    static ContentLength of(byte[] head, int from, int to) {
        ContentLength found = new Missing();
        int line = endOfLine(head, from, to); // the start line is no header
        while (line < to) {
            int next = endOfLine(head, line, to);
            int nameEnd = nameEnd(head, line, next);
            if (nameEnd > 0) {
                if (!(found instanceof Missing)) {
                    return new Several();
                }
                found = value(head, nameEnd, next, to);
            }
            line = next;
        }
        return found;
    }

    private static int endOfLine(byte[] head, int from, int to) {
        int at = from;
        while (at < to && head[at] != '\n') {
            at++;
        }
        return Math.min(to, at + 1);
    }

    /** Where the name ends, if this line is a Content-Length in its long or short form; else −1. */
    private static int nameEnd(byte[] head, int line, int lineEnd) {
        for (String name : NAMES) {
            int end = line + name.length();
            if (end < lineEnd && isName(head, line, name)) {
                byte after = head[end];
                if (after == ':' || after == ' ' || after == '\t') {
                    return end;
                }
            }
        }
        return -1;
    }

    List<String> NAMES = List.of("content-length", "l");

    private static boolean isName(byte[] head, int at, String name) {
        for (int i = 0; i < name.length(); i++) {
            int c = head[at + i];
            int lower = c >= 'A' && c <= 'Z' ? c + 32 : c;
            if (lower != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static ContentLength value(byte[] head, int nameEnd, int lineEnd, int headEnd) {
        int at = skipBlanks(head, nameEnd, lineEnd);
        if (at >= lineEnd || head[at] != ':') {
            return new Unreadable();
        }
        at = skipBlanks(head, at + 1, lineEnd);
        int firstDigit = at;
        long bytes = 0;
        while (at < lineEnd && head[at] >= '0' && head[at] <= '9' && at - firstDigit < 11) {
            bytes = bytes * 10 + (head[at] - '0');
            at++;
        }
        int digits = at - firstDigit;
        at = skipBlanks(head, at, lineEnd);
        boolean lineEnds = at < lineEnd && (head[at] == '\r' || head[at] == '\n');
        boolean folded = lineEnd < headEnd && (head[lineEnd] == ' ' || head[lineEnd] == '\t');
        if (digits == 0 || digits > 10 || !lineEnds || folded) {
            return new Unreadable();
        }
        return new Bytes(bytes);
    }

    private static int skipBlanks(byte[] head, int from, int to) {
        int at = from;
        while (at < to && (head[at] == ' ' || head[at] == '\t')) {
            at++;
        }
        return at;
    }
}
