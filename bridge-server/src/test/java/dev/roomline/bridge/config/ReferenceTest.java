package dev.roomline.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.config.KnownKeys.Kind;
import dev.roomline.bridge.config.KnownKeys.Known;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** config/reference.yaml and the code name the same keys with the same defaults. */
final class ReferenceTest {
    private static final Path REFERENCE = Path.of("../config/reference.yaml");
    private static final Map<String, Known> KNOWN = ConfigLoader.knownKeys(Path.of(".")).all();

    /** Mappings whose keys are free. */
    private static final Set<String> FREE =
            Set.of(
                    "roles",
                    "trunks[].require_headers",
                    "trunks[].answer_headers",
                    "webhooks[].headers");

    private static Map<String, String> reference() throws IOException {
        List<Fault> faults = new ArrayList<>();
        Tree.Mapping tree = YamlTree.parse(Files.readString(REFERENCE), "reference.yaml", faults);
        assertThat(faults).isEmpty();
        Map<String, String> leaves = new TreeMap<>();
        walk("", tree, leaves);
        return leaves;
    }

    private static void walk(String path, Tree tree, Map<String, String> leaves) {
        if (FREE.contains(path)) {
            leaves.put(path, "");
            return;
        }
        switch (tree) {
            case Tree.Scalar scalar -> leaves.put(path, scalar.text());
            case Tree.Mapping mapping ->
                    mapping.entries()
                            .forEach(
                                    (key, value) ->
                                            walk(
                                                    path.isEmpty() ? key : path + "." + key,
                                                    value,
                                                    leaves));
            case Tree.Sequence sequence -> {
                if (!sequence.items().isEmpty()
                        && sequence.items().getFirst() instanceof Tree.Mapping item) {
                    walk(path + "[]", item, leaves);
                } else {
                    leaves.put(
                            path,
                            sequence.items().stream()
                                    .map(i -> ((Tree.Scalar) i).text())
                                    .collect(Collectors.joining(",")));
                }
            }
        }
    }

    @Test
    void theFileNamesExactlyTheKeysThatTheCodeReads() throws IOException {
        Set<String> inCode =
                KNOWN.values().stream()
                        .filter(k -> k.kind() != Kind.STRUCTURE || FREE.contains(k.path()))
                        .map(Known::path)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(reference().keySet()).isEqualTo(inCode);
    }

    @Test
    void theFilesDefaultsAreTheCodes() throws IOException {
        reference()
                .forEach(
                        (path, value) -> {
                            if (!FREE.contains(path)) {
                                Known known = Objects.requireNonNull(KNOWN.get(path), path);
                                assertThat(value).as(path).isEqualTo(known.fallback());
                            }
                        });
    }

    @Test
    void everyKeyHasASentence() throws IOException {
        for (String line : Files.readAllLines(REFERENCE)) {
            boolean section = line.matches("\\w+:") || line.isBlank() || line.startsWith("#");
            if (!section) {
                assertThat(line).matches(".*# .{8,}");
            }
        }
    }

    @Test
    void whatIsNotEffectiveIsCalledSoAndNothingElse() throws IOException {
        Set<String> called = new TreeSet<>();
        List<String> path = new ArrayList<>();
        for (String line : Files.readAllLines(REFERENCE)) {
            var key = java.util.regex.Pattern.compile("^( *)(- )?(\\w+):.*").matcher(line);
            if (!key.matches()) {
                continue;
            }
            int depth = (key.group(1).length() + (key.group(2) == null ? 0 : 2)) / 2;
            while (path.size() > depth) {
                path.removeLast();
            }
            if (key.group(2) != null) {
                // "- key:" stands two levels below its list, in the list's item.
                path.set(path.size() - 1, path.getLast() + "[]");
            }
            while (path.size() < depth) {
                path.add("");
            }
            path.add(key.group(3));
            if (line.contains("not effective yet")) {
                called.add(
                        path.stream().filter(p -> !p.isEmpty()).collect(Collectors.joining(".")));
            }
        }
        assertThat(normal(called)).isEqualTo(normal(NotYet.KEYS));
    }

    /** The items' brackets do not matter here. */
    private static Set<String> normal(Set<String> paths) {
        return paths.stream()
                .map(p -> p.replace("[]", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
