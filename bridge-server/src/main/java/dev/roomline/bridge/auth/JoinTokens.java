package dev.roomline.bridge.auth;

import dev.roomline.bridge.store.ApiKeys;
import java.time.InstantSource;

/**
 * Tokens that browsers hold: JWTs of {@code type: app} (or with {@code allow_join}) that name a
 * room, a user and a role. They let one join, and are no API credential.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class JoinTokens {

    /**
     * @param keys whose secrets sign them
     */
    public JoinTokens(ApiKeys keys, InstantSource clock) {}

    /** Blocks: virtual threads only. Never throws for what the token is. */
    public Verdict verify(String token) {
        throw new UnsupportedOperationException();
    }

    /** What a join token is worth. */
    public sealed interface Verdict {
        /**
         * @param room id or code
         */
        record Valid(String room, String userId, String role) implements Verdict {}

        /**
         * @param detail one sentence, nothing secret
         */
        record Refused(String detail) implements Verdict {}
    }
}
