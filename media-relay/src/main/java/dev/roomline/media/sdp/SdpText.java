package dev.roomline.media.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the small grammars inside SDP lines; nothing here throws on what a peer wrote. */
final class SdpText {

    private SdpText() {}

    /** A decimal number of 0 to {@code max}, else −1; no sign, at most nine digits. */
    static int number(String text, int max) {
        if (text.isEmpty() || text.length() > 9) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value <= max ? value : -1;
    }

    /** Whether it is a number of any size up to 64 digits. */
    static boolean isDigits(String text) {
        if (text.isEmpty() || text.length() > 64) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** Splits at runs of spaces and tabs; at least one element, possibly empty. */
    static List<String> words(String text) {
        List<String> out = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean gap = i == text.length() || text.charAt(i) == ' ' || text.charAt(i) == '\t';
            if (gap && start >= 0) {
                out.add(text.substring(start, i));
                start = -1;
            } else if (!gap && start < 0) {
                start = i;
            }
        }
        if (out.isEmpty()) {
            out.add("");
        }
        return out;
    }

    /** {@code 111 opus/48000/2}. */
    static @Nullable RtpMap rtpMap(String value) {
        List<String> words = words(value);
        if (words.size() < 2) {
            return null;
        }
        int type = number(words.get(0), 127);
        String map = words.get(1);
        int slash = map.indexOf('/');
        if (type < 0 || slash <= 0) {
            return null;
        }
        int second = map.indexOf('/', slash + 1);
        int clock = number(map.substring(slash + 1, end(map, second)), 384_000);
        int channels = 1;
        if (second >= 0) {
            int third = map.indexOf('/', second + 1);
            channels = number(map.substring(second + 1, end(map, third)), 255);
        }
        return clock <= 0 || channels <= 0
                ? null
                : new RtpMap(type, map.substring(0, slash), clock, channels);
    }

    private static int end(String text, int found) {
        return found < 0 ? text.length() : found;
    }

    /** {@code 1/sendrecv urn:…}. */
    static @Nullable ExtMap extMap(String value) {
        List<String> words = words(value);
        if (words.size() < 2) {
            return null;
        }
        String[] first = words.get(0).split("/", 2);
        int id = number(first[0], 255);
        Direction direction = Direction.SENDRECV;
        if (first.length == 2) {
            Direction said = MediaDescription.direction(List.of(Attribute.flag(first[1])));
            if (said == null) {
                return null;
            }
            direction = said;
        }
        return id < 1 ? null : new ExtMap(id, direction, words.get(1));
    }
}
