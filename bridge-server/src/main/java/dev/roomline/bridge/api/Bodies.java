package dev.roomline.bridge.api;

import dev.roomline.bridge.api.Answer.Fault;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
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
        if (!node.isObject()) {
            return new Read.Bad<>(Answer.problem(400, "The body must be a JSON object."));
        }
        Fields fields = Fields.of(node);
        T value = reader.apply(fields);
        List<Fault> faults = fields.finish();
        return faults.isEmpty() ? new Read.Good<>(value) : new Read.Bad<>(Answer.invalid(faults));
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
