package dev.roomline.bridge.api.hundredms;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Dialect;
import dev.roomline.bridge.auth.Credentials.Kind;
import dev.roomline.bridge.config.Fault;
import dev.roomline.bridge.entry.Result;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Management tokens, and errors {@code {"code", "message", "details"}}. */
public final class HundredMs implements Dialect {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What stands in every problem, or is told elsewhere. */
    private static final Set<String> TOLD = Set.of("type", "title", "status", "detail", "errors");

    /** What the dialect calls our fields, where it calls them otherwise. */
    private static final Map<String, String> NAMES = Map.of("numbers", "from");

    @Override
    public Kind credentials() {
        return Kind.HUNDRED_MS;
    }

    @Override
    public Answer error(Answer problem) {
        JsonNode told = JSON.readTree(problem.body());
        List<String> details = new ArrayList<>();
        told.path("errors")
                .forEach(
                        fault ->
                                details.add(
                                        fault.path("pointer").asString().substring(1)
                                                + ": "
                                                + fault.path("message").asString()));
        told.properties().stream()
                .filter(member -> !TOLD.contains(member.getKey()))
                .forEach(
                        member ->
                                details.add(member.getKey() + ": " + member.getValue().asString()));
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", problem.status());
        error.put("message", told.path("detail").asString());
        error.put("details", details);
        return problem.reworded(error);
    }

    /** What came of a wish; faults are 400 here, the first of them the message. */
    static <T> Answer answer(String noun, Result<T> result, Function<T, Answer> done) {
        return switch (result) {
            case Result.Done<T>(T value) -> done.apply(value);
            case Result.Invalid<T>(List<Fault> faults) ->
                    Answer.problem(
                            400,
                            NAMES.getOrDefault(faults.getFirst().key(), faults.getFirst().key())
                                    + ": expected "
                                    + faults.getFirst().expectation());
            case Result.Missing<T> _ -> Answer.problem(404, noun + " not found");
            case Result.DeclaredInFile<T> _ ->
                    Answer.problem(409, "this " + noun + " is declared in the configuration file");
            case Result.Taken<T>(String value) -> Answer.problem(409, value + " is taken");
            case Result.InUse<T>(String by) -> Answer.problem(409, noun + " is used by " + by);
        };
    }

    /** Whose webhooks and rooms they are: here all are one customer's. */
    static final String CUSTOMER = Aliases.hex24("customer");

    static final String APP = Aliases.hex24("app");
    static final String TEMPLATE = Aliases.hex24("roles");

    static Answer mandatory(String name) {
        return Answer.problem(400, name + " is mandatory");
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
