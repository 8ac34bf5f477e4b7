package dev.roomline.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * As much of bencoding as rtpengine's ng protocol needs: what we ask, and one string of its answer.
 */
final class Bencode {
    private Bencode() {}

    /** A string, a list or a dictionary. */
    static String of(Object value) {
        StringBuilder text = new StringBuilder();
        switch (value) {
            case Map<?, ?> map -> {
                text.append('d');
                map.forEach((key, part) -> text.append(of(key)).append(of(part)));
                text.append('e');
            }
            case List<?> list -> {
                text.append('l');
                list.forEach(part -> text.append(of(part)));
                text.append('e');
            }
            default -> {
                String word = value.toString();
                text.append(word.getBytes(StandardCharsets.UTF_8).length).append(':').append(word);
            }
        }
        return text.toString();
    }

    /** The string that follows a key of an answer; empty if there is none. */
    static String string(String answer, String key) {
        int at = answer.indexOf(of(key));
        if (at < 0) {
            return "";
        }
        int from = at + of(key).length();
        int colon = answer.indexOf(':', from);
        int length = Integer.parseInt(answer.substring(from, colon));
        return answer.substring(colon + 1, colon + 1 + length);
    }
}
