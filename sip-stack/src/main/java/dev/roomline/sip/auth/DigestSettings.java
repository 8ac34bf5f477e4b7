package dev.roomline.sip.auth;

import java.time.Duration;
import java.util.List;

/**
 * How callers are challenged.
 *
 * @param realm told to callers, part of every HA1; no quote, backslash or control character
 * @param challengeStatus 401 or 407; REGISTER is always answered 401 (RFC 3261 §10.3)
 * @param algorithms offered in this order, one challenge header for each (RFC 8760 §2.4)
 * @param nonceLifetime how long a nonce is fresh; afterwards the client is told {@code stale=true}
 * @param rememberedNonces how many used nonces are remembered with their counts
 * @param rememberedSources how many failing sources, and as many failing calls, are remembered
 */
public record DigestSettings(
        String realm,
        int challengeStatus,
        List<DigestAlgorithm> algorithms,
        Duration nonceLifetime,
        int rememberedNonces,
        int rememberedSources) {

    public DigestSettings {
        algorithms = List.copyOf(algorithms);
        if (challengeStatus != 401 && challengeStatus != 407) {
            throw new IllegalArgumentException("challenge must be 401 or 407: " + challengeStatus);
        }
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("at least one digest algorithm is needed");
        }
        if (realm.isEmpty()
                || realm.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == '"' || c == '\\')) {
            throw new IllegalArgumentException("realm cannot be quoted in a header: " + realm);
        }
    }

    /** Lifetime of five minutes, tables of some ten thousand entries. */
    public static DigestSettings of(
            String realm, int challengeStatus, List<DigestAlgorithm> algorithms) {
        return new DigestSettings(
                realm, challengeStatus, algorithms, Duration.ofMinutes(5), 16_384, 8_192);
    }
}
