package dev.roomline.sip.message;

import java.util.List;

/** Headers that are lists of tokens: Supported, Require, Allow (RFC 3261 §20). Stateless. */
public final class OptionTags {
    private OptionTags() {}

    /**
     * Whether one of the header's lines names it, without regard to case.
     *
     * @param lines as {@link SipRequest#headers} gives them
     */
    public static boolean names(List<String> lines, String token) {
        for (String line : lines) {
            int from = 0;
            while (from <= line.length()) {
                int comma = line.indexOf(',', from);
                int end = comma < 0 ? line.length() : comma;
                if (isToken(line, from, end, token)) {
                    return true;
                }
                from = end + 1;
            }
        }
        return false;
    }

    private static boolean isToken(String line, int from, int end, String token) {
        int first = from;
        int last = end;
        while (first < last && line.charAt(first) <= ' ') {
            first++;
        }
        while (last > first && line.charAt(last - 1) <= ' ') {
            last--;
        }
        return last - first == token.length()
                && line.regionMatches(true, first, token, 0, token.length());
    }
}
