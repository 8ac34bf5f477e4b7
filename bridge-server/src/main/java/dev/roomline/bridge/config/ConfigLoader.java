package dev.roomline.bridge.config;

import dev.roomline.bridge.config.KnownKeys.Kind;
import dev.roomline.bridge.config.KnownKeys.Known;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * File, environment and {@code --set} to one {@link RoomlineConfig}: the environment overrides the
 * file, {@code --set} both. All faults are found in one go.
 */
public final class ConfigLoader {
    private ConfigLoader() {}

    /** What became of it. */
    public sealed interface Outcome {
        /**
         * @param warnings one line per key that has no effect yet
         * @param values what each key has, secrets among them: to be compared, never shown
         */
        record Loaded(RoomlineConfig config, List<String> warnings, Map<String, String> values)
                implements Outcome {
            @Override
            public String toString() {
                return "Loaded[warnings=" + warnings + "]";
            }
        }

        /** At least one fault, in the order in which they were found. */
        record Faulty(List<Fault> faults) implements Outcome {}
    }

    /**
     * @param file the YAML file, if there is one
     * @param environment of which {@code ROOMLINE_*} are taken
     * @param sets {@code key=value} of the command line
     * @param home what relative paths resolve against without a file
     */
    public static Outcome load(
            Optional<Path> file, Map<String, String> environment, List<String> sets, Path home) {
        Path folder = file.map(f -> f.toAbsolutePath().getParent()).orElse(home.toAbsolutePath());
        List<Fault> faults = new ArrayList<>();
        Tree.Mapping document =
                file.map(f -> parse(f, faults)).orElseGet(() -> Tree.Mapping.empty(""));
        KnownKeys known = knownKeys(folder);
        override(document, overrides(environment, sets, known, faults), faults);
        Section.Gathered gathered =
                new Section.Gathered(faults, known, new TreeSet<>(), new LinkedHashMap<>());
        RoomlineConfig config =
                Section.read("", document, gathered, new ConfigReader(folder)::read);
        if (!faults.isEmpty()) {
            return new Outcome.Faulty(List.copyOf(faults));
        }
        List<String> warnings = new ArrayList<>();
        gathered.present().stream()
                .filter(NotYet.KEYS::contains)
                .map(key -> key + " is understood but has no effect in this version")
                .forEach(warnings::add);
        if (!config.network().publicByStun().isEmpty()) {
            warnings.add("network.public: stun: is understood but has no effect in this version");
        }
        return new Outcome.Loaded(config, List.copyOf(warnings), gathered.values());
    }

    /** The keys that the code reads, from reading an empty document. */
    static KnownKeys knownKeys(Path folder) {
        Section.Gathered gathered = Section.Gathered.fresh();
        Section.read("", Tree.Mapping.empty(""), gathered, new ConfigReader(folder)::read);
        return gathered.known();
    }

    private static Tree.Mapping parse(Path file, List<Fault> faults) {
        try {
            return YamlTree.parse(Files.readString(file), file.getFileName().toString(), faults);
        } catch (CharacterCodingException e) {
            faults.add(new Fault("", file.toString(), "text in UTF-8", ""));
        } catch (IOException e) {
            faults.add(new Fault("", file.toString(), "a file that can be read", ""));
        }
        return Tree.Mapping.empty("");
    }

    private static Map<Known, Tree.Scalar> overrides(
            Map<String, String> environment,
            List<String> sets,
            KnownKeys known,
            List<Fault> faults) {
        Map<Known, Tree.Scalar> overrides = new LinkedHashMap<>();
        new TreeMap<>(environment)
                .forEach(
                        (name, value) -> {
                            if (name.startsWith("ROOMLINE_")) {
                                String path =
                                        name.substring("ROOMLINE_".length())
                                                .toLowerCase(java.util.Locale.ROOT);
                                put(
                                        overrides,
                                        known,
                                        known.byVariable(name),
                                        path,
                                        value,
                                        name,
                                        faults);
                            }
                        });
        for (String set : sets) {
            int equals = set.indexOf('=');
            if (equals < 1) {
                faults.add(new Fault("", set, "key=value", "--set"));
                continue;
            }
            String path = set.substring(0, equals).strip();
            put(
                    overrides,
                    known,
                    known.byPath(path),
                    path,
                    set.substring(equals + 1),
                    "--set",
                    faults);
        }
        return overrides;
    }

    private static void put(
            Map<Known, Tree.Scalar> overrides,
            KnownKeys keys,
            Optional<Known> known,
            String path,
            String value,
            String origin,
            List<Fault> faults) {
        if (known.isEmpty()) {
            String expectation = "a known key; the nearest is " + keys.nearest(path);
            faults.add(
                    new Fault(
                            origin.equals("--set") ? path : origin,
                            "",
                            expectation,
                            origin.equals("--set") ? origin : "environment"));
        } else if (known.get().kind() == Kind.STRUCTURE || known.get().path().contains("[]")) {
            faults.add(new Fault(known.get().path(), "", "its entries in the file", origin));
        } else {
            overrides.put(known.get(), new Tree.Scalar(value, origin, true));
        }
    }

    private static void override(
            Tree.Mapping document, Map<Known, Tree.Scalar> overrides, List<Fault> faults) {
        overrides.forEach(
                (known, value) -> {
                    Tree.Mapping at = document;
                    String[] steps = known.path().split("\\.");
                    for (int i = 0; i < steps.length - 1; i++) {
                        at = step(at, steps[i], value.origin(), faults);
                    }
                    at.entries().put(steps[steps.length - 1], value);
                });
    }

    private static Tree.Mapping step(
            Tree.Mapping at, String key, String origin, List<Fault> faults) {
        Tree inner = at.entries().get(key);
        if (inner instanceof Tree.Mapping there) {
            return there;
        }
        if (inner != null && !(inner instanceof Tree.Scalar s && s.text().isBlank())) {
            faults.add(new Fault(key, "", "a section with keys of its own", inner.origin()));
        }
        Tree.Mapping fresh = Tree.Mapping.empty(origin);
        at.entries().put(key, fresh);
        return fresh;
    }
}
