package dev.roomline.bridge.api;

import dev.roomline.bridge.api.Answer.Fault;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The parameters behind a path's question mark while they are read: every fault is gathered and
 * names its parameter, what nobody asks for is unknown and an error, {@code ""} equals absent. Used
 * by one thread.
 */
public final class Query {
    private static final int LONGEST_SHOWN = 64;

    private final Ask ask;
    private final List<Fault> faults = new ArrayList<>();
    private final Set<String> asked = new HashSet<>();

    public Query(Ask ask) {
        this.ask = ask;
    }

    /** What was found first of a parameter is told: what follows from it is not. */
    public void fault(String name, String message) {
        String pointer = "?" + name;
        if (faults.stream().noneMatch(fault -> fault.pointer().equals(pointer))) {
            faults.add(new Fault(pointer, message));
        }
    }

    /** Text without control characters, at most so long. */
    public Optional<String> text(String name, int longest) {
        return read(
                name,
                value -> Optional.of(value).filter(text -> Texts.plain(text, longest)),
                Texts.expectation(longest));
    }

    /** One of a few words. */
    public Optional<String> oneOf(String name, List<String> words) {
        return read(
                name,
                value -> Optional.of(value).filter(words::contains),
                "must be one of " + String.join(", ", words));
    }

    public Optional<Boolean> flag(String name) {
        return oneOf(name, List.of("true", "false")).map(Boolean::valueOf);
    }

    /** A whole number in plain digits. */
    public Optional<Integer> whole(String name, int least, int most) {
        return read(
                name,
                value ->
                        Optional.of(value)
                                .filter(digits -> digits.matches("0|[1-9]\\d{0,8}"))
                                .map(Integer::valueOf)
                                .filter(number -> number >= least && number <= most),
                "must be a whole number from " + least + " to " + most);
    }

    /** An instant as RFC 3339 writes it: of the years 0 to 9999 (§1). */
    public Optional<Instant> time(String name) {
        return read(name, Query::instant, "must be a time such as 2026-11-21T12:00:00Z");
    }

    private static Optional<Instant> instant(String value) {
        try {
            // A plus sign in a query is a space; who writes +02:00 unescaped means the sign.
            OffsetDateTime time = OffsetDateTime.parse(value.replace(' ', '+'));
            return Optional.of(time)
                    .filter(it -> it.getYear() >= 0 && it.getYear() <= 9999)
                    .map(OffsetDateTime::toInstant);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /**
     * @param reader empty: the value is wrong
     */
    <T> Optional<T> read(String name, Function<String, Optional<T>> reader, String expectation) {
        asked.add(name);
        Optional<String> value = ask.query(name);
        Optional<T> read = value.flatMap(reader);
        if (value.isPresent() && read.isEmpty()) {
            fault(name, expectation);
        }
        return read;
    }

    /** Every fault, unknown parameters included; call it once, after all were asked for. */
    public List<Fault> finish() {
        ask.query().keySet().stream()
                .filter(name -> !asked.contains(name))
                .sorted()
                .map(
                        name ->
                                name.length() > LONGEST_SHOWN
                                        ? name.substring(0, LONGEST_SHOWN)
                                        : name)
                .forEach(name -> fault(name, "is not a known parameter"));
        return List.copyOf(faults);
    }
}
