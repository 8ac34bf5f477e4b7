package dev.roomline.sip.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Small rules of RFC 3261 §25.1 that are checked on text. */
final class Grammar {
    private Grammar() {}

    static boolean isToken(String text) {
        if (text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenChar(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static boolean isTokenChar(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-.!%*_+`'~".indexOf(c) >= 0;
    }

    /** A decimal number from 0 to {@code max}; −1 if it is none. */
    static long number(String text, long max) {
        if (text.isEmpty() || text.length() > 18) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value <= max ? value : -1;
    }

    /** Index of the first blank or tab; the length if there is none. */
    static int blank(String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) != ' ' && text.charAt(at) != '\t') {
            at++;
        }
        return at;
    }

    /** Cuts a list header at its commas, but for those in quotes, brackets and angle brackets. */
    static List<String> commaSeparated(String value) {
        List<String> parts = new ArrayList<>(2);
        int start = 0;
        for (int at = next(value, 0, ','); at >= 0; at = next(value, start, ',')) {
            parts.add(value.substring(start, at).strip());
            start = at + 1;
        }
        parts.add(value.substring(start).strip());
        return parts;
    }

    /** Index of {@code wanted} outside quotes and angle brackets, from {@code from}; −1 if none. */
    static int next(String value, int from, char wanted) {
        boolean quoted = false;
        boolean bracketed = false;
        for (int i = from; i < value.length(); i++) {
            char c = value.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (!bracketed && c == wanted) {
                return i;
            } else if (bracketed) {
                bracketed = c != '>';
            } else if (c == '"') {
                quoted = true;
            } else if (c == '<') {
                bracketed = true;
            }
        }
        return -1;
    }

    /**
     * Unescapes %HH where the result is UTF-8 text without control characters; else the text as it
     * is, so that nothing smuggles a line end or NUL into what reads it.
     */
    static String unescape(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            int value = raw[i];
            if (value == '%' && i + 2 < raw.length) {
                int high = Character.digit(raw[i + 1], 16);
                int low = Character.digit(raw[i + 2], 16);
                if (high < 0 || low < 0) {
                    return text;
                }
                value = high * 16 + low;
                i += 2;
                if (value < ' ' || value == 0x7f) {
                    return text;
                }
            }
            out.put((byte) value);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
        } catch (CharacterCodingException e) {
            return text;
        }
    }
}
