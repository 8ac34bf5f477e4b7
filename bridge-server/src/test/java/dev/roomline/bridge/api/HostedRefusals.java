package dev.roomline.bridge.api;

import dev.roomline.bridge.api.HostedDocument.Operation;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether refusals have their dialect's shape and name what was wrong; gathers those that do not.
 */
final class HostedRefusals {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What 100ms itself says of these two fields. */
    private static final Map<String, String> DOCUMENTED =
            Map.of("headers", "invalid header", "digits", "invalid digit");

    private final List<String> astray = new ArrayList<>();
    private int tried;

    int tried() {
        return tried;
    }

    /** Those that were otherwise, one to a line; empty: none. */
    String astray() {
        return String.join("\n", astray);
    }

    private static String message(HttpResponse<String> answer) {
        return JSON.readTree(answer.body()).path("message").asString("");
    }

    /** Empty: in the dialect's shape, with this status. */
    static Optional<String> misshapen(
            Operation operation, HttpResponse<String> answer, int status) {
        boolean fits =
                Contract.schema(Contract.reference(operation.words().error))
                        .validate(JSON.readTree(answer.body()))
                        .isEmpty();
        return answer.statusCode() == status && fits
                ? Optional.empty()
                : Optional.of(answer.statusCode() + " " + answer.body());
    }

    /**
     * The message begins with the field; where that is inside of another, it may begin with the
     * outer one.
     */
    private static boolean names(String message, String outer, String field) {
        String begins = Pattern.quote(outer) + "\\b(?!\\.).*";
        return outer.isEmpty()
                ? message.matches(Pattern.quote(field) + "\\b.*")
                        || message.equals(DOCUMENTED.get(field))
                : message.matches(Pattern.quote(outer + "." + field) + "\\b.*")
                        || (message.matches(begins)
                                && message.matches(".*\\b" + Pattern.quote(field) + "\\b.*"));
    }

    /**
     * @param what was asked, for who reads that it went astray
     */
    void expect(
            Operation operation,
            String what,
            String outer,
            String field,
            HttpResponse<String> answer) {
        tried++;
        if (misshapen(operation, answer, 400).isPresent()
                || !names(message(answer), outer, field)) {
            astray.add(operation + " " + what + " → " + answer.statusCode() + " " + answer.body());
        }
    }
}
