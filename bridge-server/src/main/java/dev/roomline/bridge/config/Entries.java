package dev.roomline.bridge.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Trunks, routes, accounts, keys and webhooks that come from elsewhere than the file: the same
 * fields, read by the same rules with all faults at once, from maps of text, numbers, booleans,
 * lists and maps as JSON has them. Their faults' keys are the fields' names.
 */
public final class Entries {
    private static final Set<String> NUMBERS = Set.of("max_calls", "calls_per_second");
    private static final Set<String> FLAGS =
            Set.of("shared_addresses", "register", "caller_id_privacy", "allow_private");

    private Entries() {}

    /** What became of it. */
    public sealed interface Read<T> {
        record Good<T>(T value) implements Read<T> {}

        /** At least one fault. */
        record Bad<T>(List<Fault> faults) implements Read<T> {}
    }

    public static Read<Declared.Trunk> trunk(Map<String, ?> fields) {
        return read(fields, DeclaredReader::trunk);
    }

    public static Read<Declared.Route> route(Map<String, ?> fields) {
        return read(fields, DeclaredReader::route);
    }

    public static Read<Declared.Account> account(Map<String, ?> fields) {
        return read(fields, DeclaredReader::account);
    }

    public static Read<Declared.Key> key(Map<String, ?> fields) {
        return read(fields, DeclaredReader::key);
    }

    public static Read<Declared.Webhook> webhook(Map<String, ?> fields) {
        return read(fields, DeclaredReader::webhook);
    }

    /** What was good when it was stored, even where today's rules are stricter. */
    public static Declared.Trunk storedTrunk(Map<String, ?> fields) {
        return Section.read("", tree(fields), Section.Gathered.fresh(), DeclaredReader::trunk);
    }

    /** All fields but the password. */
    public static Map<String, Object> fields(Declared.Trunk trunk) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", trunk.id());
        fields.put("name", trunk.name());
        fields.put("direction", trunk.direction());
        fields.put("address", trunk.address());
        fields.put("username", trunk.username());
        fields.put("numbers", trunk.numbers());
        fields.put("from_domain", trunk.fromDomain());
        fields.put("number_format", trunk.numberFormat());
        fields.put("national_prefix", trunk.nationalPrefix());
        fields.put("country", trunk.country());
        fields.put("allow", trunk.allow().stream().map(Cidr::toString).toList());
        fields.put("require_headers", trunk.requireHeaders());
        fields.put("shared_addresses", trunk.sharedAddresses());
        fields.put("media_allow", trunk.mediaAllow().stream().map(Cidr::toString).toList());
        fields.put("rooms", trunk.rooms());
        fields.put("register", trunk.register());
        fields.put("options_ping", text(trunk.optionsPing()));
        fields.put("media_encryption", trunk.mediaEncryption().name().toLowerCase(Locale.ROOT));
        fields.put("codecs", trunk.codecs());
        fields.put("caller_id_privacy", trunk.callerIdPrivacy());
        fields.put("answer_headers", trunk.answerHeaders());
        fields.put("max_calls", trunk.maxCalls());
        fields.put("calls_per_second", trunk.callsPerSecond());
        return fields;
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? duration.toSeconds() + "s"
                : duration.toMillis() + "ms";
    }

    private static <T> Read<T> read(Map<String, ?> fields, Function<Section, T> reader) {
        Section.Gathered gathered =
                new Section.Gathered(
                        wrongTypes(fields),
                        new KnownKeys(),
                        new TreeSet<>(),
                        new LinkedHashMap<>());
        T value = Section.read("", tree(fields), gathered, reader);
        return gathered.faults().isEmpty()
                ? new Read.Good<>(value)
                : new Read.Bad<>(List.copyOf(gathered.faults()));
    }

    /** In YAML all is text; JSON says what it is. */
    private static List<Fault> wrongTypes(Map<String, ?> fields) {
        List<Fault> faults = new ArrayList<>();
        fields.forEach(
                (name, value) -> {
                    if (value == null) {
                        return;
                    }
                    if (NUMBERS.contains(name)) {
                        if (!(value instanceof Number)) {
                            faults.add(new Fault(name, "", "a number", ""));
                        }
                    } else if (FLAGS.contains(name)) {
                        if (!(value instanceof Boolean)) {
                            faults.add(new Fault(name, "", "true or false", ""));
                        }
                    } else if (!isText(value)) {
                        faults.add(new Fault(name, "", "text, and lists and maps of text", ""));
                    }
                });
        return faults;
    }

    private static boolean isText(@Nullable Object value) {
        return switch (value) {
            case String _ -> true;
            case List<?> list -> list.stream().allMatch(item -> item instanceof String);
            case Map<?, ?> map -> map.values().stream().allMatch(item -> item instanceof String);
            case null, default -> false;
        };
    }

    /** Of the right types alone, so that one mistake is one fault. */
    private static Tree.Mapping tree(Map<String, ?> fields) {
        Tree.Mapping mapping = Tree.Mapping.empty("");
        fields.forEach(
                (name, value) -> {
                    boolean typed =
                            NUMBERS.contains(name)
                                    ? value instanceof Number
                                    : FLAGS.contains(name)
                                            ? value instanceof Boolean
                                            : isText(value);
                    if (typed && value != null && !value.equals("")) {
                        mapping.entries().put(name, tree(value));
                    }
                });
        return mapping;
    }

    private static Tree tree(Object value) {
        return switch (value) {
            case List<?> list ->
                    new Tree.Sequence(list.stream().map(item -> scalar(item)).toList(), "");
            case Map<?, ?> map -> {
                Tree.Mapping mapping = Tree.Mapping.empty("");
                map.forEach(
                        (key, item) -> mapping.entries().put(String.valueOf(key), scalar(item)));
                yield mapping;
            }
            default -> scalar(value);
        };
    }

    private static Tree scalar(Object value) {
        return new Tree.Scalar(String.valueOf(value), "", false);
    }
}
