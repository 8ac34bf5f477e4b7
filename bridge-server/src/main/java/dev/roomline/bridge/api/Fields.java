package dev.roomline.bridge.api;

import dev.roomline.bridge.api.Answer.Fault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * A JSON object while it is read: what nobody asks for is unknown and an error, every fault is
 * gathered, {@code ""} and null equal absent. Used by one thread.
 */
public final class Fields {
    private final String pointer;
    private final JsonNode node;
    private final List<Fault> faults;
    private final Set<String> asked = new HashSet<>();

    private Fields(String pointer, JsonNode node, List<Fault> faults) {
        this.pointer = pointer;
        this.node = node;
        this.faults = faults;
    }

    static Fields of(JsonNode object) {
        return new Fields("", object, new ArrayList<>());
    }

    public void fault(String name, String message) {
        add(pointer + "/" + escaped(name), message);
    }

    /** What was found first of a field is told: what follows from it is not. */
    private void add(String where, String message) {
        if (faults.stream().noneMatch(fault -> fault.pointer().equals(where))) {
            faults.add(new Fault(where, message));
        }
    }

    // RFC 6901 §3
    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private Optional<JsonNode> take(String name) {
        asked.add(name);
        JsonNode value = node.get(name);
        return value == null || value.isNull() || (value.isString() && value.asString().isEmpty())
                ? Optional.empty()
                : Optional.of(value);
    }

    /** Text without control characters (so no CR or LF gets anywhere), at most so long. */
    public Optional<String> text(String name, int longest) {
        Optional<JsonNode> value = take(name);
        if (value.isPresent() && !value.get().isString()) {
            fault(name, "must be text");
            return Optional.empty();
        }
        Optional<String> text = value.map(JsonNode::asString);
        if (text.isPresent() && !Texts.plain(text.get(), longest)) {
            fault(name, Texts.expectation(longest));
            return Optional.empty();
        }
        return text;
    }

    public Optional<Integer> integer(String name, int least, int most) {
        Optional<JsonNode> value = take(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.get().isIntegralNumber()
                || !value.get().canConvertToInt()
                || value.get().asInt() < least
                || value.get().asInt() > most) {
            fault(name, "must be a whole number from " + least + " to " + most);
            return Optional.empty();
        }
        return Optional.of(value.get().asInt());
    }

    public OptionalDouble number(String name, double least, double most) {
        Optional<JsonNode> value = take(name);
        if (value.isEmpty()) {
            return OptionalDouble.empty();
        }
        if (!value.get().isNumber()
                || !(value.get().asDouble() >= least && value.get().asDouble() <= most)) {
            fault(name, "must be a number from " + least + " to " + most);
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(value.get().asDouble());
    }

    public Optional<Boolean> flag(String name) {
        Optional<JsonNode> value = take(name);
        if (value.isPresent() && !value.get().isBoolean()) {
            fault(name, "must be true or false");
            return Optional.empty();
        }
        return value.map(JsonNode::asBoolean);
    }

    public Optional<List<String>> texts(String name, int most, int longest) {
        Optional<JsonNode> value = array(name, most);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        int at = 0;
        for (JsonNode item : value.get()) {
            String where = pointer + "/" + escaped(name) + "/" + at++;
            if (item.isString() && Texts.plain(item.asString(), longest)) {
                texts.add(item.asString());
            } else {
                add(where, Texts.expectation(longest));
            }
        }
        return Optional.of(texts);
    }

    /** An object of texts; the texts are the reader's to look at. */
    public Map<String, String> textMap(String name, int most) {
        Optional<JsonNode> value = take(name);
        Map<String, String> texts = new LinkedHashMap<>();
        if (value.isEmpty()) {
            return texts;
        }
        if (!value.get().isObject() || value.get().size() > most) {
            fault(name, "must be an object of at most " + most + " texts");
            return texts;
        }
        for (String key : value.get().propertyNames()) {
            JsonNode text = value.get().get(key);
            if (text.isString()) {
                texts.put(key, text.asString());
            } else {
                faultIn(name, key, "must be text");
            }
        }
        return texts;
    }

    /** A fault of one entry of an object. */
    public void faultIn(String name, String key, String message) {
        String shown = key.length() > 64 ? key.substring(0, 64) : key;
        add(pointer + "/" + escaped(name) + "/" + escaped(shown), message);
    }

    /** A list of objects. */
    public <T> List<T> each(String name, int most, Function<Fields, T> reader) {
        Optional<JsonNode> value = array(name, most);
        List<T> items = new ArrayList<>();
        if (value.isEmpty()) {
            return items;
        }
        int at = 0;
        for (JsonNode item : value.get()) {
            String where = pointer + "/" + escaped(name) + "/" + at++;
            if (item.isObject()) {
                Fields fields = new Fields(where, item, faults);
                items.add(reader.apply(fields));
                fields.complainOfUnknown();
            } else {
                add(where, "must be an object");
            }
        }
        return items;
    }

    private Optional<JsonNode> array(String name, int most) {
        Optional<JsonNode> value = take(name);
        if (value.isPresent() && (!value.get().isArray() || value.get().size() > most)) {
            fault(name, "must be a list of at most " + most);
            return Optional.empty();
        }
        return value;
    }

    private void complainOfUnknown() {
        for (String name : node.propertyNames()) {
            if (!asked.contains(name)) {
                fault(name.length() > 64 ? name.substring(0, 64) : name, "is not a known field");
            }
        }
    }

    /** Nothing is wrong, as far as everything was asked for already. */
    public boolean isGood() {
        complainOfUnknown();
        return faults.isEmpty();
    }

    /** Every fault, unknown fields included; call it once, after everything was asked for. */
    public List<Fault> finish() {
        complainOfUnknown();
        return faults;
    }
}
