package dev.roomline.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What stands behind a verb: {@code name=value} words, and single words that switch something on
 * ({@code quick}, {@code record}).
 */
record Options(Map<String, String> values, List<String> words) {

    static Options of(String... arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            values.put(
                    equals < 0 ? argument : argument.substring(0, equals),
                    equals < 0 ? "true" : argument.substring(equals + 1));
        }
        return new Options(values, List.of(arguments));
    }

    /** The same with one more. */
    Options with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Options(
                more, Stream.concat(words.stream(), Stream.of(name + "=" + value)).toList());
    }

    /** Short runs: to see that the bench works, not to quote. */
    boolean quick() {
        return on("quick");
    }

    /** Whether the figures are to be written into docs/performance.md. */
    boolean recorded() {
        return on("record");
    }

    boolean on(String name) {
        return Boolean.parseBoolean(values.getOrDefault(name, "false"));
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }

    int[] numbers(String name, String otherwise) {
        return Arrays.stream(text(name, otherwise).split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    /** As it was called, for the record. */
    String command(String verb) {
        return ("scripts/bench " + verb + " " + String.join(" ", words)).strip();
    }
}
