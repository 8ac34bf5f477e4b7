package dev.roomline.sip.auth;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A WWW-Authenticate or Proxy-Authenticate value that we could answer: scheme Digest, MD5 or
 * SHA-256, {@code auth} or the form of RFC 2069 (RFC 7616 §3.3, RFC 8760).
 *
 * @param algorithmGiven whether the challenge named it: then the answer does too
 * @param qop whether {@code auth} is to be used; false for the form without qop
 */
record DigestChallenge(
        String realm,
        String nonce,
        @Nullable String opaque,
        DigestAlgorithm algorithm,
        boolean algorithmGiven,
        boolean qop) {

    private static final int MAX_PARAMETERS = 24;

    /** Empty for another scheme, another hash, {@code auth-int} alone, and what is malformed. */
    static Optional<DigestChallenge> read(String value) {
        String trimmed = value.strip();
        boolean digest = trimmed.regionMatches(true, 0, "Digest ", 0, 7);
        if (!digest || trimmed.length() > DigestCredentials.MAX_LENGTH) {
            return Optional.empty();
        }
        return switch (DigestParameters.scan(trimmed, 7, MAX_PARAMETERS)) {
            case DigestParameters.Faulty faulty -> Optional.empty();
            case DigestParameters.Found found -> assemble(found.values());
        };
    }

    private static Optional<DigestChallenge> assemble(Map<String, String> found) {
        String realm = found.get("realm");
        String nonce = found.get("nonce");
        String named = found.get("algorithm");
        Optional<DigestAlgorithm> algorithm =
                named == null ? Optional.of(DigestAlgorithm.MD5) : DigestAlgorithm.ofToken(named);
        String qop = found.get("qop");
        boolean auth =
                qop != null
                        && Arrays.stream(qop.toLowerCase(Locale.ROOT).split(","))
                                .anyMatch(option -> option.strip().equals("auth"));
        if (realm == null || nonce == null || algorithm.isEmpty() || (qop != null && !auth)) {
            return Optional.empty();
        }
        return Optional.of(
                new DigestChallenge(
                        realm, nonce, found.get("opaque"), algorithm.get(), named != null, auth));
    }
}
