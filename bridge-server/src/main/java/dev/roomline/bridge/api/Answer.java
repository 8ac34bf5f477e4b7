package dev.roomline.bridge.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an endpoint answers; written out by {@link Dispatch}.
 *
 * @param contentType empty where there is no body
 * @param headers beside content type and length
 * @param stream null where the body is all there is
 */
@SuppressWarnings("ArrayRecordComponent")
public record Answer(
        int status,
        String contentType,
        byte[] body,
        Map<String, String> headers,
        @Nullable Stream stream) {
    static final String PROBLEM = "application/problem+json";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final byte[] NOTHING = {};

    public Answer {
        headers = Map.copyOf(headers);
    }

    public Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
        this(status, contentType, body, headers, null);
    }

    /** Writes the body for as long as it likes; called on the connection's event loop. */
    @FunctionalInterface
    public interface Stream {
        void open(Vertx vertx, HttpServerResponse response);
    }

    /** 200 with a body that is written as it comes to be. */
    public static Answer stream(String contentType, Stream stream) {
        return new Answer(200, contentType, NOTHING, Map.of(), stream);
    }

    /**
     * @param value maps, lists, text, numbers, booleans and null
     */
    public static Answer json(int status, Object value) {
        return new Answer(status, "application/json", JSON.writeValueAsBytes(value), Map.of());
    }

    public static Answer text(int status, String contentType, String text) {
        return new Answer(status, contentType, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    public static Answer noContent() {
        return new Answer(204, "", NOTHING, Map.of());
    }

    /** An RFC 9457 problem; {@code detail} is a sentence of ours, never an exception's. */
    public static Answer problem(int status, String detail) {
        return problem(status, detail, List.of());
    }

    /**
     * A problem that says more than its sentence.
     *
     * @param more further members, named as the API names such things
     */
    public static Answer problem(int status, String detail, Map<String, Object> more) {
        Map<String, Object> problem = problem(status, detail, List.of(), more);
        return new Answer(status, PROBLEM, JSON.writeValueAsBytes(problem), Map.of());
    }

    /** 422 with every fault. */
    public static Answer invalid(List<Fault> faults) {
        return problem(422, "The request has " + faults.size() + " fault(s).", faults);
    }

    /**
     * The same of a request that was followed until its fault was found.
     *
     * @param more further members, named as the API names such things
     */
    public static Answer invalid(Fault fault, Map<String, Object> more) {
        Map<String, Object> problem =
                problem(422, "The request has 1 fault(s).", List.of(fault), more);
        return new Answer(422, PROBLEM, JSON.writeValueAsBytes(problem), Map.of());
    }

    private static Answer problem(int status, String detail, List<Fault> faults) {
        Map<String, Object> problem = problem(status, detail, faults, Map.of());
        return new Answer(status, PROBLEM, JSON.writeValueAsBytes(problem), Map.of());
    }

    private static Map<String, Object> problem(
            int status, String detail, List<Fault> faults, Map<String, Object> more) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("title", title(status));
        problem.put("status", status);
        problem.put("detail", detail);
        problem.putAll(more);
        if (!faults.isEmpty()) {
            problem.put(
                    "errors",
                    faults.stream()
                            .map(f -> Map.of("pointer", f.pointer(), "message", f.message()))
                            .toList());
        }
        return problem;
    }

    public Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, contentType, body, more, stream);
    }

    /** In other words, with the same headers and status. */
    public Answer reworded(Object value) {
        return new Answer(status, "application/json", JSON.writeValueAsBytes(value), headers);
    }

    public Answer retryAfter(Duration duration) {
        return with(
                "Retry-After", Long.toString(Math.max(1, duration.plusMillis(999).toSeconds())));
    }

    /**
     * One thing wrong with a request.
     *
     * @param pointer RFC 6901 into the body, {@code /codes/0/role}; {@code ?limit} for a parameter
     */
    public record Fault(String pointer, String message) {}

    /** RFC 9110 §15, for the statuses that are used here. */
    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 406 -> "Not Acceptable";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 412 -> "Precondition Failed";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 422 -> "Unprocessable Content";
            case 428 -> "Precondition Required";
            case 429 -> "Too Many Requests";
            case 499 -> "Cancelled";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "Internal Server Error";
        };
    }
}
