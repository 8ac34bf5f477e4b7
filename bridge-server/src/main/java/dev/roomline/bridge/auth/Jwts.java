package dev.roomline.bridge.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import dev.roomline.bridge.store.ApiKeyRow;
import dev.roomline.bridge.store.ApiKeys;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;

/**
 * Checks a JWT's signature and times (RFC 7519, RFC 8725): HS256 alone, the key chosen by the claim
 * that names it and never by the header ({@code kid}, {@code jku}, {@code jwk} are not looked at),
 * an expiry required. Blocks: virtual threads only.
 */
final class Jwts {
    /** Clocks differ by as much. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private static final int MAX_LENGTH = 8192;

    private final ApiKeys keys;
    private final InstantSource clock;

    Jwts(ApiKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** What a text is worth as a JWT of one of our keys. */
    sealed interface Verdict {
        record Valid(ApiKeyRow key, JWTClaimsSet claims) implements Verdict {}

        record Bad(String detail) implements Verdict {}
    }

    Verdict verify(String text) {
        if (text.length() > MAX_LENGTH) {
            return new Verdict.Bad("The token is longer than any of ours.");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(text);
            if (!JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm())
                    || jwt.getHeader().getCriticalParams() != null) {
                return new Verdict.Bad("The token is not signed by HS256.");
            }
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            Optional<ApiKeyRow> key = keyOf(claims);
            // One sentence for an unknown key and for a wrong signature: keys are not enumerable.
            if (key.isEmpty() || !signedBy(jwt, key.get())) {
                return new Verdict.Bad("The token is not signed with the secret of a known key.");
            }
            return times(claims)
                    .<Verdict>map(Verdict.Bad::new)
                    .orElseGet(() -> new Verdict.Valid(key.get(), claims));
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            return new Verdict.Bad("The token is no JWT.");
        }
    }

    /** Whose clients make tokens with such claims; nothing of it is proven. */
    static Optional<Credentials.Kind> claimed(String text) {
        try {
            // of any form: one that nobody signed is told so in its own product's words
            JWTClaimsSet claims = JWTParser.parse(text).getJWTClaimsSet();
            if (claims == null) {
                return Optional.empty();
            }
            if (claims.getClaim("access_key") != null) {
                return Optional.of(Credentials.Kind.HUNDRED_MS);
            }
            return claims.getClaim("apikey") == null
                    ? Optional.empty()
                    : Optional.of(Credentials.Kind.VIDEOSDK);
        } catch (ParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<ApiKeyRow> keyOf(JWTClaimsSet claims) throws ParseException {
        String named = claims.getStringClaim("access_key");
        if (named == null) {
            named = claims.getStringClaim("apikey");
        }
        return Optional.ofNullable(named).flatMap(keys::byKey);
    }

    private static boolean signedBy(SignedJWT jwt, ApiKeyRow key) throws JOSEException {
        byte[] secret = key.secret().value().getBytes(StandardCharsets.UTF_8);
        return secret.length >= 32 && jwt.verify(new MACVerifier(secret));
    }

    private Optional<String> times(JWTClaimsSet claims) {
        Instant now = clock.instant();
        Date expiry = claims.getExpirationTime();
        Date notBefore = claims.getNotBeforeTime();
        if (expiry == null) {
            return Optional.of("The token has no expiry.");
        }
        if (!expiry.toInstant().plus(SKEW).isAfter(now)) {
            return Optional.of("The token has expired.");
        }
        if (notBefore != null && notBefore.toInstant().minus(SKEW).isAfter(now)) {
            return Optional.of("The token is not valid yet.");
        }
        return Optional.empty();
    }
}
