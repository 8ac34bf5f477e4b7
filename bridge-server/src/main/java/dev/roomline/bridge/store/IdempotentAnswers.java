package dev.roomline.bridge.store;

import java.time.Instant;
import java.util.Optional;

/**
 * What creates answered under an {@code Idempotency-Key}. Sealed, since an answer may hold a secret
 * that is shown once. Blocks: virtual threads only.
 */
public interface IdempotentAnswers {

    /**
     * @param requestSha256 of the body that was sent with the key
     * @param answer as the caller wrote it
     */
    record Kept(String requestSha256, String answer) {}

    /**
     * @param name a hash of who asked for what under which key
     * @param since older ones are forgotten
     */
    Optional<Kept> find(String name, Instant since);

    /** Keeps it, and of all no more than {@code most}, the latest. */
    void keep(String name, Kept kept, int most);

    /** Returns how many were forgotten. */
    int deleteBefore(Instant limit);
}
