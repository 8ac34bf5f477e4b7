package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Dialect;
import dev.roomline.bridge.auth.Credentials.Kind;
import dev.roomline.bridge.config.Fault;
import dev.roomline.bridge.entry.Result;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tokens with or without {@code Bearer}, and errors {@code {"statusCode", "message"}}. */
public final class VideoSdk implements Dialect {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Override
    public Kind credentials() {
        return Kind.VIDEOSDK;
    }

    @Override
    public Answer error(Answer problem) {
        JsonNode told = JSON.readTree(problem.body());
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("statusCode", problem.status());
        error.put("message", told.path("detail").asString());
        return problem.reworded(error);
    }

    /**
     * What came of a wish; of its faults the first is the message.
     *
     * @param noun what it is called here, {@code SIP trunk}
     * @param names what the dialect calls our fields, where it calls them otherwise
     */
    static <T> Answer answer(
            String noun, Map<String, String> names, Result<T> result, Function<T, Answer> done) {
        return switch (result) {
            case Result.Done<T>(T value) -> done.apply(value);
            case Result.Invalid<T>(List<Fault> faults) -> {
                String key = faults.getFirst().key();
                yield Answer.problem(
                        400,
                        names.getOrDefault(key, key)
                                + " must be "
                                + faults.getFirst().expectation());
            }
            case Result.Missing<T> _ -> unknown(noun);
            case Result.DeclaredInFile<T> _ ->
                    Answer.problem(409, "This " + noun + " is declared in the configuration file.");
            case Result.Taken<T>(String value) -> Answer.problem(409, value + " is taken.");
            case Result.InUse<T>(String by) ->
                    Answer.problem(409, "This " + noun + " is used by " + by + ".");
        };
    }

    static Answer unknown(String noun) {
        return Answer.problem(404, noun + " not found.");
    }

    static Answer invalid(String sentence) {
        return Answer.problem(400, sentence);
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
