package dev.roomline.bridge.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a client that may send more than we know: what nobody asks for is ignored,
 * {@code ""} and null equal absent, and the first fault is the one that is told. Used by one
 * thread.
 */
public final class Loose {
    private static final int LONGEST_OF_LIST = 255;

    private final Map<String, Object> fields;
    private final String prefix;
    private final @Nullable Loose outer;
    private @Nullable String fault;

    public Loose(Map<String, Object> fields) {
        this(fields, "", null);
    }

    private Loose(Map<String, Object> fields, String prefix, @Nullable Loose outer) {
        this.fields = fields;
        this.prefix = prefix;
        this.outer = outer;
    }

    /** Reads the body; what it lacks is for the endpoint to say. */
    public static Answer read(Ask ask, Reader reader)
            throws java.util.concurrent.TimeoutException, InterruptedException {
        return switch (Bodies.fields(ask)) {
            case Bodies.Read.Bad<Map<String, Object>>(Answer answer) -> answer;
            case Bodies.Read.Good<Map<String, Object>>(var fields) ->
                    reader.answer(new Loose(fields));
        };
    }

    /** Answers what a body asks for. */
    @FunctionalInterface
    public interface Reader {
        Answer answer(Loose body)
                throws java.util.concurrent.TimeoutException, InterruptedException;
    }

    private Optional<Object> take(String name) {
        return Optional.ofNullable(fields.get(name)).filter(value -> !value.equals(""));
    }

    /** Text without control characters, at most so long. */
    public Optional<String> text(String name, int longest) {
        Optional<Object> value = take(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof String text && Texts.plain(text, longest)) {
            return Optional.of(text);
        }
        fault(prefix + name + " " + Texts.expectation(longest));
        return Optional.empty();
    }

    /** One of a few words. */
    public Optional<String> oneOf(String name, List<String> words) {
        Optional<String> text = text(name, LONGEST_OF_LIST);
        if (text.filter(it -> !words.contains(it)).isPresent()) {
            fault(prefix + name + " must be one of " + String.join(", ", words));
            return Optional.empty();
        }
        return text;
    }

    /** Text that must be there; {@code ""} where it is not, which is a fault. */
    public String required(String name, int longest) {
        if (take(name).isEmpty()) {
            fault(prefix + name + " is required");
        }
        return text(name, longest).orElse("");
    }

    /** A whole number. */
    public Optional<Integer> integer(String name, int least, int most) {
        Optional<Object> value = take(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof Integer number && number >= least && number <= most) {
            return Optional.of(number);
        }
        fault(prefix + name + " must be a whole number from " + least + " to " + most);
        return Optional.empty();
    }

    /** An object within this one: its faults are this one's. */
    public Optional<Loose> object(String name) {
        return free(name).map(inner -> new Loose(inner, prefix + name + ".", this));
    }

    /** An object of whatever the client likes. */
    public Optional<Map<String, Object>> free(String name) {
        Optional<Object> value = take(name);
        if (value.isPresent() && value.get() instanceof Map<?, ?> map) {
            Map<String, Object> inner = new LinkedHashMap<>();
            map.forEach((key, item) -> inner.put(String.valueOf(key), item));
            return Optional.of(inner);
        }
        if (value.isPresent()) {
            fault(prefix + name + " must be an object");
        }
        return Optional.empty();
    }

    /** Whatever it says of this. */
    public Optional<Object> any(String name) {
        return take(name);
    }

    /** Whether it says anything of this, null and {@code ""} aside. */
    public boolean has(String name) {
        return take(name).isPresent();
    }

    public Optional<Boolean> flag(String name) {
        Optional<Object> value = take(name);
        if (value.isPresent() && !(value.get() instanceof Boolean)) {
            fault(prefix + name + " must be true or false");
        }
        return value.filter(Boolean.class::isInstance).map(Boolean.class::cast);
    }

    /** A list of texts. */
    public Optional<List<String>> texts(String name, int most) {
        Optional<Object> value = take(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        boolean good = value.get() instanceof List<?> list && list.size() <= most;
        if (good) {
            for (Object item : (List<?>) value.get()) {
                good &= item instanceof String text && Texts.plain(text, LONGEST_OF_LIST);
                texts.add(String.valueOf(item));
            }
        }
        if (!good) {
            fault(prefix + name + " must be a list of at most " + most + " texts");
            return Optional.empty();
        }
        return Optional.of(texts);
    }

    /** As it came: text, number, boolean, list or map. */
    public Optional<Object> value(String name) {
        return take(name);
    }

    /** A whole number, as a number or as text. */
    public Optional<Integer> whole(String name, int least, int most) {
        Optional<Object> value = take(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String text = String.valueOf(value.get());
        if (text.matches("\\d{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return Optional.of(number);
            }
        }
        fault(prefix + name + " must be a whole number from " + least + " to " + most);
        return Optional.empty();
    }

    /** Names and texts, in order. */
    public Map<String, String> map(String name, int most) {
        Map<String, String> texts = new LinkedHashMap<>();
        Object value = take(name).orElse(Map.of());
        boolean good = value instanceof Map<?, ?> map && map.size() <= most;
        if (good) {
            for (Map.Entry<?, ?> one : ((Map<?, ?>) value).entrySet()) {
                good &= one.getValue() instanceof String;
                texts.put(String.valueOf(one.getKey()), String.valueOf(one.getValue()));
            }
        }
        if (!good) {
            fault(prefix + name + " must be an object of at most " + most + " names and texts");
            return Map.of();
        }
        return texts;
    }

    public void fault(String sentence) {
        if (outer != null) {
            outer.fault(sentence);
        } else if (fault == null) {
            fault = sentence;
        }
    }

    /** The first thing wrong with it. */
    public Optional<String> fault() {
        return outer == null ? Optional.ofNullable(fault) : outer.fault();
    }
}
