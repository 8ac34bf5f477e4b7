package dev.roomline.bridge.api;

import dev.roomline.bridge.auth.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * A create that is sent again with the same {@code Idempotency-Key} gets the first answer again and
 * makes nothing. Answers are kept for a day, the oldest forgotten first beyond a bound, and not
 * across a restart. Thread-safe.
 */
final class Idempotency {
    private static final Duration KEPT = Duration.ofHours(24);
    private static final int MOST = 4096;

    private final InstantSource clock;
    private final LinkedHashMap<String, Kept> kept = new LinkedHashMap<>();

    Idempotency(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * @param answer absent while the first request is being answered
     */
    private record Kept(int bodyHash, Instant since, Optional<Answer> answer) {}

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
        String name = who + "\n" + route + "\n" + ask.path() + "\n" + given.get();
        Optional<Answer> earlier = begin(name, Arrays.hashCode(ask.body()));
        if (earlier.isPresent()) {
            return earlier.get();
        }
        boolean finished = false;
        try {
            Answer answer = endpoint.answer(ask);
            end(name, Arrays.hashCode(ask.body()), answer);
            finished = true;
            return answer;
        } finally {
            if (!finished) {
                forget(name);
            }
        }
    }

    private synchronized Optional<Answer> begin(String name, int bodyHash) {
        Instant limit = clock.instant().minus(KEPT);
        kept.values().removeIf(k -> k.since().isBefore(limit));
        Kept first = kept.get(name);
        if (first == null) {
            if (kept.size() >= MOST) {
                kept.remove(kept.firstEntry().getKey());
            }
            kept.put(name, new Kept(bodyHash, clock.instant(), Optional.empty()));
            return Optional.empty();
        }
        if (first.bodyHash() != bodyHash) {
            return Optional.of(
                    Answer.problem(422, "This Idempotency-Key was used with another body."));
        }
        return Optional.of(
                first.answer()
                        .orElseGet(
                                () ->
                                        Answer.problem(
                                                409,
                                                "The first such request is not answered yet.")));
    }

    /** Only what was made is remembered: who was refused may mend the request and try again. */
    private synchronized void end(String name, int bodyHash, Answer answer) {
        if (answer.status() / 100 == 2) {
            kept.put(name, new Kept(bodyHash, clock.instant(), Optional.of(answer)));
        } else {
            kept.remove(name);
        }
    }

    private synchronized void forget(String name) {
        kept.remove(name);
    }
}
