package dev.roomline.bridge.api.indus;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Dialect;
import dev.roomline.bridge.auth.Credentials.Kind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A key's opaque token, and {@code {"success", "message", "data"}} whatever became of it. */
public final class Indus implements Dialect {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What stands in every problem, or is told elsewhere. */
    private static final Set<String> TOLD = Set.of("type", "title", "status", "detail");

    @Override
    public Kind credentials() {
        return Kind.OPAQUE;
    }

    @Override
    public Answer error(Answer problem) {
        JsonNode told = JSON.readTree(problem.body());
        Map<String, Object> more = new LinkedHashMap<>();
        told.properties().stream()
                .filter(member -> !TOLD.contains(member.getKey()))
                .forEach(member -> more.put(member.getKey(), member.getValue()));
        return problem.reworded(envelope(false, told.path("detail").asString(), more));
    }

    static Answer done(int status, String message, Map<String, ?> data) {
        return Answer.json(status, envelope(true, message, data));
    }

    static Map<String, Object> envelope(boolean success, String message, Map<String, ?> data) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("success", success);
        answer.put("message", message);
        answer.put("data", data);
        return answer;
    }

    static Answer invalid(String sentence) {
        return Answer.problem(400, sentence);
    }

    static Answer required(String name) {
        return invalid(name + " is required");
    }

    static Answer noTrunk() {
        return Answer.problem(404, "Trunk not found");
    }

    static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
