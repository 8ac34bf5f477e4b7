package dev.roomline.bridge.auth;

import dev.roomline.bridge.config.Arguments.TokenRequest;
import dev.roomline.bridge.store.ApiKeys;
import java.time.InstantSource;

/** Makes the tokens that {@link JoinTokens} and the API accept: the {@code token} verb. */
@SuppressWarnings("DoNotCallSuggester")
public final class TokenMint {

    public TokenMint(ApiKeys keys, InstantSource clock) {}

    public Minted mint(TokenRequest request) {
        throw new UnsupportedOperationException();
    }

    /** The token, or why there is none. */
    public sealed interface Minted {
        record Token(String jwt) implements Minted {
            @Override
            public String toString() {
                return "Token[redacted]";
            }
        }

        /**
         * @param sentence for the person at the command line
         */
        record Impossible(String sentence) implements Minted {}
    }
}
