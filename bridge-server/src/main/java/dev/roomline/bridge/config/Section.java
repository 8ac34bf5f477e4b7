package dev.roomline.bridge.config;

import dev.roomline.bridge.config.KnownKeys.Kind;
import dev.roomline.bridge.config.KnownKeys.Known;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One mapping of the document while it is read. Asking for a key says that it exists, of which kind
 * it is and what its default is; what nobody asked for is unknown. A wrong value becomes a fault
 * and its default is used, so that all faults are found in one go. Used by one thread.
 */
final class Section {
    /** Of what stands on a line and has no bound of its own. */
    static final int LONGEST_LINE = 2048;

    /** What a whole reading gathers. */
    record Gathered(
            List<Fault> faults, KnownKeys known, Set<String> present, Map<String, String> values) {
        static Gathered fresh() {
            return new Gathered(
                    new ArrayList<>(), new KnownKeys(), new TreeSet<>(), new LinkedHashMap<>());
        }
    }

    private final String path;
    private final Tree.Mapping mapping;
    private final Gathered gathered;

    Section(String path, Tree.Mapping mapping, Gathered gathered) {
        this.path = path;
        this.mapping = mapping;
        this.gathered = gathered;
    }

    String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private String pattern(String key) {
        return pathOf(key).replaceAll("\\[\\d+]", "[]");
    }

    private Optional<Tree> take(String key, Kind kind, String fallback) {
        gathered.known().add(new Known(pattern(key), kind, fallback));
        Tree found = mapping.entries().get(key);
        if (found != null && !isDefault(found, fallback)) {
            gathered.present().add(pattern(key));
        }
        if (kind != Kind.STRUCTURE) {
            gathered.values().put(pathOf(key), found == null ? fallback : text(found));
        }
        return Optional.ofNullable(found);
    }

    /** As it could be written on one line, wherever it stands. */
    private static String text(Tree tree) {
        return switch (tree) {
            case Tree.Scalar scalar -> scalar.text().strip();
            case Tree.Sequence sequence ->
                    sequence.items().stream().map(Section::text).collect(Collectors.joining(","));
            case Tree.Mapping mapping ->
                    mapping.entries().entrySet().stream()
                            .map(e -> e.getKey() + ": " + text(e.getValue()))
                            .collect(Collectors.joining(", ", "{", "}"));
        };
    }

    private static boolean isDefault(Tree found, String fallback) {
        return switch (found) {
            case Tree.Scalar scalar -> scalar.text().equals(fallback);
            case Tree.Sequence sequence ->
                    (sequence.items().isEmpty() && fallback.isEmpty())
                            || sequence.items().stream()
                                    .map(i -> i instanceof Tree.Scalar s ? s.text() : "?")
                                    .toList()
                                    .equals(Arrays.asList(fallback.split(",", -1)));
            case Tree.Mapping ignored -> false;
        };
    }

    void fault(String key, String value, String expectation) {
        Tree found = mapping.entries().get(key);
        String origin = found == null ? mapping.origin() : found.origin();
        gathered.faults().add(new Fault(pathOf(key), value, expectation, origin));
    }

    /** A scalar that {@code reader} accepts, or the default and a fault. */
    <T> T scalar(
            String key, String fallback, String expectation, Function<String, Optional<T>> reader) {
        T byDefault = reader.apply(fallback).orElseThrow();
        Optional<Tree> found = take(key, Kind.SCALAR, fallback);
        if (found.isEmpty()) {
            return byDefault;
        }
        if (!(found.get() instanceof Tree.Scalar scalar)) {
            fault(key, "", expectation);
            return byDefault;
        }
        Optional<T> value = reader.apply(scalar.text().strip());
        if (value.isEmpty()) {
            fault(key, scalar.text(), expectation);
        }
        return value.orElse(byDefault);
    }

    String text(String key, String fallback) {
        return text(key, fallback, LONGEST_LINE);
    }

    String text(String key, String fallback, int longest) {
        return scalar(
                key,
                fallback,
                "a line of text of at most " + longest + " characters",
                text -> line(text).filter(line -> line.length() <= longest));
    }

    /** Text that must be there. */
    String required(String key, String expectation) {
        return required(key, expectation, LONGEST_LINE);
    }

    String required(String key, String expectation, int longest) {
        String value = text(key, "", longest);
        if (value.isEmpty() && !isFaulty(key)) {
            fault(key, "", expectation);
        }
        return value;
    }

    /**
     * Whether something is wrong with it already: what follows from that is no fault of its own.
     */
    boolean isFaulty(String key) {
        return gathered.faults().stream().anyMatch(fault -> fault.key().equals(pathOf(key)));
    }

    private static Optional<String> line(String text) {
        return text.length() > LONGEST_LINE || text.chars().anyMatch(Character::isISOControl)
                ? Optional.empty()
                : Optional.of(text);
    }

    Secret secret(String key) {
        Optional<Tree> found = take(key, Kind.SCALAR, "");
        if (found.isEmpty()) {
            return Secret.NONE;
        }
        if (found.get() instanceof Tree.Scalar scalar && line(scalar.text()).isPresent()) {
            return new Secret(scalar.text());
        }
        fault(key, "(redacted)", "a line of text");
        return Secret.NONE;
    }

    int integer(String key, int fallback, int least, int most) {
        return scalar(
                key,
                Integer.toString(fallback),
                "a whole number from " + least + " to " + most,
                text -> Literals.integer(text).filter(n -> n >= least && n <= most));
    }

    boolean flag(String key, boolean fallback) {
        return scalar(
                key,
                Boolean.toString(fallback),
                "true or false",
                text ->
                        text.equals("true") || text.equals("false")
                                ? Optional.of(text.equals("true"))
                                : Optional.empty());
    }

    Duration duration(String key, String fallback) {
        return scalar(
                key, fallback, "a duration such as 250ms, 60s, 15m, 4h or 90d", Literals::duration);
    }

    String oneOf(String key, String... allowed) {
        List<String> values = List.of(allowed);
        return scalar(
                key,
                allowed[0],
                "one of " + String.join(", ", values),
                text -> Optional.of(text).filter(values::contains));
    }

    <E extends Enum<E>> E choice(String key, E fallback, Class<E> type) {
        List<String> names =
                Arrays.stream(type.getEnumConstants())
                        .map(e -> e.name().toLowerCase(Locale.ROOT))
                        .toList();
        return scalar(
                key,
                fallback.name().toLowerCase(Locale.ROOT),
                "one of " + String.join(", ", names),
                text ->
                        names.contains(text)
                                ? Optional.of(Enum.valueOf(type, text.toUpperCase(Locale.ROOT)))
                                : Optional.empty());
    }

    /**
     * A list of scalars, each accepted by {@code reader}. From the environment and {@code --set} it
     * is comma-separated; {@code single} allows a lone scalar in the file too.
     */
    <T> List<T> list(
            String key,
            List<String> fallback,
            boolean single,
            String expectation,
            Function<String, Optional<T>> reader) {
        Optional<Tree> found = take(key, Kind.LIST, String.join(",", fallback));
        List<String> texts = found.map(tree -> texts(key, tree, single)).orElse(fallback);
        List<T> values = new ArrayList<>();
        for (String text : texts) {
            Optional<T> value = reader.apply(text);
            if (value.isEmpty()) {
                fault(key, text, expectation);
            }
            value.ifPresent(values::add);
        }
        // All wrong: one fault each is enough, so what follows sees the default.
        return values.isEmpty() && !texts.isEmpty()
                ? fallback.stream().flatMap(text -> reader.apply(text).stream()).toList()
                : values;
    }

    List<String> texts(String key, List<String> fallback) {
        return list(key, fallback, false, "lines of text", Section::line);
    }

    List<String> someOf(String key, List<String> fallback, List<String> allowed) {
        return list(
                key,
                fallback,
                false,
                "any of " + String.join(", ", allowed),
                text -> Optional.of(text).filter(allowed::contains));
    }

    private List<String> texts(String key, Tree tree, boolean single) {
        return switch (tree) {
            case Tree.Scalar scalar -> {
                if (scalar.override()) {
                    yield scalar.text().isBlank()
                            ? List.of()
                            : Arrays.stream(scalar.text().split(",", -1))
                                    .map(String::strip)
                                    .toList();
                }
                if (!single) {
                    fault(key, scalar.text(), "a list in square brackets");
                    yield List.of();
                }
                yield List.of(scalar.text());
            }
            case Tree.Sequence sequence -> {
                List<String> texts = new ArrayList<>();
                for (Tree item : sequence.items()) {
                    if (item instanceof Tree.Scalar scalar) {
                        texts.add(scalar.text());
                    } else {
                        fault(key, "", "a list of plain values");
                    }
                }
                yield texts;
            }
            case Tree.Mapping ignored -> {
                fault(key, "", "a list");
                yield List.of();
            }
        };
    }

    /** A section below this one; an absent one reads as all defaults. */
    <T> T section(String key, Function<Section, T> reader) {
        Tree.Mapping inner = Tree.Mapping.empty(mapping.origin());
        Optional<Tree> found = take(key, Kind.STRUCTURE, "");
        if (found.isPresent() && found.get() instanceof Tree.Mapping there) {
            inner = there;
        } else if (found.isPresent() && !blank(found.get())) {
            fault(key, "", "a section with keys of its own");
        }
        return read(pathOf(key), inner, gathered, reader);
    }

    /** A list of sections. */
    <T> List<T> each(String key, Function<Section, T> reader) {
        Gathered catalogue =
                new Gathered(
                        new ArrayList<>(),
                        gathered.known(),
                        new TreeSet<>(),
                        new LinkedHashMap<>());
        read(pathOf(key) + "[]", Tree.Mapping.empty(""), catalogue, reader);
        Optional<Tree> found = take(key, Kind.STRUCTURE, "");
        if (found.isEmpty() || blank(found.get())) {
            return List.of();
        }
        if (!(found.get() instanceof Tree.Sequence sequence)) {
            fault(key, "", "a list of entries in braces");
            return List.of();
        }
        List<T> values = new ArrayList<>();
        int at = 0;
        for (Tree item : sequence.items()) {
            String itemPath = pathOf(key) + "[" + at++ + "]";
            if (item instanceof Tree.Mapping inner) {
                values.add(read(itemPath, inner, gathered, reader));
            } else {
                gathered.faults().add(new Fault(itemPath, "", "an entry with keys", item.origin()));
            }
        }
        return values;
    }

    /** A mapping with free keys. */
    Map<String, Tree> free(String key) {
        Optional<Tree> found = take(key, Kind.STRUCTURE, "");
        if (found.isPresent() && found.get() instanceof Tree.Mapping inner) {
            gathered.values().put(pathOf(key), text(inner));
            return inner.entries();
        }
        if (found.isPresent() && !blank(found.get())) {
            fault(key, "", "a mapping of names to values");
        }
        return Map.of();
    }

    /** A mapping of free keys to scalars. */
    Map<String, String> freeTexts(String key) {
        Map<String, String> values = new LinkedHashMap<>();
        free(key)
                .forEach(
                        (name, value) -> {
                            if (value instanceof Tree.Scalar scalar
                                    && line(scalar.text()).isPresent()
                                    && line(name).isPresent()) {
                                values.put(name, scalar.text());
                            } else {
                                fault(key, name, "a line of text for each name");
                            }
                        });
        return values;
    }

    private static boolean blank(Tree tree) {
        return tree instanceof Tree.Scalar scalar && scalar.text().isBlank();
    }

    /** Reads a mapping, then complains of each key that the reader did not ask for. */
    static <T> T read(
            String path, Tree.Mapping mapping, Gathered gathered, Function<Section, T> reader) {
        Section section = new Section(path, mapping, gathered);
        T value = reader.apply(section);
        mapping.entries()
                .forEach(
                        (key, tree) -> {
                            if (!gathered.known().all().containsKey(section.pattern(key))) {
                                section.unknown(key, tree);
                            }
                        });
        return value;
    }

    private void unknown(String key, Tree tree) {
        gathered.faults()
                .add(
                        new Fault(
                                pathOf(key),
                                "",
                                "a known key; the nearest is "
                                        + gathered.known().nearest(pattern(key)),
                                tree.origin()));
    }
}
