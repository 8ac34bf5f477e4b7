package dev.roomline.bridge.api;

import dev.roomline.bridge.api.Answer.Fault;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON bodies: one object, each name once, of honest depth. */
public final class Bodies {
    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(16)
                                                    .maxNumberLength(40)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private Bodies() {}

    /** The read value, or the answer that refuses the body. */
    public sealed interface Read<T> {
        record Good<T>(T value) implements Read<T> {}

        record Bad<T>(Answer answer) implements Read<T> {}
    }

    /** An absent body is read as an empty object. */
    public static <T> Read<T> object(Ask ask, Function<Fields, T> reader) {
        return switch (node(ask)) {
            case Read.Bad<JsonNode> bad -> new Read.Bad<>(bad.answer());
            case Read.Good<JsonNode> good -> {
                Fields fields = Fields.of(good.value());
                T value = reader.apply(fields);
                List<Fault> faults = fields.finish();
                yield faults.isEmpty()
                        ? new Read.Good<>(value)
                        : new Read.Bad<>(Answer.invalid(faults));
            }
        };
    }

    /** The object's fields as they came: text, numbers, booleans, nulls, lists and maps. */
    public static Read<Map<String, Object>> fields(Ask ask) {
        return switch (node(ask)) {
            case Read.Bad<JsonNode> bad -> new Read.Bad<>(bad.answer());
            case Read.Good<JsonNode> good ->
                    new Read.Good<>(
                            JSON.convertValue(
                                    good.value(), new TypeReference<Map<String, Object>>() {}));
        };
    }

    private static Read<JsonNode> node(Ask ask) {
        JsonNode node;
        if (ask.body().length == 0) {
            node = JSON.createObjectNode();
        } else if (!ask.mediaType().equals("application/json")) {
            return new Read.Bad<>(Answer.problem(415, "Send the body as application/json."));
        } else {
            try {
                node = JSON.readTree(ask.body());
            } catch (JacksonException e) {
                return new Read.Bad<>(Answer.problem(400, "The body is not JSON" + where(e)));
            }
        }
        return node.isObject()
                ? new Read.Good<>(node)
                : new Read.Bad<>(Answer.problem(400, "The body must be a JSON object."));
    }

    private static String where(JacksonException e) {
        return e.getLocation() == null
                ? "."
                : ": see line "
                        + e.getLocation().getLineNr()
                        + ", column "
                        + e.getLocation().getColumnNr()
                        + ".";
    }
}
