package dev.roomline.bridge.api;

import dev.roomline.bridge.auth.Caller;
import dev.roomline.bridge.store.IdempotentAnswers;
import dev.roomline.bridge.store.IdempotentAnswers.Kept;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A create that is sent again with the same {@code Idempotency-Key} gets the first answer again and
 * makes nothing. Answers are kept in the store for a day, sealed since they may hold what is shown
 * once, the oldest forgotten first beyond a bound. Thread-safe.
 */
final class Idempotency {
    static final Duration KEPT = Duration.ofHours(24);
    private static final int MOST = 4096;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final IdempotentAnswers answers;
    private final InstantSource clock;

    /** Which are being answered for the first time. */
    private final Set<String> inWork = ConcurrentHashMap.newKeySet();

    Idempotency(IdempotentAnswers answers, InstantSource clock) {
        this.answers = answers;
        this.clock = clock;
    }

    Answer once(String route, Ask ask, Endpoint endpoint)
            throws TimeoutException, InterruptedException {
        Optional<String> given = ask.header("idempotency-key").filter(k -> !k.isEmpty());
        if (given.isEmpty()) {
            return endpoint.answer(ask);
        }
        if (!Texts.plain(given.get(), 255)) {
            return Answer.problem(400, "Idempotency-Key has at most 255 characters.");
        }
        String who = ask.caller().map(Caller::key).orElse("");
        String name =
                sha256(
                        (who + "\n" + route + "\n" + ask.path() + "\n" + given.get())
                                .getBytes(StandardCharsets.UTF_8));
        if (!inWork.add(name)) {
            return Answer.problem(409, "The first such request is not answered yet.");
        }
        try {
            return known(name, ask, endpoint);
        } finally {
            inWork.remove(name);
        }
    }

    private Answer known(String name, Ask ask, Endpoint endpoint)
            throws TimeoutException, InterruptedException {
        String request = sha256(ask.body());
        Optional<Kept> first = answers.find(name, clock.instant().minus(KEPT));
        if (first.isPresent()) {
            return first.get().requestSha256().equals(request)
                    ? read(first.get().answer())
                    : Answer.problem(422, "This Idempotency-Key was used with another body.");
        }
        Answer answer = endpoint.answer(ask);
        // only what was made is remembered: who was refused may mend the request and try again
        if (answer.status() / 100 == 2) {
            answers.keep(name, new Kept(request, write(answer)), MOST);
        }
        return answer;
    }

    private static String write(Answer answer) {
        Map<String, Object> kept = new LinkedHashMap<>();
        kept.put("status", answer.status());
        kept.put("type", answer.contentType());
        kept.put("headers", answer.headers());
        kept.put("body", Base64.getEncoder().encodeToString(answer.body()));
        return JSON.writeValueAsString(kept);
    }

    private static Answer read(String text) {
        JsonNode kept = JSON.readTree(text);
        Map<String, String> headers = new LinkedHashMap<>();
        kept.get("headers")
                .properties()
                .forEach(e -> headers.put(e.getKey(), e.getValue().asString()));
        return new Answer(
                kept.get("status").asInt(),
                kept.get("type").asString(),
                Base64.getDecoder().decode(kept.get("body").asString()),
                headers);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
